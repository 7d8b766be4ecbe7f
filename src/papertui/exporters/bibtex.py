"""Works as BibTeX that biber and BibTeX styles accept."""

import re
from collections.abc import Iterable

from papertui.core.catalog import Work
from papertui.core.text import safe_line

_CONFERENCE = re.compile(
    r"[A-Z][\w&-]+ (?:19|20)\d\d\b|.*\b(?:conference|proceedings|symposium|workshop)\b",
    re.IGNORECASE,
)
_JOURNAL = re.compile(r".*\d|.*\b(?:journal|transactions|letters|review)\b", re.IGNORECASE)
_NO_JOURNAL = re.compile(r".*\b(?:arxiv|blog|openreview|report|thesis)\b", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MAX_WAIT = 5  # years between the first version of a work and its venue
_VENUES = {"article": "journal", "inproceedings": "booktitle", "book": "publisher"}
_ODD_KEY = re.compile(r"[^\w.:+/-]+")
_ESCAPES = {
    **{char: f"\\{char}" for char in "&%$#_"},
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_SPECIAL = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")
_LIGATURE = re.compile(r"([-`'])(?=\1)|[?!](?=`)")


def dumps(works: Iterable[Work]) -> str:
    """Return works as a BibTeX file in UTF-8."""
    return "\n\n".join(map(entry, works)) + "\n"


def entry(work: Work) -> str:
    """Return the BibTeX entry of a work; its key is the citekey."""
    type_ = entry_type(work)
    authors = [*map(_name, work.authors), *(["others"] if work.more_authors else [])]
    fields = {
        "title": f"{{{_text(work.title)}}}",
        "author": " and ".join(authors),
        "year": str(cited_year(work) or ""),
        _VENUES.get(type_, "organization"): _text(work.venue or ""),
        "eprint": work.arxiv or "",
        "archiveprefix": "arXiv" if work.arxiv else "",
        "doi": _id(work.doi or ""),
        "url": work.page or "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{type_}{{{_ODD_KEY.sub('', work.citekey) or 'work'},", *lines, "}"])


def cited_year(work: Work) -> int | None:
    """Return the year that a work's venue names, else the year in which it became public.

    A bibliography dates a work by its venue. A year far from the work's own is
    part of the venue's name.
    """
    named = map(int, _YEAR.findall(work.venue or "")) if work.year else ()
    later = [year for year in named if 0 <= year - (work.year or 0) <= _MAX_WAIT]
    return later[-1] if later else work.year


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


def _name(name: str) -> str:
    """Return a name in braces if BibTeX would split it or reorder its parts."""
    text = _text(name)
    is_split = "," in text or re.search(r"\band\b", text, re.IGNORECASE) or text.lower() == "others"
    return f"{{{text}}}" if is_split else text


def _text(text: str) -> str:
    text = _SPECIAL.sub(lambda found: _ESCAPES[found[0]], safe_line(text))
    return _LIGATURE.sub(r"\g<0>{}", text)


def _id(text: str) -> str:
    """Return an id verbatim, as biber reads it, or nothing if it would break the file."""
    return "" if set(text) & set("{}\\") else safe_line(text)
