"""arXiv ids to catalogue fields, over its HTTP API: responses are bounded and checked."""

import asyncio
import os
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree.ElementTree import Element

import httpx
from defusedxml.ElementTree import ParseError, fromstring

from papertui import __version__
from papertui.core import identifiers
from papertui.core.catalog import work_faults
from papertui.core.identity import MAX_AUTHORS, MAX_TITLE
from papertui.core.text import safe_line, whole_number
from papertui.errors import PapertuiError, Refused

API = "https://export.arxiv.org/api/query"
REQUEST_INTERVAL = 3.0  # seconds, as arXiv asks
RESPONSE_TIMEOUT = 30.0  # seconds
CONNECT_TIMEOUT = 10.0  # seconds
MAX_RETRY_AFTER = 15  # seconds to wait for a busy arXiv
MAX_IDS = 50  # in one request
MAX_BYTES = 4 * 2**20
MAX_REDIRECTS = 3
MAX_ERRORS = 10
_BUSY = (429, 500, 502, 503, 504)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_ATOM = "{http://www.w3.org/2005/Atom}"
_ARXIV = "{http://arxiv.org/schemas/atom}"


class ArxivError(PapertuiError):
    """A request failed, as the message says; `received` holds the fields that came before."""

    received: Mapping[str, dict[str, Any]] = {}


class _RetryableError(ArxivError):
    """A request that may succeed `retry_after` seconds later."""

    retry_after: float = 0


def metadata(ids: Sequence[str], base: str | None = None) -> dict[str, dict[str, Any]]:
    """Return the catalogue fields of the papers with these arXiv ids, by id.

    Fields are the title, up to eight authors, the year of the first version,
    DOI and abstract; an id that arXiv does not know is missing. `base` is the
    address of the API, by default that in `PAPERTUI_ARXIV` or arXiv's own. A
    request is for at most 50 ids, three seconds after the one before.

    Raises ArxivError, and Refused if `base` is not an https address.
    """
    api = base or os.environ.get("PAPERTUI_ARXIV") or API
    try:
        address = httpx.URL(api)
    except httpx.InvalidURL:
        address = httpx.URL("")
    is_local = address.scheme == "http" and address.host in _LOOPBACK
    is_port = address.port is None or 0 < address.port < 65536
    if not is_port or not (is_local or (address.scheme == "https" and address.host)):
        raise Refused(f"PAPERTUI_ARXIV: {safe_line(api)!r} is not an https address.")
    return asyncio.run(_fetch_all(address, ids))


async def _fetch_all(address: httpx.URL, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    fields_by_id: dict[str, dict[str, Any]] = {}
    async with _http_client(address) as client:
        for start in range(0, len(ids), MAX_IDS):
            if start:
                await asyncio.sleep(REQUEST_INTERVAL)
            try:
                fields_by_id |= await _fetch(client, address, ids[start : start + MAX_IDS])
            except ArxivError as error:
                error.received = fields_by_id
                raise
    return fields_by_id


def _http_client(address: httpx.URL) -> httpx.AsyncClient:
    async def refuse_other_hosts(request: httpx.Request) -> None:
        url = request.url
        if (url.scheme, url.host, url.port) != (address.scheme, address.host, address.port):
            raise ArxivError("arXiv sent papertui to another address, which it does not follow.")

    try:
        return httpx.AsyncClient(
            headers={"User-Agent": f"papertui/{__version__}", "Accept-Encoding": "identity"},
            follow_redirects=True,
            max_redirects=MAX_REDIRECTS,
            timeout=httpx.Timeout(None, connect=CONNECT_TIMEOUT),
            event_hooks={"request": [refuse_other_hosts]},
        )
    except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
        raise ArxivError(f"The proxy or its certificate is unusable: {error}.") from error


async def _fetch(
    client: httpx.AsyncClient, address: httpx.URL, ids: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Fetch the fields of all `ids`, and again without an id for which arXiv refuses them all."""
    for _ in range(MAX_ERRORS):
        entries = _parse_feed(await _get_with_retry(client, address, ids))
        error = next((entry for entry in entries if "/api/errors" in _child(entry, "id")), None)
        if error is None:
            papers = filter(None, map(_parse_entry, entries))
            return {fields["arxiv"]: fields for fields in papers if fields["arxiv"] in ids}
        message = _child(error, "summary")
        valid_ids = [key for key in ids if key not in message.split()]
        if len(valid_ids) == len(ids):
            raise ArxivError(f"arXiv refused: {message[:100]}.")
        if not valid_ids:
            return {}
        ids = valid_ids
        await asyncio.sleep(REQUEST_INTERVAL)
    raise ArxivError("arXiv refused several of the ids.")


async def _get_with_retry(
    client: httpx.AsyncClient, address: httpx.URL, ids: Sequence[str]
) -> bytes:
    """Return the body of a response; send the request once more if arXiv is busy."""
    url = address.copy_merge_params({"id_list": ",".join(ids), "max_results": str(len(ids))})
    try:
        return await _get(client, url)
    except _RetryableError as error:
        if error.retry_after > MAX_RETRY_AFTER:
            raise
        await asyncio.sleep(max(REQUEST_INTERVAL, error.retry_after))
    return await _get(client, url)


async def _get(client: httpx.AsyncClient, url: httpx.URL) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(RESPONSE_TIMEOUT), client.stream("GET", url) as response:
            if response.status_code in _BUSY:
                busy = _RetryableError(f"arXiv is busy (it answered {response.status_code}).")
                busy.retry_after = whole_number(response.headers.get("Retry-After", "")) or 0
                raise busy
            # arXiv answers a malformed id with 400 and a feed that says so.
            if response.status_code not in (200, 400):
                raise ArxivError(f"arXiv answered {response.status_code}.")
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MAX_BYTES:
                    raise ArxivError("arXiv sent far more than was asked for.")
    except TimeoutError as error:
        raise ArxivError(f"arXiv did not answer within {RESPONSE_TIMEOUT:g} seconds.") from error
    # The last two are what the system makes of a proxy with an impossible name or port.
    except (
        httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, ExceptionGroup, OverflowError,
    ) as error:  # fmt: skip
        raise ArxivError("arXiv cannot be reached.") from error
    except httpx.TooManyRedirects as error:
        raise ArxivError("arXiv sent papertui round in a circle.") from error
    except httpx.HTTPError as error:
        raise _RetryableError("arXiv broke off in the middle of its answer.") from error
    return bytes(body)


def _parse_feed(body: bytes) -> list[Element]:
    try:
        feed = fromstring(body, forbid_dtd=True)
    except (ParseError, LookupError, ValueError) as error:
        raise ArxivError("arXiv's answer makes no sense.") from error
    if feed.tag != f"{_ATOM}feed":
        raise ArxivError("arXiv's answer makes no sense.")
    return list(feed.findall(f"{_ATOM}entry"))


def _parse_entry(entry: Element) -> dict[str, Any] | None:
    """Return the catalogue fields of an entry, None if they are incomplete or invalid."""
    names = (safe_line(name.text or "") for name in entry.findall(f"{_ATOM}author/{_ATOM}name"))
    authors = list(filter(None, names))
    title = _child(entry, "title")
    values = {
        "title": title,
        "kind": "paper",
        "arxiv": identifiers.arxiv_id(_child(entry, "id")),
        "authors": authors[:MAX_AUTHORS],
        "more_authors": len(authors) > MAX_AUTHORS,
        "year": whole_number(_child(entry, "published")[:4]),
        "doi": identifiers.doi(_child(entry, "doi", _ARXIV).split(" ")[0]),
        "summary": _child(entry, "summary"),
    }
    fields = {name: value for name, value in values.items() if value}
    is_complete = fields.keys() >= {"title", "arxiv", "authors"} and len(title) <= MAX_TITLE
    return fields if is_complete and not any(work_faults(fields)) else None


def _child(entry: Element, name: str, namespace: str = _ATOM) -> str:
    return safe_line(entry.findtext(f"{namespace}{name}") or "")
