"""Requests to the services that papertui asks: bounded, polite, and cached."""

import time
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from papertui import __version__
from papertui.core.text import safe_line, whole_number
from papertui.errors import Refused
from papertui.sources.cache import Answer, Cache
from papertui.sources.pause import Pause
from papertui.sources.service import Request, Service, SourceError, Unreachable

if TYPE_CHECKING:
    import httpx

RESPONSE_TIMEOUT = 30.0  # seconds for one answer, whole
CONNECT_TIMEOUT = 10.0  # seconds
RETRY_DELAY = 3.0  # seconds before a request is sent again
MAX_RETRY_AFTER = 15  # seconds that a busy service may ask for
MAX_BYTES = 16 * 2**20  # of an answer, unpacked
MAX_REDIRECTS = 3
MAX_FRESH = timedelta(days=1)
_BUSY = (429, 500, 502, 503, 504)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_ANY_PACKING = 47  # zlib's word for gzip or zlib, whichever the header says

T = TypeVar("T")


class _RetryableError(SourceError):
    """A request that may succeed `retry_after` seconds later."""

    retry_after: float = 0


class HttpClient:
    """Asks services over HTTP. Requests block: the app makes them in a thread.

    `folder` holds the answers and the times of the last requests; it is made on first use.
    `mailto` is the reader's mail address, which is sent to every service; None sends none.
    """

    def __init__(
        self, folder: Path, clock: Callable[[], datetime], mailto: str | None = None
    ) -> None:
        self.clock = clock
        self._folder = folder
        self._cache = Cache(folder / "answers")
        self._mailto = mailto

    def get(self, service: Service, request: Request, parse: Callable[[Answer], T]) -> T:
        """Return what `parse` makes of the answer, from the cache if that is still fresh.

        An answer is kept only if it can be parsed. Raises SourceError, also from `parse`, and
        Refused for a mirror that is not an https address.
        """
        base = _base_address(service)
        url = base.copy_with(raw_path=(base.path.rstrip("/") + request.path).encode())
        url = url.copy_merge_params(dict(request.params)) if request.params else url
        key = f"{url} {request.accept}"
        kept, now = self._cache.read(key), self.clock()
        if kept and kept.until and now < kept.until <= now + MAX_FRESH:
            return parse(kept)
        answer = self._with_retry(service, lambda: self._get(service, base, url, request, kept))
        if kept and answer.status == 304:
            answer = kept._replace(until=answer.until)
        parsed = parse(answer)
        if answer.status == 200:
            self._cache.write(key, answer)
        return parsed

    def _with_retry(
        self, service: Service, send: Callable[[], Coroutine[None, None, Answer]]
    ) -> Answer:
        """Send a request, once more if the service is busy."""
        import asyncio

        def ask() -> Answer:
            with self._pause(service):
                return asyncio.run(send())

        try:
            return ask()
        except _RetryableError as error:
            if error.retry_after > MAX_RETRY_AFTER:
                raise
            time.sleep(max(RETRY_DELAY, error.retry_after))
        return ask()

    def _pause(self, service: Service) -> AbstractContextManager[None]:
        if not service.interval:
            return nullcontext()
        return Pause(self._folder / f"{service.pause}-asked", service, self.clock)

    async def _get(
        self,
        service: Service,
        base: "httpx.URL",
        url: "httpx.URL",
        request: Request,
        kept: Answer | None,
    ) -> Answer:
        # httpx costs 120 ms, which every command that asks nobody does without.
        import asyncio

        import httpx

        name = service.name
        headers = {"Accept": request.accept, **(kept.conditions if kept else {})}
        statuses = {*request.statuses, *([304] if kept else ())}
        try:
            async with (
                asyncio.timeout(RESPONSE_TIMEOUT),
                self._client(service, base) as client,
                client.stream("GET", url, headers=headers) as response,
            ):
                if response.status_code in _BUSY:
                    raise self._busy(name, response)
                if response.status_code not in statuses:
                    raise SourceError(f"{name} answered {response.status_code}.")
                body = await _unpacked(name, response)
        except TimeoutError as error:
            raise SourceError(
                f"{name} did not answer within {RESPONSE_TIMEOUT:g} seconds."
            ) from error
        # The last two are what the system makes of a proxy with an impossible name or port.
        except (
            httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, ExceptionGroup,
            OverflowError,
        ) as error:  # fmt: skip
            raise Unreachable(f"{name} cannot be reached.") from error
        except httpx.TooManyRedirects as error:
            raise SourceError(f"{name} sent papertui round in a circle.") from error
        except httpx.HTTPError as error:
            raise _RetryableError(f"{name} broke off in the middle of its answer.") from error
        except httpx.InvalidURL as error:
            raise SourceError(f"{name} sent papertui to an address that is none.") from error
        fresh_for = _max_age(response.headers.get("Cache-Control", ""))
        fresh_for = request.fresh_for if fresh_for is None else min(fresh_for, MAX_FRESH)
        return Answer(
            response.status_code,
            body,
            response.headers.get("ETag"),
            response.headers.get("Last-Modified"),
            self.clock() + fresh_for,
        )

    def _client(self, service: Service, base: "httpx.URL") -> "httpx.AsyncClient":
        import httpx

        async def refuse_other_hosts(request: httpx.Request) -> None:
            url = request.url
            is_same = (url.scheme, url.host, url.port) == (base.scheme, base.host, base.port)
            is_known = url.scheme == "https" and not url.port and url.host in service.hosts
            if not (is_same or is_known):
                raise SourceError(
                    f"{service.name} sent papertui to another address, which it does not follow."
                )

        mail = f" (mailto:{self._mailto})" if self._mailto else ""
        try:
            return httpx.AsyncClient(
                headers={"User-Agent": f"papertui/{__version__}{mail}", "Accept-Encoding": "gzip"},
                follow_redirects=True,
                max_redirects=MAX_REDIRECTS,
                timeout=httpx.Timeout(None, connect=CONNECT_TIMEOUT),
                event_hooks={"request": [refuse_other_hosts]},
            )
        except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
            raise SourceError(f"The proxy or its certificate is unusable: {error}.") from error

    def _busy(self, name: str, response: "httpx.Response") -> _RetryableError:
        seconds = self._retry_after(response.headers.get("Retry-After", ""))
        later = f" and asks for {-(-seconds // 60)} minutes" if seconds > MAX_RETRY_AFTER else ""
        busy = _RetryableError(f"{name} is busy (it answered {response.status_code}){later}.")
        busy.retry_after = seconds
        return busy

    def _retry_after(self, header: str) -> int:
        """Return the seconds that a header asks to wait, as a number or as a time."""
        if (seconds := whole_number(header)) is not None:
            return seconds
        try:
            until = parsedate_to_datetime(header)
        except ValueError:
            return 0
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(0, round((until - self.clock()).total_seconds()))


def _base_address(service: Service) -> "httpx.URL":
    """Return the address of a service, or that of its mirror. Raises Refused if it is no https."""
    import os

    import httpx

    named = os.environ.get(service.variable) or service.address
    try:
        address = httpx.URL(named)
    except httpx.InvalidURL:
        address = httpx.URL("")
    is_local = address.scheme == "http" and address.host in _LOOPBACK
    is_port = address.port is None or 0 < address.port < 65536
    if not is_port or not (is_local or (address.scheme == "https" and address.host)):
        raise Refused(f"{service.variable}: {safe_line(named)!r} is not an https address.")
    return address


async def _unpacked(name: str, response: "httpx.Response") -> bytes:
    """Return the body of a response, no more than MAX_BYTES even if it is packed."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding in ("gzip", "x-gzip", "deflate"):
        pieces = _inflated(response.aiter_raw())
    elif encoding in ("", "identity"):
        pieces = response.aiter_raw()
    else:
        raise SourceError(f"{name}'s answer makes no sense.")
    body = bytearray()
    try:
        async for piece in pieces:
            body += piece
            if len(body) > MAX_BYTES:
                raise SourceError(f"{name} sent far more than was asked for.")
    except zlib.error as error:
        raise SourceError(f"{name}'s answer makes no sense.") from error
    except EOFError as error:
        raise _RetryableError(f"{name} broke off in the middle of its answer.") from error
    return bytes(body)


async def _inflated(packed: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Yield what is packed, little at a time. Raises EOFError if the end is missing."""
    unpacker = zlib.decompressobj(_ANY_PACKING)
    async for piece in packed:
        while piece:
            yield unpacker.decompress(piece, 2**20)
            piece = unpacker.unconsumed_tail
    if not unpacker.eof:
        raise EOFError


def _max_age(cache_control: str) -> timedelta | None:
    for directive in cache_control.lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name in ("no-cache", "no-store"):
            return timedelta(0)
        if name == "max-age" and (seconds := whole_number(value)) is not None:
            return timedelta(seconds=seconds)
    return None
