"""The entries of a BibTeX file: abbreviations written out, crossrefs followed, faults named."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bibtexparser import model
from bibtexparser.splitter import Splitter

from papertui.core.text import count, safe_line, shorten
from papertui.errors import Refused
from papertui.importing import groups

MOST_PROBLEMS = 200
MOST_FIELD = 20_000
MOST_STRING = 2_000
MOST_KEY = 200
MOST_WRITTEN_OUT = 128_000_000
LEVELS = 3
PARENTS = ("proceedings", "mvproceedings", "collection", "mvcollection")

_SIGN = re.compile(r'(?<!\\)[{}"]')
_WORD = re.compile(r'[^\s#{}",=]*')
_BLANK = re.compile(r"\s*")
_NAMED = re.compile(r"([\w-]+)\s*=\s*")
_STRAY_FIELD = re.compile(r'^[\s,}]*[\w-]+\s*=\s*["{]', re.MULTILINE)
_INHERITED = ("year", "date", "journal", "journaltitle", "eventtitle", "publisher")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry with its fields as LaTeX, their names small; `line` counts from 1."""

    kind: str
    key: str
    line: int
    fields: Mapping[str, str]


class File:
    """A BibTeX file, read as far as it can be.

    Raises Refused when abbreviations of abbreviations make it grow beyond measure.
    """

    def __init__(self, source: str) -> None:
        self.entries: list[Entry] = []
        self.groups: list[groups.Group] = []
        self._problems: list[tuple[int, str]] = []
        self._more_problems = 0
        self._strings: dict[str, str] = {}
        self._room = MOST_WRITTEN_OUT
        self._by_key: dict[str, Entry] = {}
        for block in Splitter(source).split().blocks:
            self._read(block, (block.start_line or 0) + 1)
        self._parents = {key for entry in self.entries for key in _parents_of(entry.fields)}

    def problem(self, line: int, text: str) -> None:
        """Remember what could not be read; beyond a few hundred they are counted only."""
        if len(self._problems) < MOST_PROBLEMS:
            self._problems.append((line, text))
        else:
            self._more_problems += 1

    def problems(self) -> list[str]:
        """Return the problems in the order of the file."""
        found = [f"Line {line}: {text}." for line, text in sorted(self._problems)]
        more = f"And {count(self._more_problems, 'more problem')}."
        return [*found, more] if self._more_problems else found

    def first(self, key: str) -> Entry | None:
        """Return the first entry that has a key; capitals do not matter."""
        return self._by_key.get(key.lower())

    def is_parent(self, entry: Entry) -> bool:
        """Say whether an entry is there for others to refer to, not to be read."""
        return entry.kind in PARENTS and entry.key.lower() in self._parents

    def fields_of(self, entry: Entry) -> dict[str, str]:
        """Return an entry's fields with those it has from the entries it refers to."""
        fields = dict(entry.fields)
        seen, level = {entry.key.lower()}, [entry]
        for _ in range(LEVELS):
            above = [key for child in level for key in _parents_of(child.fields)]
            level = []
            for key in dict.fromkeys(above):
                if (parent := self.first(key)) is None:
                    self.problem(entry.line, f"{entry.key!r} refers to {key!r}, which is missing")
                elif key not in seen:
                    seen.add(key)
                    level.append(parent)
                    fields = {**_handed_down(parent), **fields}
        return fields

    def _read(self, block: model.Block, line: int) -> None:
        inner = getattr(block, "ignore_error_block", None) or block
        if isinstance(inner, model.String):
            _, text = next(self._values(str(inner.value), line))
            self._strings[inner.key.lower()] = text[:MOST_STRING]
        elif isinstance(inner, model.Entry):
            self._take(inner, line)
        elif isinstance(inner, model.ExplicitComment):
            self.groups += groups.declared(inner.comment)
        elif isinstance(inner, model.ImplicitComment) and _STRAY_FIELD.search(inner.comment):
            self.problem(line, "a field stands outside any entry; a brace closes too early")
        elif isinstance(inner, model.ParsingFailedBlock):
            start = shorten(safe_line((inner.raw or "")[:200]), 40)
            self.problem(line, f"{start!r} lacks a key, a comma, a brace or a quote; left out")

    def _take(self, block: model.Entry, line: int) -> None:
        fields: dict[str, str] = {}
        for field in block.fields:
            for name, text in self._values(str(field.value), line):
                fields.setdefault((name or field.key).lower(), text)
        entry = Entry(block.entry_type.lower(), safe_line(block.key[:MOST_KEY]), line, fields)
        self.entries.append(entry)
        self._by_key.setdefault(entry.key.lower(), entry)

    def _values(self, source: str, line: int) -> Iterator[tuple[str, str]]:
        """Yield a value's text, its abbreviations written out, under no name.

        Where a comma is missing, the fields it has swallowed follow under theirs.
        """
        source = source[: 4 * MOST_FIELD]
        name, at = "", 0
        while True:
            text = ""
            pieces, at = _pieces(source, at)
            for piece in pieces:
                text += self._written_out(piece) if len(text) < MOST_FIELD else ""
            self._room -= len(text)
            if self._room < 0:
                raise Refused("Its abbreviations make the file too large; write them out.")
            yield name, text[:MOST_FIELD]
            if at >= len(source):
                return
            self.problem(line, f"a comma is missing before {source[at : at + 20]!r}")
            if not (following := _NAMED.match(source, at)):
                return
            name, at = following[1], following.end()

    def _written_out(self, piece: str) -> str:
        if piece[:1] in ("{", '"'):
            return piece[1:-1]
        return self._strings.get(piece.lower(), piece)


def _pieces(source: str, at: int) -> tuple[list[str], int]:
    """Return the pieces that ``#`` joins, and where what comes after them begins."""
    pieces = []
    while True:
        at = _end(_BLANK, source, at)
        opens = source[at : at + 1] in ("{", '"')
        end = _closed(source, at) if opens else _end(_WORD, source, at)
        pieces.append(source[at:end])
        after = _end(_BLANK, source, end)
        if source[after : after + 1] != "#":
            return pieces, after
        at = after + 1


def _closed(source: str, at: int) -> int:
    """Return where the brace or quote that opens at `at` has been closed."""
    quoted, depth = source[at] == '"', 0
    for sign in _SIGN.finditer(source, at + quoted):
        if sign[0] == "{":
            depth += 1
        elif sign[0] == "}":
            depth = max(0, depth - 1)
        if not depth and sign[0] == ('"' if quoted else "}"):
            return sign.end()
    return len(source)


def _end(pattern: re.Pattern[str], source: str, at: int) -> int:
    found = pattern.match(source, at)
    return found.end() if found else at


def _parents_of(fields: Mapping[str, str]) -> list[str]:
    named = [fields.get("crossref", ""), *fields.get("xdata", "").split(",")[:10]]
    return [key.strip().lower() for key in named if key.strip()]


def _handed_down(parent: Entry) -> dict[str, str]:
    if parent.kind == "xdata":
        return dict(parent.fields)
    found = {name: parent.fields[name] for name in _INHERITED if name in parent.fields}
    if title := parent.fields.get("booktitle") or parent.fields.get("title"):
        found["booktitle"] = title
    return found
