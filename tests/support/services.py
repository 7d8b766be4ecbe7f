"""A local server that answers as arXiv, Crossref, doi.org and Open Library do, or misbehaves."""

import gzip
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

import pytest

from papertui.sources import arxiv_api, arxiv_feed, doi, http, open_library

Answer = Callable[["Handler"], None]
API, FEED, CROSSREF, DOI, BOOKS = "/api/query", "/rss", "/works", "/doi", "/books"


class Paper(NamedTuple):
    """A paper as a test tells the server of it."""

    id: str
    title: str
    authors: Sequence[str] = ("Ada Example",)
    year: int = 2024
    abstract: str = "  We gate, sparsely,\nand find that it is enough.\n"
    comment: str = "9 pages"
    doi: str = ""
    journal_ref: str = ""
    version: int = 3
    categories: Sequence[str] = ("cs.LG",)
    sent: str = ""
    kind: str = "new"


GATES = Paper(
    "2401.12345",
    "Sparse Gates\n  for $O(n)$ Attention",
    ["Ada Example", "Björn Beispiel"],
    doi="10.1000/gates",
)
SECOND = Paper("2402.00001", "A Second Paper", [f"Author {letter}" for letter in "ABCDEFGHIJ"])
OLD = Paper("hep-th/9901001", "Strings & <Branes>", ["C. Old"], 1999)
GOOD, OTHER, UNKNOWN = GATES.id, SECOND.id, "2401.99999"


def entry(paper: Paper) -> str:
    """Return the entry of the API for a paper."""
    names = "".join(f"<author><name>{escape(name)}</name></author>" for name in paper.authors)
    extra = f"<arxiv:comment>{escape(paper.comment)}</arxiv:comment>" if paper.comment else ""
    extra += f"<arxiv:doi>{paper.doi}</arxiv:doi>" if paper.doi else ""
    extra += f"<arxiv:journal_ref>{paper.journal_ref}</arxiv:journal_ref>" * bool(paper.journal_ref)
    terms = "".join(f'<category term="{name}"/>' for name in paper.categories)
    return f"""
  <entry>
    <id>http://arxiv.org/abs/{paper.id}v{paper.version}</id>
    <title>{escape(paper.title)}</title>
    <updated>2025-03-01T12:00:00Z</updated>
    <link href="https://arxiv.org/abs/{paper.id}v{paper.version}" rel="alternate"/>
    <summary>{escape(paper.abstract)}</summary>
    {terms}
    <published>{paper.sent or f"{paper.year}-01-22T18:59:59Z"}</published>
    {extra}
    <arxiv:primary_category term="{paper.categories[0]}"/>
    {names}
  </entry>"""


def api_feed(*entries: str, total: int | None = None) -> bytes:
    """Return an answer of the API."""
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"
    xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <title>arXiv Query: search_query=&amp;id_list=x</title>
  <updated>2026-03-01T00:00:00Z</updated>
  <opensearch:itemsPerPage>100</opensearch:itemsPerPage>
  <opensearch:totalResults>{len(entries) if total is None else total}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>{"".join(entries)}
</feed>""".encode()


def error_feed(message: str) -> bytes:
    """Return the answer of the API to a bad id."""
    return api_feed(f"""
  <entry>
    <id>https://arxiv.org/api/errors#{message.replace(" ", "_")}</id>
    <title>Error</title>
    <updated>2026-03-01T00:00:00Z</updated>
    <summary>{message}</summary>
    <author><name>arXiv api core</name></author>
  </entry>""")


def item(paper: Paper, day: date) -> str:
    """Return the entry of a day's feed for a paper."""
    journal = f"<arxiv:journal_reference>{paper.journal_ref}</arxiv:journal_reference>"
    categories = "".join(f"<category>{name}</category>" for name in paper.categories)
    return f"""
    <item>
      <title>{escape(paper.title)}</title>
      <link>https://arxiv.org/abs/{paper.id}</link>
      <description>arXiv:{paper.id}v{paper.version} Announce Type: {paper.kind}{" "}
Abstract: {escape(paper.abstract.strip())}</description>
      <guid isPermaLink="false">oai:arXiv.org:{paper.id}v{paper.version}</guid>
      {categories}
      <pubDate>{day:%a, %d %b %Y} 00:00:00 -0500</pubDate>
      <arxiv:announce_type>{paper.kind}</arxiv:announce_type>
      {f"<arxiv:DOI>{paper.doi}</arxiv:DOI>" * bool(paper.doi)}{journal * bool(paper.journal_ref)}
      <dc:creator>{escape(", ".join(paper.authors))}</dc:creator>
    </item>"""


def day_feed(day: date, *items: str, title: str = "cs.LG updates on arXiv.org") -> bytes:
    """Return the feed of a day."""
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/"
    xmlns:atom="http://www.w3.org/2005/Atom" version="2.0">
  <channel>
    <title>{title}</title>
    <link>http://rss.arxiv.org/rss/cs.LG</link>
    <lastBuildDate>{day:%a, %d %b %Y} 05:00:00 +0000</lastBuildDate>
    <pubDate>{day:%a, %d %b %Y} 00:00:00 -0500</pubDate>
    <skipDays><day>Sunday</day><day>Saturday</day></skipDays>{"".join(items)}
  </channel>
</rss>""".encode()


PERCEPTRONS: Mapping[str, Any] = {
    "DOI": "10.1000/Perceptrons",
    "type": "journal-article",
    "title": ["The Perceptrons of <i>Exempla</i>\n  at H<sub>2</sub>O"],
    "subtitle": [],
    "author": [
        {"given": "Ada", "family": "Example", "sequence": "first", "affiliation": []},
        {"name": "The Example Group", "sequence": "additional", "affiliation": []},
        {"sequence": "additional", "affiliation": []},
    ],
    "container-title": ["Annals of Examples"],
    "issued": {"date-parts": [[1986, 10, 9]]},
    "page": "533-536",
    "abstract": "<jats:title>Abstract</jats:title><jats:p>We learn.</jats:p>",
    "publisher": "Example Press",
}
MONOGRAPH: Mapping[str, Any] = {
    "DOI": "10.1000/9780000000019",
    "type": "monograph",
    "title": ["Examples"],
    "subtitle": ["A History"],
    "editor": [{"given": "Bea", "family": "Beispiel"}],
    "container-title": [],
    "issued": {"date-parts": [[None]]},
    "published-print": {"date-parts": [[2019, 7]]},
    "publisher": "Example Press",
    "ISBN": ["9780000000033"],
}
CHAPTER: Mapping[str, Any] = {
    "DOI": "10.1000/9780000000019_1",
    "type": "book-chapter",
    "title": ["An Introduction"],
    "ISBN": ["9780000000033"],
}
SOFTWARE: Mapping[str, Any] = {
    "DOI": "10.1000/SOFTWARE.1",
    "type": "software",
    "title": "An Example Program",
    "container-title": [],
    "author": [{"family": "Example", "given": "Ada"}],
    "issued": {"date-parts": [[2019, 3, 25]]},
    "publisher": "Example Archive",
}
GATES_IN_PRINT: Mapping[str, Any] = {
    "DOI": "10.1000/gates",
    "type": "journal-article",
    "title": ["Sparse Gates for O(n) Attention"],
    "author": [{"given": "Ada", "family": "Example"}],
    "container-title": ["Journal of Gates"],
    "issued": {"date-parts": [[2025]]},
}
ISBN = "9780000000019"
BOOK: Mapping[str, Any] = {
    "title": "Use of Examples",
    "subtitle": "a novel",
    "authors": [{"name": "Ida M. Example", "url": "https://openlibrary.org/authors/OL1A"}],
    "publishers": [{"name": "Example Books"}],
    "publish_date": "July 28, 2008",
    "number_of_pages": 480,
    "identifiers": {"isbn_13": [ISBN]},
}


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: "Server"

    def do_GET(self) -> None:
        """Answer as the next answer of the test says, else as the service of the path does."""
        server = self.server
        server.headers.append(dict(self.headers.items()))
        server.paths.append(self.path)
        path, query = unquote(urlsplit(self.path).path), parse_qs(urlsplit(self.path).query)
        if path == API and "id_list" in query:
            server.requested_ids.append(query["id_list"][0].split(","))
        try:
            answers = server.answers_at.get(path.split("/")[1]) or server.answers
            if answers:
                answers.pop(0)(self)
            elif path == API:
                self.send(server.api(query))
            elif path.startswith(FEED):
                self.send(server.feed, ETag=f'"{hash(server.feed)}"')
            elif path == CROSSREF:
                isbn = query["filter"][0].removeprefix("isbn:")
                items = [work for work in server.crossref.values() if isbn in work.get("ISBN", ())]
                self.send_json({"status": "ok", "message": {"items": items}})
            elif path.startswith(CROSSREF):
                self._send_work(server.crossref.get(path.removeprefix(f"{CROSSREF}/").lower()))
            elif path.startswith(DOI):
                assert "csl+json" in self.headers["Accept"]
                self._send_csl(server.doi.get(path.removeprefix(f"{DOI}/").lower()))
            elif path.startswith(BOOKS):
                key = query["bibkeys"][0]
                known = server.books.get(key.removeprefix("ISBN:"))
                self.send_json({key: known} if known else {})
            else:
                self.send(b"", 404)
        except OSError:
            self.close_connection = True

    def _send_work(self, work: Mapping[str, Any] | None) -> None:
        if work:
            self.send_json({"status": "ok", "message-type": "work", "message": work})
        else:
            self.send(b"Resource not found.", 404, Content_Type="text/plain")

    def _send_csl(self, work: Mapping[str, Any] | None) -> None:
        if work:
            self.send_json(work)
        else:
            self.send(b"<!DOCTYPE html><html>DOI Not Found</html>", 404, Content_Type="text/html")

    def send_json(self, data: object) -> None:
        """Send JSON, packed if the client takes that."""
        self.send(gzip.compress(json.dumps(data).encode()), Content_Encoding="gzip")

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        """Send an answer; a request with the answer's own ETag gets 304."""
        if headers.get("ETag") and self.headers["If-None-Match"] == headers["ETag"]:
            status, body = 304, b""
        self.send_response(status)
        named = {"Content-Type": "application/xml; charset=UTF-8", **headers}
        self.send_header("Content-Length", str(len(body)))
        for name, value in named.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """All services on one port. `answers` come before their own, once each, for any service."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.papers = {paper.id: paper for paper in (GATES, SECOND, OLD)}
        self.found: list[Paper] = []
        self.feed = day_feed(date(2026, 11, 20))
        self.crossref = {
            str(work["DOI"]).lower(): work
            for work in (PERCEPTRONS, CHAPTER, MONOGRAPH, GATES_IN_PRINT)
        }
        self.doi = {str(SOFTWARE["DOI"]).lower(): SOFTWARE}
        self.books = {ISBN: BOOK}
        self.answers: list[Answer] = []
        self.answers_at: dict[str, list[Answer]] = {}
        self.requested_ids: list[list[str]] = []
        self.paths: list[str] = []
        self.headers: list[Mapping[str, str]] = []
        self.stopped = Event()
        self.sent = 0

    @property
    def address(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def agents(self) -> list[str]:
        """The User-Agent of each request."""
        return [headers["User-Agent"] for headers in self.headers]

    def api(self, query: Mapping[str, Sequence[str]]) -> bytes:
        """Return what arXiv's API answers."""
        size = int(query["max_results"][0])
        if "id_list" in query:
            ids = query["id_list"][0].split(",")
            assert size >= len(ids)
            return api_feed(*(entry(self.papers[i]) for i in ids if i in self.papers))
        start = int(query["start"][0])
        page = self.found[start : start + size]
        return api_feed(*map(entry, page), total=len(self.found))


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Serve in the place of all services, with short intervals between requests."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(http, "RETRY_DELAY", 0.02)
    for module, name in (
        (arxiv_api, "API"), (arxiv_feed, "FEED"), (doi, "CROSSREF"), (doi, "DOI_ORG"),
        (open_library, "OPEN_LIBRARY"),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, getattr(module, name)._replace(interval=0.02))
    with Server() as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        for variable, path in (
            ("PAPERTUI_ARXIV", API), ("PAPERTUI_ARXIV_FEED", FEED), ("PAPERTUI_CROSSREF", CROSSREF),
            ("PAPERTUI_DOI", DOI), ("PAPERTUI_OPENLIBRARY", BOOKS),
        ):  # fmt: skip
            monkeypatch.setenv(variable, f"{server.address}{path}")
        yield server
        server.stopped.set()
        server.shutdown()


# ── ways to misbehave ───────────────────────────────────────────────────────


def status(code: int, **headers: str) -> Answer:
    """Answer with a status and a page that is no data."""
    return lambda handler: handler.send(b"<html>Sorry</html>", code, **headers)


def body(content: bytes, code: int = 200, **headers: str) -> Answer:
    """Answer with a body."""
    return lambda handler: handler.send(content, code, **headers)


def silence(handler: Handler) -> None:
    """Answer nothing for a long time."""
    handler.server.stopped.wait(20)


def drip(handler: Handler) -> None:
    """Begin an answer that never ends."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.stopped.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def drip_headers(handler: Handler) -> None:
    """Begin headers that never end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not handler.server.stopped.wait(0.05):
        handler.wfile.write(b"X-More: 1\r\n")
        handler.wfile.flush()


def cut_off(handler: Handler) -> None:
    """Break off in the middle of an answer."""
    whole = api_feed(entry(GATES))
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(whole)))
    handler.end_headers()
    handler.wfile.write(whole[: len(whole) // 2])
    handler.close_connection = True


def cut_off_packed(handler: Handler) -> None:
    """Send half of a packed answer as if it were all."""
    packed = gzip.compress(api_feed(entry(GATES)))
    handler.send(packed[: len(packed) // 2], Content_Encoding="gzip")


def endless(handler: Handler) -> None:
    """Send without end."""
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"<feed>" + b" " * 2**20)
        handler.server.sent += 2**20


def squeezed(handler: Handler) -> None:
    """Send a small body that unpacks to a large one."""
    handler.send(gzip.compress(b" " * 40_000_000), Content_Encoding="gzip")


def to_itself(handler: Handler) -> None:
    """Send the client to the same address again."""
    handler.send(b"", 302, Location=handler.path)


def elsewhere(handler: Handler) -> None:
    """Send the client to another host, which is the same server."""
    port = handler.server.server_address[1]
    handler.send(b"", 302, Location=f"http://localhost:{port}{handler.path}")


def to_a_file(handler: Handler) -> None:
    """Send the client to a file of its own machine."""
    handler.send(b"", 302, Location="file:///etc/passwd")


LAUGHS = b'<?xml version="1.0"?>\n<!DOCTYPE feed [<!ENTITY a0 "ha">' + b"".join(
    b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10) for n in range(1, 10)
)
BOMB = LAUGHS + b']>\n<feed xmlns="http://www.w3.org/2005/Atom"><title>&a9;</title></feed>'
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<feed xmlns="http://www.w3.org/2005/Atom"><title>&x;</title></feed>'
)
MISBEHAVIOUR: dict[str, tuple[list[Answer], str]] = {
    "silence": ([silence], "did not answer within"),
    "a drip": ([drip], "did not answer within"),
    "a drip of headers": ([drip_headers], "did not answer within"),
    "503 twice": ([status(503), status(503)], "busy (it answered 503)"),
    "429 twice": ([status(429), status(429)], "busy (it answered 429)"),
    "429 for an hour": ([status(429, Retry_After="3600")], "(it answered 429) and asks for 60"),
    "429 until a day": (
        [status(429, Retry_After="Fri, 01 Jan 2100 00:00:00 GMT")], "(it answered 429) and asks",
    ),
    "404": ([status(404)], "answered 404"),
    "cut off twice": ([cut_off, cut_off], "broke off"),
    "half of what was packed": ([cut_off_packed, cut_off_packed], "broke off"),
    "packed in no known way": ([body(b"<a/>", Content_Encoding="br")], "makes no sense"),
    "not packed as it says": ([body(b"<feed/>", Content_Encoding="gzip")], "makes no sense"),
    "no XML": ([body(b"<html><p>Rate exceeded.</html>")], "makes no sense"),
    "nothing": ([body(b"")], "makes no sense"),
    "half an answer": ([body(api_feed(entry(GATES))[:-20])], "makes no sense"),
    "an unknown encoding": ([body(b'<?xml version="1.0" encoding="x-no"?><feed/>')], "no sense"),
    "another XML": ([body(b"<html/>")], "makes no sense"),
    "an entity bomb": ([body(BOMB)], "makes no sense"),
    "an entity outside": ([body(OUTSIDE)], "makes no sense"),
    "a deep one": ([body(b"<a>" * 100_000)], "makes no sense"),
    "many elements": ([body(b"<feed>" + b"<a/>" * 200_000 + b"</feed>")], "makes no sense"),
    "100 MB": ([endless], "far more than was asked for"),
    "a gzip bomb": ([squeezed], "far more than was asked for"),
    "a circle": ([to_itself] * 10, "round in a circle"),
    "another host": ([elsewhere], "another address"),
    "a file": ([to_a_file], "another address"),
}  # fmt: skip


def misbehave(server: Server, how: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Queue answers that misbehave; return a part of the message for them."""
    answers, message = MISBEHAVIOUR[how]
    server.answers = list(answers)
    if "did not answer" in message:
        monkeypatch.setattr(http, "RESPONSE_TIMEOUT", 0.3)
    return message
