"""What arXiv announced: today's feed of some categories, and the days missed from its API."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple

from papertui.core import identifiers
from papertui.core.identity import MAX_TITLE
from papertui.core.markup import readable
from papertui.core.new_paper import Announcement, NewPaper
from papertui.core.text import quantity, safe_line
from papertui.errors import Refused
from papertui.sources.answers import child_text, makes_no_sense, parse_xml
from papertui.sources.arxiv_api import ARXIV, ARXIV_INTERVAL, MAX_PAGE, fetch_page
from papertui.sources.arxiv_days import announcement_days, arxiv_zone, submission_span
from papertui.sources.cache import Answer
from papertui.sources.http import HttpClient
from papertui.sources.service import Request, Service, SourceError, Unreachable

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

FEED = Service(
    "arXiv",
    "PAPERTUI_ARXIV_FEED",
    "https://rss.arxiv.org/rss",
    ("rss.arxiv.org", "export.arxiv.org", "arxiv.org"),
    "arxiv",
    ARXIV_INTERVAL,
)
MAX_FEED = 2000  # papers that arXiv puts into a feed
MAX_MISSED_DAYS = 30  # days that are filled from the API
MAX_MISSED_PAPERS = 2000
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z-]{2,20})?")
_DC = "{http://purl.org/dc/elements/1.1/}"
_HEAD = re.compile(r"\s*arXiv:(?P<id>\S+)\s+Announce Type:\s*(?P<type>[\w-]+)\s*", re.IGNORECASE)
_ABSTRACT = re.compile(r"Abstract:\s*", re.IGNORECASE)
_ANNOUNCEMENTS: dict[str, Announcement] = {
    "new": "new", "cross": "cross", "replace": "replace", "replace-cross": "replace",
}  # fmt: skip
_IN_BRACKETS = re.compile(r"\s*\((?:[^()]|\([^()]*\))*\)")


class Announced(NamedTuple):
    """Papers, the newest announcement first, each once.

    `until` is the last day that they cover: the next call asks for what came `since` then. It
    is None if nothing could be fetched. `missing` says in one-line messages what could not be.
    """

    papers: tuple[NewPaper, ...]
    until: date | None
    missing: tuple[str, ...] = ()


class _Feed(NamedTuple):
    day: date
    papers: tuple[NewPaper, ...]
    missing: tuple[str, ...] = ()


class _Missed(NamedTuple):
    papers: tuple[NewPaper, ...]
    is_complete: bool
    missing: tuple[str, ...] = ()


def fetch_announced(categories: Sequence[str], since: date | None, http: HttpClient) -> Announced:
    """Return what arXiv announced in these categories after the day `since`, None for today only.

    Today's papers come from the feed, those of the days between from the API, which does not
    know what was replaced on them. Raises SourceError if there is neither, and Refused if a
    category is none.
    """
    if not categories:
        raise Refused("Name a category of arXiv to follow, such as cs.LG.")
    if odd := [name for name in categories if not _CATEGORY.fullmatch(name)]:
        raise Refused(f"{safe_line(odd[0])!r} is not a category of arXiv, such as cs.LG.")
    missing: list[str] = []
    try:
        feed = _fetch_feed(categories, http)
    except Unreachable:
        raise
    except SourceError as error:
        if since is None:
            raise
        # The API may still answer, and knows the papers of today too.
        missing.append(f"{error} Today's list comes from arXiv's search instead.")
        feed = _Feed(http.clock().astimezone(arxiv_zone()).date() + timedelta(days=1), ())
    missing += feed.missing
    # The day of a feed that is older than the last one is covered already.
    newest = max(feed.day, since or feed.day)
    start = max(since or newest, newest - timedelta(days=2 * MAX_MISSED_DAYS))
    days = list(announcement_days(start, newest - timedelta(days=1)))
    if days[MAX_MISSED_DAYS:]:
        missing.append(f"Papers from before {days[-MAX_MISSED_DAYS]} are not fetched.")
        days = days[-MAX_MISSED_DAYS:]
    earlier = _fetch_missed(categories, days, http) if days else _Missed((), True)
    missing += earlier.missing
    if earlier.papers or (days and earlier.is_complete):
        span = _span(days)
        missing.append(f"Revised papers of {span} are missing: arXiv's search does not list them.")
    if not (earlier.is_complete or earlier.papers or feed.papers):
        raise SourceError(" ".join(missing))
    papers = {paper.arxiv_id: paper for paper in reversed((*feed.papers, *earlier.papers))}
    newest_first = sorted(papers.values(), key=lambda paper: paper.announced)[::-1]
    until = newest if earlier.is_complete else since
    return Announced(tuple(newest_first), until, tuple(missing))


def _fetch_feed(categories: Sequence[str], http: HttpClient) -> _Feed:
    def parse(answer: Answer) -> _Feed:
        root = parse_xml(answer.body, "arXiv")
        channel = root.find("channel")
        if root.tag != "rss" or channel is None:
            raise makes_no_sense("arXiv")
        if answer.status == 400:
            raise Refused(f"arXiv does not know every category of {', '.join(categories)}.")
        day = _day(child_text(channel, "pubDate"))
        if day is None:
            raise makes_no_sense("arXiv")
        items = channel.findall("item")
        papers = [paper for item in items if (paper := _parse_item(item, day))]
        missing = [*_unread(len(items) - len(papers))]
        if len(items) >= MAX_FEED:
            missing.append(f"The feed ends after {len(items):,} papers: follow fewer categories.")
        return _Feed(day, tuple(papers), tuple(missing))

    path = f"/{'+'.join(dict.fromkeys(categories))}"
    return http.get(FEED, Request(path, statuses=(200, 400), fresh_for=timedelta(hours=1)), parse)


def _parse_item(item: "Element", day: date) -> NewPaper | None:
    """Return the paper of an entry of the feed of a day, None if it is incomplete."""
    description = child_text(item, "description")
    head = _HEAD.match(description)
    named = (child_text(item, "link"), head["id"] if head else "")
    arxiv_id = next(filter(None, map(identifiers.arxiv_id, named)), None)
    title = child_text(item, "title")
    authors = tuple(
        name
        for creator in item.findall(f"{_DC}creator")
        for name in _names(safe_line(creator.text or ""))
    )
    kind = child_text(item, f"{ARXIV}announce_type") or (head["type"] if head else "")
    announcement = _ANNOUNCEMENTS.get(kind.lower())
    if not (arxiv_id and announcement and title and len(title) <= MAX_TITLE and authors):
        return None
    text = description[head.end() :] if head else description
    label = _ABSTRACT.match(text)
    return NewPaper(
        arxiv_id,
        identifiers.arxiv_version(head["id"] if head else ""),
        title,
        authors,
        text[label.end() :] if label else text,
        tuple(dict.fromkeys(filter(None, map(_text, item.findall("category"))))),
        None,
        _day(child_text(item, "pubDate")) or day,
        announcement,
        identifiers.doi(child_text(item, f"{ARXIV}DOI").split(" ")[0]),
        child_text(item, f"{ARXIV}journal_reference") or None,
    )


def _names(creator: str) -> Iterable[str]:
    """Return the names that one string holds, without TeX and the affiliations in brackets."""
    names = _IN_BRACKETS.sub("", readable(creator)).split(",")
    return filter(None, (name.strip() for name in names))


def _text(element: "Element") -> str:
    return safe_line(element.text or "")


def _day(rfc822: str) -> date | None:
    """Return the day of a date as it is written, in arXiv's own zone."""
    try:
        day = parsedate_to_datetime(rfc822).date()
    except (ValueError, TypeError):
        return None
    return day if 1990 <= day.year <= 2100 else None


def _fetch_missed(categories: Sequence[str], days: Sequence[date], http: HttpClient) -> _Missed:
    """Return the papers that were announced on some days, by the time at which they came in."""
    start, end = (
        f"{when.astimezone(UTC):%Y%m%d%H%M}" for when in submission_span(days[0], days[-1])
    )
    of_categories = " OR ".join(f"cat:{_wildcard(name)}" for name in categories)
    terms = f"({of_categories}) AND submittedDate:[{start} TO {end}]"
    span = _span(days)
    papers: list[NewPaper] = []
    total, unread, problem = 1, 0, None
    for first in range(0, MAX_MISSED_PAPERS, MAX_PAGE):
        if first >= total:
            break
        try:
            page = fetch_page(terms, http, first)
        except SourceError as error:
            some = "Some papers" if papers else "The papers"
            problem = f"{some} of {span} are missing: {error}"
            break
        papers += [_as_announced(paper, categories) for paper in page.papers]
        total, unread = page.total, unread + page.unread
    missing = [problem] if problem else []
    if not problem and total > MAX_MISSED_PAPERS:
        missing.append(f"{total:,} papers came from {span}; the latest {len(papers):,} are here.")
    return _Missed(tuple(papers), not problem, (*missing, *_unread(unread)))


def _span(days: Sequence[date]) -> str:
    return f"{days[0]} to {days[-1]}" if len(days) > 1 else f"{days[0]}"


def _unread(count: int) -> tuple[str, ...]:
    return (f"{quantity(count, 'paper')} in arXiv's answer cannot be read.",) if count else ()


def _as_announced(paper: NewPaper, categories: Sequence[str]) -> NewPaper:
    """Return a paper as a feed of some categories announces it: cross-listed, or new there."""
    primary = paper.categories[0] if paper.categories else ""
    is_own = any(primary == name or primary.startswith(f"{name}.") for name in categories)
    return paper if is_own else paper._replace(announcement="cross")


def _wildcard(category: str) -> str:
    """Return a category as the API searches it; an archive has its categories after a point."""
    return category if "." in category or "-" in category else f"{category}*"
