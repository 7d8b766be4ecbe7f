"""Lists as a parser returns them and as an import event holds them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from papertui.core import journal
from papertui.core.journal import Change
from papertui.core.replay import list_key
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection


def parsed_list(title: str, **sections: Sequence[ParsedItem | str]) -> ParsedList:
    """Return a list of sections; a bare title is an item without further data."""
    return ParsedList(
        title,
        tuple(
            ParsedSection(
                name,
                tuple(
                    ParsedItem(item, line) if isinstance(item, str) else item
                    for line, item in enumerate(items, 1)
                ),
            )
            for name, items in sections.items()
        ),
    )


def import_of(
    title: str,
    sections: Mapping[str, Sequence[str]],
    works: Mapping[str, Mapping[str, Any]],
    keys: Mapping[str, str] = MappingProxyType({}),
) -> Change:
    """Return the import of a list whose sections hold works by citekey.

    `keys` are those of BibTeX entries, with their works.
    """
    fields = {
        "key": list_key(title),
        "title": title,
        "origin": "Imported.",
        "order": "list",
        "purpose": "A list.",
        "sections": [
            {"title": name, "items": [{"work": work} for work in items]}
            for name, items in sections.items()
        ],
    }
    entries = [
        {"type": "misc", "key": key, "fields": {"title": title}, "work": work}
        for key, work in keys.items()
    ]
    return journal.apply_import(fields, works, {}, entries)


def parse_simple_list(
    data: bytes, name: str, title: str = "", is_title: object = None
) -> ParsedList:
    """Parse a file of headings and titles, ticked or not, with an arXiv id after a bar."""
    sections: dict[str, list[ParsedItem]] = {}
    for number, line in enumerate(data.decode().splitlines(), 1):
        if line.startswith("#"):
            items = sections.setdefault(line.strip("# "), [])
        elif line.strip():
            text, _, arxiv = line.removeprefix("[x] ").partition("|")
            is_read = line.startswith("[x] ")
            item = ParsedItem(text.strip(), number, arxiv=arxiv.strip() or None, is_read=is_read)
            items.append(item)
    parsed = parsed_list(title or name.partition(".")[0], **sections)
    return replace(parsed, problems=("Line 99: not read.",))
