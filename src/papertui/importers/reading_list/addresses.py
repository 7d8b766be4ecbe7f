"""Addresses: where they are in a text, what they lead to, and what their links are called."""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import urlsplit

from papertui.core import identifiers
from papertui.importers.reading_list.vocabulary import HOSTS, WORDS

_ID = r"(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?/\d{7})(?:v\d+)?"
_STARTS_WITH_ID = re.compile(rf"\s*(?:\S{{1,5}}\s+){{0,2}}[(\[]?{_ID}(?![^\s)\]:,])", re.I)
# An address ends where a sentence goes on; brackets around it are the list's.
_PLAIN_ADDRESS = re.compile(
    r"https?://[^\s<>\"]+|\bwww\.[^\s<>\"]+|\b(?:arxiv|doi):\s?(?!https?:)[^\s<>\"]+"
    r"|\b(?:arxiv\.org|doi\.org)/[^\s<>\"]+|\b10\.\d{4,9}/[^\s<>\"]+"
    # An arXiv id at the end, or at the beginning, behind a number or a box.
    rf"|(?<![^\s(\[]){_ID}(?=[)\]]?\s*$)"
    rf"|(?:^|(?<=[(\[])|(?<=[.)\]]\s)|(?<=[-*+]\s)){_ID}(?=[)\]]?(?::|,(?!\s*\d{{4}}\.))?\s)",
    re.IGNORECASE,
)
_PUNCTUATION = ".,;:!?'’”*_"
_DIGITS = frozenset("0123456789")
_BRACKETS = {")": "(", "]": "[", "}": "{"}
# Addresses that pass the list on to others.
SHARING = re.compile(r"(?i)^mailto:\?|/(?:intent/tweet|home/?\?status=|share(?:r|Article|\?))")
_COURSE_PAGE = re.compile(r"\bcs\d{3}[a-z]?\b|/courses?/", re.IGNORECASE)
_BOOK_PAGE = re.compile(r"/books?/|\bbook\b|(?<!face)book\.(?:org|com|net|io|github\.io)\b", re.I)
QUOTES = tuple('"“„«')  # that open
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def find_addresses(text: str) -> Iterator[tuple[int, str]]:
    """Yield each address, arXiv id and DOI written as plain words, with its place."""
    if not _DIGITS.isdisjoint(text[-12:]) and identifiers.lone_arxiv_id(text):
        yield len(text) - len(text.lstrip()), text.strip()
        return
    folded = text.lower()
    may_hold_any = any(map(folded.__contains__, ("://", "www.", "arxiv", "doi", "10.")))
    may_hold_any = may_hold_any or text.rstrip(" \n)]")[-1:].isdigit()
    may_hold_any = may_hold_any or bool(_STARTS_WITH_ID.match(text))
    for match in _PLAIN_ADDRESS.finditer(text) if may_hold_any else ():
        address = match[0]
        while address and (address[-1] in _PUNCTUATION or _has_unopened_bracket(address)):
            address = address[:-1]
        if identifiers.arxiv_id(address) or "/" in address:
            yield match.start(), address


def _has_unopened_bracket(address: str) -> bool:
    opener = _BRACKETS.get(address[-1])
    return opener is not None and address[-500:].count(opener) < address[-500:].count(address[-1])


@lru_cache(4096)
def web_address(url: str) -> str | None:
    """Return `url` as a complete web address, None if it cannot be opened as one."""
    url = url.strip(" \t\n\ufeff\u200b")
    if not ("/" in url or ":" in url or "." in url):
        return None
    scheme, colon, rest = url.partition(":")
    if rest[:1] == " " and scheme.lower() in ("arxiv", "doi"):
        url = scheme + colon + rest.lstrip()
    if arxiv := identifiers.lone_arxiv_id(url):
        return url if "://" in url else identifiers.abstract_page(arxiv)
    if doi := identifiers.doi(url):
        return url if "://" in url else f"https://doi.org/{doi}"
    address = identifiers.complete_address(f"https:{url}" if url.startswith("//") else url)
    return address if address and len(address) <= 2000 else None


@lru_cache(4096)
def ids_in(address: str) -> tuple[str | None, str | None]:
    """Return the arXiv id and the DOI that an address leads to; a mirror's are arXiv's."""
    return identifiers.ids_in_address(web_address(address) or "")


@lru_cache(4096)
def is_paper(address: str) -> bool:
    """Return True if an address is known to lead to a paper: by its id, host or file type."""
    url = web_address(address)
    if url is None:
        return False
    return any(ids_in(url)) or _path(url).endswith(".pdf") or is_on(url, "paper")


def kind_of(url: str) -> str | None:
    """Return the kind of work at an address (paper, video, book, course), None if unknown."""
    if is_on(url, "video"):
        return "video"
    if is_on(url, "course") or _COURSE_PAGE.search(url):
        return "course"
    if is_on(url, "book") or _BOOK_PAGE.search(url):
        return "book"
    return "paper" if is_paper(url) else None


def label_for(url: str, kind: str) -> str:
    """Return a label for an address of a work of this `kind`, for links without their own."""
    if is_on(url, "code"):
        return "code"
    if _path(url).endswith(".pdf") or "/pdf/" in _path(url):
        return "PDF"
    kind = kind_of(url) or kind
    return f"{kind} page" if kind in ("paper", "book", "course") else kind


def words_in(text: str) -> set[str]:
    """Return the words of a text, folded."""
    return {word.casefold() for word in WORD.findall(text)}


@lru_cache(4096)
def is_label(text: str) -> bool:
    """Return True if a link's text only names the type of its target: ``PDF``, ``code 2``."""
    if len(text) > 60:
        return False
    words = words_in(text)
    specific = words - WORDS["label_extras"]
    return not words or (bool(specific) and specific <= WORDS["labels"])


def names_paper(label: str) -> bool:
    """Return True if a link's text says that it leads to a paper: ``PDF``, ``paper``."""
    return is_label(label) and not WORDS["paper_labels"].isdisjoint(words_in(label))


def names_notes(label: str) -> bool:
    """Return True if a link's text says that it leads to notes: ``my notes``, ``summary``."""
    return is_label(label) and not WORDS["note_labels"].isdisjoint(words_in(label))


def is_on(url: str, kind: str) -> bool:
    """Return True if the host of an address has works of this kind."""
    try:
        parts = (urlsplit(url).hostname or "").lower().split(".")
    except ValueError:
        return False
    ends = range(max(0, len(parts) - 4), len(parts))
    return any(".".join(parts[at:]) in HOSTS[kind] for at in ends)


def _path(url: str) -> str:
    return url.split("?")[0].split("#")[0].lower()
