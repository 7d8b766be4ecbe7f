"""Checks of a catalogue beyond its shape: references, circles, and gaps in a complete one."""

from collections.abc import Iterator, Mapping
from typing import Any

from papertui.core import identifiers
from papertui.core.strict_json import Fault
from papertui.core.text import title_key


def reference_faults(works: dict[str, Any], lists: list[Any]) -> Iterator[Fault]:
    """Yield every reference between works, lists and marks that leads nowhere or in a circle."""
    for key, work in works.items():
        for field in ("requires", "see_also"):
            for index, other in enumerate(work.get(field, [])):
                here = f"works.{key}.{field}[{index}]"
                if other not in works:
                    yield Fault(here, f"no work has the citekey {other!r}")
                elif other == key:
                    yield Fault(here, "a work is not related to itself")
    yield from _check_cycles({key: work.get("requires", []) for key, work in works.items()})
    keys = [entry["key"] for entry in lists]
    for index, entry in enumerate(lists):
        if keys.index(entry["key"]) < index:
            yield Fault(f"lists[{index}].key", f"{entry['key']!r} is the key of two lists")
        yield from _check_sections(f"lists[{index}]", entry, works, entry.get("marks", {}))


def _check_sections(
    place: str, parent: dict[str, Any], works: dict[str, Any], marks: dict[str, str]
) -> Iterator[Fault]:
    titles: set[str] = set()
    for index, section in enumerate(parent.get("sections", [])):
        here = f"{place}.sections[{index}]"
        if section["title"] in titles:
            yield Fault(f"{here}.title", "is the title of two sections side by side")
        titles.add(section["title"])
        for number, item in enumerate(section.get("items", [])):
            if item["work"] not in works:
                yield Fault(
                    f"{here}.items[{number}].work", f"no work has the citekey {item['work']!r}"
                )
            for mark in item.get("marks", []):
                if mark not in marks:
                    yield Fault(f"{here}.items[{number}].marks", f"{mark!r} is not explained")
        yield from _check_sections(here, section, works, marks)


def _check_cycles(requires: Mapping[str, list[str]]) -> Iterator[Fault]:
    """Yield each circle of works that would all have to be read before one another."""
    done: set[str] = set()
    for start in requires:
        path: list[str] = []
        trail = [iter([start])]
        while trail:
            key = next(trail[-1], None)
            if key is None:
                trail.pop()
                if path:
                    done.add(path.pop())
            elif key in path:
                circle = " → ".join([*path[path.index(key) :], key])
                yield Fault(f"works.{key}.requires", f"goes round in a circle: {circle}")
            elif key not in done and key in requires:
                path.append(key)
                trail.append(iter(requires[key]))


def review(data: dict[str, Any]) -> Iterator[Fault]:
    """Yield what a sound catalogue still lacks: prose, grades, arXiv links with an id."""
    for key, work in data["works"].items():
        here = f"works.{key}"
        for field in ("summary", "insight", "matters"):
            if not work.get(field):
                yield Fault(here, f"has no {field}")
        title, summary = title_key(work["title"]), title_key(work.get("summary", ""))
        if summary.startswith(title):
            yield Fault(f"{here}.summary", "repeats the title")
        for field in () if work.get("unidentified") else ("difficulty", "graded_by"):
            if not work.get(field):
                yield Fault(here, f"has no {field}")
        for index, link in enumerate(work.get("links", [])):
            if "arxiv.org" in link["url"] and not identifiers.arxiv_id(link["url"]):
                yield Fault(f"{here}.links[{index}].url", "is an arXiv link without an arXiv id")
