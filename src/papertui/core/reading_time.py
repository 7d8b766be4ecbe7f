"""How long the passes of a work take: by its length, at the reader's own pace."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from papertui.core.labels import span

Minutes = tuple[float, float, float]  # of the three passes
Paces = tuple[float | None, float | None, float | None]

# Of a paper of usual length, by S. Keshav, How to Read a Paper (2007), who gives a third pass
# four to five hours, and the list Deep Learning Papers.
USUAL: Minutes = (10, 60, 240)
USUAL_PAGES = 12
# For a page of a book.
_BOOK_PAGE: Minutes = (0.2, 2.5, 10)
# For a minute that a video runs; an article has the minutes that reading it takes.
_VIDEO_MINUTE: Minutes = (1, 2, 4)
MIN_TIMED, MAX_TIMED = 5, 15  # of the reader's own passes that an estimate is scaled by
MAX_PACE = 4.0
MAX_PAGES = 3_000


class TimedPass(NamedTuple):
    """The minutes of a logged pass, and the kind and length of the work that it was of."""

    minutes: int
    kind: str
    length: str | None


class PassTimes(NamedTuple):
    """The minutes that each pass of a work takes.

    `own_pace` holds for the passes that are scaled by the reader's own; `by_length` is False
    for a paper whose length is not known.
    """

    minutes: tuple[int, int, int]
    own_pace: tuple[bool, bool, bool]
    by_length: bool

    def words(self, depth: int) -> str:
        """Return the time of a pass: ``about 1 h 15 min``."""
        return f"about {span(self.minutes[depth - 1])}"


def pages_of_range(text: str) -> int | None:
    """Return how many pages a range such as ``2278-324``, ``10--21`` or ``9:1-9:39`` has."""
    match = re.fullmatch(r"(?:\d{1,5}:)?(\d{1,6})\s?[-–—]{1,3}\s?(?:\d{1,5}:)?(\d{1,6})", text)
    if not match:
        return None
    first, last = match.groups()
    return int(first[: -len(last)] + last) - int(first) + 1


def length_in_pages(pages: int | None) -> str | None:
    """Return a number of pages as a length, None if it can be no work's."""
    return f"{pages} pages" if pages and 1 < pages < MAX_PAGES else None


def minutes_by_length(kind: str, length: str) -> Minutes | None:
    """Return how long the passes of a work usually take, None if its length says nothing of it.

    Of two numbers of pages the first counts: the text without its appendix.
    """
    if match := re.match(r"([1-9]\d{0,4}) pages?\b", length):
        pages = int(match[1])
        if kind == "book":
            first, second, third = _BOOK_PAGE
            return first * pages, second * pages, third * pages
        # A first pass looks at the same few parts, however long a paper is.
        return USUAL[0], USUAL[1] * pages / USUAL_PAGES, USUAL[2] * pages / USUAL_PAGES
    match = re.fullmatch(r"(?:about )?(?:(\d{1,3}) h ?)?(?:(\d{1,3}) min)?", length)
    minutes = int(match[1] or 0) * 60 + int(match[2] or 0) if match else 0
    if not minutes:
        return None
    if kind == "article":
        return min(USUAL[0], minutes), minutes, minutes * USUAL[2] / USUAL[1]
    first, second, third = _VIDEO_MINUTE
    return first * minutes, second * minutes, third * minutes


def pace(timed: Iterable[TimedPass], depth: int) -> float | None:
    """Return how long the reader's passes take beside what is usual, None if too few are timed.

    It is the median, so that one pass that went on over lunch changes nothing.
    """
    ratios = sorted(
        each.minutes / usual[depth - 1]
        for each in timed
        if (usual := minutes_by_length(each.kind, each.length or "") or _usual(each.kind))
    )
    if len(ratios) < MIN_TIMED:
        return None
    return min(MAX_PACE, max(1 / MAX_PACE, ratios[len(ratios) // 2]))


def pass_times(kind: str, length: str | None, paces: Paces) -> PassTimes | None:
    """Return how long the passes of a work take at the reader's paces, None if unknown."""
    measured = minutes_by_length(kind, length or "")
    usual = measured or _usual(kind)
    if usual is None:
        return None
    first, second, third = (
        _rounded(minutes * (pace or 1)) for minutes, pace in zip(usual, paces, strict=True)
    )
    own = paces[0] is not None, paces[1] is not None, paces[2] is not None
    return PassTimes((first, second, third), own, measured is not None)


def _usual(kind: str) -> Minutes | None:
    return USUAL if kind in ("paper", "article") else None


def _rounded(minutes: float) -> int:
    """Return minutes no more exactly than they can be known."""
    step = 1 if minutes < 20 else 5 if minutes < 120 else 30 if minutes < 600 else 60
    return max(1, round(minutes / step) * step)
