"""Requests to a real HTTP server that misbehaves; what is kept, and how long is waited."""

import socket
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from threading import Thread

import pytest

from papertui.errors import Refused
from papertui.sources import arxiv_api, arxiv_feed, cache, pause
from papertui.sources.arxiv_api import papers_by_id
from papertui.sources.cache import Answer, Cache
from papertui.sources.doi import work_by_doi
from papertui.sources.http import MAX_REDIRECTS, HttpClient
from papertui.sources.pause import Pause
from papertui.sources.service import Request, Service, SourceError, Unreachable
from papertui.system import clock
from tests.support import services
from tests.support.services import GOOD, MISBEHAVIOUR, Server, body, cut_off, misbehave, status

PERCEPTRONS = "10.1000/perceptrons"


@pytest.mark.parametrize("how", MISBEHAVIOUR)
def test_misbehaviour_gives_a_message_of_one_line_in_bounded_time(
    server: Server, how: str, monkeypatch: pytest.MonkeyPatch, http: HttpClient
) -> None:
    message = misbehave(server, how, monkeypatch)
    with pytest.raises(SourceError) as failure:
        papers_by_id([GOOD], http)
    assert message in str(failure.value)
    assert "\n" not in str(failure.value)
    assert len(server.requested_ids) <= 1 + MAX_REDIRECTS
    assert server.sent < 100 * 2**20


@pytest.mark.parametrize(
    "first",
    [
        status(503),
        status(429),
        status(429, Retry_After="0"),
        status(429, Retry_After="Fri, 01 Jan 1999 00:00:00 GMT"),
        status(503, Retry_After="soon"),
        cut_off,
    ],
)
def test_a_busy_service_is_asked_once_more(
    server: Server, first: services.Answer, http: HttpClient
) -> None:
    server.answers = [first]
    assert set(papers_by_id([GOOD], http)) == {GOOD}
    assert len(server.requested_ids) == 2


def test_a_service_is_asked_again_after_the_seconds_that_it_names(
    server: Server, http: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    server.answers = [status(429, Retry_After="7")]
    papers_by_id([GOOD], http)
    assert 7 in waited


def test_a_redirect_on_the_same_host_is_followed(server: Server, http: HttpClient) -> None:
    server.answers = [services.to_itself]
    assert set(papers_by_id([GOOD], http)) == {GOOD}


def test_a_refused_connection_gives_a_message_of_one_line(
    monkeypatch: pytest.MonkeyPatch, http: HttpClient
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PAPERTUI_ARXIV", f"http://127.0.0.1:{free.getsockname()[1]}")
        with pytest.raises(Unreachable, match="cannot be reached"):
            papers_by_id([GOOD], http)


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "nonsense://x"])
def test_an_unusable_proxy_gives_a_message_of_one_line(
    server: Server, monkeypatch: pytest.MonkeyPatch, proxy: str, http: HttpClient
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy)
    with pytest.raises(SourceError, match="proxy"):
        papers_by_id([GOOD], http)


def test_a_proxy_with_an_impossible_port_is_reported(
    monkeypatch: pytest.MonkeyPatch, http: HttpClient
) -> None:
    monkeypatch.setenv("PAPERTUI_ARXIV", "https://localhost:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://localhost:99999")
    with pytest.raises(SourceError, match="cannot be reached"):
        papers_by_id([GOOD], http)


@pytest.mark.parametrize(
    "address",
    [
        "http://export.arxiv.org/api/query",
        "file:///etc/passwd",
        "arxiv.org",
        "http://[",
        "https://localhost:99999",
        "http://127.0.0.1:70000/api",
        "https://localhost:0",
        "https://a:-1",
    ],
)
def test_a_service_is_only_asked_over_https(
    address: str, monkeypatch: pytest.MonkeyPatch, http: HttpClient
) -> None:
    monkeypatch.setenv("PAPERTUI_ARXIV", address)
    with pytest.raises(Refused, match=r"PAPERTUI_ARXIV: .* is not an https address"):
        papers_by_id([GOOD], http)


def test_a_mail_address_is_sent_only_if_the_reader_gave_one(
    server: Server, tmp_path: Path, http: HttpClient
) -> None:
    papers_by_id([GOOD], http)
    papers_by_id([GOOD], HttpClient(tmp_path, clock.now, "ada@example.org"))
    assert server.agents[0].startswith("papertui/")
    assert "@" not in server.agents[0]
    assert server.agents[1].endswith("(mailto:ada@example.org)")


# ── answers that are kept ───────────────────────────────────────────────────


class Moments:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def test_an_answer_is_asked_for_once_a_day(server: Server, tmp_path: Path) -> None:
    moments = Moments()
    for hours in (0, 20, 30):
        moments.now += timedelta(hours=hours)
        assert work_by_doi(PERCEPTRONS, HttpClient(tmp_path, moments))
    assert len(server.paths) == 2


def test_an_answer_is_not_kept_longer_because_the_clock_was_set_back(
    server: Server, tmp_path: Path
) -> None:
    moments = Moments()
    work_by_doi(PERCEPTRONS, HttpClient(tmp_path, moments))
    moments.now -= timedelta(days=400)
    work_by_doi(PERCEPTRONS, HttpClient(tmp_path, moments))
    assert len(server.paths) == 2


def get(http: HttpClient, **changes: object) -> str:
    service = arxiv_feed.FEED._replace(interval=0)
    return http.get(service, Request("/cs.LG", **changes), lambda answer: answer.body.decode())  # type: ignore[arg-type]


def test_an_old_answer_is_used_again_if_it_has_not_changed(server: Server, tmp_path: Path) -> None:
    moments = Moments()
    http = HttpClient(tmp_path, moments)
    server.answers = [
        body(b"one", ETag='"1"', Cache_Control="max-age=60"),
        body(b"two", ETag='"1"', Cache_Control="max-age=60"),
    ]
    assert get(http) == get(http) == "one"
    moments.now += timedelta(minutes=2)
    assert get(http) == get(http) == "one"
    assert [headers.get("If-None-Match") for headers in server.headers] == [None, '"1"']


@pytest.mark.parametrize("control", ["no-store", "no-cache", "max-age=0", "private, Max-Age=0"])
def test_an_answer_is_not_kept_longer_than_the_service_says(
    server: Server, http: HttpClient, control: str
) -> None:
    server.answers = [body(b"one", Cache_Control=control), body(b"two", Cache_Control=control)]
    assert (get(http), get(http)) == ("one", "two")


def test_an_answer_that_makes_no_sense_is_not_kept(server: Server, http: HttpClient) -> None:
    server.answers = [body(b"{", Cache_Control="max-age=9999")]
    with pytest.raises(SourceError):
        work_by_doi(PERCEPTRONS, http)
    assert work_by_doi(PERCEPTRONS, http)


@pytest.mark.parametrize("damage", [b"", b"{", b"[]\n", b'{"key": 1}\n', b"\xff\n", b"[" * 99999])
def test_a_damaged_cache_is_as_good_as_none(
    server: Server, http: HttpClient, tmp_path: Path, damage: bytes
) -> None:
    work_by_doi(PERCEPTRONS, http)
    (kept,) = (tmp_path / "cache" / "answers").iterdir()
    kept.write_bytes(damage)
    assert work_by_doi(PERCEPTRONS, http)
    assert len(server.paths) == 2


def test_only_the_reader_can_read_what_is_kept(
    server: Server, http: HttpClient, tmp_path: Path
) -> None:
    work_by_doi(PERCEPTRONS, http)
    papers_by_id([GOOD], http)
    folders = [path for path in (tmp_path / "cache").rglob("*") if path.is_dir()]
    files = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert folders
    assert len(files) >= 3
    assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_a_folder_that_cannot_be_written_keeps_nothing(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    http = HttpClient(tmp_path / "file", clock.now)
    assert work_by_doi(PERCEPTRONS, http)
    assert set(papers_by_id([GOOD], http)) == {GOOD}


@pytest.mark.parametrize(("answers", "size"), [(3, 10**6), (100, 1000)])
def test_the_oldest_answers_give_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: int, size: int
) -> None:
    monkeypatch.setattr(cache, "MAX_ANSWERS", answers)
    monkeypatch.setattr(cache, "MAX_CACHE_BYTES", size)
    kept = Cache(tmp_path)
    for number in range(10):
        kept.write(str(number), Answer(200, b"x" * 200, until=datetime(2026, 1, 1, tzinfo=UTC)))
    assert kept.read("9")
    assert not kept.read("0")
    assert len(list(tmp_path.iterdir())) <= 3


# ── the pause between requests ──────────────────────────────────────────────


SLOW = Service("A service", "PAPERTUI_ARXIV", "https://example.org", (), "slow", 0.3)


def test_all_services_of_arxiv_share_a_pause(
    server: Server, http: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    for module, name in ((arxiv_api, "API"), (arxiv_feed, "FEED")):
        monkeypatch.setattr(module, name, getattr(module, name)._replace(interval=1000.0))
    papers_by_id([GOOD], http)
    assert waited == []
    arxiv_feed.fetch_announced(["cs.LG"], None, http)
    assert 0 < waited[0] <= 1000


def test_two_processes_do_not_ask_at_the_same_time(tmp_path: Path) -> None:
    context = get_context("spawn")
    queue = context.Queue()
    workers = [context.Process(target=_ask_twice, args=(tmp_path / "p", queue)) for _ in range(2)]
    for worker in workers:
        worker.start()
    spans = sorted(queue.get(timeout=60) for _ in range(4))
    for worker in workers:
        worker.join()
    assert all((later[0] - earlier[1]).total_seconds() > 0.25 for earlier, later in pairwise(spans))


def _ask_twice(path: Path, queue: "object") -> None:
    for _ in range(2):
        with Pause(path, SLOW, clock.now):
            began = clock.now()
            time.sleep(0.05)
            queue.put((began, clock.now()))  # type: ignore[attr-defined]


@pytest.mark.parametrize("ahead", [-0.001, 0.0, 0.001])
def test_two_clocks_that_differ_a_little_shorten_no_pause(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ahead: float
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    moments = Moments()
    with Pause(tmp_path / "p", SLOW, moments):
        pass
    moments.now += timedelta(seconds=ahead)
    with Pause(tmp_path / "p", SLOW, moments):
        assert waited == [pytest.approx(0.3, abs=0.0011)]


def test_a_papertui_that_asks_for_too_long_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pause, "LOCK_TIMEOUT", 0.1)
    failures: list[SourceError] = []

    def ask() -> None:
        try:
            with Pause(tmp_path / "p", SLOW, clock.now):
                raise AssertionError
        except SourceError as error:
            failures.append(error)

    with Pause(tmp_path / "p", SLOW, clock.now):
        other = Thread(target=ask)
        other.start()
        other.join()
    assert "Another papertui is asking A service" in str(failures[0])


@pytest.mark.parametrize("text", ["", "soon", "nan", "9999999999999"])
def test_a_time_that_makes_no_sense_makes_nobody_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(time, "sleep", waited.append)
    (tmp_path / "p").write_text(text, encoding="utf-8")
    with Pause(tmp_path / "p", SLOW, clock.now):
        assert waited == []
