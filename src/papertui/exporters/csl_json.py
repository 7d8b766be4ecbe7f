"""Works as CSL-JSON, which Pandoc, Zotero and Word's citation tools read."""

import json
from collections.abc import Iterable
from typing import Any

from papertui.core.text import valid_unicode
from papertui.exporters.cited_entry import cited_entry
from papertui.exporters.exported_work import ExportedWork
from papertui.exporters.names import PersonName, people

_TYPES = {
    "article": "article-journal", "inproceedings": "paper-conference", "book": "book",
    "online": "webpage", "incollection": "chapter", "thesis": "thesis", "report": "report",
    "unpublished": "manuscript",
}  # fmt: skip


def dumps(works: Iterable[ExportedWork]) -> str:
    """Return works as a CSL-JSON array."""
    return json.dumps([_item(work) for work in works], indent=2, ensure_ascii=False) + "\n"


def _item(exported: ExportedWork) -> dict[str, Any]:
    work, cited = exported.work, cited_entry(exported)
    type_ = "motion_picture" if work.kind == "video" else _TYPES.get(cited.type, "document")
    if work.arxiv and type_ == "webpage":
        type_ = "article"
    in_container = type_ in ("article-journal", "paper-conference", "chapter")
    item = {
        "id": exported.key,
        "type": type_,
        "title": work.title,
        "author": [_name(person) for person in people(exported)],
        "issued": {"date-parts": [[cited.year]]} if cited.year else None,
        "publisher": cited.publisher,
        "container-title" if in_container else "publisher": cited.venue,
        "volume": cited.volume,
        "issue": cited.number,
        "page": cited.pages,
        "number": f"arXiv:{work.arxiv}" if work.arxiv else None,
        "DOI": work.doi,
        "URL": work.page,
        "keyword": ", ".join([exported.status, *exported.own_words]),
        "note": "\n\n".join(note.body.strip() for note in exported.record.notes) or None,
    }
    return {key: _valid(value) for key, value in item.items() if value}


def _name(person: PersonName) -> dict[str, str]:
    if person.is_whole:
        return {"literal": valid_unicode(person.family)}
    parts = {
        "family": person.family,
        "given": person.given,
        "non-dropping-particle": person.particle,
        "suffix": person.suffix,
    }
    return {key: valid_unicode(value) for key, value in parts.items() if value}


def _valid(value: Any) -> Any:
    return valid_unicode(value) if isinstance(value, str) else value
