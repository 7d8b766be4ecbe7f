"""Values of the command line as readers type them: texts, days, minutes."""

import re
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from papertui.cli.context import Settings, decoded
from papertui.core.labels import PASSES
from papertui.errors import Refused

if TYPE_CHECKING:
    from papertui.core.records import WorkRecord
    from papertui.storage.store import Store

MAX_NAME = 80  # letters of a name that is shown with the quotes it wants


def text_or_stdin(argument: str | None) -> str:
    """Return the text of an argument, that of stdin for a dash."""
    if argument == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig", "replace").strip()
    return decoded(argument or "").strip()


class NewFile(click.Path):
    """The path of a file to write, None for stdout, which a dash names."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path, or None."""
        return None if value == "-" else super().convert(value, param, ctx)


class Number(click.IntRange):
    """A whole number within bounds."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; anything else is misuse."""
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"{value!r} is not a number from {self.min} to {self.max}.", param, ctx)


class Minutes(click.ParamType[int]):
    """A number of minutes, as 70, 70m, 1h10 or 1:10; 0 is none, here as in the app."""

    name = "minutes"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the minutes; what names none is misuse."""
        # Completion of citekeys loads this file, and parses nothing.
        from papertui.core.typed_entries import parse_minutes

        try:
            return parse_minutes(decoded(value))
        except Refused as refused:
            self.fail(str(refused), param, ctx)


def with_quotes(error: click.UsageError, today: date) -> click.UsageError:
    """Return an error that names the quotes if words that are left over belong to one before.

    That is a day, or else the name of a work, if the command takes no other text.
    """
    from papertui.core.typed_days import reads_as_day

    left_over = re.fullmatch(r"Got unexpected extra arguments? \((.*)\)", error.message)
    if left_over and error.ctx:
        for param in error.ctx.command.params:
            day = f"{error.ctx.params.get(param.name or '')} {decoded(left_over[1])}"
            if param.type == click.STRING and reads_as_day(day, today):
                option = f"{param.opts[0]} " if isinstance(param, click.Option) else ""
                says = f'{error.message}: write {option}"{day}", with the quotes.'
                return click.UsageError(says, error.ctx)
        # What is left over may be meant for another text.
        texts = [param.name for param in error.ctx.command.params if param.type == click.STRING]
        name = f"{error.ctx.params.get('work')} {decoded(left_over[1])}"
        is_sound = len(name) <= MAX_NAME and not re.search(r'["$`!\\]', name)
        if texts == ["work"] and is_sound:
            says = f'{error.message}. A name of several words wants quotes: "{name}".'
            return click.UsageError(says, error.ctx)
    return error


def parse_day_argument(text: str, settings: Settings, store: "Store") -> date | None:
    """Return the day that `text` names, None for "before". Raises Refused if it names none."""
    from papertui.core.typed_days import parse_day

    config, latest = settings.config, store.reading_log.last_day()
    return parse_day(text, settings.today, latest, config.night_until(settings.now))


def parse_begun_day(text: str, settings: Settings, store: "Store") -> date:
    """Return the day that `text` names. Raises Refused if it names none."""
    from papertui.core.typed_days import parse_past_day

    config, latest = settings.config, store.reading_log.last_day()
    return parse_past_day(text, settings.today, latest, config.night_until(settings.now))


def parse_begun_period(period_name: str, text: str, settings: Settings, store: "Store") -> date:
    """Return a day of the week or month that `text` names. Raises Refused if it names none."""
    from papertui.core.typed_days import parse_period

    config, latest = settings.config, store.reading_log.last_day()
    night_until = config.night_until(settings.now)
    return parse_period(period_name, decoded(text), settings.today, latest, night_until)


def refuse_twice(record: "WorkRecord", depth: int, day: date | None, settings: Settings) -> None:
    """Raise Refused if a work has a pass on a day already."""
    if record.has(depth, day):
        name = f"{PASSES[depth]} is logged already, {settings.counts_for(day)}"
        raise Refused(f"The {name}; --again logs it twice.")
