"""Tags: the reader's own words for works, as typed and as compared."""

import re
from collections.abc import Iterable

from papertui.core.text import fold, shorten, valid_unicode
from papertui.errors import Refused

MAX_TAG = 40
TAG_FORM = "letters, digits, - _ and /, with at least one letter"
# What Obsidian takes as a tag; a number alone is the number that a list gives a work.
_TAG = re.compile(r"[\w/-]*[^\W\d_][\w/-]*")


def is_tag(text: object) -> bool:
    """Return True for a text that is a tag, without the sign before it."""
    return isinstance(text, str) and len(text) <= MAX_TAG and bool(_TAG.fullmatch(text))


def parse_tags(typed: str) -> list[str]:
    """Return the tags in a line, each once: blanks or commas part them, each may begin with #.

    Raises Refused for a word that is no tag.
    """
    tags: dict[str, str] = {}
    for word in re.split(r"[\s,;]+", valid_unicode(typed)):
        if not (tag := word.removeprefix("#")):
            continue
        if len(tag) > MAX_TAG:
            raise Refused(f"A tag has at most {MAX_TAG} letters.")
        if not is_tag(tag):
            raise Refused(f"{shorten(tag, MAX_TAG)!r} is no tag: it is made of {TAG_FORM}.")
        tags.setdefault(fold(tag), tag)
    return list(tags.values())


def tagging_words(added: Iterable[str], removed: Iterable[str]) -> str:
    """Return the tags that works got, and those that were taken away: ``#nlp, no longer #cs``."""
    return ", ".join([*(f"#{tag}" for tag in added), *(f"no longer #{tag}" for tag in removed)])


def tagged_words(added: Iterable[str], removed: Iterable[str]) -> tuple[str, str]:
    """Return the words before and behind works whose tags changed."""
    if added := list(added):
        return "Tagged: ", f", {tagging_words(added, removed)}"
    return "No longer tagged: ", f", {tagging_words(removed, ())}"


def starring_words(on: bool) -> str:
    """Return the words before the works that got a star, or lost it."""
    return "Starred: " if on else "No longer starred: "


def spelt_as_known(tags: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return tags, those that are known but for case and accents as these are spelt."""
    spellings = {fold(tag): tag for tag in known}
    return [spellings.get(fold(tag), tag) for tag in tags]


def completions_of_tags(text: str, known: Iterable[str]) -> list[str]:
    """Return a line of tags with its last word as each known tag that it may become."""
    begun = re.split(r"[\s,;]", text)[-1]
    before, wanted = text[: len(text) - len(begun)], fold(begun.removeprefix("#"))
    return [f"{before}{tag} " for tag in known if fold(tag).startswith(wanted)]
