"""Parts of all commands: the reader's settings, names of works and days, printing."""

import sys
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from papertui import config
from papertui.cli.completion import citekeys
from papertui.config import Config, ConfigError, ConfigFault
from papertui.core.labels import ASCII, Glyphs, counts_for
from papertui.core.shell_commands import VERBS
from papertui.core.text import escaped
from papertui.storage.database import BUSY_TIMEOUT, Database
from papertui.storage.shipped import is_current
from papertui.system import clock
from papertui.system.output import draw_plain, signs_kept

if TYPE_CHECKING:
    from papertui.core.records import Note
    from papertui.pages.layout import Line
    from papertui.sources.http import HttpClient
    from papertui.storage.acts import Act
    from papertui.storage.store import Store

WIDTH = 80

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
named_work = click.argument("work", shell_complete=citekeys)


class Settings:
    """The reader's database and config, and `now`, when the command began."""

    def __init__(self) -> None:
        self.now = clock.now()
        # A command that needs the config says itself what is wrong with it.
        with suppress(ConfigError):
            if self.usable_config[0].ascii:
                draw_plain()

    @cached_property
    def database(self) -> Path:
        """The path of the reader's database. Raises ConfigError for a user who has no home."""
        return config.database_path()

    @cached_property
    def usable_config(self) -> tuple[Config, list[ConfigFault]]:
        """The reader's config with defaults in the place of its faults, and those.

        Raises ConfigError for a file that is not TOML.
        """
        return config.load_usable(config.config_path())

    @property
    def config(self) -> Config:
        """The reader's config. Raises ConfigError for a file with a fault."""
        usable, faults = self.usable_config
        return config.without_faults(usable, faults, config.config_path())

    @property
    def today(self) -> date:
        """The reading day of the command."""
        return self.config.today(self.now)

    def counts_for(self, day: date | None) -> str:
        """Return the day for which a pass that is logged now counts, in words."""
        return counts_for(day, self.now, self.config.day_start)

    @property
    def glyphs(self) -> Glyphs:
        """The signs of the tree."""
        return ASCII if self.config.ascii else Glyphs()

    def store(self, week_start: str = "mon") -> "Store":
        """Open the reader's database; `week_start` is for the words of acts."""
        # A store loads 12 modules that `next`, on a database that is up to date, does without.
        from papertui.storage.store import Store

        return Store(self.database, week_start=week_start)

    def http(self) -> "HttpClient":
        """Return a client for the services that are asked about papers."""
        from papertui.services import http_client

        return http_client(self.config, clock.now)

    @contextmanager
    def current_database(self) -> Iterator[Database]:
        """Open the database for queries that need no store; a store first updates it if needed."""
        with closing(Database(self.database, BUSY_TIMEOUT, clock.now)) as database:
            if not is_current(database):
                with self.store():
                    pass
            yield database


pass_settings = click.make_pass_decorator(Settings, ensure=True)


def decoded(argument: str) -> str:
    """Return an argument of the command line with bytes that are not UTF-8 replaced."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def resolve(store: "Store", argument: str, but: str = "") -> str:
    """Return the citekey of the work that `argument` names: another than `but`, if one fits.

    Raises Refused if no work or several works fit. A verb, or an option without its dashes, is
    misuse, unless a work is called just that.
    """
    name = decoded(argument)
    if (why_not := _why_no_name(name)) and not store.names.named(name, whole=True):
        raise click.UsageError(f"{name!r} names no work: {why_not}.")
    return store.names.resolve(name, but)


def _why_no_name(word: str) -> str:
    """Return what a word is that has no place where works are named, "" for any other."""
    context = click.get_current_context()
    if (option := f"--{word.lower()}") in {
        opt for param in context.command.params for opt in param.opts
    }:
        return f"the option is {option}"
    return f"{context.command_path} has no such command" if word.lower() in VERBS else ""


def notes_json(notes: Iterable["Note"], private: Collection[str]) -> list[dict[str, Any]]:
    """Return notes as plain data; `private` are the ids of those kept from other devices."""
    return [
        {
            "saved": note.saved,
            "pass": note.depth,
            "private": note.id in private,
            "body": note.body,
        }
        for note in notes
    ]


def page_width() -> int:
    """Return the width of a page in cells; a pipe gets whole lines, so that no address breaks."""
    return WIDTH if sys.stdout.isatty() else 1_000_000


def say_done(text: str, act: "Act | None" = None) -> None:
    """Say what was done, and what takes it back: a note is taken back only if that is wanted."""
    undo = "papertui undo --yes" if act and act.is_note else "papertui undo"
    click.echo(f"{text}. {undo} takes it back.", err=True)


def print_lines(lines: Iterable["Line"]) -> None:
    """Print laid-out lines without their styles."""
    for line in lines:
        click.echo(line.text)


def print_data(text: str) -> None:
    """Print a text for programs or others, whose signs stay as they are."""
    with signs_kept():
        click.echo(text, nl=False)


def print_json(data: Any) -> None:
    """Print data as JSON without control characters that would steer the terminal."""
    # `next` without --json saves two milliseconds.
    import json

    is_unicode = sys.stdout.encoding.lower().startswith("utf")
    text = json.dumps(data, ensure_ascii=not is_unicode, indent=2)
    print_data(f"{escaped(text)}\n")
