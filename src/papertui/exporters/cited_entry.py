"""A work as reference managers cite it: by the BibTeX entry that it came in with, if it has one."""

import re
from typing import NamedTuple

from papertui.core.bib_entry import VENUE_FIELDS
from papertui.exporters.bibtex import cited_year, entry_type, venue_of
from papertui.exporters.exported_work import ExportedWork

# Types that say what a work is, with those that mean the same; others leave it to papertui.
_TYPES = {
    **{type_: type_ for type_ in ("article", "book", "incollection", "inproceedings", "thesis")},
    **dict.fromkeys(("phdthesis", "mastersthesis"), "thesis"),
    **dict.fromkeys(("techreport", "report"), "report"),
    **dict.fromkeys(("mvbook", "booklet", "manual", "collection", "proceedings"), "book"),
    "conference": "inproceedings",
    "inbook": "incollection",
    "unpublished": "unpublished",
}
# Reference managers have a field of its own for the publisher.
_VENUES = tuple(name for name in VENUE_FIELDS if name != "publisher")


_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")


class CitedEntry(NamedTuple):
    """The type of a work among BibTeX's, and where it was published."""

    type: str
    venue: str
    year: int | None
    volume: str = ""
    number: str = ""
    pages: str = ""
    publisher: str = ""


def cited_entry(exported: ExportedWork) -> CitedEntry:
    """Return how a work is cited: as its entry says, else as far as papertui knows.

    The venue that papertui knows is not that of another year which the entry has.
    """
    work = exported.work
    fields = exported.entry.texts() if exported.entry else {}
    edited = exported.entry.edited if exported.entry else ()
    type_ = _TYPES.get(exported.entry.type.lower(), "") if exported.entry else ""
    if "kind" in edited:
        type_ = ""
    if not fields:
        name, volume, number = venue_of(work)
        return CitedEntry(entry_type(work), name, cited_year(work), volume, number)
    # pylatexenc, which only this needs, takes a tenth of a second.
    from papertui.importers.latex import latex_to_text

    def text(*names: str) -> str:
        return next((latex_to_text(fields[name]) for name in names if fields.get(name)), "")

    publisher = text("publisher")
    venue = publisher if type_ == "book" else text(*_VENUES)
    year = _year(fields.get("date", "")) or _year(fields.get("year", ""))
    if "year" in edited:
        year = work.year
    if "venue" in edited:
        venue = work.venue or ""
        publisher = "" if type_ == "book" else publisher
    elif not venue and year in (None, cited_year(work)):
        venue = work.venue or ""
    year = year or cited_year(work)
    pages = text("pages").replace("–", "-").replace("—", "-")
    return CitedEntry(
        type_ or entry_type(work._replace(venue=venue)),
        venue,
        year,
        text("volume"),
        text("number", "issue"),
        pages,
        publisher if publisher != venue else "",
    )


def _year(text: str) -> int | None:
    found = _YEAR.search(text)
    return int(found[0]) if found else None
