import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from papertui import config
from papertui.cli.main import papertui
from papertui.core import journal
from papertui.core.shell_commands import COMMANDS
from papertui.core.text import fold
from papertui.errors import PapertuiError
from papertui.pages.progress_summary import LATEST
from papertui.storage.store import Store
from tests.support.devices import bare_repository
from tests.support.documents import DOCUMENTS, ROOT, commands_of

pytestmark = pytest.mark.usefixtures("indexed")


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(papertui, list(arguments), input=stdin)


def data(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, PapertuiError), result.output
    return str(result.exception)


def test_a_logged_pass_is_in_list_show_and_stats() -> None:
    result = run("log", "1706.03762", "--pass", "2", "--minutes", "62", "--on", "yesterday")
    assert result.exit_code == 0
    assert result.stdout == ""
    assert "Logged: second pass of Attention Is All You Need, for " in result.stderr
    assert result.stderr.endswith(", 1 h 2 min. papertui undo takes it back.\n")
    assert "◑ Attention Is All You Need" in run("list", "classic").stdout
    assert "◑ read · second pass yesterday" in run("show", "vaswani2017attention").stdout
    assert "1 h 2 min" in run("stats").stdout


@pytest.mark.parametrize(
    "act",
    [
        ("log", "he2015deep", "--pass", "1"),
        ("log", "he2015deep", "--pass", "1", "--note", "Depth."),
        ("note", "he2015deep", "Depth."),
        ("queue", "he2015deep"),
    ],
)
def test_the_command_that_takes_an_act_back_is_named_as_a_script_needs_it(
    act: tuple[str, ...],
) -> None:
    named = re.search(r"papertui (undo.*) takes it back", run(*act).stderr)
    assert named
    assert "Undone: " in run(*named[1].split()).stderr


def test_json_has_the_same_content_as_the_text() -> None:
    run("log", "he2015deep", "--pass", "3", "--minutes", "200")
    stats = data("stats")
    assert stats["passes"] == {"1": 0, "2": 0, "3": 1}
    assert stats["latest"][0]["work"] == "he2015deep"
    assert stats["week"]["full_reads"] == 1
    assert stats["streak"]["weeks"] == 1
    done = {section["path"]: section["done"] for section in stats["sections"]}
    assert done["deep-learning-papers/Foundations"] == 1
    shown = data("show", "ResNet")
    assert (shown["status"], shown["passes"][0]["minutes"]) == ("reproduced", 200)
    assert {row["status"] for row in data("list", "Foundations") if "work" in row} == {
        "to read",
        "reproduced",
    }


def test_before_counts_for_status_and_for_no_week() -> None:
    run("log", "he2015deep", "--pass", "2", "--on", "before")
    assert data("show", "he2015deep")["status"] == "read"
    assert data("stats")["streak"]["weeks"] == 0


def test_the_same_pass_twice_a_day_must_be_meant() -> None:
    assert run("log", "he2015deep", "--pass", "1").exit_code == 0
    assert "--again" in refused("log", "he2015deep", "--pass", "1")
    assert run("log", "he2015deep", "--pass", "1", "--again").exit_code == 0
    assert len(data("show", "he2015deep")["passes"]) == 2


def test_a_pass_and_its_note_are_one_act() -> None:
    run("log", "he2015deep", "--pass", "2", "--note", "-", stdin="shortcuts\n")
    assert data("show", "he2015deep")["notes"][0]["body"] == "shortcuts"
    assert run("undo", "--yes").exit_code == 0
    assert data("show", "he2015deep")["notes"] == []
    assert data("show", "he2015deep")["passes"] == []


def test_bytes_that_are_not_utf_8_are_replaced() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "papertui", "note", "kingma2014adam", "-"],
        input=b"a\xff\xfeb",
        check=True,
        capture_output=True,
    )
    assert result.stdout == b""
    assert data("note", "kingma2014adam")[0]["body"] == "a\ufffd\ufffdb"
    assert "No work fits" in refused("show", "\udcff")
    assert run("note", "kingma2014adam", "bad\udcffbyte").exit_code == 0


def test_a_list_of_words_keeps_sections_and_works_that_have_them() -> None:
    assert "FlashAttention" in run("find", "flashattention").stdout
    assert "Foundations" not in run("find", "flashattention").stdout
    assert "No list or section" in refused("list", "zzz")


def test_find_names_a_section_again_only_for_what_is_in_texts() -> None:
    lines = run("find", "attention").stdout.splitlines()
    headings = [line for line in lines if not line.startswith("  ")]
    assert len(set(headings)) == len(headings)
    in_texts = [", in texts and notes" in heading for heading in headings]
    assert in_texts == sorted(in_texts)
    assert 0 < sum(in_texts) < len(headings)


@pytest.mark.parametrize("query", ["C++", "duesseldorf", "u-net", "unet", "u net", "Cu2O"])
def test_the_shell_finds_names_as_readers_type_them(query: str) -> None:
    title = "U-Net for Cu₂O: C++ from Düsseldorf"
    with Store(config.database_path()) as store:
        store.record(journal.add_work("mine", {"title": title, "kind": "paper"}))
    assert f"{title}  [mine]" in run("find", query).stdout


def test_a_private_note_is_not_in_an_explanation() -> None:
    run("note", "kingma2014adam", "For all.")
    run("note", "kingma2014adam", "Mine alone.", "--private")
    explained = run("explain", "kingma2014adam", "--dry-run")
    assert "For all." in explained.stdout
    assert "Mine alone." not in explained.stdout
    assert "Optimization; 1 private note kept back." in explained.stderr
    assert "; 1 private note kept back. papertui undo" in run("explain", "kingma2014adam").stderr


def test_the_note_that_was_written_last_is_the_one_that_is_kept_private() -> None:
    work, first_day = "kingma2014adam", datetime(2026, 11, 2, 18, tzinfo=UTC)
    with Store(config.database_path()) as store:
        first = store.record(journal.save_note(work, "a", "One."), now=first_day)
        for note, days, bases in (("b", 1, ()), ("a", 3, first.versions)):
            changed = journal.save_note(work, note, f"After {days}.", bases)
            store.record(changed, now=first_day + timedelta(days=days))
    run("note", work, "--private")
    assert [note["body"] for note in data("note", work) if note["private"]] == ["After 3."]


@pytest.mark.parametrize(
    ("format_", "is_held", "says"),
    [
        ("csv", True, ", with 1 private note"),
        ("md", True, ", with 1 private note"),
        ("ris", False, "; 1 private note kept back"),
        ("csl", False, "; 1 private note kept back"),
        ("bib", False, ""),
    ],
)
def test_private_notes_are_in_exports_of_ones_own_and_counted(
    tmp_path: Path, format_: str, is_held: bool, says: str
) -> None:
    run("note", "kingma2014adam", "For all.")
    run("note", "kingma2014adam", "Mine alone.", "--private")
    out = tmp_path / ("out" if format_ == "md" else f"out.{format_}")
    exported = run("export", "--format", format_, "--out", str(out)).stderr
    assert exported.rstrip().endswith(f"{out}{says}")
    text = (out / "kingma2014adam.md" if out.is_dir() else out).read_text(encoding="utf-8")
    assert ("Mine alone." in text) == is_held
    assert ("For all." in text) == (format_ != "bib")


@pytest.mark.parametrize(
    "name",
    ["10.1000/Tides.1", "doi:10.1000/tides.1", "https://doi.org/10.1000/tides.1",
     "978-0-262-03561-3", "9780262035613", "https://example.org/tides"],
)  # fmt: skip
def test_a_work_is_named_by_each_id_that_it_was_added_by(name: str) -> None:
    page = {"label": "page", "url": "https://example.org/tides"}
    book = {"label": "page", "url": "https://openlibrary.org/isbn/9780262035613"}
    kinds: dict[str, dict[str, Any]] = {
        "one": {"doi": "10.1000/tides.1"}, "two": {"links": [page]}, "three": {"links": [book]}
    }  # fmt: skip
    with Store(config.database_path()) as store:
        for key, fields in kinds.items():
            store.record(
                journal.add_work(key, {"title": f"Tides {key}", "kind": "paper", **fields})
            )
    expected = "one" if "10.1000" in name else "two" if "example" in name else "three"
    assert f"Tides {expected}" in run("show", name).stdout


@pytest.mark.parametrize("format_", ["csv", "ris", "csl", "bib"])
def test_a_work_that_left_the_library_with_passes_is_exported_by_its_title(format_: str) -> None:
    run("add", "--offline", "Slow tides of a small sea")
    run("log", "slow tides", "--pass", "2")
    run("remove", "slow tides")
    run("remove", "slow tides")
    assert "Slow tides of a small sea" in run("export", "--format", format_).stdout


def test_notes_come_from_words_and_from_pipes() -> None:
    run("note", "kingma2014adam", "two moments")
    assert run("note", "kingma2014adam").stdout == "two moments\n"
    saved = run("note", "kingma2014adam", "-", stdin="from a pipe\n")
    assert "beside 1 earlier note." in saved.stderr
    assert [note["body"] for note in data("note", "kingma2014adam")] == [
        "from a pipe",
        "two moments",
    ]
    later, earlier = run("note", "kingma2014adam").stdout.split("## Note of ")[1:]
    assert later.endswith("\n\nfrom a pipe\n\n")
    assert earlier.endswith("\n\ntwo moments\n")
    assert "empty" in refused("note", "kingma2014adam", "  ")


def test_undo_names_what_it_took_back_and_redo_brings_it() -> None:
    run("log", "he2015deep", "--pass", "2")
    assert "Undone: second pass of Deep Residual Learning" in run("undo").stderr
    assert data("show", "he2015deep")["status"] == "to read"
    assert "Done again" in run("redo", "--yes").stderr
    assert data("show", "he2015deep")["status"] == "read"
    assert run("log", "he2015deep", "--pass", "1", "--minutes", "0").exit_code == 0
    assert data("show", "he2015deep")["passes"][0]["minutes"] is None


def test_undoing_a_note_in_a_script_must_be_meant() -> None:
    run("note", "he2015deep", "precious")
    assert "--yes" in refused("undo")
    assert data("show", "he2015deep")["notes"]
    assert run("undo", "--yes").exit_code == 0
    assert not data("show", "he2015deep")["notes"]


def test_undo_and_redo_report_that_there_is_nothing_to_do() -> None:
    assert "nothing to undo" in refused("undo")
    assert "nothing to redo" in refused("redo")


def test_a_list_is_a_table_sorted_by_citations_year_or_title() -> None:
    lines = run("list", "deep learning papers", "--sort", "citations").stdout.splitlines()
    assert lines.pop(0) == "Citations  Year  Work, the most cited first"
    assert len(lines) == 34
    assert lines[0].split()[:2] == ["210,000", "2015"]
    assert lines[0].endswith("[he2015deep]  Most cited DL paper")
    assert lines[-1].split()[0] == "-"
    rows = data("list", "deep learning papers", "--sort", "citations")
    counts = [row["citations"] for row in rows]
    assert counts == sorted(filter(None, counts), reverse=True) + [None] * 24
    assert rows[1] == {
        "work": "kingma2014adam",
        "title": "Adam: A Method for Stochastic Optimization",
        "year": 2014,
        "citations": 195_000,
        "as_of": "early 2026",
        "impact": "Default optimizer",
    }
    years = [row["year"] for row in data("list", "--sort", "year")]
    assert len(years) == 153
    assert years[:148] == sorted(years[:148])
    assert years[148:] == [None] * 5
    titles = [row["title"] for row in data("list", "fundamentals", "--sort", "title")]
    assert titles == sorted(titles, key=fold)


@pytest.mark.parametrize(
    ("work", "lines"),
    [
        (
            "he2015deep",
            [
                "to read: passes 10 min, 45 min, 3 h",
                "~210,000 citations (list, early 2026)",
            ],
        ),
        ("he2015deep", ["  Deep Learning Papers › Foundations (#6)"]),
        ("lin2023awq", ["  Deep Learning Papers › Efficiency and Optimization (#33 bonus)"]),
        (
            "karpathy2015backpropagation",
            ["about 30 min", "Introduction to machine learning (tier 2, ✨)"],
        ),
        ("sanderson2017neural", ["video · 19 min ·"]),
        ("karpathy2022micrograd", ["video · 2 h 26 min ·"]),
        ("boyd2004convex", ["book · 716 pages ·"]),
        ("kim2020torchgpipe", ["to read: passes usually 10 min, 1 h, 4 h ·"]),
        ("harlap2018pipedream", ["links to arXiv 1811.06965, which is GPipe"]),
    ],
)
def test_a_work_says_its_length_number_figures_and_replaced_link(
    work: str, lines: list[str]
) -> None:
    page = " ".join(run("show", work).stdout.split("\n"))
    assert all(line in page for line in lines), page


def test_the_times_of_the_passes_follow_the_readers_own() -> None:
    assert data("show", "resnet")["pass_minutes"] == [10, 45, 180]
    for depth, works in ((1, 5), (2, 4)):
        for work in ("he2015deep", "vaswani2017attention", "hu2021lora", "gu2023mamba")[:works]:
            run("log", work, "--pass", str(depth), "--minutes", "20", "--again")
    assert data("show", "resnet")["pass_minutes"] == [10, 45, 180]
    run("log", "krizhevsky2012imagenet", "--pass", "1", "--minutes", "20")
    assert data("show", "resnet")["pass_minutes"] == [20, 45, 180]
    assert "third pass about 3 h" in run("show", "resnet").stdout
    assert "to read: passes 20 min, " in run("show", "devlin2018bert").stdout
    assert " at your pace · " in run("show", "devlin2018bert").stdout
    run("undo", "--yes")
    assert data("show", "resnet")["pass_minutes"] == [10, 45, 180]


def test_what_comes_before_is_read_only_from_the_second_pass_on() -> None:
    for log, told in (
        ("log vaswani2017attention --pass 1", "you have skimmed what comes before it"),
        ("log vaswani2017attention --pass 2", "you have read what comes before it"),
    ):
        run(*log.split())
        assert told in run("show", "hu2021lora").stdout


def test_next_says_how_long_its_pass_takes() -> None:
    proposal = data("next")
    assert (proposal["pass"], proposal["minutes"]) == (1, 10)
    assert proposal["pass_minutes"] == [10, 20, 80]
    assert "next in Foundations, about 10 min" in run("next").stdout


def test_a_name_that_fits_several_works_lists_them_and_does_nothing() -> None:
    message = refused("log", "attention", "--pass", "1")
    assert "vaswani2017attention" in message
    assert "dao2022flashattention" in message
    assert data("stats")["passes"]["1"] == 0


@pytest.mark.parametrize("name", ["no such work at all", "9999.99999", "", "\x1b[2J"])
def test_a_name_that_fits_no_work_is_refused(name: str) -> None:
    assert "No work fits" in refused("show", name)
    assert "\x1b" not in refused("show", name)


@pytest.mark.parametrize(
    ("name", "work"),
    [("rumelhart", "rumelhart1986learning"), ("Vaswani attention", "vaswani2017attention")],
)
def test_words_of_title_and_authors_name_a_work(name: str, work: str) -> None:
    assert data("show", name)["work"] == work
    for several in ("hinton", "e. hinton"):
        assert f"Several works fit '{several}'" in refused("show", several)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["log", "he2015deep"], 2),
        (["log", "he2015deep", "--pass", "4"], 2),
        (["log", "he2015deep", "--pass", "1", "--minutes", "-1"], 2),
        (["nonsense"], 2),
        (["--db", "/dev/null/papertui.db", "list"], 1),
    ],
)
def test_misuse_and_refusal_have_their_exit_codes(arguments: list[str], code: int) -> None:
    assert run(*arguments).exit_code == code


def test_misuse_says_what_is_meant_and_an_empty_list_what_it_is_of() -> None:
    for typed, told in (
        ("lgo adam", "Did you mean 'log'?"),
        ("sync inti", "Did you mean 'init'?"),
        ("log adam --pass two", "'two' is not a number from 1 to 3."),
        ("session start adam --pass 4", "'4' is not a number from 1 to 3."),
        ("recall --limit x", "'x' is not a number from 1 to 200."),
        ("queue", "The queue is empty; papertui queue WORK"),
        ("park", "No work is parked; papertui park WORK"),
        ("drop", "No work is dropped; papertui drop WORK"),
        ("tag adam", "No tag on Adam: A Method for Stochastic Optimization; papertui tag WORK"),
    ):
        assert told in run(*typed.split()).stderr, typed
    assert "Name words" in refused("find", "")
    assert "No work has 'zzz'; use fewer or shorter words." in refused("find", "zzz")
    fields = "fields are author, title, note, tag and year, not venue."
    assert f"No work has 'venue:adam'; {fields}" in refused("find", "venue:adam")
    # Where its words are found, too.
    found = run("find", "by:adam")
    assert "Adam: A Method" in found.stdout
    assert "Fields are author, title, note, tag and year, not by." in found.stderr
    assert "a year has four digits, as in year:2017, not abc." in refused("find", "year:abc adam")
    assert "in the shell" not in refused("sync")


@pytest.mark.parametrize(
    ("arguments", "quoted"),
    [
        (["rest", "24", "dec"], ': write "24 dec", with the quotes.'),
        (["stats", "--as-of", "1", "nov", "2026"], ': write --as-of "1 nov 2026", with the'),
        (["park", "bert", "--until", "29", "feb"], ': write --until "29 feb", with the'),
        (["park", "bert", "--until", "next", "week"], ': write --until "next week", with'),
        (["session", "log", "bert", "--on", "last", "fri"], ': write --on "last fri", with'),
        (["show", "bert", "may"], '. A name of several words wants quotes: "bert may".'),
        (["log", "bert", "--pass", "2", "--on", "3", "nov"], ': write --on "3 nov", with the'),
        (["log", "bert", "--pass", "2", "--minutes", "1", "h", "10"], ""),
        (["park", "bert", "2", "weeks"], ""),
        (["drop", "bert", "boring"], ""),
        (["note", "bert", "hello", "big", "world"], ""),
        (["merge", "bert", "attention", "need"], ""),
        (["show", "bert", "$may"], ""),
        (["show", "bert", "may" * 30], ""),
        (["next", "bert"], ""),
        (["show", "bert", '"may'], ""),
    ],
)
def test_a_day_or_a_name_of_several_words_is_told_to_want_quotes(
    arguments: list[str], quoted: str
) -> None:
    result = run(*arguments)
    assert (result.exit_code, "unexpected extra argument" in result.stderr) == (2, True)
    assert quoted in result.stderr
    assert ("quotes" in result.stderr) == bool(quoted)


def test_a_future_day_is_refused() -> None:
    assert "still to come" in refused("log", "he2015deep", "--pass", "1", "--on", "2999-01-01")


def test_titles_and_notes_are_shown_as_text(database: Path) -> None:
    run("note", "he2015deep", "[red]bold[/] \x1b]52;c;aGk=\x07 [@click=quit]x")
    shown = run("show", "he2015deep").stdout
    assert "[red]bold[/]" in shown
    assert "[@click=quit]x" in shown
    assert "\x1b" not in shown
    assert "\x07" not in shown


def test_json_contains_no_control_characters() -> None:
    run("note", "he2015deep", "a\u009b31m \u202e b")
    shown = run("show", "he2015deep", "--json").stdout
    assert "\\u009b31m \\u202e b" in shown
    assert data("note", "he2015deep")[0]["body"] == "a\u009b31m \u202e b"


def test_output_in_ascii_is_possible() -> None:
    result = papertui_process("find", "attention", PYTHONIOENCODING="ascii")
    assert result.returncode == 0
    assert "Attention Is All You Need" in result.stdout


def test_a_note_may_begin_with_a_dash() -> None:
    assert run("note", "he2015deep", "- a bullet").exit_code == 0
    assert data("note", "he2015deep")[0]["body"] == "- a bullet"


def test_the_tables_can_be_derived_again() -> None:
    run("log", "he2015deep", "--pass", "2")
    result = run("doctor", "--rebuild")
    assert "Derived again from 1 event" in result.stderr
    assert data("show", "he2015deep")["status"] == "read"


def test_paths_name_the_files(database: Path) -> None:
    assert data("paths")["database"] == str(database)
    other = database.parent.parent / "other.db"
    assert str(other) in run("--db", str(other), "paths").stdout


def test_a_new_folder_of_a_named_database_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    database = tmp_path / "new" / "folder" / "p.db"
    assert run("--db", str(database), "log", "he2015deep", "--pass", "2").exit_code == 0
    assert database.is_file()
    assert database.parent.stat().st_mode & 0o777 == 0o700


def papertui_process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "papertui", *arguments],
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        check=False,
    )


def test_the_app_refuses_to_start_without_a_terminal() -> None:
    result = papertui_process()
    assert result.returncode == 2
    assert "needs a terminal" in result.stderr
    assert result.stdout == ""


def test_an_unusable_database_is_one_line_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello", encoding="utf-8")
    result = papertui_process("--db", str(tmp_path / "notes.txt"), "stats")
    assert result.returncode == 1
    assert result.stderr.startswith("papertui: ")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("day_start = 5", "day_start"),
        ('day_start = "04:00Z"', "day_start"),
        ('week_start = "tuesday"', "mon, sat, sun"),
        ('mailto = "Ada <ada@example.org>"', "mailto: should be a mail address"),
        ('mailto = "ada@example.org\\r\\nX-More: 1"', "mailto: should be a mail address"),
        ("colour = 1", "colour: is not a known field"),
        ("follow = 1", "follow: should be a table"),
        (
            "[follow]\nwords = 1",
            'such as ["one", "two"]',
        ),
        ('[follow]\nauthors = ["A", 1]', "follow.authors: should be texts in brackets"),
        ('[follow]\ntags = ["A"]', "follow.tags: is not a known field"),
        (
            '[follow]\ncategories = ["cs.LG", "LG"]',
            "'LG' is not a category of arXiv, such as cs.LG",
        ),
        ("streak = false", "streak: should be one of on, off, is false without quotes"),
        ("day_start = 04:00:00", "is 04:00:00 without quotes"),
        ("sync = 1", "sync: should be a table"),
        (
            '[sync]\non = ["start", "leave"]',
            'sync.on: should be "start", "quit" or both',
        ),
        ("[sync]\nevery = 0", "sync.every: should be minutes from 1 to 1440, is 0"),
        ('[sync]\nplace = "/tmp"', "sync.place: is not a known field"),
        ("= nonsense", "not TOML"),
        ("theme = solarized", "line 1, theme = solarized, is not TOML: a text needs quotes"),
        ('keys.find = ["x", "y"]', 'keys.find: should be keys in quotes, such as "o,ctrl+o"'),
        (f"timer = {'[' * 5000}", "nested too deeply"),
        (f"timer = {'9' * 5000}", "a number that is too long"),
    ],
)
def test_a_wrong_config_is_one_line_that_names_the_fault(
    tmp_path: Path, text: str, says: str
) -> None:
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    result = papertui_process("stats")
    assert result.returncode == 1
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("colour = 1", "line 1: colour"),
        ("# one\n\n[sync]\non = ['start']\nevery = 0", "line 5: sync.every"),
        ('[follow]\n"authors" = [\n"A", 1]', "line 2: follow.authors"),
        ("follow = 1", "line 1: follow"),
        ("sync.every = 0", "line 1: sync.every"),
        ("[keys]\ntree . down = 1", "line 2: keys.tree.down"),
    ],
)
def test_a_fault_of_the_config_is_named_with_its_line_and_leaves_the_rest(
    tmp_path: Path, text: str, line: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"{text}\n", encoding="utf-8")
    loaded, (fault,) = config.load_usable(path)
    assert str(fault).startswith(f"{line}: ")
    assert not config.load_usable(path)[0].sync.every
    assert loaded.week_start == "mon"


def test_the_keys_of_the_tree_may_be_written_as_the_readme_has_them(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('[keys]\ntree.down = "x"\n"tree.up" = "y"\n', encoding="utf-8")
    assert config.load(path).keys == {"tree.down": "x", "tree.up": "y"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("# Mine\nascii =", "line 2, ascii =, is not TOML: write a value behind the ="),
        ('x = ["a",\ny = 2', "line 2, y = 2, is not TOML: close the bracket"),
        ("ascii = true\nascii = true", "line 2, ascii = true, is not TOML: it is given a second"),
        ("Papers:\n", "line 1, Papers:, is not TOML: write NAME = VALUE"),
        ('x = "\\q"', r'line 1, x = "\q", is not TOML: write \\ for \,'),
        ('x = "a\n', 'line 1, x = "a, is not TOML: a text ends on its line'),
        ("x = '''a", "is not TOML: close the bracket or quote"),
        ("x = 2026-02-30", "line 1, x = 2026-02-30, is not TOML: put a date or a time in quotes"),
        ("x = 1\nd\xe9j\xe0 = 1", "line 2 is not UTF-8: save the file as UTF-8."),
    ],
)
def test_a_line_that_is_no_toml_is_shown_and_what_to_do(
    tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="latin-1")
    with pytest.raises(config.ConfigError) as caught:
        config.load(path)
    assert str(caught.value).startswith(f"{path}: line ")
    assert says in str(caught.value)
    assert "column" not in str(caught.value)


def test_a_name_that_is_nearly_right_is_offered(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('wek_start = "sun"\n', encoding="utf-8")
    assert "did you mean week_start?" in str(config.load_usable(path)[1][0])


def test_a_reader_may_switch_the_streak_off(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('streak = "off"', encoding="utf-8")
    assert "week met" not in run("stats").stdout
    assert "Streak" not in run("stats").stdout
    assert data("stats")["streak"] is None


def command(name: str) -> click.Command:
    found = papertui.get_command(click.Context(papertui), name)
    assert found
    return found


def test_the_page_on_the_shell_has_every_command() -> None:
    assert {words[0] for words in commands_of(ROOT / "docs" / "shell.md")} == set(COMMANDS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_the_documents_lines_for_the_shell_are_understood(document: Path) -> None:
    for name, *words in filter(None, commands_of(document)):
        if name != "--demo":
            command(name).make_context(name, words)


def test_the_readmes_commands_do_what_they_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("list.md").write_text("# Foam\n\n- [Waves of foam](https://example.org/w)\n", "utf-8")
    bare_repository(Path("papers.git"))
    in_the_shell = [words for words in commands_of(ROOT / "README.md") if words != ["--demo"]]
    assert len(in_the_shell) > 10
    for words in filter(None, in_the_shell):
        result = run(*words)
        # The doctor may find that this machine lacks a browser.
        expected = (0, 1) if words[0] == "doctor" else (0,)
        assert result.exit_code in expected, (words, result.output, result.exception)


def test_commands_that_need_no_config_run_with_a_wrong_one(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("= nonsense", encoding="utf-8")
    assert str(tmp_path / "config.toml") in run("paths").stdout
    assert run("completion", "zsh").exit_code == 0


def test_stats_names_no_key_of_the_app() -> None:
    assert "Nothing is logged yet: papertui log does it." in run("stats").stdout
    for day in range(1, LATEST + 2):
        run("log", "kingma2014adam", "--pass", "1", "--on", f"-{day}d")
    assert "1 older entry: --as-of shows the log up to a day." in run("stats").stdout


def test_stats_of_a_past_day_say_what_was_so_then() -> None:
    run("log", "kingma2014adam", "--pass", "1", "--on", "-5d")
    before = run("stats", "--as-of", "-6d").stdout
    assert len(before.splitlines()) == 1
    assert "Nothing was read by" in before
    assert "the log begins on" in before
    assert json.loads(run("stats", "--as-of", "-6d", "--json").stdout)["passes"]["1"] == 0
    assert ", today:" not in run("stats", "--as-of", "-4d").stdout
    assert ", today:" in run("stats").stdout


def test_a_year_is_named_as_elsewhere() -> None:
    assert run("year", "last").stdout == run("year", "-1y").stdout != run("year").stdout
    assert "is not a year" in refused("year", "--last")


def test_a_review_of_a_month_counts_back_and_takes_no_week_beside_it() -> None:
    last = run("review", "--month", "last").stdout.splitlines()[0]
    for argument in (["--month", "-1m"], ["--month=-1m"]):
        assert run("review", *argument).stdout.splitlines()[0] == last
    assert "is not a month" in str(run("review", "--month", "").exception)
    for week in ("-7d", ""):
        both = run("review", "--month", "--week", week)
        assert both.exit_code == 2
        assert "not both" in both.stderr


def test_a_slip_for_an_option_is_no_note() -> None:
    for slip in ("--publik", "--not-a-word"):
        assert run("note", "adam", slip).exit_code == 2
    assert run("note", "adam", "-- so it begins").exit_code == 0
    assert run("note", "adam", "-", stdin="--publik\n").exit_code == 0
    assert [note["body"] for note in data("note", "adam")] == ["--publik", "-- so it begins"]
