"""arXiv metadata from a real HTTP server that answers as arXiv does, or misbehaves."""

import json
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

import pytest
from click.testing import CliRunner, Result

from papertui.cli.main import papertui
from papertui.core.catalog import work_faults
from papertui.errors import PapertuiError, Refused
from papertui.sources import arxiv
from papertui.sources.arxiv import ArxivError, metadata
from papertui.storage.store import Store

KNOWN = {
    "2401.12345": ("Sparse Gates\n  for $O(n)$ Attention", ["Ada Example", "Björn Beispiel"], 2024),
    "2402.00001": ("A Second Paper", [f"Author {letter}" for letter in "ABCDEFGHIJ"], 2024),
    "hep-th/9901001": ("Strings & <Branes>", ["C. Old"], 1999),
}
GOOD, OTHER, UNKNOWN = "2401.12345", "2402.00001", "2401.99999"
Answer = Callable[["Handler"], None]


def entry(key: str, title: str, authors: Sequence[str], year: int, extra: str = "") -> str:
    names = "".join(f"<author><name>{escape(name)}</name></author>" for name in authors)
    return f"""
  <entry>
    <id>http://arxiv.org/abs/{key}v3</id>
    <updated>2025-03-01T12:00:00Z</updated>
    <published>{year}-01-22T18:59:59Z</published>
    <title>{escape(title)}</title>
    <summary>  We gate, sparsely,
and find that it is enough.
</summary>
    {names}
    <arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">9 pages</arxiv:comment>
    {extra}
    <link href="http://arxiv.org/abs/{key}v3" rel="alternate" type="text/html"/>
    <link title="pdf" href="http://arxiv.org/pdf/{key}v3" rel="related" type="application/pdf"/>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
  </entry>"""


DOI = '<arxiv:doi xmlns:arxiv="http://arxiv.org/schemas/atom">10.1000/gates</arxiv:doi>'


def feed(*entries: str) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
  <link href="http://arxiv.org/api/query?id_list=x" rel="self" type="application/atom+xml"/>
  <title type="html">ArXiv Query: id_list=x</title>
  <id>http://arxiv.org/api/cHxbiOdZaP56ODnBPIenZhzg5f8</id>
  <updated>2025-03-01T00:00:00-05:00</updated>
  <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"
    >{len(entries)}</opensearch:totalResults>{"".join(entries)}
</feed>""".encode()


def error_feed(message: str) -> bytes:
    return feed(f"""
  <entry>
    <id>http://arxiv.org/api/errors#{message.replace(" ", "_")}</id>
    <title>Error</title>
    <summary>{message}</summary>
    <updated>2025-03-01T00:00:00-05:00</updated>
    <author><name>arXiv api core</name></author>
  </entry>""")


class Handler(BaseHTTPRequestHandler):
    server: "Server"

    def do_GET(self) -> None:
        self.server.agents.append(self.headers["User-Agent"])
        query = parse_qs(urlsplit(self.path).query)
        ids = query.get("id_list", [""])[0].split(",")
        self.server.requested_ids.append(ids)
        assert int(query["max_results"][0]) >= len(ids)
        if self.server.answers:
            try:
                self.server.answers.pop(0)(self)
            except OSError:
                self.close_connection = True
            return
        extra = {GOOD: DOI}
        self.send(feed(*(entry(i, *KNOWN[i], extra.get(i, "")) for i in ids if i in KNOWN)))

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/atom+xml; charset=UTF-8")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: list[Answer] = []
        self.requested_ids: list[list[str]] = []
        self.agents: list[str] = []
        self.stopped = Event()
        self.sent = 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/api/query"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Serve in the place of arXiv, with a short interval between requests."""
    monkeypatch.setattr(arxiv, "REQUEST_INTERVAL", 0.02)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with Server() as served:
        Thread(target=served.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        monkeypatch.setenv("PAPERTUI_ARXIV", served.address)
        yield served
        served.stopped.set()
        served.shutdown()


# ── ways to misbehave ───────────────────────────────────────────────────────


def status(code: int, **headers: str) -> Answer:
    return lambda handler: handler.send(b"<html>Sorry</html>", code, **headers)


def body(content: bytes, code: int = 200) -> Answer:
    return lambda handler: handler.send(content, code)


def silence(handler: Handler) -> None:
    handler.server.stopped.wait(20)


def drip(handler: Handler) -> None:
    """Begin an answer that never ends."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.stopped.wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def drip_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not handler.server.stopped.wait(0.05):
        handler.wfile.write(b"X-More: 1\r\n")
        handler.wfile.flush()


def cut_off(handler: Handler) -> None:
    whole = feed(entry(GOOD, *KNOWN[GOOD]))
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(whole)))
    handler.end_headers()
    handler.wfile.write(whole[: len(whole) // 2])
    handler.close_connection = True


def endless(handler: Handler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        handler.wfile.write(b"<feed>" + b" " * 2**20)
        handler.server.sent += 2**20


def squeezed(handler: Handler) -> None:
    """Send a small body that decompresses to a large one."""
    import gzip

    handler.send(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip")


def to_itself(handler: Handler) -> None:
    handler.send(b"", 302, Location=handler.path)


def elsewhere(handler: Handler) -> None:
    port = handler.server.server_address[1]
    handler.send(b"", 302, Location=f"http://localhost:{port}{handler.path}")


def to_a_file(handler: Handler) -> None:
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
    "429 for an hour": ([status(429, Retry_After="3600")], "busy (it answered 429)"),
    "404": ([status(404)], "answered 404"),
    "cut off twice": ([cut_off, cut_off], "broke off"),
    "no XML": ([body(b"<html><p>Rate exceeded.</html>")], "makes no sense"),
    "nothing": ([body(b"")], "makes no sense"),
    "half an answer": ([body(feed(entry(GOOD, *KNOWN[GOOD]))[:-20])], "makes no sense"),
    "an unknown encoding": ([body(b'<?xml version="1.0" encoding="x-no"?><feed/>')], "no sense"),
    "another XML": ([body(b"<rss/>")], "makes no sense"),
    "an entity bomb": ([body(BOMB)], "makes no sense"),
    "an entity outside": ([body(OUTSIDE)], "makes no sense"),
    "100 MB": ([endless], "far more than was asked for"),
    "a gzip bomb": ([squeezed], "makes no sense"),
    "a circle": ([to_itself] * 10, "round in a circle"),
    "another host": ([elsewhere], "another address"),
    "a file": ([to_a_file], "another address"),
    "an error of no id": ([body(error_feed("id_list is too long"), 400)], "id_list is too long"),
}


def misbehave(server: Server, how: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Queue answers that misbehave; return a part of the message for them."""
    answers, message = MISBEHAVIOUR[how]
    server.answers = list(answers)
    if "did not answer" in message:
        monkeypatch.setattr(arxiv, "RESPONSE_TIMEOUT", 0.3)
    return message


# ── metadata ────────────────────────────────────────────────────────────────


def test_a_paper_has_title_authors_year_doi_and_abstract(server: Server) -> None:
    assert metadata([GOOD]) == {
        GOOD: {
            "title": "Sparse Gates for $O(n)$ Attention",
            "kind": "paper",
            "arxiv": GOOD,
            "authors": ["Ada Example", "Björn Beispiel"],
            "year": 2024,
            "doi": "10.1000/gates",
            "summary": "We gate, sparsely, and find that it is enough.",
        }
    }
    assert server.agents[0].startswith("papertui/")


def test_eight_authors_are_named_and_the_others_noted(server: Server) -> None:
    fields = metadata([OTHER])[OTHER]
    assert (len(fields["authors"]), fields["more_authors"]) == (8, True)


def test_several_ids_old_and_new_share_one_request(server: Server) -> None:
    fields_by_id = metadata([OTHER, GOOD, "hep-th/9901001", UNKNOWN])
    assert set(fields_by_id) == {GOOD, OTHER, "hep-th/9901001"}
    assert fields_by_id["hep-th/9901001"]["title"] == "Strings & <Branes>"
    assert len(server.requested_ids) == 1


def test_many_ids_need_few_requests(server: Server) -> None:
    ids = [f"2301.{number:05}" for number in range(120)] + [GOOD]
    assert set(metadata(ids)) == {GOOD}
    assert [len(ids) for ids in server.requested_ids] == [50, 50, 21]


def test_fields_received_before_a_failure_are_kept(server: Server) -> None:
    server.answers = [body(feed(entry(GOOD, *KNOWN[GOOD]))), status(404)]
    ids = [GOOD, *(f"2301.{number:05}" for number in range(60))]
    with pytest.raises(ArxivError) as failure:
        metadata(ids)
    assert set(failure.value.received) == {GOOD}


@pytest.mark.parametrize("first", [status(503), status(429, Retry_After="0"), cut_off])
def test_a_busy_arxiv_is_asked_once_more(server: Server, first: Answer) -> None:
    server.answers = [first]
    assert set(metadata([GOOD])) == {GOOD}
    assert len(server.requested_ids) == 2


def test_an_id_that_arxiv_refuses_spoils_no_other(server: Server) -> None:
    server.answers = [body(error_feed("incorrect id format for no-such/9901001"), 400)]
    assert set(metadata([GOOD, "no-such/9901001", OTHER])) == {GOOD, OTHER}
    assert server.requested_ids[1] == [GOOD, OTHER]


def test_an_id_that_is_refused_by_itself_is_unknown(server: Server) -> None:
    server.answers = [body(error_feed("incorrect id format for no-such/9901001"), 400)]
    assert metadata(["no-such/9901001"]) == {}


def test_a_redirect_on_the_same_host_is_followed(server: Server) -> None:
    server.answers = [to_itself]
    assert set(metadata([GOOD])) == {GOOD}


@pytest.mark.parametrize(
    "odd",
    [
        entry(OTHER, *KNOWN[OTHER]),
        entry("9999.99999", "No id", ["A"], 2024),
        entry(GOOD, "", ["A"], 2024),
        entry(GOOD, "No authors", [], 2024),
        entry(GOOD, "T" * 5000, ["A"], 2024),
        entry(GOOD, "No such year", ["A"], 9999),
        f"<entry><id>http://arxiv.org/abs/{GOOD}v1</id></entry>",
        "<entry/>",
    ],
    ids=["wrong id", "no id", "no title", "no authors", "long title", "year", "bare", "empty"],
)
def test_an_invalid_entry_is_ignored(server: Server, odd: str) -> None:
    server.answers = [body(feed(odd))]
    assert metadata([GOOD]) == {}


def test_nothing_in_an_answer_steers_a_terminal(server: Server) -> None:
    server.answers = [body(feed(entry(GOOD, "a\u009b31m \u202eb [red]c[/]", ["\u009d0;x"], 2024)))]
    fields = metadata([GOOD])[GOOD]
    assert fields["title"] == "a\ufffd31m \ufffdb [red]c[/]"
    assert fields["authors"] == ["\ufffd0;x"]
    assert not list(work_faults(fields))


@pytest.mark.parametrize("how", MISBEHAVIOUR)
def test_misbehaviour_gives_a_message_of_one_line_in_bounded_time(
    server: Server, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = misbehave(server, how, monkeypatch)
    with pytest.raises(ArxivError) as failure:
        metadata([GOOD])
    assert message in str(failure.value)
    assert "\n" not in str(failure.value)
    assert len(server.requested_ids) <= 1 + arxiv.MAX_REDIRECTS
    assert server.sent < 50 * 2**20


def test_a_refused_connection_gives_a_message_of_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        with pytest.raises(ArxivError, match="cannot be reached"):
            metadata([GOOD], f"http://127.0.0.1:{free.getsockname()[1]}")


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "nonsense://x"])
def test_an_unusable_proxy_gives_a_message_of_one_line(
    server: Server, monkeypatch: pytest.MonkeyPatch, proxy: str
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(ArxivError, match="proxy"):
        metadata([GOOD])


@pytest.mark.parametrize(
    "base", ["http://export.arxiv.org/api/query", "file:///etc/passwd", "arxiv.org", "http://["]
)
def test_arxiv_is_only_asked_over_https(base: str) -> None:
    with pytest.raises(Refused, match="not an https address"):
        metadata([GOOD], base)


# ── papertui add ────────────────────────────────────────────────────────────


def run(*arguments: str) -> Result:
    return CliRunner().invoke(papertui, list(arguments))


def added(*arguments: str) -> tuple[list[str], str]:
    """Add works; return the citekeys and the messages."""
    result = run("add", *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout.split(), result.stderr


def shown(name: str) -> Any:
    result = run("show", name, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, PapertuiError), result.output
    return str(result.exception)


def test_a_work_is_added_with_its_metadata(server: Server) -> None:
    (citekey,), output = added(f"https://arxiv.org/pdf/{GOOD}v2")
    assert output == "Added: Sparse Gates for $O(n)$ Attention\n"
    work = shown("sparse gates")
    assert work["work"] == citekey
    assert work["places"] == [["Added by you"]]
    assert work["summary"].startswith("We gate")


def test_one_undo_takes_back_everything_that_a_command_added(
    server: Server, database: Path
) -> None:
    assert len(added(GOOD, OTHER, "A title of my own")[0]) == 3
    assert len(server.requested_ids) == 1
    assert run("undo").stderr == "Undone: adding 3 works.\n"
    with Store(database) as store:
        assert store.works.named(GOOD) == store.works.named(OTHER) == []
    assert run("redo").stderr == "Done again: adding 3 works.\n"
    assert shown(OTHER)["title"] == "A Second Paper"


def test_a_known_work_is_named_without_a_request(server: Server, database: Path) -> None:
    keys, output = added("1706.03762", "arxiv.org/abs/1706.03762v5", "10.1038/323533A0")
    assert keys == ["vaswani2017attention", "rumelhart1986learning"]
    assert output.count("Known already: Attention Is All You Need") == 1
    assert server.requested_ids == []
    with Store(database) as store:
        assert store.events() == []


def test_a_work_known_by_title_is_recognised_by_its_metadata(server: Server) -> None:
    first, _ = added("a second paper")
    again, output = added(OTHER)
    assert again == first
    assert output == "Known already: a second paper\n"


def test_a_book_of_the_same_title_is_another_work(server: Server) -> None:
    server.answers = [body(feed(entry("1807.07987", "Deep Learning", ["Ada Example"], 2018)))]
    (citekey,), output = added("1807.07987")
    assert output == "Added: Deep Learning\n"
    assert citekey != "goodfellow2016deep"


def test_the_readers_own_title_stays_as_an_alias(server: Server) -> None:
    added(f"The gates paper {GOOD}")
    work = shown("the gates paper")
    assert work["title"] == "Sparse Gates for $O(n)$ Attention"
    assert work["aliases"] == ["The gates paper"]


def test_an_id_that_contradicts_the_title_is_kept_apart_without_a_request(server: Server) -> None:
    (citekey,), output = added("A rival title 1706.03762")
    assert output == "Added apart: its arXiv id is that of Attention Is All You Need\n"
    assert shown(citekey)["title"] == "A rival title"
    assert run("add", "--refresh").exit_code == 0
    assert server.requested_ids == []


@pytest.mark.parametrize("how", MISBEHAVIOUR)
def test_the_work_is_added_even_if_the_request_fails(
    server: Server, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = misbehave(server, how, monkeypatch)
    (citekey,), output = added(GOOD)
    assert output.splitlines()[0] == f"Added: arXiv:{GOOD}"
    assert message in output.splitlines()[1]
    assert output.endswith(f"Still to be completed by papertui add --refresh: {GOOD}.\n")
    monkeypatch.setattr(arxiv, "RESPONSE_TIMEOUT", 30.0)
    server.answers = []
    assert added("--refresh") == ([citekey], "Completed: Sparse Gates for $O(n)$ Attention\n")


def test_an_id_that_arxiv_does_not_know_is_added_and_reported(server: Server) -> None:
    _, output = added(UNKNOWN, GOOD)
    assert output.splitlines() == [
        f"Added: arXiv:{UNKNOWN}",
        "Added: Sparse Gates for $O(n)$ Attention",
        f"Not found at arXiv. Still to be completed by papertui add --refresh: {UNKNOWN}.",
    ]


def test_offline_sends_no_request(server: Server) -> None:
    _, output = added("--offline", GOOD)
    assert "Still to be completed by papertui add --refresh" in output
    assert server.requested_ids == []


def test_a_refresh_completes_every_work_and_renames_none(server: Server) -> None:
    keys, _ = added("--offline", GOOD, OTHER, UNKNOWN)
    run("log", GOOD, "--pass", "2")
    completed, output = added("--refresh")
    assert completed == keys[:2]
    assert output.endswith(f"Still to be completed by papertui add --refresh: {UNKNOWN}.\n")
    assert server.requested_ids == [[GOOD, OTHER, UNKNOWN]]
    work = shown(keys[0])
    assert (work["title"], work["status"]) == ("Sparse Gates for $O(n)$ Attention", "read")


def test_a_refresh_is_undone_by_itself(server: Server) -> None:
    added("--offline", GOOD)
    added("--refresh")
    assert run("undo").stderr == "Undone: completing Sparse Gates for $O(n)$ Attention.\n"
    assert shown(GOOD)["title"] == f"arXiv:{GOOD}"
    run("redo")
    assert shown(GOOD)["title"] == "Sparse Gates for $O(n)$ Attention"


def test_a_failed_refresh_is_reported_and_changes_nothing(server: Server, database: Path) -> None:
    added("--offline", GOOD)
    server.answers = [status(404)]
    message = refused("add", "--refresh")
    assert message.startswith("arXiv answered 404. Still to be completed")
    with Store(database) as store:
        assert len(store.events()) == 1


def test_a_refresh_with_nothing_to_complete_sends_no_request(server: Server) -> None:
    assert added("--refresh") == ([], "There is nothing to complete.\n")
    assert server.requested_ids == []


def test_successive_commands_keep_the_request_interval(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    monkeypatch.setattr(arxiv, "REQUEST_INTERVAL", 1000.0)
    added(GOOD)
    assert waited == []
    added(OTHER)
    assert 0 < waited[0] <= 1000


@pytest.mark.parametrize(
    "arguments",
    [[], ["--refresh", "--offline"], ["Attention", "Is", "All"], [GOOD, "Attention"]],
)
def test_a_misused_add_changes_nothing(
    server: Server, arguments: list[str], database: Path
) -> None:
    assert run("add", *arguments).exit_code == 2
    assert not database.exists()


def test_one_odd_argument_stops_the_whole_command(server: Server, database: Path) -> None:
    assert "neither an arXiv id" in refused("add", GOOD, "javascript:alert(1)")
    assert not database.exists()


def test_an_invalid_mirror_address_stops_the_command(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERTUI_ARXIV", "http://mirror.example/api")
    assert "PAPERTUI_ARXIV" in refused("add", GOOD)
    with Store(database) as store:
        assert store.events() == []


@pytest.mark.parametrize(
    "address",
    [
        "https://localhost:99999",
        "http://127.0.0.1:70000/api",
        "https://localhost:0",
        "https://a:-1",
    ],
)
def test_an_address_with_an_impossible_port_is_refused(address: str) -> None:
    with pytest.raises(Refused, match="is not an https address"):
        metadata([GOOD], address)


def test_a_proxy_with_an_impossible_port_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://localhost:99999")
    with pytest.raises(ArxivError, match="cannot be reached"):
        metadata([GOOD], "https://localhost:1")
