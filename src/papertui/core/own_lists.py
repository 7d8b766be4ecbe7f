"""The reader's own lists: sections made, renamed, moved and removed, and works placed in them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from types import MappingProxyType
from typing import Any, NamedTuple

from papertui.core import journal
from papertui.core.journal import Event
from papertui.core.text import quantity, safe_line, terminal_safe, valid_unicode

# The lists that papertui keeps: the works the reader added, and those that are in no other list.
ADDED_LIST, UNLISTED_LIST = "added", "unlisted"
KEPT_LISTS = {ADDED_LIST: "Added by you", UNLISTED_LIST: "Unlisted"}
MADE_PURPOSE = "A list that you made."
MAX_LEVELS = 12
# An import may be deeper than what a reader makes.
_MAX_STORED_LEVELS = 64
# Shipped lists and papertui's own have no such keys.
_OWN_KEY = r"[a-z0-9-]+-[0-9a-f]{8}"


def unlisted_words(number: int) -> str:
    """Return how many works are in no list any more and stay, as they were acted on, in words."""
    return f"; {quantity(number, 'work')} that you acted on now in Unlisted" if number else ""


class SectionEdit(NamedTuple):
    """What the reader did to a section, or to a list, which is the outermost one.

    `title` and `position` among those beside it are None if it has those of its file.
    """

    title: str | None = None
    position: float | None = None
    made: bool = False
    removed: bool = False


class ListEdits(NamedTuple):
    """Edits of sections by their paths, and works placed in them or taken out by hand.

    `places` holds the works of a section with their positions, None for those taken out.
    """

    sections: Mapping[str, SectionEdit] = MappingProxyType({})
    places: Mapping[str, Mapping[str, float | None]] = MappingProxyType({})


def list_of(path: str) -> str:
    """Return the key of the list that a section is in."""
    return path.partition("/")[0]


def is_own(path: str) -> bool:
    """Return True if a section is in a list that the reader made or imported."""
    return bool(re.fullmatch(_OWN_KEY, list_of(path)))


def path_of(title: str, parent: str, taken: Iterable[str]) -> str:
    """Return the path of a new section; it was the path of no section before."""
    # An import makes the same step of a title.
    step = title.replace("/", "∕")
    paths, number, path = set(taken), 1, f"{parent}/{step}"
    while path in paths:
        number += 1
        path = f"{parent}/{step} ({number})"
    return path


def around(path: str) -> Iterator[str]:
    """Yield the paths of the sections around a section and its own, the list's first."""
    steps = path.split("/")
    for number in range(1, len(steps) + 1):
        yield "/".join(steps[:number])


def replay_sections(events: Iterable[Event]) -> dict[str, SectionEdit]:
    """Return the edits of sections, by their paths, that events, none undone, add up to.

    A section that was removed comes back if something is placed in it later, a list also
    if it is imported again. A list that is imported follows those that were there before.
    Events with senseless data are passed over.
    """
    sections: dict[str, SectionEdit] = {}
    end = 0.0
    for event in sorted(events, key=lambda event: event.order):
        try:
            if event.kind == journal.SECTION:
                _edit_section(sections, event.data)
                if (path := event.data["section"]) == list_of(path):
                    end = max(end, (sections[path].position or 0.0) + 1.0)
            elif event.kind == journal.IMPORT:
                key = _own_path(event.data["list"]["key"])
                _bring_back(sections, key)
                if (edit := sections.get(key, SectionEdit())).position is None:
                    sections[key] = edit._replace(position=end)
                    end += 1.0
            elif event.kind == journal.PLACED and event.data.get("into"):
                _position(event.data["position"])
                _bring_back(sections, _own_path(event.data["into"]))
        except (AttributeError, KeyError, TypeError, ValueError):
            continue
    return sections


def replay_places(events: Iterable[Event]) -> dict[str, float | None]:
    """Return where a work was placed, or taken out (None), as its events, none undone, say it."""
    places: dict[str, float | None] = {}
    for event in sorted(events, key=lambda event: event.order):
        data = event.data
        if event.kind == journal.ADDED and not data.get("completes"):
            places.pop(ADDED_LIST, None)
            places.pop(UNLISTED_LIST, None)
        elif event.kind == journal.PLACED:
            try:
                left = data.get("out") and _path(data["out"])
                into = data.get("into") and _own_path(data["into"])
                position = _position(data["position"]) if into else None
            except (KeyError, TypeError, ValueError):
                continue
            if left:
                places[left] = None
            if into:
                places[into] = position
                places.pop(UNLISTED_LIST, None)
    return places


def _edit_section(sections: dict[str, SectionEdit], data: Mapping[str, Any]) -> None:
    path = _own_path(data["section"])
    edit = sections.get(path, SectionEdit())
    if data.get("removed"):
        sections[path] = edit._replace(removed=True)
        return
    if "title" in data:
        title = safe_line(valid_unicode(data["title"])).strip()
        if not title:
            raise ValueError(title)
        edit = edit._replace(title=title, made=edit.made or bool(data.get("made")))
    if "position" in data:
        edit = edit._replace(position=_position(data["position"]))
    sections[path] = edit
    _bring_back(sections, path)


def _bring_back(sections: dict[str, SectionEdit], path: str) -> None:
    for each in around(path):
        if each in sections:
            sections[each] = sections[each]._replace(removed=False)


def _position(value: Any) -> float:
    position = float(value)
    if not isfinite(position):
        raise ValueError(value)
    return position


def _own_path(value: Any) -> str:
    path = _path(value)
    if not is_own(path):
        raise ValueError(value)
    return path


def _path(value: Any) -> str:
    """Return a path that was stored. Raises ValueError if it is none."""
    if not isinstance(value, str):
        raise TypeError(value)
    steps = value.split("/")
    if (
        not all(map(str.strip, steps))
        or len(steps) > _MAX_STORED_LEVELS
        or terminal_safe(value) != value
    ):
        raise ValueError(value)
    return valid_unicode(value)
