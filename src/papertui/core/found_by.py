"""What a work was found by where the title that is shown does not say it: words behind that."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from papertui.core.markup import readable
from papertui.core.search_words import Word, has_all, indexed_words
from papertui.core.text import fold

BY_OTHER_NAME = "by another name"


class Names(NamedTuple):
    """The names and ids of a work; `titles` are those besides the one that is shown."""

    titles: Sequence[str] = ()
    authors: Sequence[str] = ()
    arxiv: str | None = None
    doi: str | None = None
    venue: str | None = None
    keys: Sequence[str] = ()

    def found_by(self, word: Word) -> str:
        """Return the first name or id that has a word of a search, in words."""
        names: Iterable[tuple[str, Iterable[str | None]]] = (
            ("also called", map(readable, self.titles)),
            ("by", self.authors),
            ("arXiv", (self.arxiv,)),
            ("DOI", (self.doi,)),
            ("in", (self.venue and readable(self.venue),)),
            ("key", self.keys),
        )
        for how, each in names:
            for name in each:
                if name and _has(name, (word,)):
                    return f"{how} {name}"
        # A work that was merged into this one may have had it.
        return BY_OTHER_NAME


def _has(name: str, words: tuple[Word]) -> bool:
    # Most names need not be taken apart.
    return has_all(fold(name), words) or has_all(indexed_words(name), words)
