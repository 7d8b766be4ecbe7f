"""What stands beside a title: authors, venue, year and tier one after the other, then prose."""

import re
from dataclasses import dataclass, field

from papertui.importing import addresses
from papertui.importing.imprint import imprint, names, parted, with_year
from papertui.importing.marks import tier_of

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
            elif not found and any(map(str.isalnum, inside)) and not addresses.is_label(inside):
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
