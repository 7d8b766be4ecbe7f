"""A work of the reader's own, from what was typed: a title, an arXiv id, an address."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from papertui import identity, links
from papertui.errors import Refused
from papertui.text import fold_title, safe_line, whole

MAX_TITLE = 500
_ODD = re.compile(
    r"[a-z][a-z+.-]*:/|www\.|(?:javascript|data|file):\S|\d{4}\.\d{4,}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NewWork:
    """Citekey and catalogue fields of a work; `titled` says whether its title was given."""

    citekey: str
    fields: Mapping[str, Any]
    titled: bool


def described(typed: str) -> NewWork:
    """Return the work that `typed` describes.

    It may hold a title, an arXiv id, a DOI or http(s) address, or a title with
    one of these. Raises Refused when nothing is there to go by.
    """
    words = [word for word in safe_line(whole(typed)).split(" ") if word.lower() != "arxiv:"]
    arxiv = _first(links.arxiv_id, words)
    doi = None if arxiv else _first(links.doi, words)
    url = next((word for word in words if links.is_web_address(word)), None)
    rest = [word for word in words if not _is_address(word)]
    if odd := next(filter(_ODD.match, rest), None):
        raise Refused(f"{odd!r} is neither an arXiv id nor a full http(s) address.")
    title = " ".join(rest).strip(" -–—:,")
    if not fold_title(title) and not (arxiv or doi or url):
        raise Refused("Type a title, an arXiv id, a DOI or an http(s) address.")
    if len(title) > MAX_TITLE:
        raise Refused(f"A title has at most {MAX_TITLE} letters.")
    fields: dict[str, Any] = {"title": title, "kind": "paper"}
    if arxiv:
        fields |= {"title": title or _stand_in(arxiv), "arxiv": arxiv}
    elif doi:
        fields |= {"title": title or f"doi:{doi}", "doi": doi}
    elif url:
        link = {"label": "page", "url": url}
        fields |= {"title": title or identity.bare(url), "kind": "article", "links": [link]}
    return NewWork(identity.citekey(fields), fields, bool(title))


def completed(fields: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a work's `fields` with what was `found` of its arXiv id in their place.

    A title that the reader gave it stays as an alias.
    """
    alike = {fold_title(_stand_in(found["arxiv"])), fold_title(found["title"])}
    aliases = [*fields.get("aliases", ())]
    if fold_title(fields["title"]) not in {*alike, *map(fold_title, aliases)}:
        aliases.insert(0, fields["title"])
    return {**fields, **found, **({"aliases": aliases} if aliases else {})}


def _stand_in(arxiv: str) -> str:
    """Return the title of a work of which only the arXiv id is known."""
    return f"arXiv:{arxiv}"


def _first(read: Callable[[str], str | None], words: list[str]) -> str | None:
    return next(filter(None, map(read, words)), None)


def _is_address(word: str) -> bool:
    return bool(links.arxiv_id(word) or links.doi(word) or links.is_web_address(word))
