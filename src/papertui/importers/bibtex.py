"""Works out of BibTeX files: the dialects of biblatex, Zotero, JabRef, Mendeley and DBLP."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from bibtexparser import model
from bibtexparser.splitter import Splitter

from papertui.core import identifiers
from papertui.core.catalog import Link
from papertui.core.text import quantity, safe_line, shorten
from papertui.errors import Refused
from papertui.importers.latex import names, plain, verbatim
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection

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
class BibEntry:
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
        self.entries: list[BibEntry] = []
        self.groups: list[Group] = []
        self._problems: list[tuple[int, str]] = []
        self._more_problems = 0
        self._strings: dict[str, str] = {}
        self._room = MOST_WRITTEN_OUT
        self._by_key: dict[str, BibEntry] = {}
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
        more = f"And {quantity(self._more_problems, 'more problem')}."
        return [*found, more] if self._more_problems else found

    def first(self, key: str) -> BibEntry | None:
        """Return the first entry that has a key; capitals do not matter."""
        return self._by_key.get(key.lower())

    def is_parent(self, entry: BibEntry) -> bool:
        """Say whether an entry is there for others to refer to, not to be read."""
        return entry.kind in PARENTS and entry.key.lower() in self._parents

    def fields_of(self, entry: BibEntry) -> dict[str, str]:
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
            self.groups += declared(inner.comment)
        elif isinstance(inner, model.ImplicitComment) and _STRAY_FIELD.search(inner.comment):
            self.problem(line, "a field stands outside any entry; a brace closes too early")
        elif isinstance(inner, model.ParsingFailedBlock):
            start = shorten(safe_line((inner.raw or "")[:200]), 40)
            self.problem(line, f"{start!r} lacks a key, a comma, a brace or a quote; left out")

    def _take(self, block: model.Entry, line: int) -> None:
        fields: dict[str, str] = {}
        for bibtex_field in block.fields:
            for name, text in self._values(str(bibtex_field.value), line):
                fields.setdefault((name or bibtex_field.key).lower(), text)
        entry = BibEntry(block.entry_type.lower(), safe_line(block.key[:MOST_KEY]), line, fields)
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


def _handed_down(parent: BibEntry) -> dict[str, str]:
    if parent.kind == "xdata":
        return dict(parent.fields)
    found = {name: parent.fields[name] for name in _INHERITED if name in parent.fields}
    if title := parent.fields.get("booktitle") or parent.fields.get("title"):
        found["booktitle"] = title
    return found


DEEPEST = 8
MOST_GROUPS = 5_000
MOST_PLACES = 50
UNGROUPED = "In no group"
ALL = "Entries"

Path = tuple[str, ...]
Group = tuple[Path, frozenset[str]]
Member = tuple[ParsedItem, Mapping[str, str]]

_META = re.compile(r"jabref-meta:\s*(?:grouping|groupstree):(.*)", re.DOTALL | re.IGNORECASE)
_LINE = re.compile(r"\s*(\d{1,4}) (\w+):(.*)", re.DOTALL)
_END, _BETWEEN = re.compile(r"(?<!\\);"), re.compile(r"\\;")


@dataclass(slots=True)
class _Node:
    items: dict[ParsedItem, None] = field(default_factory=dict)
    within: dict[str, "_Node"] = field(default_factory=dict)


def declared(comment: str) -> list[Group]:
    """Return the groups that a comment of JabRef's declares, with the keys named in them."""
    if not (meta := _META.match(comment.strip())):
        return []
    found: list[Group] = []
    above: list[str] = []
    for line in _END.split(meta[1].replace("\n", ""))[:MOST_GROUPS]:
        if not (parts := _LINE.fullmatch(line)) or not (level := int(parts[1])):
            continue
        name, *values = _BETWEEN.split(parts[3])
        above = [*above[: min(level, DEEPEST) - 1], plain(name[:500])]
        keys = frozenset(values) if parts[2] == "ExplicitGroup" else frozenset[str]()
        found.append((tuple(above), keys))
    return found


def _named(fields: Mapping[str, str]) -> Iterator[Path]:
    """Yield the groups that an entry says it is in."""
    for name in fields.get("groups", "").split(",")[:MOST_PLACES]:
        yield (plain(name),)
    for name in fields.get("mendeley-groups", "").split(",")[:MOST_PLACES]:
        yield tuple(plain(part) for part in name.split("/")[:DEEPEST])


def sections(items: Sequence[Member], known: Sequence[Group]) -> tuple[ParsedSection, ...]:
    """Return the items, each with its entry's fields, by group; an item may be in several.

    Groups keep the order they are declared in, items that of the file. Without
    groups there is one section.
    """
    by_name: dict[str, list[Path]] = {}
    by_key: dict[str, list[Path]] = {}
    top = _Node()
    for path, keys in known:
        _node(top, path)
        by_name.setdefault(path[-1], []).append(path)
        for key in keys:
            by_key.setdefault(key, []).append(path)
    rest = _Node()
    for item, fields in items:
        paths = list(by_key.get(item.citekey or "", ()))
        for path in filter(any, _named(fields)):
            paths += by_name.get(path[0], [path]) if len(path) == 1 else [path]
        for node in [_node(top, path) for path in paths[:MOST_PLACES]] or [rest]:
            node.items[item] = None
    grouped = _sections_of(top)
    if not rest.items:
        return grouped
    return (*grouped, ParsedSection(UNGROUPED if grouped else ALL, tuple(rest.items)))


def _node(top: _Node, path: Path) -> _Node:
    for title in filter(None, path):
        top = top.within.setdefault(title, _Node())
    return top


def _sections_of(node: _Node) -> tuple[ParsedSection, ...]:
    found = (
        ParsedSection(title, tuple(inner.items), _sections_of(inner))
        for title, inner in node.within.items()
    )
    return tuple(section for section in found if section.items or section.sections)


MOST_LETTERS = 32_000_000
MOST_ENTRIES = 100_000
MOST_TITLE = 500
MOST_VENUE = 200
MOST_SUMMARY = 5_000

_START = re.compile(r"@\w*[ \t]*[{(]")
_NAME = re.compile(r"\.bib(?:tex|latex)?$", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_ARXIV_VENUE = re.compile(r"(?:arxiv|corr)\b|computing research repository", re.IGNORECASE)
_KINDS = {
    **dict.fromkeys(("book", "mvbook", "proceedings", "collection", "manual", "booklet"), "book"),
    **dict.fromkeys(("online", "electronic", "www", "webpage", "newspaperarticle"), "article"),
    **dict.fromkeys(("video", "movie", "audio"), "video"),
}
_NO_WORKS = ("xdata", "set", "control", "ieeetranbstctl")
_VENUES = (
    "journaltitle", "journal", "booktitle", "eventtitle", "school", "institution",
    "organization", "publisher", "howpublished",
)  # fmt: skip

_MENTIONS = (
    "journal", "journaltitle", "number", "volume", "note", "howpublished", "publisher",
)  # fmt: skip


def library(source: str, name: str) -> ParsedList:
    """Return the works in a BibTeX file called `name`, by its groups where it has any.

    What cannot be read is named in the problems, the rest is found all the
    same. Raises Refused for a file that is too large to be a library.
    """
    if len(source) > MOST_LETTERS:
        raise Refused(f"{name} is larger than {MOST_LETTERS // 1_000_000} MB; split it.")
    if sum(1 for _ in islice(_START.finditer(source), MOST_ENTRIES + 1)) > MOST_ENTRIES:
        raise Refused(f"{name} has more than {MOST_ENTRIES:,} entries; split it.")
    file = File(source.replace("\r\n", "\n").replace("\r", "\n"))
    items = _items(file)
    problems = file.problems() or ([] if items else ["No BibTeX entry was found."])
    return ParsedList(
        _NAME.sub("", safe_line(name)) or "BibTeX",
        sections(items, file.groups) if items else (),
        problems=tuple(problems),
    )


def _items(file: File) -> list[Member]:
    """Return the works with their entries' fields; the same entry again is no other work."""
    found: list[Member] = []
    lines: dict[tuple[str, ParsedItem], int] = {}
    for entry in file.entries:
        if entry.kind in _NO_WORKS or file.is_parent(entry):
            continue
        fields = file.fields_of(entry)
        if not (title := _title(fields)):
            file.problem(entry.line, f"the entry {entry.key!r} has no title; left out")
            continue
        item = _item(entry, fields, title)
        line = lines.setdefault((entry.key, replace(item, line=0)), entry.line)
        if line != entry.line:
            file.problem(entry.line, f"{entry.key!r} is the entry of line {line} again; left out")
            continue
        first = file.first(entry.key)
        if entry.key and first and first is not entry:
            also = f"{entry.key!r} is the key of line {first.line} too; both are in"
            file.problem(entry.line, also)
        found.append((item, fields))
    return found


def _title(fields: Mapping[str, str]) -> str:
    title, subtitle = (plain(fields.get(n, "")[: 4 * MOST_TITLE]) for n in ("title", "subtitle"))
    return shorten(f"{title}: {subtitle}" if title and subtitle else title, MOST_TITLE)


def _item(entry: BibEntry, fields: Mapping[str, str], title: str) -> ParsedItem:
    authors, more = names(fields.get("author") or fields.get("editor", ""))
    year = _YEAR.search(fields.get("date", "")) or _YEAR.search(fields.get("year", ""))
    addresses = [verbatim(fields.get(name, "")) for name in ("url", "ee", "howpublished", "note")]
    addresses = [address for address in addresses if identifiers.is_web_address(address)]
    doi = _doi([verbatim(fields.get("doi", "")), *addresses])
    arxiv = _arxiv(fields, [*addresses, doi or ""])
    pages = [a for a in addresses if not identifiers.arxiv_id(a) and not identifiers.doi(a)]
    return ParsedItem(
        title,
        entry.line,
        authors,
        int(year[0]) if year else None,
        _venue(fields, arxiv, is_book=_KINDS.get(entry.kind) == "book"),
        _kind(entry.kind, fields, known=bool(arxiv or doi), linked=bool(pages)),
        arxiv,
        doi,
        tuple(Link("PDF" if a.endswith(".pdf") else "page", a) for a in dict.fromkeys(pages)),
        shorten(plain(fields.get("abstract", "")[: 2 * MOST_SUMMARY]), MOST_SUMMARY) or None,
        citekey=entry.key or None,
        more_authors=more,
    )


def _doi(candidates: list[str]) -> str | None:
    found = (identifiers.doi(candidate) for candidate in candidates)
    return next((doi for doi in found if doi and doi == safe_line(doi)), None)


def _arxiv(fields: Mapping[str, str], addresses: list[str]) -> str | None:
    """Return the arXiv id, wherever one of the many customs puts it."""
    archive = plain(fields.get("archiveprefix") or fields.get("eprinttype", "")).lower()
    candidates = [verbatim(fields.get("eprint", ""))] if archive in ("", "arxiv") else []
    candidates += [*filter(identifiers.doi, addresses), *addresses]
    for name in _MENTIONS:
        text = verbatim(fields.get(name, "")[:MOST_VENUE])
        spoken = re.sub(r"arxiv:\s*", "arxiv:", text, flags=re.IGNORECASE)
        for word in spoken.split():
            word = re.sub(r"^abs/", "arxiv:", word.strip("()[],;."))
            candidates += [word] if "arxiv" in word.lower() else []
    return next(filter(None, map(identifiers.arxiv_id, candidates)), None)


def _venue(fields: Mapping[str, str], arxiv: str | None, is_book: bool) -> str | None:
    order = ("publisher", *_VENUES) if is_book else _VENUES
    for name in order:
        venue = shorten(plain(fields.get(name, "")[: 4 * MOST_VENUE]), MOST_VENUE)
        address = identifiers.is_web_address(verbatim(fields.get(name, "")))
        if venue and not address and not (arxiv and _ARXIV_VENUE.match(venue)):
            return venue
    return None


def _kind(type_: str, fields: Mapping[str, str], known: bool, linked: bool) -> str:
    kind = _KINDS.get(type_, "paper")
    if kind == "article" and known:
        return "paper"
    # Zotero writes a web page as @misc.
    if type_ == "misc" and linked and not known and not fields.get("journal"):
        return "article"
    return kind
