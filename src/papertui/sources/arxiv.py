"""What arXiv knows of papers, asked over its API by their ids.

Whatever comes back may be late, broken or hostile: an answer has so many seconds
and bytes, comes from the host that was asked, and is checked before it is used.
"""

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
from papertui.core.identity import MAX_TITLE
from papertui.core.text import safe_line, whole_number
from papertui.errors import PapertuiError, Refused

API = "https://export.arxiv.org/api/query"
PAUSE = 3.0  # seconds between two requests, as arXiv asks
PATIENCE = 30.0  # seconds that one answer may take
PATIENCE_AT_THE_DOOR = 10.0  # seconds until it is reached
LONGEST_PAUSE = 15  # seconds that a busy arXiv is waited for
MOST_IDS = 50
MOST_BYTES = 4 * 2**20
MOST_REDIRECTS = 3
MOST_ERRORS = 10
MOST_AUTHORS = 8
_BUSY = (429, 500, 502, 503, 504)
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_ATOM = "{http://www.w3.org/2005/Atom}"
_OWN = "{http://arxiv.org/schemas/atom}"


class Unanswered(PapertuiError):
    """arXiv gave no answer of use; the message says why, `found` what it had told before."""

    found: Mapping[str, dict[str, Any]] = {}


class _Busy(Unanswered):
    """An answer may come a little later, `after` so many seconds."""

    after: float = 0


def metadata(ids: Sequence[str], base: str | None = None) -> dict[str, dict[str, Any]]:
    """Return the catalogue fields of those of the arXiv `ids` that arXiv knows.

    They are the title, up to eight authors, the year the paper was first public,
    DOI and abstract. `base` is the address of the API; without it the one in
    `PAPERTUI_ARXIV` is asked, else arXiv's own. Of many ids 50 go into a request,
    with three seconds between requests.

    Raises Unanswered, and Refused for a `base` that is not to be asked.
    """
    named = base or os.environ.get("PAPERTUI_ARXIV") or API
    try:
        address = httpx.URL(named)
    except httpx.InvalidURL:
        address = httpx.URL("")
    here = address.scheme == "http" and address.host in _LOOPBACK
    if not here and not (address.scheme == "https" and address.host):
        raise Refused(f"PAPERTUI_ARXIV: {safe_line(named)!r} is not an https address.")
    return asyncio.run(_ask(address, ids))


async def _ask(address: httpx.URL, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    async with _client(address) as client:
        for start in range(0, len(ids), MOST_IDS):
            if start:
                await asyncio.sleep(PAUSE)
            try:
                found |= await _batch(client, address, ids[start : start + MOST_IDS])
            except Unanswered as error:
                error.found = found
                raise
    return found


def _client(address: httpx.URL) -> httpx.AsyncClient:
    async def stay(request: httpx.Request) -> None:
        url = request.url
        if (url.scheme, url.host, url.port) != (address.scheme, address.host, address.port):
            raise Unanswered("arXiv sent papertui to another address, which it does not follow.")

    try:
        return httpx.AsyncClient(
            headers={"User-Agent": f"papertui/{__version__}", "Accept-Encoding": "identity"},
            follow_redirects=True,
            max_redirects=MOST_REDIRECTS,
            timeout=httpx.Timeout(None, connect=PATIENCE_AT_THE_DOOR),
            event_hooks={"request": [stay]},
        )
    except (ImportError, OSError, ValueError, httpx.InvalidURL) as error:
        raise Unanswered(f"The proxy or its certificate is unusable: {error}.") from error


async def _batch(
    client: httpx.AsyncClient, address: httpx.URL, ids: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Ask about `ids` at once, and again without an id over which arXiv refuses them all."""
    for _ in range(MOST_ERRORS):
        entries = _entries(await _answer(client, address, ids))
        error = next((entry for entry in entries if "/api/errors" in _text(entry, "id")), None)
        if error is None:
            described = filter(None, map(_described, entries))
            return {fields["arxiv"]: fields for fields in described if fields["arxiv"] in ids}
        says = _text(error, "summary")
        ids, asked = [key for key in ids if key not in says.split()], ids
        if len(ids) == len(asked):
            raise Unanswered(f"arXiv refused: {says[:100]}.")
        if not ids:
            return {}
        await asyncio.sleep(PAUSE)
    raise Unanswered("arXiv refused several of the ids.")


async def _answer(client: httpx.AsyncClient, address: httpx.URL, ids: Sequence[str]) -> bytes:
    """Return the body of an answer; a busy arXiv is asked once more."""
    query = address.copy_merge_params({"id_list": ",".join(ids), "max_results": str(len(ids))})
    try:
        return await _get(client, query)
    except _Busy as busy:
        if busy.after > LONGEST_PAUSE:
            raise
        await asyncio.sleep(max(PAUSE, busy.after))
    return await _get(client, query)


async def _get(client: httpx.AsyncClient, query: httpx.URL) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(PATIENCE), client.stream("GET", query) as response:
            if response.status_code in _BUSY:
                busy = _Busy(f"arXiv is busy (it answered {response.status_code}).")
                busy.after = whole_number(response.headers.get("Retry-After", "")) or 0
                raise busy
            # An id that is malformed comes back as 400, with a feed that says so.
            if response.status_code not in (200, 400):
                raise Unanswered(f"arXiv answered {response.status_code}.")
            async for part in response.aiter_raw():
                body += part
                if len(body) > MOST_BYTES:
                    raise Unanswered("arXiv sent far more than was asked for.")
    except TimeoutError as error:
        raise Unanswered(f"arXiv did not answer within {PATIENCE:g} seconds.") from error
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
        raise Unanswered("arXiv cannot be reached.") from error
    except httpx.TooManyRedirects as error:
        raise Unanswered("arXiv sent papertui round in a circle.") from error
    except httpx.HTTPError as error:
        raise _Busy("arXiv broke off in the middle of its answer.") from error
    return bytes(body)


def _entries(body: bytes) -> list[Element]:
    try:
        feed = fromstring(body, forbid_dtd=True)
    except (ParseError, LookupError, ValueError) as error:
        raise Unanswered("arXiv's answer makes no sense.") from error
    if feed.tag != f"{_ATOM}feed":
        raise Unanswered("arXiv's answer makes no sense.")
    return list(feed.findall(f"{_ATOM}entry"))


def _described(entry: Element) -> dict[str, Any] | None:
    """Return the fields of an entry, None where they make no sense."""
    authors = [safe_line(name.text or "") for name in entry.findall(f"{_ATOM}author/{_ATOM}name")]
    authors = list(filter(None, authors))
    title = _text(entry, "title")
    fields = {
        "title": title,
        "kind": "paper",
        "arxiv": identifiers.arxiv_id(_text(entry, "id")),
        "authors": authors[:MOST_AUTHORS],
        "more_authors": len(authors) > MOST_AUTHORS,
        "year": whole_number(_text(entry, "published")[:4]),
        "doi": identifiers.doi(_text(entry, "doi", _OWN).split(" ")[0]),
        "summary": _text(entry, "summary"),
    }
    known = {name: value for name, value in fields.items() if value}
    whole = known.keys() >= {"title", "arxiv", "authors"} and len(title) <= MAX_TITLE
    return known if whole and not any(work_faults(known)) else None


def _text(entry: Element, name: str, space: str = _ATOM) -> str:
    return safe_line(entry.findtext(f"{space}{name}") or "")
