"""What an act did, in words."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

from papertui.core import journal
from papertui.core.goals import GOALS, goal_words
from papertui.core.journal import DROPPED, PARKED, Event
from papertui.core.labels import PASSES, full_date, pass_of
from papertui.core.tags import tagging_words
from papertui.core.text import quantity, safe_line


class Words(NamedTuple):
    """What an act did: words, a title that may be shortened, and words after it."""

    before: str
    title: str = ""
    after: str = ""


def describe(
    act: Sequence[Event],
    about: Callable[[str], tuple[str, str]],
    week_of: Callable[[date], date],
) -> Words:
    """Return what an act did as a noun.

    `about` gives title and kind of a work, `week_of` the first day of the week of a day.
    """
    # A first goal may come with the one that held until then.
    first = act[-1] if act[-1].kind == journal.GOAL else act[0]
    # Others only yield their places to the list or section that was moved.
    first = next((e for e in act if e.kind == journal.SECTION and "to" in e.data), first)
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
    many = quantity(events[first.kind], "work")
    if events[first.kind] > 1 and (words_of := _OF_MANY.get(first.kind)):
        return words_of(data, many)
    placed = len(
        {event.work for event in act if event.kind == journal.PLACED and "into" in event.data}
    )
    if first.kind == journal.PLACED and placed > 1 and data["into"] != data["out"]:
        return Words(f"{'move' if data['out'] else 'copy'} of {placed} works to {data['name']}")
    # A work that took others in is taken out with these, under its title.
    removed = {
        str(e.data.get("title")): str(e.data.get("name")) for e in act if e.kind == journal.PLACED
    }
    if first.kind == journal.PLACED and not data["into"] and len(removed) > 1:
        name = data["name"] if len({*removed.values()}) == 1 else "your lists"
        return Words(f"removal of {len(removed)} works from {name}")
    if events[journal.QUEUED] > 1 and data["enters"]:
        return Words(f"queueing {many}")
    if (moved := sum(e.kind == journal.QUEUED and "yields" not in e.data for e in act)) > 1:
        return Words(f"place of {moved} works in the queue")
    if events[journal.RECALLED] > 1:
        return Words(f"rating of {events[journal.RECALLED]} cards")
    resting = "rest week" if data["rest"] else "end of the rest week"
    took_back = "" if data["on"] else "end of the "
    noted = ", with its note" if events[journal.NOTE] else ""
    sentences: dict[str, Callable[[], Words]] = {
        journal.PASS: lambda: Words(f"{pass_of(depth, kind)} ", title, noted),
        journal.SESSION_ENDED: lambda: Words("end of the session on ", title),
        journal.CORRECTION: lambda: Words(f"{correcting} of a pass of ", title),
        journal.NOTE: lambda: Words(f"{'edit of the ' * bool(data['bases'])}note on ", title),
        journal.NOTE_REMOVED: lambda: Words("removal of a note on ", title),
        journal.PRIVATE: lambda: Words(
            f"{'keeping' if data['private'] else 'no longer keeping'} a note on ", title, " private"
        ),
        journal.QUEUED: lambda: (
            Words("queueing ", title)
            if data["enters"]
            else Words("place of ", title, " in the queue")
        ),
        journal.UNQUEUED: lambda: Words("removal of ", title, " from the queue"),
        journal.ASIDE: lambda: _aside(data, title),
        journal.TAGGED: lambda: Words(f"{_tagging(data)} on ", title),
        journal.STARRED: lambda: Words(f"{_starring(data)} of ", title),
        journal.SHARED: lambda: Words("explaining ", title),
        journal.RECALLED: lambda: Words("rating of ", title),
        journal.CARD: lambda: Words(
            f"{'starting' if data['on'] else 'stopping'}"
            # The card of a work itself has no key.
            f" {'a question on' if data['card'] else 'recall of'} ",
            title,
        ),
        journal.MEMBER: lambda: Words(f"{'joining' if data['name'] else 'leaving'} the group"),
        journal.PROMISED: lambda: Words(f"{took_back}promise to explain ", title),
        journal.GROUP_NOTE: lambda: Words(
            f"{'showing' if data['on'] else 'hiding'} {_notes(act)} on ", title, " in the group"
        ),
        journal.GROUP_LIST: lambda: Words(
            "offer of ", _list_title(data["list"]), " to the group" if data["on"] else " taken back"
        ),
        journal.ADDED: lambda: Words(f"{adding} ", title),
        journal.EDITED: lambda: Words("edit of ", title),
        journal.PLACED: lambda: (
            _placing(data, str(data["title"] or title))
            if not events[journal.ADDED]
            else Words("adding ", title, f" to {data['name'] or 'a list'}")
        ),
        journal.SECTION: lambda: _section_edit(data, placed),
        journal.MERGED: lambda: Words(
            "merging ", str(data["title"] or first.work), f" into {_title(data['into'], about)}"
        ),
        journal.IMPORT: lambda: Words("import of ", _list_title(data["list"]), _came_along(act)),
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


def _came_along(act: Sequence[Event]) -> str:
    """Return what an import brought of notes and logged as read, in words; "" for nothing."""
    notes = [event for event in act if event.kind == journal.NOTE]
    works = {event.work for event in act if event.kind == journal.PASS}
    parts = [quantity(len(notes), "note")] * bool(notes)
    parts += [f"{quantity(len(works), 'work')} read before papertui"] * bool(works)
    return f", with {' and '.join(parts)}" if parts else ""


def _notes(act: Sequence[Event]) -> str:
    number = len({str(event.data.get("note")) for event in act if event.kind == journal.GROUP_NOTE})
    return quantity(number, "note") if number > 1 else "a note"


def _placing(data: Mapping[str, Any], title: str) -> Words:
    name = str(data["name"] or "a list")
    if not data["into"]:
        return Words("removal of ", title, f" from {name}")
    if data["into"] == data["out"]:
        return Words("place of ", title, f" in {name}")
    return Words("move of " if data["out"] else "copy of ", title, f" to {name}")


def _tagging(data: Mapping[str, Any]) -> str:
    """Return the tags that an act gave and took away, in words."""
    added, removed = (
        [tag for tag in data[name] if isinstance(tag, str)] for name in ("add", "remove")
    )
    return tagging_words(added, removed) or "tags"


def _starring(data: Mapping[str, Any]) -> str:
    return "star" if data["on"] else "removal of the star"


def _aside(data: Mapping[str, Any], title: str) -> Words:
    if data["state"] in (DROPPED, PARKED):
        return Words("drop of " if data["state"] == DROPPED else "parking of ", title)
    return Words("taking up ", title, " again")


# The words of an act on several works, given their number in words.
_OF_MANY: dict[str, Callable[[Mapping[str, Any], str], Words]] = {
    journal.TAGGED: lambda _, works: Words(f"tags of {works}"),
    journal.STARRED: lambda data, works: Words(f"{_starring(data)} of {works}"),
    journal.ASIDE: lambda data, works: Words("".join(_aside(data, works))),
    journal.UNQUEUED: lambda _, works: Words(f"removal of {works} from the queue"),
    journal.SHARED: lambda _, works: Words(f"explaining {works}"),
}


def _section_edit(data: Mapping[str, Any], placed: int) -> Words:
    kind = "section" if "/" in str(data["section"]) else "list"
    if data["removed"]:
        return Words(f"removal of the {kind} ", str(data["name"]))
    if data["before"]:
        return Words(f"renaming the {kind} ", str(data["before"]), f" to {data['title']}")
    if not data["made"]:
        if not data["to"]:
            return Words(f"order of {kind}s")
        return Words(f"move of the {kind} ", str(data["name"]), f" {data['to']}")
    return Words(
        f"new {kind} ", str(data["title"]), f" with {quantity(placed, 'work')}" * bool(placed)
    )


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
