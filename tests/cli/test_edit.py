"""Editing a work in the shell."""

import pytest
from click.testing import CliRunner, Result

from papertui.cli.main import papertui
from papertui.errors import Refused


def run(*arguments: str) -> Result:
    return CliRunner().invoke(papertui, list(arguments))


@pytest.fixture(autouse=True)
def own_work(indexed: None) -> None:
    assert run("add", "Folding mpas", "--offline").exit_code == 0


def test_fields_are_edited_and_the_edit_is_undone() -> None:
    edits = ("--title", "Folding maps", "--author", "Ada One", "--author", "Bo Two")
    more = ("--year", "2024", "--link", "https://example.org/x", "--after", "resnet")
    result = run("edit", "folding", *edits, *more, "--difficulty", "exp", "--kind", "article")
    assert "Edited: Folding maps. papertui undo takes it back." in result.stderr
    shown = run("show", "folding mpas").stdout
    assert "Folding maps\nAda One, Bo Two · 2024\n" in shown
    assert "article · Expert (your grade)" in shown
    assert "Deep Residual" in shown
    assert "Undone: edit of Folding" in run("undo").stderr
    assert "Folding mpas\n" in run("show", "folding").stdout
    assert "Done again" in run("redo").stderr


def test_an_empty_text_clears_a_field_and_what_is_the_same_is_no_edit() -> None:
    run("edit", "folding", "--year", "2024")
    assert "Nothing has changed." in run("edit", "folding", "--year", "2024").stderr
    run("edit", "folding", "--year", "")
    assert "2024" not in run("show", "folding").stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("folding", "--year", "soon"), "--year: A year is a number"),
        (("folding", "--after", "no such work"), "--after: No work fits"),
        (("folding", "--title", ""), "--title: A work needs a title."),
        (("resnet", "--year", "2020"), "came with papertui"),
    ],
)
def test_a_refusal_names_the_option(arguments: tuple[str, ...], reason: str) -> None:
    result = run("edit", *arguments)
    assert isinstance(result.exception, Refused)
    assert reason in str(result.exception)


def test_an_edit_names_a_field() -> None:
    result = run("edit", "folding")
    assert result.exit_code == 2
    assert "name a field" in result.stderr
