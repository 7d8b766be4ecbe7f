"""papertui add against a real HTTP server that answers as the services do, or misbehaves."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from papertui.cli.main import papertui
from papertui.errors import PapertuiError
from papertui.sources import arxiv_api, http
from papertui.storage.store import Store
from tests.support.services import (
    GATES,
    GOOD,
    ISBN,
    MISBEHAVIOUR,
    OTHER,
    UNKNOWN,
    Paper,
    Server,
    api_feed,
    body,
    entry,
    misbehave,
    status,
)  # fmt: skip

SHOWN = "Sparse Gates for O(n) Attention"


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
    assert output == "Added: Sparse Gates for O(n) Attention\n"
    work = shown("sparse gates")
    assert work["work"] == citekey
    assert work["places"] == [["Added by you"]]
    assert work["summary"].startswith("We gate")
    assert (work["doi"], work["venue"]) == ("10.1000/gates", "Journal of Gates")


def test_one_undo_takes_back_everything_that_a_command_added(
    server: Server, database: Path
) -> None:
    assert len(added(GOOD, OTHER, "A title of my own")[0]) == 3
    assert len(server.requested_ids) == 1
    assert run("undo").stderr == "Undone: adding 3 works.\n"
    with Store(database) as store:
        assert store.names.named(GOOD) == store.names.named(OTHER) == []
    assert run("redo").stderr == "Done again: adding 3 works.\n"
    assert shown(OTHER)["title"] == "A Second Paper"


PERCEPTRONS = "The Perceptrons of Exempla at H₂O"


@pytest.mark.parametrize(
    ("id_", "title"),
    [
        ("10.1000/perceptrons", PERCEPTRONS),
        ("https://doi.org/10.1000/perceptrons", PERCEPTRONS),
        ("https://journal.example/doi/full/10.1000/perceptrons?download=1", PERCEPTRONS),
        ("https://journal.example/article?id=10.1000%2Fperceptrons", PERCEPTRONS),
        ("10.1000/software.1", "An Example Program"),
        ("https://huggingface.co/papers/2401.12345", "Sparse Gates for O(n) Attention"),
        ("https://www.alphaxiv.org/abs/2401.12345v2", "Sparse Gates for O(n) Attention"),
        (ISBN, "Use of Examples: a novel"),
        ("ISBN 978-0-00-000001-9", "Use of Examples: a novel"),
        ("0-00-000001-9", "Use of Examples: a novel"),
        (f"https://openlibrary.org/isbn/{ISBN}", "Use of Examples: a novel"),
    ],
)
def test_an_id_gives_the_full_work(server: Server, id_: str, title: str) -> None:
    (citekey,), output = added(id_)
    assert output == f"Added: {title}\n"
    work = shown(citekey)
    assert work["title"] == title
    assert work["authors"]
    assert work["year"]
    assert added(id_) == ([citekey], f"Known already: {title}\n")


def test_a_work_without_a_title_takes_the_one_that_is_typed_with_its_id(server: Server) -> None:
    (citekey,), _ = added("10.1000/none", "--offline")
    assert shown(citekey)["title"] == "doi:10.1000/none"
    for said in ("Known already, with your title now: Gates", "Known already: Gates\n"):
        assert said in added("Gates 10.1000/none", "--offline")[1]
        assert shown(citekey)["title"] == "Gates"


def test_a_work_of_papertuis_own_is_known_by_its_doi(server: Server) -> None:
    assert added("10.1038/323533a0")[0] == ["rumelhart1986learning"]
    assert shown("rumelhart1986learning")["authors"]


@pytest.mark.parametrize("id_", [GOOD, "10.1000/perceptrons", ISBN])
def test_without_a_network_a_work_is_added_and_completed_with_the_next_one(
    server: Server, monkeypatch: pytest.MonkeyPatch, id_: str
) -> None:
    with monkeypatch.context() as gone:
        for service in ("ARXIV", "CROSSREF", "DOI", "OPENLIBRARY"):
            gone.setenv(f"PAPERTUI_{service}", "http://127.0.0.1:1")
        (citekey,), output = added(id_)
    assert "cannot be reached. Still to be completed by papertui add --refresh" in output
    keys, output = added(OTHER)
    assert citekey not in keys
    assert "Added: A Second Paper\nCompleted: " in output
    assert shown(citekey)["authors"]


def test_an_undo_takes_back_the_added_work_and_not_those_completed_along(server: Server) -> None:
    added(GOOD, "--offline")
    added(OTHER)
    assert run("undo").stderr == "Undone: adding A Second Paper.\n"
    assert shown(GOOD)["title"] == SHOWN


def test_a_paper_that_was_published_gains_its_doi_and_venue_and_stays_one_work(
    server: Server,
) -> None:
    server.papers[GOOD] = GATES._replace(doi="")
    (citekey,), _ = added(GOOD)
    assert "doi" not in shown(citekey)
    server.papers[GOOD] = GATES
    assert added("--refresh") == ([citekey], f"Completed: {SHOWN}\n")
    work = shown(citekey)
    assert (work["doi"], work["venue"]) == ("10.1000/gates", "Journal of Gates")
    assert added("10.1000/gates")[0] == added(GOOD)[0] == [citekey]
    assert added("--refresh") == ([], "There is nothing to complete.\n")


@pytest.mark.parametrize("year", [2024, 2027])
def test_the_printed_version_of_a_paper_of_arxiv_is_no_second_work(
    server: Server, year: int
) -> None:
    server.papers[GOOD] = GATES._replace(doi="")
    server.crossref["10.1000/gates"] = {
        **server.crossref["10.1000/gates"],
        "issued": {"date-parts": [[year]]},
    }
    (citekey,), _ = added(GOOD)
    assert added("10.1000/gates") == ([citekey], f"Known already: {SHOWN} · completed\n")
    work = shown(citekey)
    assert (work["arxiv"], work["doi"], work["year"]) == (GOOD, "10.1000/gates", 2024)


def test_a_journal_that_arxiv_names_needs_no_second_request(server: Server) -> None:
    server.papers[GOOD] = GATES._replace(journal_ref="J. Gates 1, 2 (2025)")
    added(GOOD)
    assert shown(GOOD)["venue"] == "J. Gates 1, 2 (2025)"
    assert len(server.paths) == 1


def test_a_withdrawn_paper_is_said_to_be(server: Server) -> None:
    server.papers[GOOD] = GATES._replace(comment="Withdrawn: lemma 2 is wrong")
    assert added(GOOD)[1] == f"Added: {SHOWN} · withdrawn\n"
    assert shown(GOOD)["summary"].startswith("Withdrawn: lemma 2 is wrong")


def test_a_venue_that_could_not_be_fetched_comes_with_a_refresh(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as gone:
        gone.setenv("PAPERTUI_CROSSREF", "http://127.0.0.1:1")
        assert added(GOOD)[1] == f"Added: {SHOWN}\n"
    assert "venue" not in shown(GOOD)
    added("--refresh")
    assert shown(GOOD)["venue"] == "Journal of Gates"


def test_a_paper_that_is_withdrawn_later_says_so_after_a_refresh(server: Server) -> None:
    server.papers[GOOD] = GATES._replace(doi="")
    added(GOOD)
    assert added("--refresh") == ([], "There is nothing to complete.\n")
    server.papers[GOOD] = GATES._replace(doi="", abstract="This paper has been withdrawn: no.")
    assert added("--refresh")[1] == f"Completed: {SHOWN} · withdrawn\n"
    assert shown(GOOD)["summary"] == "This paper has been withdrawn: no."


def test_a_refresh_that_finds_nobody_says_so(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.papers[GOOD] = GATES._replace(doi="")
    added(GOOD)
    monkeypatch.setenv("PAPERTUI_ARXIV", "http://127.0.0.1:1")
    assert refused("add", "--refresh") == "arXiv cannot be reached."


def test_a_title_may_come_with_an_isbn(server: Server) -> None:
    assert added(f"My novel, ISBN: {ISBN}")[1] == "Added: Use of Examples: a novel\n"
    assert shown("my novel")["aliases"] == ["My novel"]


def test_what_the_reader_has_is_not_overwritten(server: Server) -> None:
    server.papers[GOOD] = GATES._replace(doi="")
    added(GOOD)
    server.papers[GOOD] = GATES._replace(title="Another", authors=["B"], year=2030, abstract="No")
    added("--refresh")
    work = shown(GOOD)
    assert (work["title"], work["authors"][0], work["year"]) == (SHOWN, "Ada Example", 2024)
    assert work["doi"] == "10.1000/gates"


def test_words_are_found_in_formulas_and_in_their_source(server: Server) -> None:
    server.papers[GOOD] = GATES._replace(title=r"The $\alpha$ Decay of H$_2$O by Schr\"odinger")
    (citekey,), output = added(GOOD)
    assert output == "Added: The α Decay of H₂O by Schrödinger\n"
    for words in ("α decay", "h2o", "schrodinger", "alpha"):
        assert citekey in run("find", words).stdout
    with_source = json.loads(run("export", "--format", "json").stdout)
    assert r"$\\alpha$" in json.dumps(with_source)


def test_a_known_work_is_named_without_a_request(server: Server, database: Path) -> None:
    keys, output = added("1706.03762", "arxiv.org/abs/1706.03762v5", "10.1038/323533A0")
    assert keys == ["vaswani2017attention", "rumelhart1986learning"]
    assert output.count("Known already: Attention Is All You Need") == 1
    assert server.requested_ids == []
    with Store(database) as store:
        assert store.events() == []


def test_a_work_known_by_title_is_recognised_and_completed(server: Server) -> None:
    first, _ = added("a second paper")
    again, output = added(OTHER)
    assert again == first
    assert output == "Known already: a second paper · completed\n"
    work = shown("a second paper")
    assert (work["title"], work["arxiv"]) == ("a second paper", OTHER)
    assert added(OTHER)[1] == "Known already: a second paper\n"


def test_an_address_names_its_work_with_its_scheme_and_without() -> None:
    (citekey,), _ = added("openreview.net/forum?id=X")
    for typed in ("https://openreview.net/forum?id=X", "www.openreview.net/forum?id=X"):
        assert added(typed) == ([citekey], "Known already: openreview.net/forum?id=X\n")
        assert shown(typed)["links"][0]["url"] == "https://openreview.net/forum?id=X"
        assert citekey in run("find", typed).stdout


@pytest.mark.parametrize("typed", ["A made-up title of mine", "10.1/x made up"])
def test_a_text_without_an_id_is_added_as_a_title_and_says_so(typed: str) -> None:
    assert added(typed)[1] == f"Added: {typed} · as a title, with no id to look up\n"


def test_a_book_of_the_same_title_is_another_work(server: Server) -> None:
    server.answers = [body(api_feed(entry(Paper("1807.07987", "Deep Learning", year=2018))))]
    (citekey,), output = added("1807.07987")
    assert output == "Added beside another work of its title: Deep Learning\n"
    assert citekey != "goodfellow2016deep"


def test_the_readers_own_title_stays_as_an_alias(server: Server) -> None:
    added(f"The gates paper {GOOD}")
    work = shown("the gates paper")
    assert work["title"] == "Sparse Gates for O(n) Attention"
    assert work["aliases"] == ["The gates paper"]


def test_an_id_that_contradicts_the_title_is_kept_apart_without_a_request(server: Server) -> None:
    (citekey,), output = added("A rival title 1706.03762")
    assert output == "Added separately: its id is that of Attention Is All You Need\n"
    assert shown(citekey)["title"] == "A rival title"
    assert run("add", "--refresh").exit_code == 0
    assert server.requested_ids == []


@pytest.mark.usefixtures("indexed")
@pytest.mark.parametrize("how", MISBEHAVIOUR)
def test_the_work_is_added_even_if_the_request_fails(
    server: Server, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = misbehave(server, how, monkeypatch)
    (citekey,), output = added(GOOD)
    assert output.splitlines()[0] == f"Added: arXiv:{GOOD}"
    assert message in output.splitlines()[1]
    assert output.endswith(f"Still to be completed by papertui add --refresh: {GOOD}.\n")
    monkeypatch.setattr(http, "RESPONSE_TIMEOUT", 30.0)
    server.answers = []
    assert added("--refresh") == ([citekey], "Completed: Sparse Gates for O(n) Attention\n")


def test_an_id_that_arxiv_does_not_know_is_added_and_reported(server: Server) -> None:
    _, output = added(UNKNOWN, GOOD)
    assert output.splitlines() == [
        f"Added: arXiv:{UNKNOWN}",
        "Added: Sparse Gates for O(n) Attention",
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
    assert (work["title"], work["status"]) == ("Sparse Gates for O(n) Attention", "read")


def test_a_refresh_is_undone_by_itself(server: Server) -> None:
    added("--offline", GOOD)
    added("--refresh")
    assert run("undo").stderr == "Undone: completing Sparse Gates for O(n) Attention.\n"
    assert shown(GOOD)["title"] == f"arXiv:{GOOD}"
    run("redo")
    assert shown(GOOD)["title"] == "Sparse Gates for O(n) Attention"


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
    monkeypatch.setattr(arxiv_api, "API", arxiv_api.API._replace(interval=1000.0))
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
    odd = refused("add", GOOD, "javascript:alert(1)")
    assert odd.endswith("is neither an arXiv id nor a full http(s) address. Nothing was added.")
    assert "Nothing" not in refused("add", "javascript:alert(1)")
    assert not database.exists()


@pytest.mark.parametrize(
    "address", ["http://mirror.example/api", "http://127.0.0.1:99999", "https://127.0.0.1:99999"]
)
def test_an_invalid_mirror_address_stops_the_command(
    database: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("PAPERTUI_ARXIV", address)
    assert "PAPERTUI_ARXIV" in refused("add", GOOD)
    with Store(database) as store:
        assert store.events() == []


def test_the_mail_address_of_the_config_is_sent(server: Server, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('mailto = "ada@example.org"\n', encoding="utf-8")
    added(GOOD)
    assert "mailto:ada@example.org" in server.agents[0]
