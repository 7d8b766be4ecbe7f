"""The words and glyphs a reader sees, the same on every screen and in every command."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from papertui.core import journal
from papertui.core.goals import GOALS, goal_words
from papertui.core.journal import DROPPED, PARKED, Event
from papertui.core.text import quantity, safe_line

if TYPE_CHECKING:
    from papertui.core.records import Triage

KINDS = ("paper", "article", "video", "book", "course")
DIFFICULTIES = ("Beginner", "Intermediate", "Advanced", "Expert")
STATUSES = ("to read", "skimmed", "read", "reproduced")
PASSES = ("", "first pass", "second pass", "third pass")
_VIDEO = ("", "watched", "watched with notes", "rebuilt what it shows")
_BOOK = ("", "looked through", "read", "worked through")
PASSES_BY_KIND = {"video": _VIDEO, "book": _BOOK, "course": _BOOK}
ORDER_RULES = {
    "section": "Read each section from the top: later works build on earlier ones.",
    "tier": "Read tier 1 of every topic first, then tier 2 of every topic, and so on.",
    "list": "No order is asked for; the list is as its maker wrote it.",
}
# Days that are often named by a word such as yesterday or fri.
_NEAR = timedelta(days=7)
# The state of a new paper that was looked at and is no work of the reader's.
LOOKED_AT = "looked at"


class Glyphs(NamedTuple):
    """Signs for a work's status and for the branches of the tree."""

    status: tuple[str, str, str, str] = ("○", "◔", "◑", "●")
    parked: str = "◌"
    dropped: str = "✕"
    unidentified: str = "?"
    seen: str = "·"
    followed: str = "◆"
    opened: str = "▾"
    closed: str = "▸"

    def of(self, depth: int, aside: str | None, unidentified: bool = False) -> str:
        """Return the glyph of a work's status, or of a new paper that was looked at."""
        if aside == LOOKED_AT:
            return self.seen
        if aside in (PARKED, DROPPED):
            return self.parked if aside == PARKED else self.dropped
        return self.unidentified if unidentified and not depth else self.status[depth]


class Words(NamedTuple):
    """What an act did: words, a title that may be shortened, and words after it."""

    before: str
    title: str = ""
    after: str = ""


ASCII = Glyphs((".", "1", "2", "3"), "p", "x", "?", "-", "*", "v", ">")


def pass_name(depth: int, kind: str = "paper") -> str:
    """Return the name of a pass of a work of some kind."""
    return PASSES_BY_KIND.get(kind, PASSES)[depth]


def pass_of(depth: int, kind: str = "paper") -> str:
    """Return a pass so that a title can follow: ``second pass of``, ``watched:``."""
    name = pass_name(depth, kind) or "pass"
    return f"{name}:" if kind in PASSES_BY_KIND and depth else f"{name} of"


def describe(
    act: Sequence[Event],
    about: Callable[[str], tuple[str, str]],
    week_of: Callable[[date], date],
) -> Words:
    """Return what an act did as a noun.

    `about` gives title and kind of a work, `week_of` the first day of the week of a day.
    """
    # Before the first goal that is set, the one that held until then is set too.
    first = act[-1] if act[-1].kind == journal.GOAL else act[0]
    # A work that is added to be queued or logged.
    if first.kind == journal.ADDED:
        first = next((e for e in act if e.kind != journal.ADDED and e.work == first.work), first)
    title, kind = about(first.work) if first.work else ("", "paper")
    data: dict[str, Any] = defaultdict(str, first.data)
    depth = data["depth"] if data["depth"] in journal.DEPTHS else 0
    events = Counter(event.kind for event in act)
    if events[journal.PASS] > 1 and not events[journal.IMPORT]:
        depths = {event.data.get("depth") for event in act if event.kind == journal.PASS}
        name = PASSES[depth] if depths == {depth} else ""
        return Words(f"{name or 'passes'} of {events[journal.PASS]} works")
    adding = "completing" if data["completes"] else "adding"
    # A pass that was of another work is removed there and logged here.
    correcting = "removal" if data["removed"] and not events[journal.PASS] else "correction"
    if events[journal.ADDED] > 1:
        return Words(f"{adding} {events[journal.ADDED]} works")
    if events[journal.QUEUED] > 1:
        return Words("order of the queue")
    asides = {DROPPED: Words("drop of ", title), PARKED: Words("parking of ", title)}
    resting = "rest week" if data["rest"] else "end of the rest week"
    noted = ", with its note" if events[journal.NOTE] else ""
    sentences: dict[str, Callable[[], Words]] = {
        journal.PASS: lambda: Words(f"{pass_of(depth, kind)} ", title, noted),
        journal.CORRECTION: lambda: Words(f"{correcting} of a pass of ", title),
        journal.NOTE: lambda: Words(f"{'edit of the ' * bool(data['bases'])}note on ", title),
        journal.NOTE_REMOVED: lambda: Words("removal of a note on ", title),
        journal.QUEUED: lambda: Words("place of ", title, " in the queue"),
        journal.UNQUEUED: lambda: Words("removal of ", title, " from the queue"),
        journal.ASIDE: lambda: asides.get(str(data["state"]), Words("taking up ", title, " again")),
        journal.SHARED: lambda: Words("explaining ", title),
        journal.RECALLED: lambda: Words("rating of ", title),
        journal.CARD: lambda: Words(f"{'start' if data['on'] else 'stop'} of recalling ", title),
        journal.ADDED: lambda: Words(f"{adding} ", title),
        journal.EDITED: lambda: Words("edit of ", title),
        journal.PLACED: lambda: _placing(data, str(data["title"] or title)),
        journal.SECTION: lambda: _section_edit(data),
        journal.MERGED: lambda: Words(
            "merging ", str(data["title"] or first.work), f" into {_title(data['into'], about)}"
        ),
        journal.IMPORT: lambda: Words("import of ", _list_title(data["list"])),
        journal.REST: lambda: Words(f"{resting} of {_week(data['day'] or data['week'], week_of)}"),
        journal.GOAL: lambda: Words(f"goal of {_goal(data['metric'], data['target'])}"),
        journal.SCANNED: lambda: Words(
            f"{data['count']} scanned title{'s' * (data['count'] != 1)}"
        ),
        journal.SEEN: lambda: Words(
            quantity(_papers(act, "seen", "dismissed"), "scanned title")
            if not (cleared := _papers(act, "cleared"))
            else f"clearing of {quantity(cleared, 'new paper')}"
        ),
    }
    words = sentences.get(first.kind, lambda: Words(first.kind))()
    return Words(*(_one_line(part) for part in words))


def _placing(data: Mapping[str, Any], title: str) -> Words:
    name = str(data["name"] or "a list")
    if not data["into"]:
        return Words("removal of ", title, f" from {name}")
    if data["into"] == data["out"]:
        return Words("place of ", title, f" in {name}")
    return Words("move of " if data["out"] else "copy of ", title, f" to {name}")


def _section_edit(data: Mapping[str, Any]) -> Words:
    kind = "section" if "/" in str(data["section"]) else "list"
    if data["removed"]:
        return Words(f"removal of the {kind} ", str(data["name"]))
    if data["before"]:
        return Words(f"renaming the {kind} ", str(data["before"]), f" to {data['title']}")
    return Words(f"new {kind} ", str(data["title"])) if data["made"] else Words(f"order of {kind}s")


def _one_line(part: str) -> str:
    """Return a part of a sentence as safe text of one line, with the blanks around it."""
    return safe_line(f".{part}.")[1:-1]


def _week(day: Any, week_of: Callable[[date], date]) -> str:
    """Return the first day of a stored day's week, the stored value if it is no day."""
    with suppress(TypeError, ValueError, OverflowError):
        return full_date(week_of(date.fromisoformat(day)))
    return str(day)


def _papers(act: Sequence[Event], *names: str) -> int:
    """Return the number of the new papers that the events of an act have in fields of `names`."""
    lists = [event.data.get(name, ()) for event in act for name in names]
    return sum(len(papers) for papers in lists if isinstance(papers, list))


def _goal(metric: Any, target: Any) -> str:
    """Return the target of a goal with what it counts, the number alone of an unknown metric."""
    is_known = isinstance(metric, str) and metric in GOALS and isinstance(target, int)
    return goal_words(metric, target) if is_known else str(target)


def _title(work: Any, about: Callable[[str], tuple[str, str]]) -> str:
    return about(work)[0] if isinstance(work, str) else "a work"


def _list_title(reading_list: Any) -> str:
    return str((reading_list.get("title") if isinstance(reading_list, dict) else "") or "a list")


def triage_words(triage: "Triage") -> str:
    """Return what became of new papers: ``15 scanned, 2 queued, 1 skimmed``."""
    return f"{triage.scanned} scanned, {triage.queued} queued, {triage.skimmed} skimmed"


def tier_name(tier: int) -> str:
    """Return a tier as its list writes it."""
    return "tier 4+" if tier == 4 else f"tier {tier}"


def local_time(wall: str, utc_offset: int) -> datetime:
    """Return the reader's local time of an instant in UTC, `utc_offset` in minutes."""
    return datetime.fromisoformat(wall).replace(tzinfo=None) + timedelta(minutes=utc_offset)


def full_date(day: date) -> str:
    """Return a day with its weekday and year: ``Fri 20 Nov 2026``."""
    return f"{_day_and_month(day)} {day.year}"


def full_time(moment: datetime) -> str:
    """Return a moment with its day: ``Fri 20 Nov 2026, 14:05``."""
    return f"{full_date(moment)}, {moment:%H:%M}"


def _day_and_month(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def day_name(day: date | None, today: date) -> str:
    """Return the name of a day, "before papertui" for None."""
    if day is None:
        return "before papertui"
    back = (today - day).days
    if back in (0, 1):
        return ("today", "yesterday")[back]
    return _day_and_month(day) if day.year == today.year else full_date(day)


def counts_for(day: date | None, now: datetime, day_start: time) -> str:
    """Return the day for which a pass logged at `now` counts, in words.

    Before the day starts, a day such as yesterday is not the one that the calendar names.
    """
    if day is None:
        return "before papertui"
    name = _day_and_month(day) if day.year == now.year else full_date(day)
    today = now.date() - timedelta(days=1)
    if now.time() >= day_start or abs(today - day) > _NEAR:
        return f"for {name}"
    still = "" if day == today else f" it is still {_day_and_month(today)}"
    return f"for {name} (before {day_start:%H:%M}{still})"


def span(minutes: int) -> str:
    """Return a number of minutes as hours and minutes."""
    hours, rest = divmod(minutes, 60)
    return f"{rest} min" if not hours else f"{hours} h {rest} min" if rest else f"{hours} h"
