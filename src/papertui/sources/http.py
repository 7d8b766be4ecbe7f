"""Requests to the services that papertui asks: bounded, polite, cached."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from papertui.errors import PapertuiError


class SourceError(PapertuiError):
    """A service could not be asked, or its answer is of no use; the message says which and why."""


class HttpClient:
    """Asks services over HTTP. Requests block: the app makes them in a thread.

    `cache` is the folder of the answers and of the times of the last requests, which it makes
    on first use. `mailto` is the reader's mail address, sent to services that serve those who
    give one sooner; None sends none.
    """

    def __init__(self, cache: Path, clock: Callable[[], datetime], mailto: str | None = None):
        self.cache = cache
        self.clock = clock
        self.mailto = mailto
