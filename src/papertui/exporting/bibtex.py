"""Works as BibTeX entries."""

import re

from papertui.catalog import Work
from papertui.text import safe_line

_TYPES = {"paper": "misc", "book": "book"}
_SPECIAL = re.compile(r"([&%$#_])")


def entry(work: Work) -> str:
    """Return the BibTeX entry of a work; its key is the citekey."""
    authors = [*work.authors, *(["others"] if work.more_authors else [])]
    fields = {
        "title": _escaped(f"{{{_plain(work.title)}}}"),
        "author": _escaped(" and ".join(map(_plain, authors))),
        "year": str(work.year) if work.year else "",
        "note": _escaped(_plain(work.venue or "")),
        "eprint": work.arxiv or "",
        "archiveprefix": "arXiv" if work.arxiv else "",
        "doi": _plain(work.doi or ""),
        "url": work.page or "",
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    return "\n".join([f"@{_TYPES.get(work.kind, 'online')}{{{work.citekey},", *lines, "}"])


def _plain(text: str) -> str:
    return safe_line(text).replace("\\", "").replace("{", "").replace("}", "")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
