"""What the commands share: the reader's settings, names and days, printing."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from papertui.cli.completion import citekeys
from papertui.system import clock
from papertui.system.clock import Clock

if TYPE_CHECKING:
    from papertui.config import Config
    from papertui.core.journal import Note
    from papertui.pages.layout import Line
    from papertui.storage.database import Database
    from papertui.storage.store import Store


WIDTH = 80
MOST_NAMED = 10

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
named_work = click.argument("work", shell_complete=citekeys)


class Settings:
    """The options before the command, and `now`, the moment the command was given."""

    def __init__(self, named: Path | None, clock: Clock = clock.now) -> None:
        self.named = named
        self.now = clock()
        self._clock = clock

    @cached_property
    def database(self) -> Path:
        """Where the reader's database lies."""
        from papertui.config import database_path

        return self.named or database_path()

    @cached_property
    def config(self) -> "Config":
        """What the reader has set. Raises ConfigError for a file that cannot be used."""
        from papertui import config

        return config.load(config.config_path())

    @property
    def today(self) -> date:
        """The reading day of the command."""
        return self.config.today(self.now)

    @contextmanager
    def store(self) -> Iterator["Store"]:
        """Open the reader's database."""
        from papertui.storage.store import Store

        with Store(self.database, clock=self._clock) as store:
            yield store

    @contextmanager
    def asked(self) -> Iterator["Database"]:
        """Open the database for questions that need no journal, which is quicker."""
        from papertui.storage.database import BUSY_TIMEOUT, Database
        from papertui.storage.store import is_current

        with closing(Database(self.database, BUSY_TIMEOUT, self._clock)) as database:
            if not is_current(database):
                with self.store():
                    pass
            yield database


def argument(text: str) -> str:
    """Return an argument with the bytes that are no UTF-8 replaced."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def given_day(text: str, settings: Settings) -> date:
    """Return the day that `text` names. Raises Refused for none."""
    from papertui.core.streaks import day_named
    from papertui.errors import Refused

    day = day_named(text, settings.today, settings.now.date())
    if day is None:
        raise Refused("Name a day, such as 2026-11-14 or -7d.")
    return day


def notes_json(notes: Iterable["Note"]) -> list[dict[str, Any]]:
    """Return notes as plain data."""
    return [{"saved": note.saved, "pass": note.depth, "body": note.body} for note in notes]


def print_lines(lines: Iterable["Line"]) -> None:
    """Print laid-out lines without their styles."""
    for line in lines:
        click.echo(line.text)


def print_json(data: Any) -> None:
    """Print data as JSON that steers no terminal."""
    import json

    from papertui.core.text import escaped

    click.echo(escaped(json.dumps(data, ensure_ascii=False, indent=2)))


def resolve(store: "Store", name: str) -> str:
    """Return the one work that `name` means; raises Refused for none and for several."""
    from papertui.core.text import safe_line
    from papertui.errors import Refused

    name = argument(name)
    found = store.works.named(name)
    if not found:
        raise Refused(f"No work fits {safe_line(name)!r}; papertui list shows them all.")
    if len(found) > 1:
        listed = [f"  {key}  {safe_line(store.works.title(key))}" for key in found[:MOST_NAMED]]
        if len(found) > MOST_NAMED:
            listed.append(f"  and {len(found) - MOST_NAMED} more")
        raise Refused(f"Several works fit {safe_line(name)!r}; name one:\n" + "\n".join(listed))
    return found[0]


def given_text(given: str | None) -> str:
    """Return the text given, or what stdin holds for a dash."""
    if given == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig", "replace").strip()
    return argument(given or "").strip()
