"""The help of every command: it fits a terminal, cuts no sentence and ends in an example."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from papertui.cli.main import papertui
from papertui.config import ConfigError
from papertui.core import journal
from papertui.core.reading_session import Session
from papertui.core.shell_commands import COMMANDS
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from tests.conftest import TODAY
from tests.support.shell import run


def commands(group: click.Group, *before: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command of a group, and those within it, with the words that name it."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        yield (*before, name), command
        if isinstance(command, click.Group):
            yield from commands(command, *before, name)


ALL = dict(commands(papertui))


@pytest.mark.parametrize("words", [(), *ALL], ids=" ".join)
def test_the_help_fits_80_columns_and_keeps_every_sentence_whole(words: tuple[str, ...]) -> None:
    result = run(*words, "--help")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert max(map(len, lines)) <= 80
    told = " ".join(result.stdout.split())
    command = ALL[words] if words else papertui
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            assert " ".join(parameter.help.split()) in told
            assert parameter.help.endswith("."), parameter.help
    inner = commands(command) if isinstance(command, click.Group) else ()
    for (name, *deeper), each in inner:
        first_line = (each.help or "").split("\n")[0]
        assert first_line.endswith("."), first_line
        if not deeper:
            # One line each, so that the list can be read down.
            assert re.search(rf"^  {name} +{re.escape(first_line)}$", result.stdout, re.MULTILINE)
    assert " ".join((command.help or "").split()) in told
    assert not re.search(r"[a-z,;:]\.\.\.", told)


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_the_help_of_a_command_ends_in_an_example_that_it_understands(
    words: tuple[str, ...],
) -> None:
    example = run(*words, "--help").stdout.split("Example: ")[-1]
    line = " ".join(example.split()).removeprefix('eval "$(').removesuffix(')"')
    typed = shlex.split(line)
    assert tuple(typed[: len(words) + 1]) == ("papertui", *words) or words[0] == typed[1]
    command = ALL[(typed[1],)]
    context = command.make_context(typed[1], typed[2:])
    if isinstance(command, click.Group):
        name, inner, left = command.resolve_command(context, [*context._protected_args])
        assert inner
        inner.make_context(name, [*left, *context.args])


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_with_the_first_line_of_its_help(name: str) -> None:
    first_line = COMMANDS[name][1]
    assert (ALL[name,].help or "").splitlines()[0] == first_line
    assert f"  {name:<10}  {first_line}\n" in run("--help").stdout


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_a_command_that_a_wrong_config_stops_has_done_nothing(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "place").mkdir()
    example = run(*words, "--help").stdout.split("Example: ")[-1]
    _, *typed = shlex.split(" ".join(example.split()).removeprefix('eval "$(').removesuffix(')"'))
    arguments = [re.sub(r".*\.git$", "place", argument) for argument in typed]
    (tmp_path / "config.toml").write_text('day_start = "noon"', encoding="utf-8")
    with Store(tmp_path / "data" / "papertui.db") as store:
        store.record(journal.log_pass("he2015deep", 1, TODAY))
        store.drafts.save(Draft("d", "he2015deep", "n", (), "", Session(2).sit_down(TODAY)))
        before = store.events(), store.sync_state.place(), store.settings(), store.drafts.waiting()
    result = run(*arguments, stdin="")
    if isinstance(result.exception, ConfigError):
        with Store(tmp_path / "data" / "papertui.db") as store:
            after = store.events(), store.sync_state.place(), store.settings()
            assert (*after, store.drafts.waiting()) == before
