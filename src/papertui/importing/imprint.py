"""Who wrote a work, when, and where it appeared, told from a title's other neighbours."""

import re
from typing import NamedTuple

from papertui.importing import lexicon

_MONTHS = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?!\d|\.\d)")
_DATE = re.compile(
    rf"(?:(?:\d{{1,2}}\s+)?{_MONTHS}(?:\s+\d{{1,2}},?)?[\s,]+)?(19[5-9]\d|20[0-4]\d)[a-z]?"
    r"(?:[-/.]\d{1,2}(?:[-/.]\d{1,2})?)?|(?:\d{1,2}[/.])(20[0-4]\d)",
    re.IGNORECASE,
)
_PLACE = re.compile(
    rf"(?:{'|'.join(map(re.escape, sorted(lexicon.VENUES)))}|arXiv|bioRxiv)"
    r"(?=$|[\s,:('’-]*(?:\d|$|(?i:preprint|arxiv|workshop|findings|oral|spotlight|poster|best|demo)))"
    r"|(?:Nature|Science|Cell|Neural (?:Computation|Networks))(?=[\s,(]*(?:\d|$))"
    r"|(?i:advances in neural information processing|proceedings of|proc\.|transactions (?:on|of)"
    r"|journal of|international (?:conference|journal)|the lancet)\b"
    r"|(?:MIT|Cambridge University|Oxford University) Press\b|(?:IEEE|ACM)\s",
)
_ISSUE = re.compile(
    r"[A-Z][A-Z&+]{1,12}(?: Workshop| Findings| Demo)?(?:[\s'’-]*(?:19|20)\d\d| ?['’]\d\d|\d\d)"
)
_SHORT_YEAR = re.compile(r"(?<=[A-Za-z])(?:[\s-]?['’](\d\d)\b|-?(\d\d)$)")
_LEAD = re.compile(r"(?:published (?:in|at)|accepted (?:to|at|by)|appeared in|in|at|@)[:\s]+", re.I)
_ET_AL = re.compile(
    r"[\s,]*(?:\bet\.? al\b\.?|\band (?:others|colleagues|co-workers)\b|…)\s*$", re.I
)
_BY = re.compile(r"(?:(?:written |made )?by|authors?)(?:\s*:\s*|\s+)", re.IGNORECASE)
_AND = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")
_INITIALS = re.compile(r"(?:[A-ZÀ-ÞŁŠŽČ]\.[\s-]?){0,3}[A-ZÀ-ÞŁŠŽČ]{1,2}\.?")
_ENDS = re.compile(r"(?:^|(?<=[\s,(\[]))(?=[A-Z0-9a])")


class Imprint(NamedTuple):
    """Where and when a work appeared."""

    venue: str | None
    year: int | None


def imprint(text: str) -> Imprint | None:
    """Return the venue and year that `text` is, or None where it is something else."""
    text = " ".join(text[:300].split()).strip(" .,;:()[]`*_")
    text = _LEAD.sub("", text, count=1)
    if not text or len(text) > 160:
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
    if not found:
        return text
    year = _year(text)
    head = text[: found.start()].rstrip(" ,(-'’")
    head = "arXiv" if head.lower().startswith("arxiv") else head
    return f"{head} ({year})" if head[-1:].isdigit() else f"{head} {year}"


def names(text: str, certain: bool = False) -> tuple[str, ...] | None:
    """Return the authors that `text` is, or None where it is something else.

    One name by itself could be anything with a capital: it is one with "by" or
    "et al." or, if `certain`, for what stands beside it.
    """
    text = " ".join(text[:3000].split()).strip(" .,;:()[]*_-–—")
    if by := _BY.match(text):
        text, certain = text[by.end() :], True
    if et_al := _ET_AL.search(text, max(0, len(text) - 40)):
        text, certain = text[: et_al.start()], True
    parts = [part for part in (p.strip(" *†‡§¹²³") for p in _AND.split(text)) if part.strip(".")]
    if not parts:
        return None
    found = _turned(parts) if "," in text else parts
    if not all(map(_is_name, found)):
        return None
    personal = [name for name in found if " " in name]
    return tuple(found) if certain or (personal and len(found) > 1) else None


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
    words = text.split()
    if len(words) > 5 or len(text) > 60:
        return False
    for word in words:
        plain = word.casefold().rstrip(".")
        initials = _INITIALS.fullmatch(word)
        if plain in lexicon.NO_NAMES and not (initials and (len(word) == 1 or "." in word)):
            return False
        if initials or plain in lexicon.PARTICLES:
            continue
        capitals = sum(map(str.isupper, word))
        if not (_WORD.fullmatch(word) and word[0].isupper()) or capitals > 2 + word.count("-"):
            return False
    return any(word[0].isupper() for word in words)


def parted(text: str) -> tuple[str, Imprint]:
    """Return `text` up to the venue or year it ends in, and those."""
    text = text.strip(" .,;:")
    for found in _ENDS.finditer(text, max(0, len(text) - 200)):
        if tail := imprint(text[found.start() :]):
            head = text[: found.start()].rstrip(" ,;:.([-–—|@")
            return head.removesuffix(" in").removesuffix(" at"), tail
    return text, Imprint(None, None)
