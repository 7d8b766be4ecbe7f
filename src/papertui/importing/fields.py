"""Lines that name what they hold, such as ``Authors:`` or ``Code:``."""

import re
from collections.abc import Mapping

from papertui.importing import addresses
from papertui.importing.blocks import Span
from papertui.importing.facts import Facts
from papertui.importing.imprint import imprint, names
from papertui.importing.marks import tier_of

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


def field_of(spans: tuple[Span, ...]) -> tuple[str, tuple[Span, ...]] | None:
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
    return _KEYS.get(word.casefold()) or (word if addresses.is_label(word) and word else None)


def take(facts: Facts, key: str, value: tuple[Span, ...]) -> str:
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


def _without(spans: tuple[Span, ...], length: int) -> tuple[Span, ...]:
    """Return `spans` without their first `length` characters."""
    kept = []
    for span in spans:
        cut = min(length, len(span.text))
        length -= cut
        if cut < len(span.text):
            kept.append(span._replace(text=span.text[cut:]))
    return tuple(kept)
