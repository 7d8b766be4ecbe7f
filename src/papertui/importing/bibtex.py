"""Works out of BibTeX files: the dialects of biblatex, Zotero, JabRef, Mendeley and DBLP."""

import re
from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from papertui.core import identifiers
from papertui.core.catalog import Link
from papertui.core.text import safe_line, shorten
from papertui.errors import Refused
from papertui.importing import groups
from papertui.importing.entries import Entry, File
from papertui.importing.found import FoundItem, FoundList
from papertui.importing.latex import names, plain, verbatim

MOST_LETTERS = 32_000_000
MOST_ENTRIES = 100_000
MOST_TITLE = 500
MOST_VENUE = 200
MOST_SUMMARY = 5_000

_START = re.compile(r"@\w*[ \t]*[{(]")
_NAME = re.compile(r"\.bib(?:tex|latex)?$", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(.+)", re.IGNORECASE)
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


def library(source: str, name: str) -> FoundList:
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
    return FoundList(
        _NAME.sub("", safe_line(name)) or "BibTeX",
        groups.sections(items, file.groups) if items else (),
        problems=tuple(problems),
    )


def _items(file: File) -> list[groups.Member]:
    """Return the works with their entries' fields; the same entry again is no other work."""
    found: list[groups.Member] = []
    lines: dict[tuple[str, FoundItem], int] = {}
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


def _item(entry: Entry, fields: Mapping[str, str], title: str) -> FoundItem:
    authors, more = names(fields.get("author") or fields.get("editor", ""))
    year = _YEAR.search(fields.get("date", "")) or _YEAR.search(fields.get("year", ""))
    addresses = [verbatim(fields.get(name, "")) for name in ("url", "ee", "howpublished", "note")]
    addresses = [address for address in addresses if identifiers.is_web_address(address)]
    doi = _doi([verbatim(fields.get("doi", "")), *addresses])
    arxiv = _arxiv(fields, [*addresses, doi or ""])
    pages = [a for a in addresses if not identifiers.arxiv_id(a) and not identifiers.doi(a)]
    return FoundItem(
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
    if match := next(filter(None, map(_ARXIV_DOI.fullmatch, addresses)), None):
        candidates.append(match[1])
    candidates += addresses
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
