"""Identity: when two descriptions are of one work, and the citekey that follows from one."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from hashlib import blake2b
from typing import Any, Protocol

from papertui import links
from papertui.text import fold, fold_title

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
    at_arxiv = links.arxiv_id(doi or "")
    arxiv = fields.get("arxiv") or at_arxiv
    url = fields["links"][0]["url"] if fields.get("links") else None
    title = fields["title"]
    stands_in = title in (f"arXiv:{arxiv}", f"doi:{doi}", url and bare(url))
    titles = () if stands_in else (title, *fields.get("aliases", ()))
    return Identity(
        frozenset(filter(None, map(fold_title, titles))),
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
    title = fold_title(fields["title"]) or fields["title"]
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
    return hashed(" ".join(filter(None, parts)), "work")


def hashed(text: str, otherwise: str) -> str:
    """Return a key that begins as `text` does, or as `otherwise`, and ends in its hash."""
    stem = "-".join(re.findall(r"[a-z0-9]+", fold(text))[:5])[:40].strip("-") or otherwise
    return f"{stem}-{blake2b(text.encode(), digest_size=4).hexdigest()}"


def bare(url: str) -> str:
    """Return an address as it stands in for a title."""
    return re.sub(r"^https?://(www\.)?", "", url)


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
    words = fold_title(re.sub(r"\bet al\b\.?", "", name)).split()
    return tuple(word for word in words if len(word) > 1)
