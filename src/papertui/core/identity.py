"""Identity: when two descriptions are of one work, and the citekey that follows from one."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b
from typing import Any, Protocol

from papertui.core import identifiers
from papertui.core.identifiers import stand_in_title
from papertui.core.text import fold, safe_line, title_key, valid_unicode
from papertui.errors import Refused

# Print comes up to a year after a first version.
YEARS_APART = 1


class Rule(IntEnum):
    """How a description and a known work stand to each other, the strongest first.

    ID and TITLE make them the same work. CONFLICT is the same id under another
    title, RIVAL the same title where another id, first author or year speaks
    against it.
    """

    ID = 1
    CONFLICT = 2
    TITLE = 3
    RIVAL = 4

    @property
    def same(self) -> bool:
        """Whether it makes them the same work."""
        return self in (Rule.ID, Rule.TITLE)


@dataclass(frozen=True, slots=True)
class Identity:
    """What a work is known by: folded titles and aliases, ids, first address and author, year.

    A work of which only an id or address is known has no `names`.
    """

    names: frozenset[str]
    arxiv: str | None = None
    doi: str | None = None
    url: str | None = None
    author: tuple[str, ...] = ()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A work that papertui knows; a shipped one is the catalogue's.

    `merged` are the citekeys of the works it took in.
    """

    citekey: str
    title: str
    shipped: bool
    identity: Identity
    merged: tuple[str, ...] = ()


class KnownWorks(Protocol):
    """What an import asks of the works that papertui knows."""

    def alike(self, wanted: Collection[Identity], citekeys: Collection[str]) -> Iterable[Known]:
        """Return the works that share an id, an address, a title or a citekey with others."""

    def touched(self, citekeys: Collection[str]) -> set[str]:
        """Return those of some works that the reader has done something with."""

    def last_import(self, key: str) -> Mapping[str, Any] | None:
        """Return the data of the import that a list stands as it was in."""


def identity_of(fields: Mapping[str, Any]) -> Identity:
    """Return the identity that a work's catalogue fields give it."""
    doi = fields.get("doi")
    at_arxiv = identifiers.arxiv_id(doi or "")
    arxiv = fields.get("arxiv") or at_arxiv
    url = fields["links"][0]["url"] if fields.get("links") else None
    title = fields["title"]
    stand_ins = (stand_in_title(arxiv), stand_in_title(doi=doi), stand_in_title(url=url))
    titles = () if title in stand_ins else (title, *fields.get("aliases", ()))
    return Identity(
        frozenset(filter(None, map(title_key, titles))),
        arxiv,
        doi.lower() if doi and not at_arxiv else None,
        url,
        _words_of(next(iter(fields.get("authors", ())), "")),
        fields.get("year"),
    )


def compare(given: Identity, known: Identity) -> Rule | None:
    """Return how two identities stand to each other; None where they have nothing in common."""
    same_title = not given.names.isdisjoint(known.names)
    untitled = not (given.names and known.names)
    if (given.arxiv and given.arxiv == known.arxiv) or (given.doi and given.doi == known.doi):
        return Rule.ID if same_title or untitled else Rule.CONFLICT
    if same_title:
        return Rule.RIVAL if _contradict(given, known) else Rule.TITLE
    return Rule.ID if untitled and given.url and given.url == known.url else None


def closest(given: Identity, known: Iterable[Known]) -> tuple[Rule, Known] | tuple[None, None]:
    """Return the known work that stands closest to what is given, the first of several."""
    found = [(rule, each) for each in known if (rule := compare(given, each.identity))]
    return min(found, key=lambda match: match[0], default=(None, None))


def citekey(fields: Mapping[str, Any]) -> str:
    """Return the citekey of a work, which follows from its identity alone.

    It ends in a hash, so that two devices coin the same one for the same work
    and no two works share one.
    """
    known = identity_of(fields)
    title = title_key(fields["title"]) or fields["title"]
    if known.arxiv:
        parts = [f"arxiv {known.arxiv}"]
    elif known.doi:
        parts = [f"doi {known.doi}"]
    else:
        parts = [known.url or ""]
    if known.names or not parts[0]:
        parts.append(title)
    if not (known.arxiv or known.doi):
        parts += [*known.author[-1:], str(known.year or "")]
    return hashed_key(" ".join(filter(None, parts)), "work")


def hashed_key(text: str, otherwise: str) -> str:
    """Return a key that begins as `text` does, or as `otherwise`, and ends in its hash."""
    stem = "-".join(re.findall(r"[a-z0-9]+", fold(text))[:5])[:40].strip("-") or otherwise
    return f"{stem}-{blake2b(text.encode(), digest_size=4).hexdigest()}"


def _contradict(one: Identity, other: Identity) -> bool:
    if (one.arxiv and other.arxiv) or (one.doi and other.doi):
        return True
    if one.year and other.year and abs(one.year - other.year) > YEARS_APART:
        return True
    a, b = one.author, other.author
    return bool(a and b) and a[-1] not in b and b[-1] not in a


def _words_of(author: str) -> tuple[str, ...]:
    """Return the words of a name, the family name last; initials say too little."""
    family, comma, given = author.partition(",")
    name = f"{given} {family}" if comma else author
    words = title_key(re.sub(r"\bet al\b\.?", "", name)).split()
    return tuple(word for word in words if len(word) > 1)


MAX_TITLE = 500
MAX_AUTHORS = 8
_ODD = re.compile(
    r"[a-z][a-z+.-]*:/|www\.|(?:javascript|data|file):\S|\d{4}\.\d{4,}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NewWork:
    """Citekey and catalogue fields of a work; `titled` says whether its title was given."""

    citekey: str
    fields: Mapping[str, Any]
    titled: bool


def parse_new_work(typed: str) -> NewWork:
    """Return the work that `typed` describes.

    It may hold a title, an arXiv id, a DOI or http(s) address, or a title with
    one of these. Raises Refused when nothing is there to go by.
    """
    words = [
        word for word in safe_line(valid_unicode(typed)).split(" ") if word.lower() != "arxiv:"
    ]
    arxiv = _first(identifiers.arxiv_id, words)
    doi = None if arxiv else _first(identifiers.doi, words)
    url = next((word for word in words if identifiers.is_web_address(word)), None)
    rest = [word for word in words if not _is_address(word)]
    if odd := next(filter(_ODD.match, rest), None):
        raise Refused(f"{odd!r} is neither an arXiv id nor a full http(s) address.")
    title = " ".join(rest).strip(" -–—:,")
    if not title_key(title) and not (arxiv or doi or url):
        raise Refused("Type a title, an arXiv id, a DOI or an http(s) address.")
    if len(title) > MAX_TITLE:
        raise Refused(f"A title has at most {MAX_TITLE} letters.")
    fields: dict[str, Any] = {"title": title or stand_in_title(arxiv, doi, url), "kind": "paper"}
    if arxiv:
        fields["arxiv"] = arxiv
    elif doi:
        fields["doi"] = doi
    elif url:
        fields |= {"kind": "article", "links": [{"label": "page", "url": url}]}
    return NewWork(citekey(fields), fields, bool(title))


def complete_new_work(fields: Mapping[str, Any], found: Mapping[str, Any]) -> dict[str, Any]:
    """Return a work's `fields` with what was `found` of its arXiv id in their place.

    A title that the reader gave it stays as an alias.
    """
    alike = {title_key(stand_in_title(found["arxiv"])), title_key(found["title"])}
    aliases = [*fields.get("aliases", ())]
    if title_key(fields["title"]) not in {*alike, *map(title_key, aliases)}:
        aliases.insert(0, fields["title"])
    return {**fields, **found, **({"aliases": aliases} if aliases else {})}


def _first(read: Callable[[str], str | None], words: list[str]) -> str | None:
    return next(filter(None, map(read, words)), None)


def _is_address(word: str) -> bool:
    return bool(
        identifiers.arxiv_id(word) or identifiers.doi(word) or identifiers.is_web_address(word)
    )
