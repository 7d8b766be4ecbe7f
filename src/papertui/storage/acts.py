"""Acts: events that are undone together, and what they did in words."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, NamedTuple, Self

from papertui.core import act_words, journal, labels
from papertui.core.act_words import Words
from papertui.core.days import week_of
from papertui.core.journal import Event
from papertui.storage.event_log import STANDING, EventLog
from papertui.storage.reading_log import ReadingLog
from papertui.storage.work_queries import WorkQueries

_NOTE_KINDS = {journal.NOTE, journal.NOTE_REMOVED}
_ABOUT_A_NOTE = {*_NOTE_KINDS, journal.PRIVATE, journal.GROUP_NOTE}


class Act(NamedTuple):
    """Events that are undone together; `moment` is the reader's local time of the first.

    `parts` say what they did. An act that `takes_long` changes whole lists;
    `versions` are those of notes that it saved, `kinds` those of its events. The parts of
    one that `says_when` have the day and time of the note that it is about; `for_day` are words
    for the day of all the passes that were logged. `waits` says what an undo makes of its
    session, "" without one. `works` and `sections` are what its events concern, in their
    order: citekeys, and the paths of sections that changed or that works left.
    """

    id: str
    parts: Words
    moment: datetime
    is_note: bool
    takes_long: bool
    versions: tuple[str, ...]
    kinds: frozenset[str]
    says_when: bool = False
    for_day: str = ""
    waits: str = ""
    works: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """What the act did, as a noun."""
        return "".join(self.parts)

    @property
    def parts_with_day(self) -> Words:
        """What the act did, and for which day it logged a pass."""
        return self.with_words(self.for_day).parts

    def with_words(self, after: str) -> Self:
        """Return the act with more words at the end."""
        return self._replace(parts=self.parts._replace(after=f"{self.parts.after}{after}"))


class Acts:
    """Tells what the events of an act did. A method may raise DatabaseError."""

    def __init__(
        self, log: EventLog, works: WorkQueries, reading_log: ReadingLog, week_start: str
    ) -> None:
        self._log = log
        self._works = works
        self._reading_log = reading_log
        self._week_start = week_start

    def of(self, events: list[Event]) -> Act:
        """Return the act of some events."""
        first, kinds = events[0], {event.kind for event in events}
        words = act_words.describe(
            events, self._works.about, lambda day: week_of(day, self._week_start)
        )
        if first.kind == journal.IMPORT:
            words = words._replace(title=self._own_title(first) or words.title)
        moment = labels.local_time(first.wall, first.utc_offset)
        is_note, takes_long = bool(kinds & _NOTE_KINDS), bool(kinds & journal.LIST_KINDS)
        versions = tuple(event.id for event in events if event.kind == journal.NOTE)
        concerned = (event.data.get("section") or event.data.get("out") for event in events)
        has_session = any(event.data.get("session") for event in events)
        text = " with its text" if versions else ""
        act = Act(
            first.act, words, moment, is_note, takes_long, versions, frozenset(kinds),
            waits=f"; the session waits again{text}" if has_session else "",
            works=tuple(dict.fromkeys(event.work for event in events if event.work)),
            sections=tuple(dict.fromkeys(path for path in concerned if isinstance(path, str))),
        )  # fmt: skip
        passes = [event for event in events if event.kind == journal.PASS]
        if first.kind == journal.CORRECTION:
            return act.with_words(self._which_pass(first, passes))
        if len(passes) == 1 and first.kind != journal.IMPORT:
            return act.with_words(self._number(passes[0]))._replace(for_day=_day_of(passes[0]))
        if first.kind == journal.PASS and len(days := {*map(_day_of, passes)}) == 1:
            each = " each" if first.data.get("minutes") else ""
            return act._replace(for_day=f"{days.pop()}{each}")
        notes = [event for event in events if event.kind in _ABOUT_A_NOTE]
        names = [event.data.get("note") for event in notes]
        is_alone = not passes and journal.SESSION_ENDED not in kinds
        is_one = bool(notes) and is_alone and names == names[:1] * len(names)
        return (
            act.with_words(self._which_note(notes[0]))._replace(says_when=True) if is_one else act
        )

    def _own_title(self, imported: Event) -> str | None:
        """Return what the reader calls a list that was imported, None if it has no such title."""
        with suppress(KeyError, TypeError):
            edit = self._works.list_edits().sections.get(imported.data["list"]["key"])
            return edit and edit.title
        return None

    def _which_pass(self, correction: Event, passes: Sequence[Event]) -> str:
        """Return the pass that was corrected, and from what to what, in words; "" if unknown.

        The `passes` have the one of another work that took its place.
        """
        reading, work = correction.data.get("reading"), correction.work or ""
        kinds = journal.PASS, journal.CORRECTION
        before = "(at, device, seq) < (select at, device, seq from event where id = ?)"
        sql = f"work = ? and kind in (?, ?) and {before} and {STANDING}"
        data = [
            event.data
            for event in self._log.read(sql, work, *kinds, correction.id)
            if reading in (event.id, event.data.get("reading"))
        ][-1:]
        with suppress(IndexError, KeyError, TypeError, ValueError):
            before_it = _pass_words(data[0])
            after_it = _pass_words({**data[0], **correction.data})
            changed = [each for each in zip(before_it, after_it, strict=True) if len({*each}) > 1]
            if correction.data.get("removed") or not changed:
                words = [*before_it[:2]]
                for each in passes:
                    name, *now = _pass_words(each.data)
                    other = f"to {name} of {self._works.about(each.work or '')[0]}"
                    words += before_it[2:] if now[1] != before_it[2] else ()
                    words += [other, *(x for x in now if x not in before_it)]
                return f": {', '.join(words)}"
            name = f" {before_it[0]}," if before_it[0] == after_it[0] else ""
            was, is_now = (", ".join(parts) for parts in zip(*changed, strict=True))
            return f":{name} from {was} to {is_now}"
        return ""

    def _which_note(self, event: Event) -> str:
        """Return when the note that an event is about was saved, and its pass, in words."""
        note = event.data.get("note")
        if event.kind != journal.NOTE:
            saved = self._log.read("work = ? and kind = ?", event.work or "", journal.NOTE)
            event = next((e for e in reversed(saved) if e.data.get("note") == note), event)
        depth = event.data.get("depth")
        when = labels.full_time(labels.local_time(event.wall, event.utc_offset))
        return f" ({when}{f', {labels.PASSES[depth]}' if depth in journal.DEPTHS else ''})"

    def _number(self, logged: Event) -> str:
        """Return which of the equal passes of a day an event logged, in words; "" for the first."""
        depth, day = logged.data.get("depth"), logged.data.get("read_on")
        if depth not in journal.DEPTHS or not (day is None or isinstance(day, str)):
            return ""
        before = self._reading_log.logged_before(logged, depth, day)
        return f", number {before + 1}{' that day' if day else ''}" if before else ""


def _pass_words(data: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return which pass was read, when, and for how long, in words."""
    day, minutes = data["read_on"], data.get("minutes")
    read_on = labels.full_date(date.fromisoformat(day)) if day else "before papertui"
    return labels.PASSES[data["depth"]], read_on, labels.span(minutes) if minutes else "no minutes"


def _day_of(logged: Event) -> str:
    """Return day and minutes of a pass, in words that follow others; "" if they make no sense."""
    with suppress(KeyError, TypeError, ValueError):
        day, minutes = logged.data["read_on"], logged.data.get("minutes")
        took = f", {labels.span(minutes)}" if minutes else ""
        when = f"for {labels.full_date(date.fromisoformat(day))}" if day else "before papertui"
        return f", {when}{took}"
    return ""
