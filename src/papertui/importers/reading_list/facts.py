"""Who wrote a work, when, and where it appeared, told from a title's other neighbours."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from papertui.importers.reading_list import recognise
from papertui.importers.reading_list.blocks import InlineSpan, tier_of

_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?!\d|\.\d)")
_DATE = re.compile(
    rf"(?:(?:\d{{1,2}}\s+)?{_MONTHS}(?:\s+\d{{1,2}},?)?[\s,]+)?(19[5-9]\d|20[0-4]\d)[a-z]?"
    r"(?:[-/.]\d{1,2}(?:[-/.]\d{1,2})?)?|(?:\d{1,2}[/.])(20[0-4]\d)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(recognise.VENUES)))}|arXiv|bioRxiv)"
    r"(?=$|[\s,:('’-]*(?:\d|$|(?i:preprint|arxiv|workshop|findings|oral|spotlight|poster|best|demo)))"
    r"|(?:Nature|Science|Cell|Neural (?:Computation|Networks))(?=[\s,(]*(?:\d|$))"
    r"|(?i:advances in neural information processing|proceedings of|transactions (?:on|of)"
    r"|journal of|international (?:conference|journal)|the lancet)\b"
    r"|(?:MIT|Cambridge University|Oxford University) Press\b|(?:IEEE|ACM|[Pp]roc\.)\s",
)
_ISSUE = re.compile(
    r"[A-Z][A-Z&+]{1,12}(?: Workshop| Findings| Demo)?(?:[\s'’-]*(?:19|20)\d\d| ?['’]\d\d|\d\d)"
)
_SHORT_YEAR = re.compile(r"(?<=[A-Za-z])(?:[\s-]?['’](\d\d)\b|-?(\d\d)$)")
_LEAD = re.compile(
    r"^(?:published (?:in|at)|accepted (?:to|at|by)|appeared in|in|at|@)[:\s]+", re.I
)
_ET_AL = re.compile(
    r"[\s,]*(?:\bet\.? al\b\.?|\band (?:others|colleagues|co-workers)\b|…)\s*$", re.I
)
_BY = re.compile(r"(?:(?:written |made )?by|authors?)(?:\s*:\s*|\s+)", re.IGNORECASE)
_AND = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")
_INITIALS = re.compile(r"(?:[A-ZÀ-ÞŁŠŽČ]\.[\s-]?){0,3}[A-ZÀ-ÞŁŠŽČ]{1,2}\.?")
_QUOTES = frozenset('"“”')
_DIGITS = re.compile(r"\d\d")
_LETTERS = re.compile(r"[A-Za-z&]+")
_PUBLISHING = recognise.VENUES | recognise.PUBLISHING
_UNCAPITALISED = re.compile(r"(?<![\w'’-])[a-z][a-z]+(?![\w'’-])")
_NAME_WORDS = recognise.PARTICLES | {"and"}
_INITIAL_END = re.compile(r"(?:^|[\s.-])[A-ZÀ-Þ]\.$")
_ENDS = re.compile(
    rf"(?:^|(?<=[\s,(\[]))(?=(?:[Ii]n\s+|[Aa]t\s+|@)?(?:{_PLACE.pattern}|{_ISSUE.pattern}"
    rf"|(?i:(?:\d{{1,2}}\s+)?{_MONTHS}\s)|(?:19|20)\d\d|\d{{1,2}}[/.]20\d\d))"
)


class Imprint(NamedTuple):
    """Where and when a work appeared."""

    venue: str | None
    year: int | None


def imprint(text: str) -> Imprint | None:
    """Return the venue and year that `text` is, or None where it is something else."""
    text = " ".join(text[:300].split()).strip(" .,;:()[]`*_")
    text = _LEAD.sub("", text, count=1)
    if not text or len(text) > 160 or not _QUOTES.isdisjoint(text):
        return None
    if date := _DATE.fullmatch(text):
        return Imprint(None, int(date[1] or date[2]))
    if _PLACE.match(text) or _ISSUE.fullmatch(text):
        return Imprint(_venue(text), _year(text))
    return None


def _year(text: str) -> int | None:
    if years := _YEAR.findall(text):
        return int(years[-1])
    found = _SHORT_YEAR.search(text)
    number = int(found[1] or found[2]) if found else None
    return None if number is None else 2000 + number if number < 50 else 1900 + number


def _venue(text: str) -> str:
    """Return a venue in one way of writing: ``NeurIPS 2019`` for ``NeurIPS'19 (oral)``."""
    found = next(reversed(list(_YEAR.finditer(text))), None) or _SHORT_YEAR.search(text)
    year = _year(text)
    head = text[: found.start()].rstrip(" ,(-'’") if found else text
    head = "arXiv" if head.lower().startswith("arxiv") else head
    return with_year(head, year) if year else head


def with_year(venue: str, year: int) -> str:
    """Return a venue with its year: ``NeurIPS 2019``, ``Nature 521 (2015)``."""
    return f"{venue} ({year})" if venue[-1:].isdigit() else f"{venue} {year}"


def names(text: str, certain: bool = False) -> tuple[str, ...] | None:
    """Return the authors that `text` is, or None where it is something else.

    One name by itself could be anything with a capital: it is one with "by" or
    "et al." or, if `certain`, for what stands beside it.
    """
    text = _trimmed(" ".join(text[:3000].split()).strip(" ()[]*_-–—"))
    if by := _BY.match(text):
        text, certain = text[by.end() :], True
    if et_al := _ET_AL.search(text, max(0, len(text) - 40)):
        text, certain = text[: et_al.start()], True
    if not all(map(_NAME_WORDS.__contains__, _UNCAPITALISED.findall(text))):
        return None
    parts = [part for part in (p.strip(" *†‡§¹²³") for p in _AND.split(text)) if part.strip(".")]
    if not parts:
        return None
    found = _turned(parts) if "," in text else parts
    if not all(map(_is_name, found)):
        return None
    personal = all(" " in name for name in found) and (len(found) > 1 or "." in found[0])
    return tuple(found) if certain or personal else None


def _trimmed(text: str) -> str:
    """Return `text` without the signs around it; the dot of an initial belongs to it."""
    text = text.strip(" ,;:")
    return text if _INITIAL_END.search(text) else text.strip(" .,;:")


def _turned(parts: list[str]) -> list[str]:
    """Return names with the given name first, where a comma had put it behind."""
    if len(parts) > 1 and all(map(_INITIALS.fullmatch, parts[1::2])):
        return [" ".join(reversed(parts[i : i + 2])) for i in range(0, len(parts), 2)]
    given = parts[1] if len(parts) > 1 else ""
    alone = len(parts) == 2 or (" " not in given and all(" " in part for part in parts[2:]))
    if given and alone and " " not in parts[0] and len(given.split()) < 3:
        return [f"{given} {parts[0]}", *parts[2:]]
    return parts


def _is_name(text: str) -> bool:
    """Say whether `text` has a name's form and no word that titles have."""
    words = text.split()
    if len(words) > 5 or len(text) > 60:
        return False
    for word in words:
        plain, initials = word.casefold().rstrip("."), _INITIALS.fullmatch(word)
        if plain in recognise.NO_NAMES and not (initials and (len(word) == 1 or "." in word)):
            return False
        if initials or plain in recognise.PARTICLES:
            continue
        capitals = sum(map(str.isupper, word))
        if not (_WORD.fullmatch(word) and word[0].isupper()) or capitals > 2 + word.count("-"):
            return False
    return any(word[0].isupper() for word in words)


def _tells_when(text: str) -> bool:
    """Say whether a date or venue may be in `text`: a quick look before the thorough one."""
    return bool(_DIGITS.search(text)) or not _PUBLISHING.isdisjoint(_LETTERS.findall(text))


def parted(text: str) -> tuple[str, Imprint]:
    """Return `text` up to the venue or year it ends in, and those."""
    text = _trimmed(text)
    for found in _ENDS.finditer(text, max(0, len(text) - 200)) if _tells_when(text[-200:]) else ():
        if tail := imprint(text[found.start() :]):
            head = text[: found.start()].rstrip(" ,;:.([-–—|@")
            return head.removesuffix(" in").removesuffix(" at"), tail
    return text, Imprint(None, None)


_EDGES = ' \t\n.,;:|·•/–—-*_~"”'
_CLOSING = {"(": ")", "[": "]", "{": "}"}
# Between two facts; the dot of an initial or of "et al." is none.
_BETWEEN = re.compile(
    r"\n|\s[-–—|·•/](?=\s|$)|—|;|(?<=\bal\.)\s(?=[A-Z\"“])|(?<!\bal)(?<!\b[Pp]roc)(?<![\s.(\[-][A-Z])(?<!^[A-Z])\.(?=\s|$)|[(\[{]|:\s"
)
_LONGEST_ASIDE = 300
_MOST_FACTS = 40
_YEAR_NEXT = re.compile(r"[\s,.(\[]*(?:19|20)\d\d\b")
_WORTH_KEEPING = 8


@dataclass(slots=True)
class Facts:
    """Authors, venue, year and tier; `rest` is the prose that follows them.

    `groups` holds the parts of one bracket that speak of several works.
    """

    authors: tuple[str, ...] = ()
    venue: str | None = None
    year: int | None = None
    tier: int | None = None
    rest: str = ""
    groups: list["Facts"] = field(default_factory=list)

    def add(self, other: "Facts") -> None:
        """Take from `other` what is not yet known here."""
        self.authors = self.authors or other.authors
        self.venue = self.venue or other.venue
        self.year = self.year or other.year
        self.tier = self.tier or other.tier
        self.groups = self.groups or other.groups

    def __bool__(self) -> bool:
        return bool(self.authors or self.venue or self.year or self.tier)


def fact(text: str, certain: bool = False) -> Facts | None:
    """Return what `text` states if that is all it does; `certain` as in `names`."""
    if tier := tier_of(text):
        return Facts(tier=tier)
    if whole := imprint(text):
        return Facts(venue=whole.venue, year=whole.year)
    head, (venue, year) = parted(text)
    stated = bool(venue or year)
    if found := names(head, certain or stated):
        return Facts(found, venue, year)
    return None


def aside(text: str) -> Facts | None:
    """Return what the words in a bracket state, or None where they are something else."""
    if ";" in text:
        groups = [known for part in text.split(";")[:20] if (known := fact(part, certain=False))]
        if len(groups) == text.count(";") + 1:
            return Facts(groups[0].authors, groups[0].venue, groups[0].year, groups=groups)
    known = fact(text) or facts_in(text)
    return known if known and not known.rest else None


def facts_in(text: str) -> Facts:
    """Return the facts at the beginning of `text`, and the rest of it."""
    known = Facts()
    text = text.lstrip(_EDGES)
    for _ in range(_MOST_FACTS):
        if not text:
            break
        if text[0] in _CLOSING:
            inside, after = bracketed(text)
            found = aside(inside)
            if not found and len(inside.split()) >= _WORTH_KEEPING:
                break
        else:
            end = _BETWEEN.search(text, 1)
            inside, after = (text[: end.start()], text[end.start() :]) if end else (text, "")
            found = fact(inside, certain=bool(_YEAR_NEXT.match(after[:20])))
            first, comma, others = inside.partition(",")
            if not found and comma and (found := fact(first)):
                after = others + after
            elif not found and any(map(str.isalnum, inside)) and not recognise.is_label(inside):
                break
        if found and found.year and known.venue and not (found.venue or known.year):
            known.venue = with_year(known.venue, found.year)
        if found:
            known.add(found)
        text = after.lstrip(_EDGES + ")]}")
    known.rest = text
    return known


def bracketed(text: str) -> tuple[str, str]:
    """Return what stands in the bracket that `text` opens with, and what follows it."""
    opener, depth = text[0], 0
    for at, char in enumerate(text[:_LONGEST_ASIDE]):
        depth += (char == opener) - (char == _CLOSING[opener])
        if depth == 0:
            return text[1:at], text[at + 1 :]
    return "", text[1:]


_FIELD = re.compile(r"\W{0,4}([A-Za-z][A-Za-z /;'’()-]{0,28}?)\W{0,3}[:：][\s*_\"“]{0,4}")
_BY_AND = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
_SPELLINGS = {
    "title": "title, paper title",
    "authors": "author, authors, author(s), by, written by",
    "year": "year, date, published, publication date, publication year",
    "venue": "venue, conference, journal, published in, publication, publisher",
    "tier": "tier",
    "summary": "summary, abstract, description, tl;dr, tldr, about, why, why it matters,"
    " key insight, insight, key idea, key ideas, main idea, takeaway, key takeaway, key takeaways,"
    " comment, comments, contribution, contributions, notes, note",
    "other": "see also, tags, tag, keywords, topics, rating, difficulty, prerequisites, citations,"
    " cited by, status",
}
_KEYS: Mapping[str, str] = {
    name: key for key, spellings in _SPELLINGS.items() for name in spellings.split(", ")
}


def field_of(spans: tuple[InlineSpan, ...]) -> tuple[str, tuple[InlineSpan, ...]] | None:
    """Return what a line holds by its own word, and its value, or None for any other line.

    What it holds is title, authors, year, venue, tier, summary, other, or the
    word itself where it labels links.
    """
    text = "".join(span.text for span in spans)
    found = _FIELD.match(text[:80])
    if not found:
        return None
    key = key_of(found[1])
    value = _without(spans, found.end()) if key else ()
    return (key, value) if key and value else None


def key_of(word: str) -> str | None:
    """Return what a field or a column named `word` holds, as in `field_of`."""
    word = " ".join(word.split())
    return _KEYS.get(word.casefold()) or (word if recognise.is_label(word) and word else None)


def take(facts: Facts, key: str, value: tuple[InlineSpan, ...]) -> str:
    """Add a field's value to `facts`; return its words."""
    text = " ".join("".join(span.text for span in value).split())
    if key == "authors" and not facts.authors:
        listed = tuple(name for name in _BY_AND.split(text)[:400] if 1 < len(name) <= 60)
        facts.authors = names(text, certain=True) or listed
    elif key in ("year", "venue"):
        venue, year = imprint(text) or (text[:120] if key == "venue" else None, None)
        facts.venue, facts.year = facts.venue or venue, facts.year or year
    elif key == "tier":
        facts.tier = facts.tier or tier_of(f"tier {text}")
    return text


def _without(spans: tuple[InlineSpan, ...], length: int) -> tuple[InlineSpan, ...]:
    """Return `spans` without their first `length` characters."""
    kept = []
    for span in spans:
        cut = min(length, len(span.text))
        length -= cut
        if cut < len(span.text):
            kept.append(span._replace(text=span.text[cut:]))
    return tuple(kept)
