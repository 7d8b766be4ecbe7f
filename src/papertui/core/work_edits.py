"""Edits of works: the fields that a reader may change, as text and as values, and their effect."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from papertui.core import identifiers
from papertui.core.catalog import work_faults
from papertui.core.identity import MAX_TITLE, identity_of
from papertui.core.labels import DIFFICULTIES, KINDS
from papertui.core.text import fold, safe_line, title_key, valid_unicode, whole_number
from papertui.errors import Refused

Fields = Mapping[str, Any]

_OTHERS = re.compile(r"(?:^|[\s,;]+)(?:(?:(?:and|&) )?others|et\.? al\.?|…)$", re.IGNORECASE)
# A family name before initials, as in ``Doe JR``.
_INITIALS_BEHIND = re.compile(r"(\w[\w'’-]+(?: \w[\w'’-]+)*) ([A-Z]{1,3})")
_LOOSE_AND = re.compile(r"^\s*(?:and|&)(?:\s+|$)|[\s,]+(?:and|&)\s*$", re.IGNORECASE)
_AND = re.compile(r",?\s+(?:and|&)\s+", re.IGNORECASE)
_INITIALS = re.compile(r"(?:[^\W\d_]\.[\s-]*)+|[^\W\d_a-z]{1,3}")
_DIVIDERS = re.compile(r"\s*;\s*")
# What follows a name after a comma and is no given name.
_SUFFIX = re.compile(r"(?i)(?:jr|sr|ii|iii|iv|inc|ltd|llc)\.?")
# What a work takes over from one that is merged into it, if it lacks it.
_TAKEN_OVER = ("authors", "year", "venue", "arxiv", "doi", "links", "length", "summary")
_KEPT_OF_MERGED = ("title", "kind", "aliases", *_TAKEN_OVER, "more_authors")


class Field(NamedTuple):
    """A field as a reader edits it; `hint` says what to type."""

    name: str
    label: str
    hint: str


FIELDS = (
    Field("title", "Title", "the title"),
    Field("authors", "Authors", "names, separated by ;"),
    Field("year", "Year", "such as 2017"),
    Field("venue", "Venue", "a journal, conference or publisher"),
    Field("arxiv", "arXiv id", "such as 1706.03762"),
    Field("doi", "DOI", "such as 10.1038/323533a0"),
    Field("links", "Links", "http(s) addresses, separated by blanks"),
    Field("kind", "Kind", ", ".join(KINDS)),
    Field("difficulty", "Difficulty", ", ".join(DIFFICULTIES)),
    Field("requires", "Read after", "citekeys or titles, separated by ;"),
)
# The names in the data of an edit; more_authors goes with the authors.
EDITABLE = frozenset((*(field.name for field in FIELDS), "more_authors"))


def is_sound(name: str, value: Any) -> bool:
    """Return True if a work can have `value` in the field `name`; None is no value."""
    if name not in EDITABLE or (value is None and name in ("title", "kind")):
        return False
    blank = {"title": "-", "kind": "paper"}
    return value is None or next(work_faults({**blank, name: value}), None) is None


def edited_fields(fields: Fields, edits: Fields) -> dict[str, Any]:
    """Return the fields of a work with those that the reader edited in their place.

    The title that it came with stays as an alias, so that the work is found by it.
    """
    edited = {**fields, **edits}
    if "difficulty" in edits:
        edited["graded_by"] = None
    title = fields["title"]
    if title_key(title) != title_key(edited["title"]) and identity_of(fields).names:
        edited["aliases"] = list(dict.fromkeys((title, *edited.get("aliases", ()))))
    return {name: value for name, value in edited.items() if value is not None}


def fields_of_merged(fields: Fields) -> dict[str, Any]:
    """Return those fields of a merged work that count for the other; none that make no sense."""
    blank = {"title": "-", "kind": "paper"}
    return {
        name: fields[name]
        for name in _KEPT_OF_MERGED
        if fields.get(name) and next(work_faults({**blank, name: fields[name]}), None) is None
    }


def taken_over(fields: Fields, edits: Fields, merged: Iterable[Fields]) -> dict[str, Any]:
    """Return what a work gains from works merged into it: fields that it lacks, and their titles.

    What the reader edited, or cleared, is not lacking. A title takes the place of an id, and
    the kind that of a guess: of a paper of which no more than the title is known.
    """
    gained: dict[str, Any] = {}
    for other in merged:
        had = {**fields, **gained, **edits}
        lacking = {name for name in _TAKEN_OVER if not had.get(name) and name not in edits}
        if had["kind"] == "paper" and {"authors", "arxiv", "doi", "links"} <= lacking:
            lacking |= {"kind"} - edits.keys()
        if "authors" in lacking:
            lacking.add("more_authors")
        if not identity_of(had).names and identity_of(other).names:
            lacking |= {"title"} - edits.keys()
        # In an order of their own: what is stored is to be the same each time.
        gained |= {
            name: value
            for name, value in other.items()
            if name in lacking and value != had.get(name)
        }
        known = {title_key(name) for name in (*_titles({**had, **gained}), fields["title"])}
        new = {title_key(name): name for name in _titles(other) if title_key(name) not in known}
        if new:
            gained["aliases"] = [*had.get("aliases", ()), *new.values()]
    return gained


def _titles(fields: Fields) -> tuple[str, ...]:
    """Return the title of a work, unless it only stands in for one, and its aliases."""
    title = (fields["title"],) if identity_of({**fields, "aliases": ()}).names else ()
    return (*title, *fields.get("aliases", ()))


def edit_of(before: Fields, edits: Fields) -> dict[str, Any]:
    """Return those `edits` that change a work, given the fields that it has."""
    return {name: value for name, value in edits.items() if before.get(name) != value}


def shown_value(name: str, fields: Fields) -> str:
    """Return a field as the text that the reader edits."""
    value = fields.get(name)
    if name == "authors":
        others = ["others"] if fields.get("more_authors") else []
        return "; ".join([*(value or ()), *others])
    if name == "links":
        return " ".join(link["url"] for link in value or ())
    if name == "requires":
        return "; ".join(value or ())
    return "" if value is None else str(value)


def parse_field(
    name: str, typed: str, fields: Fields, resolve: Callable[[str], str]
) -> dict[str, Any]:
    """Return the edits of a work that the text of one field means; blank text clears it.

    `fields` are those that the work has, `resolve` returns the citekey of the work that a
    name means. Raises Refused, with a reason in one line.
    """
    text = safe_line(valid_unicode(typed)).strip()
    if text == shown_value(name, fields):
        return {}
    if name == "authors":
        return _parse_authors(text)
    if not text:
        if name in ("title", "kind"):
            raise Refused(f"A work needs a {name}.")
        return {name: None}
    value = _PARSERS[name](text, fields, resolve) or None
    if value is None:
        return {name: None}
    if fault := next(work_faults({"title": "-", "kind": "paper", name: value}), None):
        raise Refused(str(fault))
    return {name: value}


def _parse_title(text: str, *_: object) -> str:
    if not title_key(text):
        raise Refused("A title has at least one letter or digit.")
    if len(text) > MAX_TITLE:
        raise Refused(f"A title has at most {MAX_TITLE} letters.")
    return text


def _parse_authors(text: str) -> dict[str, Any]:
    text, is_more = _OTHERS.subn("", text)
    names = [name for name in _DIVIDERS.split(text) if name.strip(" ,")]
    authors = [given_name_first(each) for name in names for each in _people(name)]
    return {"authors": authors or None, "more_authors": bool(is_more) or None}


def _people(text: str) -> list[str]:
    """Return the names in a text without semicolons, each as it is written.

    *Doe, Jane* is one, and so is *Simon and Schuster*; *Doe, J., Roe, R.*, *Doe, Jane and Roe,
    Rick*, *Jane Doe, Rick Roe* and *Doe, Roe and Poe* are several. Raises Refused for what
    might be either.
    """
    text = _LOOSE_AND.sub("", text).strip(" ,")
    by_and = _AND.split(text)
    by_comma = [part.strip() for each in by_and for part in each.split(",") if part.strip()]
    by_comma = _with_suffixes(by_comma)
    pairs = [", ".join(by_comma[at : at + 2]) for at in range(0, len(by_comma), 2)]
    if len(by_comma) % 2 == 0 and all(map(_INITIALS.fullmatch, by_comma[1::2])):
        return pairs
    if by_and[1:] and all(len(_with_suffixes(each.split(","))) == 2 for each in by_and):
        return pairs
    behind = [_INITIALS_BEHIND.fullmatch(part) for part in by_comma]
    if len(by_comma) > 1 and all(behind):
        return [f"{' '.join(f'{x}.' for x in m[2])} {m[1]}" for m in behind if m]
    names = [part.partition(",")[0] for part in by_comma]
    if all(" " in name for name in names):
        return by_comma
    is_listed = len(names) % 2 == 1 or by_and[1:] or "&" in text
    if len(names) > 2 and is_listed and not any(" " in name for name in names):
        return by_comma
    if len(names) > 2:
        raise Refused("Separate the authors by ;, such as Jane Doe; Rick Roe.")
    return by_comma if "&" in text or not text else [text]


def _with_suffixes(parts: Iterable[str]) -> list[str]:
    """Return the parts between commas, with what belongs to the name before it, as *Jr.*."""
    names: list[str] = []
    for part in parts:
        if names and _SUFFIX.fullmatch(part.strip()):
            names[-1] += f", {part.strip()}"
        else:
            names.append(part)
    return names


def given_name_first(name: str) -> str:
    """Return a person's name in its usual order: ``Jane Doe`` for ``Doe, Jane``."""
    family, *others = (part.strip() for part in name.split(","))
    suffixes = [part for part in others if _SUFFIX.fullmatch(part)]
    given = [part for part in others if part not in suffixes]
    is_inverted = family and len(given) == 1 and given[0]
    return " ".join([*given, family, *suffixes]) if is_inverted else name.strip(" ,")


def _parse_year(text: str, *_: object) -> int:
    numbers = re.findall("[0-9]+", text)
    year = whole_number(numbers[0] if len(numbers) == 1 else text)
    if year is None or not 1600 <= year <= 2100:
        raise Refused("A year is a number from 1600 to 2100.")
    return year


def _parse_arxiv(text: str, *_: object) -> str:
    if id_ := identifiers.named_ids(text).arxiv:
        return id_
    raise Refused("An arXiv id is a number such as 1706.03762, or its address.")


def _parse_doi(text: str, *_: object) -> str:
    if doi := identifiers.named_ids(text).doi:
        return doi
    raise Refused("A DOI begins with 10., such as 10.1038/323533a0.")


def _parse_links(text: str, fields: Fields, _: object) -> list[dict[str, str]]:
    known = {link["url"]: link for link in fields.get("links", ())}
    words = [word.strip(",;") for word in re.split(r"\s+|[,;](?=https?://)", text)]
    completed = {word: identifiers.complete_address(word) for word in filter(None, words)}
    if odd := next((word for word, url in completed.items() if not url), None):
        raise Refused(f"{odd!r} is not a complete http(s) address.")
    urls = dict.fromkeys(filter(None, completed.values()))
    return [known.get(url, {"label": "page", "url": url}) for url in urls]


def _choice(words: tuple[str, ...], what: str) -> Callable[..., str]:
    def parse(text: str, *_: object) -> str:
        fitting = [word for word in words if fold(word).startswith(fold(text))]
        if len(fitting) != 1:
            raise Refused(f"A {what} is one of {', '.join(words)}.")
        return fitting[0]

    return parse


def _parse_requires(text: str, _: Fields, resolve: Callable[[str], str]) -> list[str]:
    return list(dict.fromkeys(_resolved(text, resolve)))


def _resolved(text: str, resolve: Callable[[str], str]) -> Iterator[str]:
    for name in filter(None, _DIVIDERS.split(text)):
        yield resolve(name)


_PARSERS: Mapping[str, Callable[[str, Fields, Callable[[str], str]], Any]] = {
    "title": _parse_title,
    "year": _parse_year,
    "venue": lambda text, *_: text,
    "arxiv": _parse_arxiv,
    "doi": _parse_doi,
    "links": _parse_links,
    "kind": _choice(KINDS, "kind"),
    "difficulty": _choice(DIFFICULTIES, "difficulty"),
    "requires": _parse_requires,
}
