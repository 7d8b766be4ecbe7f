"""What a work was found by where the title that is shown does not say it: words behind that."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from papertui.core.markup import readable
from papertui.core.search_words import Word, has_all, indexed_words
from papertui.core.text import fold, title_key

BY_OTHER_NAME = "by another name"


class Names(NamedTuple):
    """The names and ids of a work; `titles` are those besides the one that is shown."""

    titles: Sequence[str] = ()
    authors: Sequence[str] = ()
    venue: str | None = None
    year: int | None = None
    arxiv: str | None = None
    doi: str | None = None
    keys: Sequence[str] = ()

    def found_by(self, word: Word) -> str:
        """Return the first name or id with a word of a search, in words.

        One that has it as a word of its own comes before those that have words begun with it.
        """
        names: Iterable[tuple[str, Iterable[str | None]]] = (
            ("also called", map(readable, self.titles)),
            ("by", self.authors),
            ("in", (self.venue and readable(self.venue),)),
            ("", (str(self.year) if self.year else None,)),
            ("arXiv", (self.arxiv,)),
            ("DOI", (self.doi,)),
            ("key", self.keys),
        )
        first = ""
        for how, each in names:
            for name in each:
                if name and _has(name, (word,)):
                    if _stands_in(name, word):
                        return f"{how} {name}".lstrip()
                    first = first or f"{how} {name}".lstrip()
        # A work that was merged into this one may have had it.
        return first or BY_OTHER_NAME


def _has(name: str, words: tuple[Word]) -> bool:
    # Most names need not be taken apart.
    return has_all(fold(name), words) or has_all(indexed_words(name), words)


def _stands_in(name: str, word: Word) -> bool:
    """Return True if a name has a word of a search as a word of its own."""
    words = f" {title_key(name)} "
    return any(f" {spelling} " in words for spelling in word)
