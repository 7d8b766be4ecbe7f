"""A work that is added in the app is looked up while the reader goes on."""

from collections.abc import Callable, Iterator
from threading import Event

import pytest
from textual.pilot import Pilot

from papertui.core import journal
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.support.screen import (
    SMALL,
    WIDE,
    look,
    press,
    type_in,
    wait_for,
    wait_for_workers,
    wait_until,
)
from tests.support.services import GATES, GOOD, ISBN, Handler, Server, serving

Make = Callable[[], PaperTui]


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Serve in the place of every service."""
    with serving(monkeypatch) as served:
        yield served


@pytest.mark.parametrize("size", [SMALL, WIDE])
@pytest.mark.parametrize(
    ("id_", "title", "author"),
    [
        (GOOD, "Sparse Gates for O(n) Attention", "Björn Beispiel"),
        ("10.1000/perceptrons", "The Perceptrons of Exempla at H₂O", "The Example Group"),
        ("https://journal.example/doi/10.1000/software.1/full", "An Example Program", "Ada"),
        (ISBN, "Use of Examples: a novel", "Ida M. Example"),
    ],
)
async def test_an_added_id_becomes_the_full_work(
    make: Make, server: Server, size: tuple[int, int], id_: str, title: str, author: str
) -> None:
    async with make().run_test(size=size) as pilot:
        await press(pilot, "plus")
        await type_in(pilot, id_)
        await press(pilot, "enter")
        await wait_for(pilot, f"Added: {title[:20]}")
        await wait_for(pilot, f"○ {title[:20]}")
        await press(pilot, "tab")
        await wait_for(pilot, author)


class SlowService:
    """A service that answers once it may, and then says so."""

    def __init__(self, server: Server, answer: Callable[[], bytes]) -> None:
        self._may_answer, self._sent = Event(), Event()
        self._answer = answer
        server.answers = [self._wait]

    def _wait(self, handler: Handler) -> None:
        self._may_answer.wait(20)
        handler.send(self._answer())
        self._sent.set()

    async def answer(self, app: PaperTui) -> None:
        """Answer, and wait until the app has taken it up."""
        self._may_answer.set()
        await wait_until(self._sent.is_set)
        await wait_for_workers(app)


async def add_and_go_on(pilot: Pilot[int], server: Server) -> None:
    await press(pilot, "plus")
    await type_in(pilot, GOOD)
    await press(pilot, "enter")
    await wait_for(pilot, "looking it up")
    await wait_until(lambda: bool(server.paths))


def found(server: Server) -> bytes:
    return server.api({"max_results": ["9"], "id_list": [GOOD]})


async def test_keys_go_on_while_a_service_is_slow(make: Make, server: Server, store: Store) -> None:
    service, app = SlowService(server, lambda: found(server)), make()
    async with app.run_test(size=WIDE) as pilot:
        await add_and_go_on(pilot, server)
        assert "Logged: first pass of" in await look(pilot, "1")
        await service.answer(app)
        await wait_for(pilot, "◔ Sparse Gates for O(n) Attention")
    work = store.names.resolve(GOOD)
    assert [reading.depth for reading in store.reading_log.work(work).readings] == [1]


async def test_a_newer_message_stays_when_a_service_answers_nonsense(
    make: Make, server: Server
) -> None:
    service, app = SlowService(server, lambda: b"no feed"), make()
    async with app.run_test(size=WIDE) as pilot:
        await add_and_go_on(pilot, server)
        await press(pilot, "1")
        await service.answer(app)
        assert "Logged: first pass of" in await look(pilot)


async def test_a_work_that_was_taken_back_stays_away(
    make: Make, server: Server, store: Store
) -> None:
    service, app = SlowService(server, lambda: found(server)), make()
    async with app.run_test(size=WIDE) as pilot:
        await add_and_go_on(pilot, server)
        assert "Undone: adding arXiv:2401.12345" in await look(pilot, "u")
        await service.answer(app)
        assert "Undone: adding" in await look(pilot)
    assert store.names.named(GOOD) == []


async def test_a_lookup_is_undone_before_the_adding(make: Make, server: Server) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "plus")
        await type_in(pilot, GOOD)
        await press(pilot, "enter")
        await wait_for(pilot, "takes what was looked up back")
        await press(pilot, "u")
        await wait_for(pilot, "○ arXiv:2401.12345")
        await press(pilot, "u")
        assert "Added by you" not in await look(pilot)


async def test_without_a_network_the_work_is_added_and_completed_with_the_next_one(
    make: Make, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        with monkeypatch.context() as gone:
            gone.setenv("PAPERTUI_ARXIV", "http://127.0.0.1:1")
            await press(pilot, "plus")
            await type_in(pilot, GOOD)
            await press(pilot, "enter")
            await wait_for(pilot, "arXiv cannot be reached. papertui asks again later · u takes")
            await press(pilot, "plus")
            await type_in(pilot, "10.1000/none")
            await press(pilot, "enter")
            await wait_for(pilot, "Not found at Crossref or doi.org. papertui asks again later")
            assert "arXiv cannot" not in await look(pilot)
        await press(pilot, "plus")
        await type_in(pilot, "10.1000/perceptrons")
        await press(pilot, "enter")
        await wait_for(pilot, "Added: The Perceptrons of Exempla")
        await wait_for(pilot, "○ Sparse Gates for O(n) Attention")


async def test_adding_a_work_again_looks_it_up_again(make: Make, server: Server) -> None:
    server.papers = {}
    async with make().run_test(size=WIDE) as pilot:
        for shown in ("Not found at arXiv", "○ Sparse Gates for O(n) Attention"):
            await press(pilot, "plus")
            await type_in(pilot, GOOD)
            await press(pilot, "enter")
            await wait_for(pilot, shown)
            server.papers = {GOOD: GATES}


@pytest.mark.parametrize(
    ("id_", "problem"),
    [
        ("2401.99999", "Not found at arXiv."),
        ("10.1000/none", "Not found at Crossref or doi.org."),
        ("9780000000026", "Not found at Open Library or Crossref."),
    ],
)
async def test_an_id_that_nobody_knows_is_added_and_said_to_be_unknown(
    make: Make, server: Server, id_: str, problem: str
) -> None:
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "plus")
        await type_in(pilot, id_)
        await press(pilot, "enter")
        await wait_for(pilot, problem)


async def test_an_unusable_mirror_is_said_in_one_line(
    make: Make, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERTUI_ARXIV", "ftp://mirror.example")
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "plus")
        await type_in(pilot, GOOD)
        await press(pilot, "enter")
        await wait_for(pilot, "is not an https address")


async def test_a_withdrawn_paper_is_said_to_be(make: Make, server: Server) -> None:
    server.papers[GOOD] = GATES._replace(comment="Withdrawn: lemma 2 is wrong")
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "plus")
        await type_in(pilot, GOOD)
        await press(pilot, "enter")
        await wait_for(pilot, "· withdrawn")
        await wait_for(pilot, "Withdrawn: lemma 2 is wrong")


async def test_formulas_are_read_in_the_pane_and_written_in_the_editor(
    make: Make, server: Server
) -> None:
    server.papers[GOOD] = GATES._replace(abstract=r"At $T \leq 10^{-3}$ K, by Schr\"odinger.")
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "plus")
        await type_in(pilot, GOOD)
        await press(pilot, "enter")
        await wait_for(pilot, "At T ≤ 10⁻³ K, by Schrödinger.")
        await press(pilot, "n")
        await type_in(pilot, "So $x^2$.")
        await press(pilot, "ctrl+s", "escape")
        await wait_for(pilot, "So x².")
        await press(pilot, "N")
        await wait_for(pilot, "So $x^2$.")


async def test_the_page_of_a_work_with_a_doi_alone_links_to_it(make: Make, store: Store) -> None:
    fields = {"title": "Mine", "kind": "paper", "doi": "10.1000/a.b"}
    store.record(journal.add_work("mine", fields))
    async with make().run_test(size=WIDE) as pilot:
        assert "DOI https://doi.org/10.1000/a.b" in await look(pilot, "G", "l", "G")


async def test_a_title_that_is_typed_with_the_id_of_a_work_without_one_is_its_title(
    make: Make, store: Store
) -> None:
    store.record(
        journal.add_work(
            "mine", {"title": "doi:10.1000/a.b", "kind": "paper", "doi": "10.1000/a.b"}
        )
    )
    async with make().run_test(size=WIDE) as pilot:
        await press(pilot, "plus")
        await type_in(pilot, "Gates 10.1000/a.b")
        await press(pilot, "enter")
        await wait_for_workers(pilot.app)
    assert store.works.title("mine") == "Gates"
