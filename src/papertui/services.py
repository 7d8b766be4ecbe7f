"""What services are asked for the library: new papers, and what they know of waiting works."""

from collections.abc import Sequence
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from papertui.config import Config, cache_folder
from papertui.core.journal import Change
from papertui.core.new_paper import NewPaper
from papertui.core.text import quantity
from papertui.errors import PapertuiError, Refused
from papertui.storage.edits import completions
from papertui.storage.store import Store
from papertui.storage.work_queries import MAX_ALONG
from papertui.system.clock import Clock

if TYPE_CHECKING:
    from papertui.sources.http import HttpClient

FOLLOW_FIRST = 'Follow a category first, in config.toml: [follow], then categories = ["cs.LG"].'


class Fetched(NamedTuple):
    """How many papers came in that are new to the reader, and what is to be said about it."""

    number: int
    messages: tuple[str, ...]
    failed: bool


def fetch_new_papers(store: Store, config: Config) -> Fetched:
    """Ask arXiv for what it announced since the last time, and keep it.

    Raises Refused if the reader follows no category.
    """
    from papertui.sources.arxiv_feed import fetch_announced
    from papertui.sources.service import SourceError

    if not config.follow.categories:
        raise Refused(FOLLOW_FIRST)
    until, http = store.new_papers.fetched_until(), http_client(config, store.clock)
    since: dict[date | None, list[str]] = {}
    for category in config.follow.categories:
        since.setdefault(until.get(category), []).append(category)
    number, messages, failed = 0, list[str](), False
    for day, categories in since.items():
        try:
            announced = fetch_announced(categories, day, http)
        except SourceError as error:
            messages.append(str(error))
            failed = True
            continue
        came_in, dropped = store.new_papers.keep(announced.papers, config.today(store.clock()))
        if announced.until:
            store.new_papers.set_fetched_until(categories, announced.until)
        number += came_in
        messages += announced.missing
        if dropped:
            messages.append(f"{quantity(dropped, 'old paper')} not looked at left the list.")
    return Fetched(number, tuple(dict.fromkeys(messages)), failed)


def complete_waiting_works(store: Store, config: Config) -> list[Change]:
    """Return the changes that fill in some works that were added offline, none if nobody knows."""
    incomplete = dict(islice(store.works.incomplete().items(), MAX_ALONG))
    if not incomplete:
        return []
    from papertui.sources.lookup import look_up

    try:
        found = look_up(incomplete, http_client(config, store.clock))
    except PapertuiError:
        # They are asked about again the next time, and by `add --refresh`, which says why not.
        return []
    return list(completions(store, found.fields))


def search_new_papers(store: Store, config: Config, query: str) -> Sequence[NewPaper]:
    """Return the papers that a search at arXiv finds. Raises Refused, also if arXiv cannot."""
    from papertui.sources.arxiv_api import search_papers
    from papertui.sources.service import SourceError

    try:
        return search_papers(query, http_client(config, store.clock))
    except SourceError as error:
        raise Refused(str(error)) from error


def http_client(config: Config, clock: Clock) -> "HttpClient":
    """Return a client for the services that are asked about papers."""
    from papertui.sources.http import HttpClient

    return HttpClient(cache_folder(), clock, config.mailto)
