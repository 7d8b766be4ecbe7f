"""Reading sessions in the shell: timed, paused, logged, and handed to the app and back."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from papertui.config import Config
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.support.clocks import machine_at
from tests.support.screen import WIDE, find, look, press, type_in
from tests.support.shell import data, done, refused, run

pytestmark = pytest.mark.usefixtures("indexed")

ADAM = "kingma2014adam"
At = Callable[..., None]


@pytest.fixture
def at() -> Iterator[At]:
    """A function that sets the clock to an hour of Friday 20 November 2026, or of a day."""
    clocks = []

    def move(hour: str, day: str = "2026-11-20") -> None:
        clock = machine_at(f"{day}T{hour}:00")
        clock.__enter__()
        clocks.append(clock)

    yield move
    for clock in reversed(clocks):
        clock.__exit__(None, None, None)


def test_a_session_is_timed_in_sittings_and_logged_with_its_note(at: At) -> None:
    at("10:00")
    assert "Started: the first pass of Adam" in done("session", "start", ADAM)
    at("10:25")
    (under_way,) = data("session")
    assert (under_way["pass"], under_way["minutes"]) == (1, 25)
    assert "the timer runs since Fri 20 Nov 2026, 10:00" in run("session").stdout
    assert data("next")["work"] == ADAM
    assert "Paused at 25 min" in done("session", "pause")
    at("12:00")
    assert "Going on with" in done("session", "start", ADAM)
    at("12:35")
    logged = done("session", "log", "--note", "Two moments.")
    assert "with its note" in logged
    assert ", 1 h. papertui undo" in logged
    shown = data("show", ADAM)
    assert [(each["pass"], each["minutes"]) for each in shown["passes"]] == [(1, 60)]
    assert [note["body"] for note in shown["notes"]] == ["Two moments."]
    assert data("session") == []


def test_a_session_logged_as_another_pass_has_its_note_on_that_pass(at: At) -> None:
    at("10:00")
    done("session", "start", ADAM)
    at("10:25")
    done("session", "log", "--pass", "2", "--note", "Two moments.")
    assert [note["pass"] for note in data("note", ADAM)] == [2]


def test_an_undone_session_waits_again(at: At) -> None:
    at("10:00")
    done("session", "start", ADAM, "--pass", "2")
    at("10:30")
    done("session", "log", "--note", "kept")
    done("undo", "--yes")
    (waiting,) = data("session")
    assert (waiting["pass"], waiting["minutes"], waiting["note"]) == (2, 30, "kept")
    assert waiting["running_since"] is None


def test_a_timer_that_was_forgotten_counts_nothing_unless_the_reader_says_so(at: At) -> None:
    at("06:00")
    done("session", "start", ADAM)
    at("20:00")
    assert "14 h in question on" in refused("session", "log")
    done("session", "log", "--minutes", "50")
    assert data("show", ADAM)["passes"][0]["minutes"] == 50


def test_a_timer_that_was_forgotten_is_in_question_after_a_pause_too(at: At) -> None:
    at("06:00")
    done("session", "start", ADAM)
    at("20:00")
    assert "14 h in question" in done("session", "pause")
    assert data("session")[0]["minutes"] == 0
    assert "14 h in question on" in refused("session", "log")
    done("session", "log", "--minutes", "50")
    assert data("show", ADAM)["passes"][0]["minutes"] == 50


def test_a_timer_that_was_forgotten_leaves_the_minutes_of_earlier_sittings_on_their_days(
    at: At, database: Path
) -> None:
    at("20:00", "2026-11-19")
    done("session", "start", ADAM)
    at("20:30", "2026-11-19")
    done("session", "pause")
    at("20:00", "2026-11-20")
    done("session", "start", ADAM)
    at("16:00", "2026-11-21")
    done("session", "log", "--minutes", "45")
    with Store(database) as store:
        assert store.reading_log.minutes() == {date(2026, 11, 19): 30, date(2026, 11, 20): 15}
    done("undo", "--yes")
    assert "30 min, 20 h in question" in run("session").stdout
    (waiting,) = data("session")
    assert (waiting["minutes"], waiting["minutes_in_question"]) == (30, 1200)
    assert "20 h in question on" in refused("session", "log")


def test_one_timer_runs_at_a_time(at: At) -> None:
    at("10:00")
    done("session", "start", ADAM)
    assert "The timer runs on Adam" in refused("session", "start", "he2015deep")
    done("session", "pause")
    done("session", "start", "he2015deep")
    assert "Several sessions wait; name the WORK" in refused("session", "log")
    assert "Deep Residual" in done("session", "log", "he2015deep")
    assert [each["work"] for each in data("session")] == [ADAM]


def test_a_session_can_end_without_being_logged(at: At) -> None:
    at("10:00")
    done("session", "start", ADAM)
    assert "Ended, not logged: first pass of Adam" in done("session", "end")
    assert data("session") == []
    assert data("show", ADAM)["passes"] == []
    for name in ("pause", "log", "end"):
        assert "session start WORK" in refused("session", name)
    assert "nothing to undo" in refused("undo")
    done("session", "start", ADAM)
    at("10:25")
    assert "papertui undo takes it back" in done("session", "end")
    assert data("session") == []
    assert "end of the session on Adam" in (undone := done("undo"))
    assert "; the session waits again." in undone
    assert [(each["work"], each["minutes"]) for each in data("session")] == [(ADAM, 25)]


def test_of_two_sessions_on_one_work_the_pass_says_which_is_meant(at: At) -> None:
    at("10:00")
    for number, note in (("1", "first note"), ("2", "second note")):
        done("session", "start", ADAM, "--pass", number)
        done("session", "log", "--minutes", "30", "--note", note, "--pass", number)
    done("undo", "--yes")
    done("undo", "--yes")
    for command in ("log", "end"):
        said = refused("session", command, ADAM)
        assert "first pass of Adam" in said
        assert "second pass of Adam" in said
        assert "--pass" in said
    assert "No third pass waits" in refused("session", "end", ADAM, "--pass", "3")
    done("session", "log", "--pass", "2")
    (logged,) = data("show", ADAM)["passes"]
    assert logged["pass"] == 2
    assert [note["body"] for note in data("note", ADAM)] == ["second note"]
    assert "first pass of Adam" in done("session", "end", ADAM)


@pytest.mark.parametrize("note", [(), ("--note", "Again.")])
def test_a_session_that_the_shell_takes_up_only_to_log_it_is_of_its_day(
    at: At, note: tuple[str, ...]
) -> None:
    at("10:00")
    done("session", "start", ADAM)
    at("10:50")
    done("session", "pause")
    with machine_at("2026-11-22T10:00"):
        done("session", "start", ADAM)
        done("session", "log", *note)
    assert data("show", ADAM)["passes"][0]["read_on"] == f"2026-11-{22 if note else 20}"


def test_a_session_that_goes_on_as_another_pass_says_so(at: At) -> None:
    at("10:00")
    done("session", "start", ADAM, "--pass", "1")
    done("session", "pause")
    said = done("session", "start", ADAM, "--pass", "2")
    assert "the first pass that waits, now as the second pass of Adam" in said


def test_a_pass_that_is_logged_beside_its_session_says_that_it_waits_on(at: At) -> None:
    at("10:00")
    done("session", "start", ADAM, "--pass", "1")
    done("session", "pause")
    assert "waits on" not in done("log", ADAM, "--pass", "2")
    assert "; its session waits on" in done("log", ADAM, "--pass", "1")
    assert "private: no sync sends it" in done("note", ADAM, "Mine.", "--private")


def test_a_name_means_the_one_work_of_those_it_fits_whose_session_waits(at: At) -> None:
    at("10:00")
    done("session", "start", "devlin2018bert")
    at("10:25")
    assert "Several works fit 'transformers'" in refused("log", "transformers", "--pass", "1")
    done("session", "pause", "transformers")
    assert "BERT" in done("session", "end", "transformers")


def test_a_pass_that_the_day_has_already_must_be_meant(at: At) -> None:
    at("10:00")
    done("log", ADAM, "--pass", "1")
    done("session", "start", ADAM, "--pass", "1")
    at("10:20")
    assert "--again" in refused("session", "log")
    done("session", "log", "--again")
    assert len(data("show", ADAM)["passes"]) == 2


def test_without_a_timer_a_session_measures_nothing(tmp_path: Path, at: At) -> None:
    (tmp_path / "config.toml").write_text('timer = "off"', encoding="utf-8")
    at("10:00")
    said = done("session", "start", ADAM)
    assert "timer" not in said
    assert "session log logs" in said
    assert 'timer = "off"' in refused("session", "pause")
    at("10:30")
    done("session", "log")
    assert data("show", ADAM)["passes"][0]["minutes"] is None


async def test_the_app_goes_on_with_a_session_of_the_shell(at: At, database: Path) -> None:
    at("10:00")
    done("session", "start", ADAM, "--pass", "2")
    at("10:25")
    with Store(database, busy_timeout=0) as store:
        async with PaperTui(store, Config()).run_test(size=WIDE) as pilot:
            assert "Waiting (w): Second pass of Adam" in await look(pilot)
            screen = await look(pilot, "s")
            assert "25 min of" in screen
            await type_in(pilot, "from the app")
            await press(pilot, "escape", "q")
    (waiting,) = data("session")
    assert (waiting["minutes"], waiting["note"]) == (25, "from the app")
    assert waiting["running_since"] is None
    done("session", "log", "--note", "and from the shell")
    assert data("note", ADAM)[0]["body"] == "from the app\n\nand from the shell"


async def test_the_app_stops_the_timer_of_the_shell_before_one_of_its_own_runs(
    at: At, database: Path
) -> None:
    at("10:00")
    done("session", "start", "he2015deep")
    at("10:25")
    with Store(database, busy_timeout=0) as store:
        async with PaperTui(store, Config()).run_test(size=WIDE) as pilot:
            await find(pilot, "adam")
            screen = " ".join((await look(pilot, "s", "2")).split())
            assert "The shell's timer runs on the first pass of Deep Residual" in screen
            assert "Stop it?" in screen
            await press(pilot, "escape")
            assert data("session")[0]["running_since"]
            await press(pilot, "s", "2", "y", *"word", "escape", "q")
    waiting = {each["work"]: (each["minutes"], each["running_since"]) for each in data("session")}
    assert waiting == {"he2015deep": (25, None), ADAM: (0, None)}


async def test_the_shell_tells_of_a_session_that_is_open_in_the_app(at: At, database: Path) -> None:
    at("10:00")
    with Store(database, busy_timeout=0) as store:
        async with PaperTui(store, Config()).run_test(size=WIDE) as pilot:
            await find(pilot, "adam")
            await press(pilot, "s", "2", *"heads", "ctrl+s")
            assert "Adam" in run("session").stdout
            assert "0 min, open in another papertui" in run("session").stdout
            assert [each["open_elsewhere"] for each in data("session")] == [True]
            for named in ((), (ADAM,)):
                assert "open in another papertui" in refused("session", "log", *named)
            assert "Another papertui has a session on Adam" in refused(
                "session", "start", "he2015deep"
            )
            await press(pilot, "f4", "space", "f4", "escape", "q")
    assert "open in" not in run("session").stdout


async def test_the_app_asks_about_a_timer_that_was_forgotten(at: At, database: Path) -> None:
    at("06:00")
    done("session", "start", ADAM, "--pass", "2")
    at("20:00")
    with Store(database, busy_timeout=0) as store:
        async with PaperTui(store, Config()).run_test(size=WIDE) as pilot:
            await find(pilot, "adam")
            screen = await look(pilot, "s")
            assert "+14 h?" in screen
            assert "counts that time" in screen
