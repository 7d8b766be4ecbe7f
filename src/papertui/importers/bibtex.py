"""BibTeX text to a ParsedList: entries and groups of biblatex, Zotero, JabRef, Mendeley."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from bibtexparser import model
from bibtexparser.splitter import Splitter

from papertui.core import identifiers
from papertui.core.catalog import Link
from papertui.core.identity import MAX_TITLE
from papertui.core.text import quantity, safe_line, shorten
from papertui.errors import Refused
from papertui.importers.latex import latex_to_text, parse_names, unescape_address
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection

MAX_LETTERS = 32_000_000
MAX_ENTRIES = 100_000
MAX_EXPANDED = 128_000_000  # letters of all fields, abbreviations written out
MAX_FIELD = 20_000
MAX_STRING = 2_000
MAX_KEY = 200
MAX_VENUE = 200
MAX_SUMMARY = 5_000
MAX_PROBLEMS = 200
MAX_PARENT_LEVELS = 3
MAX_GROUPS = 5_000
MAX_GROUPS_OF_ENTRY = 50
MAX_GROUP_DEPTH = 8
UNGROUPED = "In no group"
ALL = "Entries"

_DELIMITER = re.compile(r'(?<!\\)[{}"]')
_WORD = re.compile(r'[^\s#{}",=]*')
_JOINT = re.compile(r"\s*(#?)\s*")
_FIELD_START = re.compile(r"([\w-]+)\s*=\s*")
_STRAY_FIELD = re.compile(r'^[\s,}]*[\w-]+\s*=\s*["{]', re.MULTILINE)
_ENTRY_START = re.compile(r"@\w*[ \t]*[{(]")
_JABREF_GROUPS = re.compile(r"jabref-meta:\s*(?:grouping|groupstree):(.*)", re.DOTALL | re.I)
_JABREF_GROUP = re.compile(r"\s*(\d{1,4}) (\w+):(.*)", re.DOTALL)
_SEMICOLON = re.compile(r"(?<!\\);")
_FILE_ENDING = re.compile(r"\.bib(?:tex|latex)?$", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_ARXIV_VENUE = re.compile(r"(?:arxiv|corr)\b|computing research repository", re.IGNORECASE)
_KINDS = {
    **dict.fromkeys(("book", "mvbook", "proceedings", "collection", "manual", "booklet"), "book"),
    **dict.fromkeys(("online", "electronic", "www", "webpage", "newspaperarticle"), "article"),
    **dict.fromkeys(("video", "movie", "audio"), "video"),
}
_PARENT_TYPES = ("proceedings", "mvproceedings", "collection", "mvcollection")
_OTHER_TYPES = ("xdata", "set", "control", "ieeetranbstctl")
_INHERITED_FIELDS = ("year", "date", "journal", "journaltitle", "eventtitle", "publisher")
_VENUE_FIELDS = (
    "journaltitle", "journal", "booktitle", "eventtitle", "school", "institution",
    "organization", "publisher", "howpublished",
)  # fmt: skip
_ARXIV_FIELDS = (
    "journal", "journaltitle", "number", "volume", "note", "howpublished", "publisher",
)  # fmt: skip

GroupPath = tuple[str, ...]
Group = tuple[GroupPath, frozenset[str]]  # with the keys of the entries in it
ItemWithFields = tuple[ParsedItem, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class BibEntry:
    """An entry: fields hold LaTeX, their names are lower case; `line` counts from 1."""

    kind: str
    key: str
    line: int
    fields: Mapping[str, str]


def parse_bibtex(source: str, name: str) -> ParsedList:
    """Return the works of a BibTeX file called `name`, by its groups if it has any.

    Faulty entries are named in the problems and cost no other entry. Raises
    Refused if the file is too large to be a library.
    """
    if len(source) > MAX_LETTERS:
        raise Refused(f"{name} is larger than {MAX_LETTERS // 1_000_000} MB; split it.")
    if sum(1 for _ in islice(_ENTRY_START.finditer(source), MAX_ENTRIES + 1)) > MAX_ENTRIES:
        raise Refused(f"{name} has more than {MAX_ENTRIES:,} entries; split it.")
    file = BibFile(source.replace("\r\n", "\n").replace("\r", "\n"))
    items = _items(file)
    problems = file.problem_lines() or ([] if items else ["No BibTeX entry was found."])
    return ParsedList(
        _FILE_ENDING.sub("", safe_line(name)) or "BibTeX",
        _sections_by_group(items, file.groups) if items else (),
        problems=tuple(problems),
    )


class BibFile:
    """The entries, groups and problems of a BibTeX file; faulty blocks become problems.

    Raises Refused if abbreviations of abbreviations make the text too large.
    """

    def __init__(self, source: str) -> None:
        self.entries: list[BibEntry] = []
        self.groups: list[Group] = []
        self.first_by_key: dict[str, BibEntry] = {}  # keys are compared without capitals
        self._problems: list[tuple[int, str]] = []
        self._more_problems = 0
        self._strings: dict[str, str] = {}
        self._letters_left = MAX_EXPANDED
        for block in Splitter(source).split().blocks:
            self._add_block(block, (block.start_line or 0) + 1)
        self._parents = {key for entry in self.entries for key in _parents_of(entry.fields)}

    def add_problem(self, line: int, text: str) -> None:
        """Add a problem; after 200 they are only counted."""
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append((line, text))
        else:
            self._more_problems += 1

    def problem_lines(self) -> list[str]:
        """Return the problems in the order of the file."""
        lines = [f"Line {line}: {text}." for line, text in sorted(self._problems)]
        if self._more_problems:
            lines.append(f"And {quantity(self._more_problems, 'more problem')}.")
        return lines

    def is_parent(self, entry: BibEntry) -> bool:
        """Return True if an entry is only there for others to refer to, as proceedings are."""
        return entry.kind in _PARENT_TYPES and entry.key.lower() in self._parents

    def fields_of(self, entry: BibEntry) -> dict[str, str]:
        """Return an entry's fields with those inherited from the entries that it refers to."""
        fields = dict(entry.fields)
        visited, level = {entry.key.lower()}, [entry]
        for _ in range(MAX_PARENT_LEVELS):
            parent_keys = [key for child in level for key in _parents_of(child.fields)]
            level = []
            for key in dict.fromkeys(parent_keys):
                if (parent := self.first_by_key.get(key)) is None:
                    problem = f"{entry.key!r} refers to {key!r}, which is missing"
                    self.add_problem(entry.line, problem)
                elif key not in visited:
                    visited.add(key)
                    level.append(parent)
                    fields = {**_inherited_fields(parent), **fields}
        return fields

    def _add_block(self, block: model.Block, line: int) -> None:
        inner = getattr(block, "ignore_error_block", None) or block
        if isinstance(inner, model.String):
            _, text = next(self._expand(str(inner.value), line))
            self._strings[inner.key.lower()] = text[:MAX_STRING]
        elif isinstance(inner, model.Entry):
            self._add_entry(inner, line)
        elif isinstance(inner, model.ExplicitComment):
            self.groups += _jabref_groups(inner.comment)
        elif isinstance(inner, model.ImplicitComment) and _STRAY_FIELD.search(inner.comment):
            self.add_problem(line, "a field is outside of any entry; a brace closes too early")
        elif isinstance(inner, model.ParsingFailedBlock):
            start = shorten(safe_line((inner.raw or "")[:200]), 40)
            self.add_problem(line, f"{start!r} lacks a key, a comma, a brace or a quote; left out")

    def _add_entry(self, block: model.Entry, line: int) -> None:
        fields: dict[str, str] = {}
        for bibtex_field in block.fields:
            for name, text in self._expand(str(bibtex_field.value), line):
                fields.setdefault((name or bibtex_field.key).lower(), text)
        entry = BibEntry(block.entry_type.lower(), safe_line(block.key[:MAX_KEY]), line, fields)
        self.entries.append(entry)
        self.first_by_key.setdefault(entry.key.lower(), entry)

    def _expand(self, source: str, line: int) -> Iterator[tuple[str, str]]:
        """Yield "" and a field's text, abbreviations written out.

        If a comma is missing, the value holds further fields: yield their names and texts too.
        """
        source = source[: 4 * MAX_FIELD]
        name, at = "", 0
        while True:
            text = ""
            pieces, at = _split_pieces(source, at)
            for piece in pieces:
                if len(text) < MAX_FIELD:
                    is_enclosed = piece[:1] in ("{", '"')
                    text += piece[1:-1] if is_enclosed else self._strings.get(piece.lower(), piece)
            self._letters_left -= len(text)
            if self._letters_left < 0:
                raise Refused("Its abbreviations make the file too large; write them out.")
            yield name, text[:MAX_FIELD]
            if at >= len(source):
                return
            self.add_problem(line, f"a comma is missing before {source[at : at + 20]!r}")
            if not (next_field := _FIELD_START.match(source, at)):
                return
            name, at = next_field[1], next_field.end()


def _split_pieces(source: str, at: int) -> tuple[list[str], int]:
    """Return the pieces from `at` on that ``#`` joins, and the index of the text after them."""
    pieces = []
    while True:
        is_enclosed = source[at : at + 1] in ("{", '"')
        word = None if is_enclosed else _WORD.match(source, at)
        end = word.end() if word else _enclosed_end(source, at)
        pieces.append(source[at:end])
        joint = _JOINT.match(source, end)
        at = joint.end() if joint else end
        if not (joint and joint[1]):
            return pieces, at


def _enclosed_end(source: str, at: int) -> int:
    """Return the index after the brace or quote that closes the one at `at`."""
    quoted, depth = source[at] == '"', 0
    for sign in _DELIMITER.finditer(source, at + quoted):
        if sign[0] == "{":
            depth += 1
        elif sign[0] == "}":
            depth = max(0, depth - 1)
        if not depth and sign[0] == ('"' if quoted else "}"):
            return sign.end()
    return len(source)


def _parents_of(fields: Mapping[str, str]) -> list[str]:
    keys = [fields.get("crossref", ""), *fields.get("xdata", "").split(",")[:10]]
    return [key.strip().lower() for key in keys if key.strip()]


def _inherited_fields(parent: BibEntry) -> dict[str, str]:
    if parent.kind == "xdata":
        return dict(parent.fields)
    fields = {name: parent.fields[name] for name in _INHERITED_FIELDS if name in parent.fields}
    if title := parent.fields.get("booktitle") or parent.fields.get("title"):
        fields["booktitle"] = title
    return fields


@dataclass(slots=True)
class _GroupNode:
    items: dict[ParsedItem, None] = field(default_factory=dict)
    subgroups: dict[str, "_GroupNode"] = field(default_factory=dict)

    def descendant(self, path: GroupPath) -> "_GroupNode":
        node = self
        for title in filter(None, path):
            node = node.subgroups.setdefault(title, _GroupNode())
        return node

    def sections(self) -> tuple[ParsedSection, ...]:
        sections = (
            ParsedSection(title, tuple(node.items), node.sections())
            for title, node in self.subgroups.items()
        )
        return tuple(section for section in sections if section.items or section.sections)


def _jabref_groups(comment: str) -> list[Group]:
    """Return the groups that one of JabRef's comments declares."""
    if not (declaration := _JABREF_GROUPS.match(comment.strip())):
        return []
    groups: list[Group] = []
    path: list[str] = []
    for line in _SEMICOLON.split(declaration[1].replace("\n", ""))[:MAX_GROUPS]:
        if not (parts := _JABREF_GROUP.fullmatch(line)) or not (level := int(parts[1])):
            continue
        name, *values = parts[3].split("\\;")
        path = [*path[: min(level, MAX_GROUP_DEPTH) - 1], latex_to_text(name[:500])]
        keys = frozenset(values) if parts[2] == "ExplicitGroup" else frozenset[str]()
        groups.append((tuple(path), keys))
    return groups


def _groups_of(fields: Mapping[str, str]) -> Iterator[GroupPath]:
    """Yield the groups that an entry's own fields name."""
    for name in fields.get("groups", "").split(",")[:MAX_GROUPS_OF_ENTRY]:
        yield (latex_to_text(name),)
    for name in fields.get("mendeley-groups", "").split(",")[:MAX_GROUPS_OF_ENTRY]:
        yield tuple(map(latex_to_text, name.split("/")[:MAX_GROUP_DEPTH]))


def _sections_by_group(
    items: Sequence[ItemWithFields], declared_groups: Sequence[Group]
) -> tuple[ParsedSection, ...]:
    """Return the items by group, one section if there is no group; an item may be in several.

    Groups are in the order of their declaration, items in that of the file.
    """
    paths_by_name: dict[str, list[GroupPath]] = {}
    paths_by_key: dict[str, list[GroupPath]] = {}
    root, ungrouped = _GroupNode(), _GroupNode()
    for path, keys in declared_groups:
        root.descendant(path)
        paths_by_name.setdefault(path[-1], []).append(path)
        for key in keys:
            paths_by_key.setdefault(key, []).append(path)
    for item, fields in items:
        paths = list(paths_by_key.get(item.citekey or "", ()))
        for path in filter(any, _groups_of(fields)):
            paths += paths_by_name.get(path[0], [path]) if len(path) == 1 else [path]
        nodes = [root.descendant(path) for path in paths[:MAX_GROUPS_OF_ENTRY]]
        for node in nodes or [ungrouped]:
            node.items[item] = None
    sections = root.sections()
    if not ungrouped.items:
        return sections
    return (*sections, ParsedSection(UNGROUPED if sections else ALL, tuple(ungrouped.items)))


def _items(file: BibFile) -> list[ItemWithFields]:
    """Return the works with their entries' fields, without entries that are in the file twice."""
    items: list[ItemWithFields] = []
    lines: dict[tuple[str, ParsedItem], int] = {}
    for entry in file.entries:
        if entry.kind in _OTHER_TYPES or file.is_parent(entry):
            continue
        fields = file.fields_of(entry)
        if not (title := _title(fields)):
            file.add_problem(entry.line, f"the entry {entry.key!r} has no title; left out")
            continue
        item = _item(entry, fields, title)
        line = lines.setdefault((entry.key, replace(item, line=0)), entry.line)
        if line != entry.line:
            problem = f"{entry.key!r} is the entry of line {line} again; left out"
            file.add_problem(entry.line, problem)
            continue
        first = file.first_by_key[entry.key.lower()]
        if entry.key and first is not entry:
            problem = f"{entry.key!r} is the key of line {first.line} too; both are in"
            file.add_problem(entry.line, problem)
        items.append((item, fields))
    return items


def _title(fields: Mapping[str, str]) -> str:
    title, subtitle = (
        latex_to_text(fields.get(name, "")[: 4 * MAX_TITLE]) for name in ("title", "subtitle")
    )
    return shorten(f"{title}: {subtitle}" if title and subtitle else title, MAX_TITLE)


def _item(entry: BibEntry, fields: Mapping[str, str], title: str) -> ParsedItem:
    authors, more = parse_names(fields.get("author") or fields.get("editor", ""))
    year = _YEAR.search(fields.get("date", "")) or _YEAR.search(fields.get("year", ""))
    values = (unescape_address(fields.get(n, "")) for n in ("url", "ee", "howpublished", "note"))
    addresses = [value for value in values if identifiers.is_web_address(value)]
    doi = _doi([unescape_address(fields.get("doi", "")), *addresses])
    arxiv = _arxiv(fields, [*addresses, doi or ""])
    pages = [a for a in addresses if not identifiers.arxiv_id(a) and not identifiers.doi(a)]
    return ParsedItem(
        title,
        entry.line,
        authors,
        int(year[0]) if year else None,
        _venue(fields, arxiv, is_book=_KINDS.get(entry.kind) == "book"),
        _kind(entry.kind, fields, has_id=bool(arxiv or doi), has_page=bool(pages)),
        arxiv,
        doi,
        tuple(Link("PDF" if a.endswith(".pdf") else "page", a) for a in dict.fromkeys(pages)),
        shorten(latex_to_text(fields.get("abstract", "")[: 2 * MAX_SUMMARY]), MAX_SUMMARY) or None,
        citekey=entry.key or None,
        more_authors=more,
    )


def _doi(candidates: list[str]) -> str | None:
    dois = map(identifiers.doi, candidates)
    return next((doi for doi in dois if doi and doi == safe_line(doi)), None)


def _arxiv(fields: Mapping[str, str], addresses: list[str]) -> str | None:
    """Return the arXiv id from any of the fields in which programs put it."""
    archive = latex_to_text(fields.get("archiveprefix") or fields.get("eprinttype", "")).lower()
    eprint = [unescape_address(fields.get("eprint", ""))] if archive in ("", "arxiv") else []
    candidates = [*eprint, *addresses]
    for name in _ARXIV_FIELDS:
        text = unescape_address(fields.get(name, "")[:MAX_VENUE])
        for word in re.sub(r"arxiv:\s*", "arxiv:", text, flags=re.IGNORECASE).split():
            word = re.sub(r"^abs/", "arxiv:", word.strip("()[],;."))
            candidates += [word] if "arxiv" in word.lower() else []
    return next(filter(None, map(identifiers.arxiv_id, candidates)), None)


def _venue(fields: Mapping[str, str], arxiv: str | None, is_book: bool) -> str | None:
    for name in ("publisher", *_VENUE_FIELDS) if is_book else _VENUE_FIELDS:
        venue = shorten(latex_to_text(fields.get(name, "")[: 4 * MAX_VENUE]), MAX_VENUE)
        is_address = identifiers.is_web_address(unescape_address(fields.get(name, "")))
        if venue and not is_address and not (arxiv and _ARXIV_VENUE.match(venue)):
            return venue
    return None


def _kind(entry_type: str, fields: Mapping[str, str], has_id: bool, has_page: bool) -> str:
    kind = _KINDS.get(entry_type, "paper")
    if kind == "article" and has_id:
        return "paper"
    # Zotero writes a web page as @misc.
    if entry_type == "misc" and has_page and not has_id and not fields.get("journal"):
        return "article"
    return kind
