"""The command `new`: what arXiv announced, listed for the shell and for scripts."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from papertui.cli.main import papertui
from papertui.config import Config
from papertui.core.journal import queue
from papertui.errors import PapertuiError
from papertui.sources.service import SourceError
from papertui.storage.new_papers import work_changes
from papertui.storage.store import Store
from papertui.system import clock
from tests.core.test_follow import paper
from tests.support.arxiv_stand_in import ArxivStandIn

pytestmark = pytest.mark.usefixtures("indexed")
CONFIG = '[follow]\ncategories = ["cs.LG", "cs.CL"]\nwords = ["gates"]\nmuted = ["survey"]\n'


@pytest.fixture
def arxiv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ArxivStandIn:
    (tmp_path / "config.toml").write_text(CONFIG, encoding="utf-8")
    stand_in = ArxivStandIn(monkeypatch)
    today = Config().today(clock.now())
    stand_in.until = today
    stand_in.papers = [
        paper("2611.00003", announced=today, title="A Survey"),
        paper("2611.00002", announced=today, title="Trees", authors=tuple("ABCDEF")),
        paper("2611.00001", announced=today, title="Gates"),
    ]
    return stand_in


def run(*arguments: str) -> Result:
    return CliRunner().invoke(papertui, ["new", *arguments])


def test_new_papers_are_listed_in_the_order_of_the_app(arxiv: ArxivStandIn) -> None:
    result = run()
    assert result.exit_code == 0, result.output
    titles = [line[:24] for line in result.stdout.splitlines() if line.startswith("2611")]
    assert titles == ["2611.00001  Gates", "2611.00002  Trees", "2611.00003  A Survey"]
    assert "A, B, C and 3 more · cs.LG · new today" in result.stdout
    assert "◆ gates" in result.stdout
    assert "muted: survey" in result.stdout
    assert arxiv.asked == [(("cs.LG", "cs.CL"), None)]


def test_printing_is_not_looking_but_seen_is(arxiv: ArxivStandIn, database: Path) -> None:
    run()
    assert len(json.loads(run("--json").stdout)) == 3
    assert "Noted: 3 scanned titles." in run("--seen").stderr
    result = run()
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "No new papers." in result.stderr
    again = json.loads(run("--all", "--json").stdout)
    assert [each["looked_at"] is not None for each in again] == [True] * 3
    undone = CliRunner().invoke(papertui, ["undo"])
    assert "Undone: 3 scanned titles" in undone.stderr
    assert len(json.loads(run("--offline", "--json").stdout)) == 3


def test_json_has_what_a_script_wants(arxiv: ArxivStandIn, database: Path) -> None:
    run()
    with Store(database) as store:
        citekey, changes = work_changes(store.works, arxiv.papers[2])
        store.record(*changes, queue(citekey, 1))
    first = json.loads(run("--json").stdout)[0]
    assert first["arxiv"] == "2611.00001"
    assert first["authors"] == ["Ada Example", "Björn Beispiel"]
    assert (first["followed"], first["muted"]) == (["gates"], [])
    assert (first["work"], first["queued"], first["pass"]) == (citekey, True, 0)


def test_offline_what_was_fetched_before_is_printed(arxiv: ArxivStandIn) -> None:
    run()
    arxiv.error = SourceError("arXiv cannot be reached.")
    result = run()
    assert len(result.stdout.splitlines()) == 6
    assert "arXiv cannot be reached." in result.stderr
    assert isinstance(result.exception, PapertuiError)
    assert str(result.exception) == "arXiv could not be asked. 3 papers fetched before."
    asked = len(arxiv.asked)
    assert run("--offline").exit_code == 0
    assert len(arxiv.asked) == asked


def test_what_is_missing_goes_to_stderr(arxiv: ArxivStandIn) -> None:
    arxiv.missing = ("The papers of yesterday are missing.",)
    result = run()
    assert result.exit_code == 0
    assert arxiv.missing[0] in result.stderr
    assert arxiv.missing[0] not in result.stdout


def test_a_category_that_is_followed_later_is_asked_for_by_itself(
    arxiv: ArxivStandIn, tmp_path: Path
) -> None:
    run()
    config = CONFIG.replace('"cs.CL"', '"cs.CL", "stat.ML"')
    (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    run()
    assert arxiv.asked[1:] == [(("cs.LG", "cs.CL"), arxiv.until), (("stat.ML",), None)]


def test_a_search_lists_what_it_finds(arxiv: ArxivStandIn) -> None:
    result = run("--search", "au:example gates")
    assert result.exit_code == 0, result.output
    assert "2611.00001  Gates" in result.stdout
    assert arxiv.searched == ["au:example gates"]
    arxiv.papers = []
    assert "arXiv finds nothing." in run("--search", "x").stderr
    arxiv.error = SourceError("arXiv cannot be reached.")
    assert str(run("--search", "x").exception) == "arXiv cannot be reached."
    assert run("--search", "x", "--all").exit_code == 2


def test_without_a_category_the_command_says_what_to_write(
    arxiv: ArxivStandIn, tmp_path: Path
) -> None:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    assert "[follow]" in str(run().exception)
    assert "[follow]" in run("--offline").stderr
    assert arxiv.asked == []
