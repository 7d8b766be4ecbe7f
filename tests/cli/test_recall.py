"""Recall in the shell: what is due, and questions in a terminal."""

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import fsrs
import pytest
from click.testing import CliRunner, Result

from papertui.cli.main import papertui
from papertui.config import config_path, database_path, load
from papertui.core import journal
from papertui.core.recall import MIN_FITTED, scheduling
from papertui.errors import Refused
from papertui.pages import recall as pages
from papertui.storage.store import Store
from tests.support.terminal import Terminal

pytestmark = pytest.mark.usefixtures("indexed")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(papertui, ["recall", *arguments])


def due() -> Any:
    return json.loads(run("--json").stdout)


@pytest.fixture
def reader() -> Iterator[Store]:
    """A store whose reader has a card due, in a process with the machine's own clock too."""
    with Store(database_path()) as store:
        store.record(journal.log_pass("vaswani2017attention", 2, date(2020, 1, 1)))
        yield store


def test_what_is_due_is_listed_with_its_question(reader: Store) -> None:
    (card,) = due()
    assert card["work"] == "vaswani2017attention"
    assert card["question"] == "What is its key insight?"
    assert (card["reviewed"], card["ratings"], card["last_rating"]) == (None, 0, None)
    listed = run().stdout
    assert "Attention Is All You Need  [vaswani2017attention]\n  What is its key" in listed


def test_a_card_is_started_and_stopped(reader: Store) -> None:
    assert "No longer asked in recall: Attention" in run("--stop", "1706.03762").stderr
    assert due() == []
    assert "is not asked in recall" in str(run("--stop", "1706.03762").exception)
    assert "Nothing to recall" in run().stderr
    assert "Asked in recall: Deep Residual" in run("--start", "resnet").stderr
    assert [card["work"] for card in due()] == ["he2015deep"]
    assert "is asked in recall already" in str(run("--start", "resnet").exception)
    assert run("--start", "resnet", "--stop", "resnet").exit_code == 2


def test_the_help_names_every_option_with_what_it_does_and_what_a_pipe_gets() -> None:
    shown = " ".join(run("--help").stdout.split())
    for option, does in (
        ("--limit", "Ask at most this many cards"),
        ("--start WORK", "Ask about a WORK from today on"),
        ("--stop WORK", "Stop asking about a WORK"),
        ("--fit", "Print the parameters that fit your own ratings"),
        ("--json", ""),
    ):
        assert option in shown
        assert does in shown
    assert "In a pipe, or with --json, only prints what is due, the most forgotten first" in shown
    assert run("--limit", "0").exit_code == 2
    assert run("--fit", "--stop", "resnet").exit_code == 2


def test_recall_that_is_off_says_how_it_comes_back(reader: Store) -> None:
    config_path().write_text('recall = "off"\n', encoding="utf-8")
    result = run()
    assert isinstance(result.exception, Refused)
    assert 'recall = "on" in the config file' in str(result.exception)
    stats = CliRunner().invoke(papertui, ["stats", "--json"])
    assert json.loads(stats.stdout)["recall"] is None


@pytest.mark.parametrize(
    "line",
    ["recall_limit = 0", "recall_retention = 1.0", "recall_parameters = [1, 2]", "recall = 1"],
)
def test_a_senseless_setting_is_named(reader: Store, line: str) -> None:
    config_path().write_text(f"{line}\n", encoding="utf-8")
    result = run()
    assert f"{line.split(' ')[0]}: should be" in str(result.exception)


def test_parameters_that_fsrs_does_not_take_are_named(reader: Store) -> None:
    config_path().write_text(f"recall_parameters = [{'-1, ' * 21}]\n", encoding="utf-8")
    terminal = Terminal(database_path(), "-m", "papertui", "recall")
    try:
        terminal.wait_for("recall_parameters in the config file")
        assert terminal.wait_for_exit() == 1
    finally:
        terminal.end()


def test_stats_tell_how_recall_stands(reader: Store) -> None:
    stats = json.loads(CliRunner().invoke(papertui, ["stats", "--json"]).stdout)
    assert stats["recall"] == {
        "due": 1, "known": 0, "forgotten": 0, "not_asked": 0, "asked": 0, "retention": None,
        "forecast": [1, *[0] * 29],
    }  # fmt: skip
    assert "Recall\n1 due\n" in CliRunner().invoke(papertui, ["stats"]).stdout


def test_a_terminal_is_asked_and_rates(reader: Store, tmp_path: Path) -> None:
    terminal = Terminal(database_path(), "-m", "papertui", "recall")
    try:
        terminal.wait_for("Your answer, or just enter")
        assert "What is its key insight?" in terminal.text
        assert "Insight" not in terminal.text
        terminal.type("from all to all\r")
        terminal.wait_for("How well did you recall it, 1 to 4? x asks it no more, q leaves")
        assert "You typed  from all to all" in terminal.text
        assert "1 again tomorrow · 2 hard " in terminal.text
        assert terminal.text.count("What is its key insight?") == 1
        terminal.type("3\r")
        terminal.wait_for("1 of 1 recalled.")
        assert terminal.wait_for_exit() == 0
    finally:
        terminal.end()
    assert reader.reading_log.cards_due(date(2020, 2, 1)) == 0
    assert reader.events()[-1].data["rating"] == 3


def rated(store: Store, times: int) -> None:
    settings = scheduling((), 0.9).as_json()
    first = date(2020, 1, 1)
    store.record(
        *(
            journal.rate_card("vaswani2017attention", "", first + timedelta(days=n), 3, settings)
            for n in range(times)
        )
    )


def test_too_few_ratings_are_not_fitted(reader: Store) -> None:
    rated(reader, 12)
    assert "need 512 ratings" in str(run("--fit").exception)
    assert "you have 11" in str(run("--fit").exception)


def test_the_optimiser_is_named_if_it_is_not_installed(
    reader: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: object) -> None:
        raise ImportError

    rated(reader, MIN_FITTED + 1)
    monkeypatch.setattr(fsrs, "Optimizer", missing)
    assert "pip install 'papertui[optimizer]'" in str(run("--fit").exception)


def test_parameters_are_fitted_to_all_ratings_and_fit_the_config(
    reader: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Optimizer:
        def __init__(self, reviews: list[fsrs.ReviewLog]) -> None:
            assert len(reviews) == MIN_FITTED + 1
            assert {int(review.rating) for review in reviews} == {3}
            assert reviews[1].review_datetime - reviews[0].review_datetime == timedelta(days=1)

        def compute_optimal_parameters(self) -> list[float]:
            return [*fsrs.scheduler.DEFAULT_PARAMETERS[:-1], 0.123456]

    rated(reader, MIN_FITTED + 1)
    monkeypatch.setattr(fsrs, "Optimizer", Optimizer)
    result = run("--fit")
    assert str(config_path()) in result.stderr
    config_path().write_text(result.stdout, encoding="utf-8")
    assert load(config_path()).recall_parameters[-1] == 0.1235


def test_no_page_in_the_shell_names_a_key_of_the_app(reader: Store) -> None:
    (asked,) = reader.recall.due(date(2020, 2, 1), 9)
    details = pages.recall_details(reader, asked, date(2020, 2, 1))
    laid_out = [
        pages.question_page(details, 80),
        pages.answer_page(details, "", 80),
        pages.end_page((3,), 2, None, date(2020, 2, 1), 80),
        pages.end_page((), 0, None, date(2020, 2, 1), 80),
    ]
    text = " ".join(line.text for page in laid_out for line in page)
    assert not re.search(r"\b(R goes|n writes|c in the library|with t\b|space shows)", text)
    assert "papertui recall --start WORK" in text
