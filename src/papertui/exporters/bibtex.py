"""Works as BibTeX that biber and BibTeX styles accept."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from types import MappingProxyType
from typing import NamedTuple

from papertui.core.bib_entry import PREAMBLE, VENUE_FIELDS, BibEntry, Value, joined, text_of
from papertui.core.catalog import Work
from papertui.core.text import safe_line
from papertui.exporters.names import parse_name, written_names

_CONFERENCE = re.compile(
    r"[A-Z][\w&-]+ (?:19|20)\d\d\b|.*\b(?:conference|proceedings|symposium|workshop)\b",
    re.IGNORECASE,
)
_JOURNAL = re.compile(r".*\d|.*\b(?:journal|transactions|letters|review)\b", re.IGNORECASE)
_NO_JOURNAL = re.compile(r".*\b(?:arxiv|blog|openreview|report|thesis)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DATED = re.compile(r"(.*?[^\W\d].*?)(?: (\d{1,4})(?:\((\w{1,8})\))?)? \(((?:19|20)\d\d)\)")
_MAX_WAIT = 5  # years between the first version of a work and its venue
_VENUES = {"article": "journal", "inproceedings": "booktitle", "book": "publisher"}
# The fields of an entry that an edited field of its work stands for.
_EDITED = {
    "title": ("title",),
    "authors": ("author",),
    "year": ("year", "date"),
    "doi": ("doi",),
    "arxiv": ("eprint", "archiveprefix"),
    "links": ("url",),
}
_ODD_KEY = re.compile(r"[^\w.:+/-]+")
_ESCAPES = {
    **{char: f"\\{char}" for char in "&%$#_"},
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_PLAIN_WORD = re.compile(r"(?!(?:and|others)\Z)[\w-]+", re.IGNORECASE)
_SPECIAL = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")
_BREAKING = re.compile(r"[\\{}]")
_ENTRY_START = re.compile(r"\n\s*(?=@)")
_LIGATURE = re.compile(r"([-`'])(?=\1)|[?!](?=`)")


class Venue(NamedTuple):
    """What published a work, without its year if that is all that it says besides."""

    name: str
    volume: str = ""
    number: str = ""


class _Keyed(NamedTuple):
    """An entry to write and its key: one that was kept, that of a work, or both in one."""

    key: str
    kept: BibEntry | None
    work: Work | None


def dumps(
    works: Iterable[Work],
    kept: Iterable[BibEntry] = (),
    keywords: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> str:
    """Return works as a BibTeX file in UTF-8: first the entries `kept` as they came in.

    The `keywords` of works, by citekey, are added to those of their entries. Of several
    entries of one work, its thesis and its paper, none gets an id of the other.
    """
    kept = list(kept)
    own_entries = Counter(each.work for each in kept)
    entries = [
        kept_entry(each, work, key, keywords.get(each.work or "", ()), own_entries[each.work] == 1)
        if each
        else work and entry(work, key, keywords.get(work.citekey, ()))
        for key, each, work in _keyed(works, kept)
    ]
    return "\n\n".join(filter(None, entries)) + "\n"


def key_clashes(works: Iterable[Work], kept: Iterable[BibEntry]) -> list[str]:
    """Return a line for each entry that gets another key, as an earlier one has its own."""
    return [
        f"{own!r} is the key of two works: {safe_line(each.work.title)} is {each.key!r}."
        for each in _keyed(works, kept)
        if each.work and (own := _own_key(each.kept, each.work)) != each.key
    ]


def _keyed(works: Iterable[Work], kept: Iterable[BibEntry]) -> Iterator[_Keyed]:
    by_citekey = {work.citekey: work for work in works}
    taken: set[str] = set()
    written: set[str | None] = set()
    for each in joined(kept):
        work = by_citekey.get(each.work or "")
        written.add(each.work)
        yield _Keyed(free_key(_own_key(each, work), taken), each, work)
    for citekey, work in by_citekey.items():
        if citekey not in written:
            yield _Keyed(free_key(_own_key(None, work), taken), None, work)


def _own_key(kept: BibEntry | None, work: Work | None) -> str:
    return kept.key if kept and kept.key else citable(work.citekey) if work else ""


def citable(citekey: str) -> str:
    """Return a citekey without the signs that BibTeX does not take."""
    return _ODD_KEY.sub("", citekey) or "work"


def free_key(key: str, taken: set[str]) -> str:
    """Return a key, with a number if it is `taken`, and add it to those, in lower case."""
    keys = (f"{key}-{number}" if number else key for number in chain((0,), count(2)))
    free = next(each for each in keys if each.lower() not in taken)
    if free:
        taken.add(free.lower())
    return free


def kept_entry(
    kept: BibEntry,
    work: Work | None,
    key: str = "",
    keywords: Sequence[str] = (),
    adds: bool = True,
) -> str:
    """Return an entry as it came in, but for the fields of its work that the reader edited.

    It gets those of the `keywords` that it lacks and, with `adds`, the DOI and the arXiv id
    of its work if it lacks them.
    """
    key = key or _own_key(kept, work)
    if kept.type == PREAMBLE:
        return f"@preamble{{{''.join(map(_source, kept.fields.values()))}}}"
    edited = _edited(kept, work) if work else {}
    fields = _with_keywords(kept.fields, keywords)
    spelt = {name.lower(): name for name in fields}
    sources = {name: _source(value) for name, value in fields.items()} | {
        spelt.get(name, name): value and f"{{{value}}}" for name, value in edited.items()
    }
    lines = [f"  {name} = {source}," for name, source in sources.items() if source]
    texts = kept.texts() | edited
    mentioned = "\n".join(texts.values()).lower()
    if adds and work:
        if work.doi and "doi" not in texts and work.doi.lower() not in mentioned:
            lines.append(f"  doi = {{{_address(work.doi)}}},")
        if work.arxiv and "eprint" not in texts and work.arxiv.lower() not in mentioned:
            lines += [f"  eprint = {{{work.arxiv}}},", "  archiveprefix = {arXiv},"]
    return "\n".join([f"@{kept.type}{{{key},", *lines, "}"])


def _with_keywords(fields: Mapping[str, Value], keywords: Sequence[str]) -> Mapping[str, Value]:
    """Return the fields of an entry with the keywords that it lacks."""
    name = next((name for name in fields if name.lower() == "keywords"), "keywords")
    value = fields.get(name, "")
    text = text_of(value)
    divider = "; " if ";" in text and "," not in text else ", "
    known = {word.strip().lower() for word in re.split("[,;]", text)}
    more = divider.join(word for word in keywords if word.lower() not in known)
    if not more:
        return fields
    more = f"{divider}{more}" if text.strip() else more
    return {
        **fields,
        name: value + more if isinstance(value, str) else (*value[:-1], value[-1] + more),
    }


def _edited(kept: BibEntry, work: Work) -> dict[str, str]:
    """Return the fields that edits of a work change in its entry, as BibTeX source.

    Those that it is to lose are empty.
    """
    known = _fields(work) | {"year": str(work.year or "")}
    if "authors" in kept.edited:
        known["author"] = _names(work, written_names(kept, work.authors))
    known["url"] = _address(work.links[0].url) if work.links else ""
    names = kept.texts().keys()
    edited: dict[str, str] = {}
    for field in kept.edited:
        if field == "venue":
            venue = next((name for name in VENUE_FIELDS if name in names), "journal")
            edited[venue] = _text(work.venue or "")
        else:
            edited |= {name: known.get(name, "") for name in _EDITED.get(field, ())}
    return edited


def _source(value: Value) -> str:
    """Return a field as BibTeX source, on lines of which none begins another entry."""
    if isinstance(value, str):
        return f"{{{_ENTRY_START.sub(' ', value)}}}"
    parts = [part if index % 2 else part and _source(part) for index, part in enumerate(value)]
    return " # ".join(filter(None, parts)) or "{}"


def entry(work: Work, key: str = "", keywords: Sequence[str] = ()) -> str:
    """Return the BibTeX entry of a work; its key is the citekey unless another is given."""
    fields = {**_fields(work), "keywords": ", ".join(keywords)}
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{entry_type(work)}{{{key or citable(work.citekey)},", *lines, "}"])


def _fields(work: Work) -> dict[str, str]:
    """Return the fields of the entry of a work as BibTeX source, empty ones too."""
    type_, venue = entry_type(work), venue_of(work)
    return {
        "title": f"{{{_text(work.title)}}}",
        "author": _names(work),
        "year": str(cited_year(work) or ""),
        _VENUES.get(type_, "organization"): _text(venue.name),
        "volume": venue.volume,
        "number": venue.number,
        "eprint": work.arxiv or "",
        "archiveprefix": "arXiv" if work.arxiv else "",
        "doi": _address(work.doi or ""),
        "url": _address(work.page or ""),
    }


def cited_year(work: Work) -> int | None:
    """Return the year that a work's venue names, else the year in which it became public.

    A bibliography dates a work by its venue. A year far from the work's own is
    part of the venue's name.
    """
    named = map(int, _YEAR.findall(work.venue or "")) if work.year else ()
    later = [year for year in named if 0 <= year - (work.year or 0) <= _MAX_WAIT]
    return later[-1] if later else work.year


def venue_of(work: Work) -> Venue:
    """Return the parts of a work's venue, such as ``Nature 323 (1986)`` or ``ICLR 2015``."""
    if dated := _DATED.fullmatch(work.venue or ""):
        *parts, year = dated.groups("")
        if int(year) == cited_year(work):
            return Venue(*parts)
    return Venue(work.venue or "")


def entry_type(work: Work) -> str:
    """Return the type of the BibTeX entry of a work."""
    if work.kind == "book":
        return "book"
    venue = safe_line(work.venue or "")
    if work.kind == "paper" and venue and not _NO_JOURNAL.match(venue):
        if _CONFERENCE.match(venue):
            return "inproceedings"
        if work.doi or _JOURNAL.match(venue):
            return "article"
    return "online" if work.page else "misc"


def _names(work: Work, written: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the authors of a work as BibTeX source, some as they are `written` already."""
    names = [written.get(name) or _name(name) for name in work.authors]
    return " and ".join([*names, *(["others"] if work.more_authors else [])])


def _name(name: str) -> str:
    """Return a name so that BibTeX parts it as papertui does, in braces if it has no parts."""
    person = parse_name(name)
    if person.suffix:
        return ", ".join(map(_text, (person.last, person.suffix, person.given)))
    text = _text(name)
    return f"{{{text}}}" if person.is_whole and not _PLAIN_WORD.fullmatch(text) else text


def _text(text: str) -> str:
    text = _SPECIAL.sub(lambda found: _ESCAPES[found[0]], safe_line(text))
    return _LIGATURE.sub(r"\g<0>{}", text)


def _address(text: str) -> str:
    """Return an address or id verbatim, as biber reads it, but for what would break the file."""
    return _BREAKING.sub(lambda found: _ESCAPES[found[0]], safe_line(text))
