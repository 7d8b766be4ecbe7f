"""Identity: when two descriptions are of one work, and the citekey that follows from one."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from papertui.core import identifiers
from papertui.core.identifiers import stand_in_title
from papertui.core.markup import readable
from papertui.core.text import fold, safe_line, title_key, valid_unicode
from papertui.errors import Refused

if TYPE_CHECKING:
    from papertui.core.catalog import Work
    from papertui.core.own_lists import ListEdits

MAX_SHORT = 2  # words of a title that several works may have
MAX_YEARS_TO_PRINT = 5  # of a preprint
MIN_SPELT = 4  # letters of a word that may be spelt otherwise
MAX_ENDING = 3  # letters
_ET_AL = re.compile(r"\bet al\b\.?")
_ROMAN = re.compile(r"[ivxlcdm]+")
_PLAIN_WORDS = re.compile(r"[a-z0-9]+")


class Rule(IntEnum):
    """How a description and a known work relate, the strongest relation first.

    ID and TITLE make them the same work. CONFLICT is the same id under another
    title, which is neither a shorter form of it nor another spelling, RIVAL the same title
    where another id, first author or year speaks against it.
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
    """The marks of a work: folded titles and aliases, ids, first address and author, year.

    Of the address it has the key, as `identifiers.address_key` makes it.

    A work of which only an id or address is known has no `names`.
    """

    names: frozenset[str]
    arxiv: str | None = None
    doi: str | None = None
    url: str | None = None
    author: tuple[str, ...] = ()
    year: int | None = None

    @property
    def marks(self) -> frozenset[tuple[str, str]]:
        """The names, ids and address, one of which similar works share, each with its kind."""
        ids = ("arxiv", self.arxiv), ("doi", self.doi), ("url", self.url)
        known = ((kind, value) for kind, value in ids if value)
        return frozenset((*known, *(("name", name) for name in self.names)))


@dataclass(frozen=True, slots=True)
class Known:
    """A work that papertui knows; a shipped one is the catalogue's.

    `merged` are the citekeys of the works it took in; one that `is_merged` is known by the
    identity of one of these.
    """

    citekey: str
    title: str
    shipped: bool
    identity: Identity
    merged: tuple[str, ...] = ()
    is_merged: bool = False


class Named(NamedTuple):
    """A work by its citekey, and its title."""

    citekey: str
    title: str


class KnownWorks(Protocol):
    """Questions of an import about the works that papertui knows."""

    def alike(self, wanted: Collection[Identity], citekeys: Collection[str]) -> Iterable[Known]:
        """Return the works that share an id, an address, a title or a citekey with others."""

    def named_by(self, keys: Collection[str], but: str) -> Mapping[str, Sequence[Named]]:
        """Return the works that some keys name, by the keys in lower case.

        Keys that only the list `but` gives to its works do not count.
        """

    def touched(self, citekeys: Collection[str]) -> set[str]:
        """Return those of some works that the reader has done something with."""

    def listed_beside(self, key: str, citekeys: Collection[str]) -> Mapping[str, str]:
        """Return those of some works that are in other lists than one, with the title of one."""

    def read_to(self, depth: int, citekeys: Collection[str]) -> set[str]:
        """Return those of some works that the reader has logged this pass of, or a deeper one."""

    def saved_notes(self, ids: Collection[str]) -> set[str]:
        """Return those of some ids that are of notes which the reader ever saved."""

    def work(self, citekey: str) -> "Work | None":
        """Return a work by its citekey, None if there is none."""

    def merges(self) -> Mapping[str, str]:
        """Return the works that merged works were merged into."""

    def list_edits(self) -> "ListEdits":
        """Return what the reader did to lists."""

    def last_import(self, key: str) -> Mapping[str, Any] | None:
        """Return the data of the import that brought a list's present version, None if none did."""


def identity_of(fields: Mapping[str, Any]) -> Identity:
    """Return the identity that a work's catalogue fields give it."""
    doi = fields.get("doi")
    at_arxiv = identifiers.arxiv_id(doi or "")
    arxiv = identifiers.arxiv_id(fields.get("arxiv") or "") or at_arxiv
    url = fields["links"][0]["url"] if fields.get("links") else None
    title = fields["title"]
    titles = (title, readable(title), *fields.get("aliases", ()))
    if title.startswith(("arXiv:", "doi:")) or (url and url.endswith(title)):
        stand_ins = (stand_in_title(arxiv), stand_in_title(doi=doi), stand_in_title(url=url))
        titles = () if title in stand_ins else titles
    return Identity(
        frozenset(filter(None, map(title_key, titles))),
        arxiv,
        doi.lower() if doi and not at_arxiv else None,
        identifiers.address_key(url) if url else None,
        _words_of(next(iter(fields.get("authors", ())), "")),
        fields.get("year"),
    )


def compare(given: Identity, known: Identity) -> Rule | None:
    """Return how two identities relate, None if they have nothing in common."""
    same_title = not given.names.isdisjoint(known.names)
    untitled = not (given.names and known.names)
    if (given.arxiv and given.arxiv == known.arxiv) or (given.doi and given.doi == known.doi):
        alike = same_title or untitled or _is_shortened(given.names, known.names)
        return Rule.ID if alike or is_respelt(given.names, known.names) else Rule.CONFLICT
    if same_title:
        return Rule.RIVAL if any(contradictions(given, known)) else Rule.TITLE
    return Rule.ID if untitled and given.url and given.url == known.url else None


def closest(given: Identity, known: Iterable[Known]) -> tuple[Rule, Known] | tuple[None, None]:
    """Return the known work closest to an identity, and their relation.

    Of several, one with the very title is closer, then one that is known by itself, rather than
    by a work that it took in, else the first.
    """
    matches = [(rule, work) for work in known if (rule := compare(given, work.identity))]
    return min(
        matches,
        key=lambda match: (
            match[0],
            given.names.isdisjoint(match[1].identity.names),
            match[1].is_merged,
        ),
        default=(None, None),
    )


def _is_shortened(some: Iterable[str], others: Iterable[str]) -> bool:
    """Return True if a folded title is the beginning of another, or the last words of it."""
    for short, long in (sorted(pair, key=len) for pair in product(some, others)):
        if long.startswith(f"{short} ") or (" " in short and long.endswith(f" {short}")):
            return True
    return False


def is_respelt(some: Iterable[str], others: Iterable[str]) -> bool:
    """Return True if two folded titles differ, and only in how longer words are spelt."""
    return any(
        name != other
        and name.count(" ") == other.count(" ")
        and all(map(_are_one_word, name.split(), other.split()))
        for name, other in product(some, others)
    )


def _are_one_word(first: str, second: str) -> bool:
    """Return True if two words are one but for a letter or the ending.

    A short word, a number or what is counted by may tell one work from the next: ``III``.
    """
    if first == second:
        return True
    short, long = sorted((first, second), key=len)
    is_long = len(short) >= MIN_SPELT and (short + long).isalpha()
    if not is_long or short[0] != long[0] or _ROMAN.fullmatch(short) or _ROMAN.fullmatch(long):
        return False
    pairs = zip(short, long, strict=False)
    same = next((at for at, (one, other) in enumerate(pairs) if one != other), len(short))
    if same == len(short):
        return len(long) - same <= MAX_ENDING
    # A letter is missing, another one, or in the place of the next.
    left, right = short[same:], long[same:]
    swapped = right[1::-1] + right[2:]
    return left == right[1:] or left[1:] == right[1:] or left == swapped


def citekey(fields: Mapping[str, Any], known: Identity | None = None) -> str:
    """Return the citekey of a work, which follows only from its identity, if that is `known`.

    It begins with the title, if that is known, else with an id. It ends in a hash, so that two
    devices coin the same one for the same work and no two works share one.
    """
    known = known or identity_of(fields)
    title = title_key(fields["title"]) or fields["title"]
    id_ = f"arxiv {known.arxiv}" if known.arxiv else f"doi {known.doi}" if known.doi else ""
    # The address as it is: the works of earlier versions keep their citekeys.
    links = fields.get("links")
    parts = [id_ or (links[0]["url"] if links else "")]
    if known.names or not parts[0]:
        parts.append(title)
    if not (known.arxiv or known.doi):
        parts += [*known.author[-1:], str(known.year or "")]
    words = [" ".join(filter(None, some)) for some in (parts, parts[1:])]
    return hashed_key(words[0], "work", words[1])


def hashed_key(text: str, otherwise: str, words: str = "") -> str:
    """Return a key that ends in the hash of `text`.

    It begins with the first of `words`, or with those of `text`, or with `otherwise`.
    """
    stems = ("-".join(_PLAIN_WORDS.findall(fold(each))[:5])[:40] for each in (words, text))
    stem = next(filter(None, (each.strip("-") for each in stems)), otherwise)
    # It loads a library of 4 MB, which a session without new works does without.
    from hashlib import blake2b

    return f"{stem}-{blake2b(text.encode(), digest_size=4).hexdigest()}"


def fuller(first: Mapping[str, Any], second: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a work that two sources describe.

    The first is believed and the second fills its gaps; a title takes the place of an id, full
    names that of surnames or initials, and links and aliases come together.
    """
    fields = {**second, **first}
    aliases = (*first.get("aliases", ()), *second.get("aliases", ()))
    if aliases:
        fields["aliases"] = list({title_key(alias): alias for alias in aliases}.values())
    if not identity_of(first).names and identity_of(second).names:
        fields["title"] = second["title"]
    named, other = sorted((first, second), key=_fullness, reverse=True)
    if names := named.get("authors", ()):
        fields["authors"] = names
        fields.pop("more_authors", None)
        # Only a longer list says who the others of a shorter one are.
        is_longer = len(names) > len(other.get("authors", ()))
        if named.get("more_authors") or (other.get("more_authors") and not is_longer):
            fields["more_authors"] = True
    links = {link["url"]: link for each in (second, first) for link in each.get("links", ())}
    if links:
        urls = (link["url"] for each in (first, second) for link in each.get("links", ()))
        fields["links"] = [links[url] for url in dict.fromkeys(urls)]
    return fields


def _fullness(fields: Mapping[str, Any]) -> int:
    """Return how many words, initials left out, the names of a work's authors have."""
    names = fields.get("authors", ())
    return sum(len(word) > 1 for name in names for word in title_key(name).split())


def contradictions(given: Identity, known: Identity) -> Iterator[str]:
    """Yield in words what makes a work another one than the known of its title: id, author, year.

    A title of a word or two is not enough for a work with an id that the other has not, if
    neither author nor year agrees.
    """
    ids = ("arXiv", given.arxiv, known.arxiv), ("DOI", given.doi, known.doi)
    if odd := [f"{name} {own}, not {its}" for name, own, its in ids if own and its and own != its]:
        yield odd[0]
    a, b = given.author, known.author
    if a and b and not has_author_of(given, known):
        yield "another first author"
    # Print comes up to a year after a first version, a preprint's later.
    is_printed = (given.arxiv and known.doi) or (known.arxiv and given.doi)
    latest = MAX_YEARS_TO_PRINT if is_printed and a and b else 1
    if given.year and known.year and abs(given.year - known.year) > latest:
        yield f"{given.year}, not {known.year}"
    own_id = f"arXiv {given.arxiv}" if given.arxiv else f"DOI {given.doi}" if given.doi else ""
    is_short = all(len(name.split()) <= MAX_SHORT for name in given.names & known.names)
    if own_id and is_short and not (odd or (given.year and known.year) or (a and b)):
        yield f"it has {own_id}"


def has_author_of(given: Identity, known: Identity) -> bool:
    """Return True if the first authors of both are one, as far as their names are given."""
    a, b = given.author, known.author
    return bool(a and b) and (a[-1] in b or b[-1] in a)


def _words_of(author: str) -> tuple[str, ...]:
    """Return the words of a name, the family name last; initials say too little."""
    family, comma, given = author.partition(",")
    name = f"{given} {family}" if comma else author
    words = title_key(_ET_AL.sub("", name)).split()
    return tuple(word for word in words if len(word) > 1)


MAX_TITLE = 500
MAX_AUTHORS = 8
_YEAR_BEHIND = re.compile(r"(?P<title>.*\w.*?)\s*[(\[](?P<year>(?:19|20)\d\d)[)\]]")
_ISBN_WORDS = ("isbn", "isbn:")
_CLOSING = {"(": ")", "[": "]", "<": ">"}
_MARKDOWN_LINK = re.compile(r"\[([^][]+)\]\((https?://\S+)\)")
_WHOLE_STYLE = re.compile(r"^([*_`\"]+)([^*_`\"]+)\1$")
_ODD = re.compile(
    r"[a-z][a-z+.-]*:/|www\.|(?:javascript|data|file):\S|\d{4}\.\d{4,}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class NewWork:
    """Citekey and catalogue fields of a work; `titled` is true if its title was given."""

    citekey: str
    fields: Mapping[str, Any]
    titled: bool

    @property
    def how(self) -> str:
        """Words for a work of which only the title is known, none for one with an id."""
        has_id = self.fields.keys() & {"arxiv", "doi", "links"}
        return "" if has_id else " · as a title, with no id to look up"


def parse_new_work(typed: str) -> NewWork:
    """Return the work that `typed` describes.

    It may hold a title, an arXiv id, a DOI, an ISBN or http(s) address, or a title
    with one of these. Raises Refused if it holds none of them, or a mistyped ISBN.
    """
    text = _MARKDOWN_LINK.sub(r"\1 \2", safe_line(valid_unicode(typed)))
    words = list(map(_bare_id, text.split(" ")))
    words = [
        word
        for word, following in zip(words, [*words[1:], ""], strict=True)
        if word.lower() not in ("arxiv", "arxiv:") or not identifiers.lone_arxiv_id(following)
    ]
    if lone := identifiers.lone_arxiv_id(" ".join(words)):
        words = [lone]
    elif isbn := identifiers.isbn(" ".join(words)):
        words = [identifiers.book_page(isbn)]
    else:
        words = [_book_page(word) or word for word in words if word.lower() not in _ISBN_WORDS]
    ids = _ids_in(words)
    arxiv, doi, page = map(ids.get, ("arXiv ids", "DOIs", "addresses"))
    names = (identifiers.lone_arxiv_id, identifiers.doi, identifiers.complete_address)
    title_words = [word for word in words if not any(name(word) for name in names)]
    if odd := next(filter(_ODD.match, title_words), None):
        raise Refused(f"{odd!r} is neither an arXiv id nor a full http(s) address.")
    title = _WHOLE_STYLE.sub(r"\2", " ".join(title_words).strip(" -–—:,"))
    if identifiers.is_like_arxiv_id(title):
        forms = "1706.03762 or, with its archive, hep-th/9901001"
        raise Refused(f"{title!r} is not an arXiv id: one is written {forms}.")
    long_numbers = (word for word in title_words if word.startswith(("978", "979")))
    if odd := next(filter(identifiers.is_like_isbn, (title, *long_numbers)), None):
        raise Refused(f"{odd} is no ISBN: its last digit does not fit those before it.")
    if not title_key(title) and not ids:
        raise Refused("Type a title, an arXiv id, a DOI, an ISBN or an http(s) address.")
    if len(title) > MAX_TITLE:
        raise Refused(f"A title has at most {MAX_TITLE} letters.")
    is_book = bool(page and identifiers.isbn_of_page(page))
    kind = "book" if is_book else "article" if page and not (arxiv or doi) else "paper"
    dated = _YEAR_BEHIND.fullmatch(title)
    title = dated["title"] if dated else title
    fields: dict[str, Any] = {"title": title or stand_in_title(arxiv, doi, page), "kind": kind}
    fields |= {"year": int(dated["year"])} if dated else {}
    fields |= {name: id_ for name, id_ in (("arxiv", arxiv), ("doi", doi)) if id_}
    if page:
        fields["links"] = [{"label": "Open Library" if is_book else "page", "url": page}]
    return NewWork(citekey(fields), fields, bool(title))


def complete_new_work(fields: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return a work's `fields` with those `known` of its id that it has not.

    A work without authors takes the title and kind that are known; a title that the reader
    gave it stays as an alias.
    """
    if fields.get("authors") or not known:
        return {**known, **fields}
    url = fields["links"][0]["url"] if fields.get("links") else None
    ids = fields.get("arxiv"), fields.get("doi"), url
    alike = {title_key(stand_in_title(*ids)), title_key(known["title"])}
    aliases = [*fields.get("aliases", ())]
    if title_key(fields["title"]) not in {*alike, *map(title_key, aliases)}:
        aliases.insert(0, fields["title"])
    completed = {**known, **fields, "title": known["title"], "kind": known["kind"]}
    return {**completed, **({"aliases": aliases} if aliases else {})}


def _bare_id(word: str) -> str:
    """Return a DOI or an address without the brackets and the full stop around it.

    Any other word is returned as it is.
    """
    bare = word.rstrip(".,;:")
    if bare[:1] in _CLOSING and bare.endswith(_CLOSING[bare[0]]):
        bare = bare[1:-1]
    return bare if identifiers.doi(bare) or identifiers.complete_address(bare) else word


def _book_page(word: str) -> str | None:
    """Return the address of the page of the book whose ISBN `word` is, if it is a long one."""
    isbn = identifiers.isbn(word) if word.startswith(("978", "979")) else None
    return identifiers.book_page(isbn) if isbn else None


def _ids_in(words: Iterable[str]) -> dict[str, str]:
    """Return the arXiv id, the DOI and the address that words hold, by what they are.

    Raises Refused if two of a kind lead to different works.
    """
    named: dict[str, tuple[str, str | None, str]] = {}
    for word in words:
        url = identifiers.complete_address(word)
        arxiv, doi = identifiers.ids_in_address(url or "")
        arxiv = identifiers.lone_arxiv_id(word) or arxiv
        doi = None if arxiv else identifiers.doi(word) or doi
        page = None if arxiv or doi else url
        for kind, id_, key in (
            ("arXiv ids", arxiv, arxiv),
            ("DOIs", doi, doi and doi.lower()),
            ("addresses", page, page and identifiers.address_key(page)),
        ):
            if id_:
                _, known, known_as = named.setdefault(kind, (id_, key, word))
                if key != known:
                    both = f"{known_as.rstrip(',;')} and {word.rstrip(',;')}"
                    raise Refused(f"{both} are two {kind}: add them one at a time.")
    return {kind: id_ for kind, (id_, *_) in named.items()}
