"""Works as RIS, which Zotero, EndNote and Mendeley import."""

import re
from collections.abc import Iterable, Iterator

from papertui.core.text import cell_safe, safe_line, valid_unicode
from papertui.exporters.cited_entry import cited_entry
from papertui.exporters.exported_work import ExportedWork
from papertui.exporters.names import OTHERS, people

_TYPES = {
    "article": "JOUR", "inproceedings": "CONF", "book": "BOOK", "online": "ELEC",
    "incollection": "CHAP", "thesis": "THES", "report": "RPRT", "unpublished": "UNPB",
}  # fmt: skip
_FIELD = re.compile(r"\S\S {1,2}-")
_VENUES = {"JOUR": "JO", "CONF": "T2", "CHAP": "T2"}


def dumps(works: Iterable[ExportedWork]) -> str:
    """Return works as RIS in UTF-8, a tag per line but for notes; lines end as the format asks."""
    return "".join(f"{tag}  - {value}\r\n" for work in works for tag, value in _tags(work))


def _tags(exported: ExportedWork) -> Iterator[tuple[str, str]]:
    work, record, cited = exported.work, exported.record, cited_entry(exported)
    type_ = "VIDEO" if work.kind == "video" else _TYPES.get(cited.type, "GEN")
    if work.arxiv and type_ == "ELEC":
        type_ = "UNPB"
    yield "TY", type_
    yield "ID", safe_line(exported.key)
    yield "TI", safe_line(work.title)
    yield from (("AU", person.inverted) for person in people(exported) if person != OTHERS)
    first_page, _, last_page = cited.pages.partition("-")
    facts = {
        "PY": str(cited.year or ""),
        "PB": safe_line(cited.publisher),
        _VENUES.get(type_, "PB"): safe_line(cited.venue),
        "VL": safe_line(cited.volume),
        "IS": safe_line(cited.number),
        "SP": safe_line(first_page),
        "EP": safe_line(last_page.lstrip("-")),
        "AN": f"arXiv:{work.arxiv}" if work.arxiv else "",
        "DO": safe_line(work.doi or ""),
        "UR": safe_line(work.page or ""),
        "L1": safe_line(work.pdf or ""),
        "KW": exported.status,
    }
    yield from ((tag, value) for tag, value in facts.items() if value)
    yield from (("KW", word) for word in exported.own_words)
    yield from (("N1", _note(note.body)) for note in record.notes)
    yield "ER", ""


def _note(body: str) -> str:
    """Return a note with its lines, of which none begins another field.

    Zotero keeps the lines of a note unless it finds a tag of HTML in it.
    """
    lines = (cell_safe(line.expandtabs(4).rstrip()) for line in valid_unicode(body).splitlines())
    text = "\r\n".join(f" {line}" if _FIELD.match(line) else line for line in lines).strip()
    before, sign, after = text.rpartition(">")
    return before.replace("<", "&lt;") + sign + after
