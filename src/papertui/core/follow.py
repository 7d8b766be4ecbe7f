"""What a reader follows among new papers: which of them come first, and why."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from papertui.core.text import fold, title_key

if TYPE_CHECKING:
    from papertui.core.new_paper import NewPaper

# A word that ends in it stands for all words that begin as it does.
_ANY_END = "*"


class Follow(NamedTuple):
    """What the reader follows: categories of arXiv, authors and words; `muted` words come last."""

    categories: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()


class Attention(NamedTuple):
    """Why a paper comes first or last: the authors and words of Follow that it has."""

    authors: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    muted: tuple[str, ...] = ()

    @property
    def rank(self) -> int:
        """0 for a paper that comes first, 2 for one that comes last, 1 for all others.

        A muted word weighs more than a followed one, a followed author more than both.
        """
        if self.authors:
            return 0
        return 2 if self.muted else 0 if self.words else 1

    @property
    def reason(self) -> str:
        """Why it comes first or last, in words; empty for a paper of neither kind."""
        if self.rank == 2:
            return f"muted: {', '.join(self.muted)}"
        return ", ".join((*self.authors, *self.words)) if self.rank == 0 else ""


def attention_by(follow: Follow) -> "Callable[[NewPaper], Attention]":
    """Return the function that tells why a paper comes first or last."""
    authors = [(name, own) for name in follow.authors if (own := _name_words(name))]
    words = [(word, is_in) for word in follow.words if (is_in := _test_of(word))]
    muted = [(word, is_in) for word in follow.muted if (is_in := _test_of(word))]

    def attention(paper: "NewPaper") -> Attention:
        text = fold(f"{paper.title}\n{paper.abstract}") if words or muted else ""
        return Attention(
            tuple(name for name, own in authors if _is_among(own, paper.authors)),
            tuple(word for word, is_in in words if is_in(text)),
            tuple(word for word, is_in in muted if is_in(text)),
        )

    return attention


def _test_of(word: str) -> "Callable[[str], bool] | None":
    """Return a test for a word, or words that follow each other, in a folded text."""
    keys = title_key(word).split()
    if not keys:
        return None
    end = "" if word.endswith(_ANY_END) else r"(?![^\W_])"
    phrase = r"[\W_]+".join(map(re.escape, keys))
    pattern = re.compile(rf"(?<![^\W_]){phrase}{end}")
    # Most texts have no such letters, which is quick to see.
    return lambda text: keys[0] in text and pattern.search(text) is not None


def _is_among(followed: Sequence[str], names: Sequence[str]) -> bool:
    """Return True if the words of a followed name may be those of one of some names."""
    if names and followed[-1] not in fold("\n".join(names)):
        return False
    return any(_is_name(followed, _name_words(name)) for name in names)


def _name_words(name: str) -> list[str]:
    """Return the folded words of a name, the family name last."""
    family, comma, given = name.partition(",")
    return fold(f"{given} {family}" if comma else name).replace(".", " ").split()


def _is_name(followed: Sequence[str], other: Sequence[str]) -> bool:
    """Return True if a name may be the followed one; an initial stands for a first name."""
    if not other or followed[-1] != other[-1]:
        return False
    if len(followed) == 1 or len(other) == 1:
        return len(followed) == 1
    shorter, longer = sorted((followed[0], other[0]), key=len)
    return shorter == longer or (len(shorter) == 1 and longer.startswith(shorter))


def in_order(
    papers: "Iterable[NewPaper]", attention: "Callable[[NewPaper], Attention]"
) -> "list[tuple[NewPaper, Attention]]":
    """Return papers, the followed ones first and the muted ones last, each part newest first."""
    judged = [(paper, attention(paper)) for paper in papers]
    # Of one day, new papers are before those of other categories, later ids before earlier ones.
    judged.sort(key=lambda pair: pair[0].arxiv_id, reverse=True)
    judged.sort(key=lambda pair: pair[0].announcement == "cross")
    judged.sort(key=lambda pair: pair[0].announced, reverse=True)
    judged.sort(key=lambda pair: pair[1].rank)
    return judged
