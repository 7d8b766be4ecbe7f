"""BibTeX text to a ParsedList: entries and groups of biblatex, Zotero, JabRef, Mendeley."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from papertui.core import identifiers
from papertui.core.bib_entry import VENUE_FIELDS, BibEntry
from papertui.core.catalog import Link
from papertui.core.identity import MAX_TITLE
from papertui.core.reading_time import length_in_pages, pages_of_range
from papertui.core.text import safe_line, shorten, whole_number
from papertui.errors import Refused
from papertui.importers.bib_file import BibFile
from papertui.importers.latex import latex_to_text, parse_names, unescape_address
from papertui.importers.parsed_list import LeftOut, ParsedItem, ParsedList, ParsedSection

MAX_LETTERS = 32_000_000
MAX_ENTRIES = 100_000
MAX_VENUE = 200
MAX_SUMMARY = 5_000
MAX_GROUPS = 5_000
MAX_GROUPS_OF_ENTRY = 50
MAX_GROUP_DEPTH = 8
UNGROUPED = "In no group"
ALL = "Entries"

_ENTRY_START = re.compile(r"@\w*[ \t]*[{(]")
_JABREF_GROUPS = re.compile(r"jabref-meta:\s*(?:grouping|groupstree):(.*)", re.DOTALL | re.I)
_JABREF_GROUP = re.compile(r"\s*(\d{1,4}) (\w+):(.*)", re.DOTALL)
_SEMICOLON = re.compile(r"(?<!\\);")
_FILE_ENDING = re.compile(r"\.bib(?:tex|latex)?$", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_READ = re.compile(r"(?:^|[,;])\s*read\s*(?:$|[,;])", re.IGNORECASE)
_ARXIV_PREFIX = re.compile(r"arxiv:\s*|(?:^|(?<=\s))abs/", re.IGNORECASE)
# An address or an arXiv id, which a note is read for.
_ADDRESS = re.compile(
    r"(?:(?:e-?print:?\s*)?arxiv(?:\s+preprint\s+arxiv)?:\s*|abs/|\\url\{?|https?://)\S+"
    r"(?:\s*\[[^\]]*\])?",
    re.IGNORECASE,
)
_ARXIV_VENUE = re.compile(r"(?:arxiv|corr)\b|computing research repository", re.IGNORECASE)
_KINDS = {
    **dict.fromkeys(("book", "mvbook", "proceedings", "collection", "manual", "booklet"), "book"),
    **dict.fromkeys(("online", "electronic", "www", "webpage", "newspaperarticle"), "article"),
    **dict.fromkeys(("video", "movie", "audio"), "video"),
}
_ARXIV_FIELDS = (
    "journal", "journaltitle", "number", "volume", "note", "howpublished", "publisher",
)  # fmt: skip
# What readers write into entries, and no page shows.
_UNSHOWN_FIELDS = ("annotation", "annote", "comment", "keywords", "note", "review")

GroupPath = tuple[str, ...]
Group = tuple[GroupPath, frozenset[str]]  # with the keys of the entries in it


class _Work(NamedTuple):
    """An item, the key that its entry has in its file, and the fields that name groups."""

    item: ParsedItem
    key: str
    groups: tuple[str, str]


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
    works, entries = _works(file)
    groups = [group for comment in file.comments for group in _jabref_groups(comment)]
    problems = file.problem_lines() or ([] if works else ["No BibTeX entry was found."])
    if unshown := _unshown(file):
        problems.append(f"Fields that are kept for the export only: {', '.join(unshown)}.")
    return ParsedList(
        _FILE_ENDING.sub("", safe_line(name)) or "BibTeX",
        _sections_by_group(works, groups) if works else (),
        problems=tuple(problems),
        entries=tuple(entries),
        left_out=tuple(_left_out(file)),
    )


def _unshown(file: BibFile) -> list[str]:
    """Return the names of fields with a reader's words in them, which papertui does not show."""
    written = {
        name
        for entry in file.entries
        for name, text in entry.texts().items()
        if name in _UNSHOWN_FIELDS and not _READ.fullmatch(text)
        if name != "note" or not _ADDRESS.fullmatch(text.strip())
    }
    return [name for name in _UNSHOWN_FIELDS if name in written]


def _left_out(file: BibFile) -> Iterator[LeftOut]:
    """Yield the entries that are no works, by their types."""
    by_type: dict[str, list[BibEntry]] = {}
    for entry in file.entries:
        if entry.key and not file.is_work(entry):
            by_type.setdefault(entry.type.lower(), []).append(entry)
    for entries in by_type.values():
        lines = tuple(entry.line for entry in entries)
        text = f"@{entries[0].type}{{{entries[0].key}}}"
        yield LeftOut("only for others to refer to, kept for the export", lines, text)


@dataclass(slots=True)
class _GroupNode:
    items: dict[int | None, ParsedItem] = field(default_factory=dict)
    subgroups: dict[str, "_GroupNode"] = field(default_factory=dict)

    def descendant(self, path: GroupPath) -> "_GroupNode":
        node = self
        for title in filter(None, path):
            node = node.subgroups.setdefault(title, _GroupNode())
        return node

    def sections(self) -> tuple[ParsedSection, ...]:
        sections = (
            ParsedSection(title, tuple(node.items.values()), node.sections())
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


def _groups_of(work: _Work) -> Iterator[GroupPath]:
    """Yield the groups that an entry's own fields name."""
    names, folders = work.groups
    for name in names.split(",")[:MAX_GROUPS_OF_ENTRY]:
        yield (latex_to_text(name),)
    for name in folders.split(",")[:MAX_GROUPS_OF_ENTRY]:
        yield tuple(map(latex_to_text, name.split("/")[:MAX_GROUP_DEPTH]))


def _sections_by_group(
    works: Sequence[_Work], declared_groups: Sequence[Group]
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
    for work in works:
        paths = list(paths_by_key.get(work.key, ()))
        for path in filter(any, _groups_of(work)):
            paths += paths_by_name.get(path[0], [path]) if len(path) == 1 else [path]
        nodes = [root.descendant(path) for path in paths[:MAX_GROUPS_OF_ENTRY]]
        for node in nodes or [ungrouped]:
            node.items[work.item.entry] = work.item
    sections = root.sections()
    if not ungrouped.items:
        return sections
    return (
        *sections,
        ParsedSection(UNGROUPED if sections else ALL, tuple(ungrouped.items.values())),
    )


def _works(file: BibFile) -> tuple[list[_Work], list[BibEntry]]:
    """Return the works of a file, and all entries with keys that tell them apart.

    An entry that is in the file twice, all the same, is left out.
    """
    works: list[_Work] = []
    entries: list[BibEntry] = []
    lines: dict[object, int] = {}
    taken = {entry.key.lower() for entry in file.entries}
    for entry in file.entries:
        key, first = entry.key, file.first_by_key.get(entry.key.lower(), entry)
        if first is not entry:
            lines.setdefault(_spelt(first), first.line)
            line = lines.setdefault(_spelt(entry), entry.line)
            if line != entry.line:
                file.add_problem(entry.line, f"{key!r} is the entry of line {line} again; left out")
                continue
            key = _free_key(entry.key, taken)
            problem = f"{entry.key!r} is the key of line {first.line} too; this one is {key!r} now"
            file.add_problem(entry.line, problem)
        entry = entry._replace(key=key)
        if file.is_work(entry):
            texts = file.texts_of(entry)
            item = _item(entry, texts, len(entries))
            if texts.get("url") and not _url(texts):
                problem = f"no browser opens the address of {key!r}; it is only kept for the export"
                file.add_problem(entry.line, problem)
            if item.title or item.arxiv or item.doi or item.links:
                groups = texts.get("groups", ""), texts.get("mendeley-groups", "")
                works.append(_Work(item, first.key, groups))
            else:
                problem = f"the entry {key!r} has no title; it is only kept for the export"
                file.add_problem(entry.line, problem)
        entries.append(entry)
    return works, entries


def _spelt(entry: BibEntry) -> tuple[object, ...]:
    return entry.type.lower(), entry.key, tuple(entry.fields.items())


def _free_key(key: str, taken: set[str]) -> str:
    number = 2
    while (free := f"{key}-{number}").lower() in taken:
        number += 1
    taken.add(free.lower())
    return free


def _title(fields: Mapping[str, str]) -> str:
    title, subtitle = fields.get("title", ""), fields.get("subtitle", "")
    title = latex_to_text(title[: 4 * MAX_TITLE])
    subtitle = latex_to_text(subtitle[: 4 * MAX_TITLE]) if subtitle else ""
    return shorten(f"{title}: {subtitle}" if title and subtitle else title, MAX_TITLE)


def _item(entry: BibEntry, fields: Mapping[str, str], number: int) -> ParsedItem:
    kind = entry.type.lower()
    is_book = _KINDS.get(kind) == "book"
    authors, more = parse_names(fields.get("author") or fields.get("editor", ""))
    year = _YEAR.search(fields.get("date", "")) or _YEAR.search(fields.get("year", ""))
    addresses = list(_addresses(fields))
    doi = _doi([unescape_address(fields.get("doi", "")), *addresses])
    arxiv = _arxiv(fields, [*addresses, doi or ""])
    pages = [a for a in addresses if not identifiers.arxiv_id(a) and not identifiers.doi(a)]
    return ParsedItem(
        _title(fields),
        entry.line,
        authors,
        int(year[0]) if year else None,
        _venue(fields, arxiv, is_book),
        _kind(kind, fields, has_id=bool(arxiv or doi), has_page=bool(pages)),
        arxiv,
        doi,
        tuple(Link("PDF" if a.endswith(".pdf") else "page", a) for a in dict.fromkeys(pages)),
        shorten(latex_to_text(fields.get("abstract", "")[: 2 * MAX_SUMMARY]), MAX_SUMMARY) or None,
        citekey=entry.key or None,
        more_authors=more,
        is_read=_is_read(fields),
        is_skimmed=fields.get("readstatus", "").strip().lower() == "skimmed",
        entry=number,
        length=_length(fields, is_book),
    )


def _addresses(fields: Mapping[str, str]) -> Iterator[str]:
    """Yield the web addresses of an entry."""
    if url := _url(fields):
        yield url
    for name in ("ee", "howpublished", "note"):
        address = unescape_address(fields.get(name, ""))
        if identifiers.is_web_address(address):
            yield address


def _url(fields: Mapping[str, str]) -> str | None:
    """Return the address in the field `url`, which may have blanks and lack its scheme."""
    address = "%20".join(unescape_address(fields.get("url", "")).split())
    return identifiers.complete_address(address)


def _is_read(fields: Mapping[str, str]) -> bool:
    """Return True if the reader has marked an entry as read, as JabRef does or by a keyword."""
    keywords = f"{fields.get('keywords', '')};{fields.get('readstatus', '')}"
    return bool(_READ.search(keywords))


def _doi(candidates: list[str]) -> str | None:
    dois = map(identifiers.doi, candidates)
    return next((doi for doi in dois if doi and doi == safe_line(doi)), None)


def _arxiv(fields: Mapping[str, str], addresses: list[str]) -> str | None:
    """Return the arXiv id from any of the fields in which programs put it."""
    archive = latex_to_text(fields.get("archiveprefix") or fields.get("eprinttype", "")).lower()
    eprint = unescape_address(fields.get("eprint", "")) if archive in ("", "arxiv") else ""
    archived = fields.get("primaryclass") or fields.get("eprintclass", "")
    candidates = [eprint, f"{archived.strip()}/{eprint}" if eprint and archived else "", *addresses]
    if _ARXIV_VENUE.match(fields.get("journal") or fields.get("journaltitle", "")):
        candidates += [fields.get("volume", ""), fields.get("number", "")]
    for name in _ARXIV_FIELDS:
        text = fields.get(name, "")[:MAX_VENUE]
        if text and ("abs/" in text or "arxiv" in text.lower()):
            for word in _ARXIV_PREFIX.sub("arxiv:", unescape_address(text)).split():
                candidates.append(word.strip("()[],;."))
    return next(filter(None, map(identifiers.arxiv_id, candidates)), None)


def _venue(fields: Mapping[str, str], arxiv: str | None, is_book: bool) -> str | None:
    for name in ("publisher", *VENUE_FIELDS) if is_book else VENUE_FIELDS:
        if not (value := fields.get(name)):
            continue
        venue = shorten(latex_to_text(value[: 4 * MAX_VENUE]), MAX_VENUE)
        is_address = "://" in value and identifiers.is_web_address(unescape_address(value))
        if venue and not is_address and not (arxiv and _ARXIV_VENUE.match(venue)):
            return venue
    return None


def _length(fields: Mapping[str, str], is_book: bool) -> str | None:
    """Return how many pages an entry has: their number, or else the range of them.

    The pages of a book are their number, if they are one.
    """
    for name in ("pagetotal", "numpages", *(["pages"] if is_book else [])):
        if pages := whole_number(fields.get(name, "").strip(" p.")):
            return length_in_pages(pages)
    return length_in_pages(pages_of_range(latex_to_text(fields.get("pages", "")[:40])))


def _kind(entry_type: str, fields: Mapping[str, str], has_id: bool, has_page: bool) -> str:
    kind = _KINDS.get(entry_type, "paper")
    if kind == "article" and has_id:
        return "paper"
    # Zotero writes a web page as @misc.
    if entry_type == "misc" and has_page and not has_id and not fields.get("journal"):
        return "article"
    return kind
