"""Sessions below the screen: time, sittings, the line that logs, the editor."""

import os
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.journal import DEPTHS
from papertui.core.reading_session import (
    IDLE_AFTER,
    Session,
    Sitting,
    Timer,
    elapsed,
    first_field,
    minutes_by_day,
    own_beginning,
    own_words,
    template,
)
from papertui.errors import Refused
from papertui.system import editor
from papertui.tui.screens.note_versions import CONTEXT, MIN_FOLDED, differences, folded, tells_apart
from tests.support.clocks import StillClock

TODAY = date(2026, 11, 20)
YESTERDAY = date(2026, 11, 19)
TOMORROW = date(2026, 11, 21)


@pytest.fixture
def watch() -> StillClock:
    return StillClock(datetime(2026, 11, 20, 15, tzinfo=UTC))


@pytest.mark.parametrize(
    ("session", "is_under_way"),
    [
        (Session(1).sit_down(TODAY), False),
        (Session(1).sit_down(TODAY).read_for(59), False),
        (Session(1).sit_down(TODAY).read_for(60), True),
        (Session(1).sit_down(TODAY).toggle(2), True),
        (Session(1).sit_down(YESTERDAY).sit_down(TODAY), True),
    ],
)
def test_a_session_is_under_way_once_something_was_done_in_it(
    session: Session, is_under_way: bool
) -> None:
    assert session.is_under_way is is_under_way


def ticks(timer: Timer, watch: StillClock, seconds: int) -> float:
    return sum(tick_after(1, timer, watch) for _ in range(seconds))


def tick_after(seconds: float, timer: Timer, watch: StillClock) -> float:
    watch.passed += seconds
    return timer.tick()


def test_a_timer_counts_what_passes(watch: StillClock) -> None:
    assert ticks(Timer(watch), watch, 60) == 60


def test_a_pause_counts_nothing(watch: StillClock) -> None:
    timer = Timer(watch)
    watch.passed += 10
    assert timer.pause() == 10
    assert ticks(timer, watch, 60) == 0
    timer.pause()
    assert ticks(timer, watch, 5) == 5


def test_a_closed_laptop_is_asked_about_and_not_counted(watch: StillClock) -> None:
    timer = Timer(watch)
    assert tick_after(3600, timer, watch) == 0
    assert timer.doubt == 3600
    assert ticks(timer, watch, 5) == 5
    assert timer.settle(count=True) == 3600
    assert timer.doubt == 0


def test_dropped_time_is_gone_once_a_key_comes_and_until_then_counted_after_all(
    watch: StillClock,
) -> None:
    timer = Timer(watch)
    tick_after(3600, timer, watch)
    answers = [timer.settle(count) for count in (False, True, True, False, False, True)]
    assert answers == [0, 3600, 0, -3600, 0, 3600]
    timer.key()
    assert [timer.settle(count) for count in (False, True)] == [0, 0]
    tick_after(1800, timer, watch)
    assert [timer.settle(count) for count in (True, False)] == [1800, -1800]


def test_ten_still_minutes_are_counted_and_what_follows_is_asked_about(watch: StillClock) -> None:
    timer = Timer(watch)
    assert ticks(timer, watch, 900) == IDLE_AFTER
    assert timer.doubt == 900 - IDLE_AFTER
    timer.key()
    assert ticks(timer, watch, 60) == 60


def test_a_clock_that_goes_back_takes_nothing_away(watch: StillClock) -> None:
    timer = Timer(watch)
    assert tick_after(-600, timer, watch) == 0
    assert tick_after(1, timer, watch) == 1


def test_a_session_adds_up_over_sittings() -> None:
    session = Session(2).sit_down(YESTERDAY).read_for(1500).sit_down(TODAY).read_for(2220)
    assert session.minutes == 62
    assert session.sittings[-1].day == TODAY
    assert Session.from_json(session.as_json()) == session


def test_writing_begins_at_the_first_field_of_a_template() -> None:
    lines = [template(depth, {}).split("\n")[first_field(template(depth, {}))] for depth in DEPTHS]
    assert lines == [
        "- **Category**: what kind of paper is it?",
        "",
        "- Goal (which number, which figure):",
    ]
    assert first_field(template(2, {})) == 1
    assert first_field("My questions:\n\n- ") == 2


def test_a_note_is_named_by_the_first_words_that_are_not_its_templates() -> None:
    log = template(3, {})
    assert own_beginning(log.replace("figure):", "figure): table 2"), {}) == "table 2"
    assert own_beginning(log, {}) == "Reproduction log"


def test_ticks_are_kept_and_taken_away() -> None:
    session = Session(1).toggle(0).toggle(2).toggle(0)
    assert Session.from_json(session.as_json()).ticks == {2}


def test_minutes_count_for_the_day_their_sitting_began_on() -> None:
    sittings = (Sitting(YESTERDAY, 1500.0), Sitting(TODAY, 0.0), Sitting(TODAY, 2220.0))
    assert minutes_by_day(sittings, 62) == [(YESTERDAY, 25), (TODAY, 37)]
    sittings = (Sitting(YESTERDAY, 370.0), Sitting(TODAY, 470.0), Sitting(TOMORROW, 3.0))
    assert minutes_by_day(sittings, 15) == [(YESTERDAY, 7), (TODAY, 8)]
    assert minutes_by_day((Sitting(TODAY, 0.0),), 60) == [(TODAY, 60)]


@pytest.mark.parametrize(
    ("minutes", "shared"),
    [
        (40, [(YESTERDAY, 30), (TODAY, 10)]),
        (90, [(YESTERDAY, 30), (TODAY, 60)]),
        (20, [(YESTERDAY, 15), (TODAY, 5)]),
    ],
)
def test_minutes_beyond_those_measured_count_for_the_day_that_is_typed(
    minutes: int, shared: list[tuple[date, int]]
) -> None:
    session = Session(2, sittings=(Sitting(YESTERDAY, 1800.0), Sitting(TODAY, 600.0)))
    assert session.minutes_by_day(TODAY, minutes) == shared


@pytest.mark.parametrize(
    ("day", "shared"),
    [
        (TOMORROW, [(YESTERDAY, 30), (TOMORROW, 10)]),
        (YESTERDAY, [(YESTERDAY, 40)]),
        (date(2026, 11, 1), [(date(2026, 11, 1), 40)]),
        (None, []),
    ],
)
def test_a_session_logged_for_another_day_takes_along_what_was_read_on_its_last(
    day: date | None, shared: list[tuple[date, int]]
) -> None:
    session = Session(2, sittings=(Sitting(YESTERDAY, 1800.0), Sitting(TODAY, 600.0)))
    assert session.minutes_by_day(day, 40) == shared


def test_a_sitting_in_which_nothing_was_read_is_dropped_unless_it_is_the_only_one() -> None:
    session = Session(2, sittings=(Sitting(YESTERDAY, 1800.0), Sitting(TODAY, 20.0)))
    assert session.day == TODAY
    dropped = session.without_idle_sitting()
    assert (dropped.day, dropped.minutes) == (YESTERDAY, 30)
    assert dropped.minutes_by_day(dropped.day, dropped.minutes) == [(YESTERDAY, 30)]
    assert session.read_for(60).without_idle_sitting().day == TODAY
    assert Session(2).sit_down(TODAY).without_idle_sitting().day == TODAY


@given(
    st.lists(st.tuples(st.integers(0, 6), st.floats(0, 9000)), min_size=1, max_size=8),
    st.integers(1, 1440),
)
def test_minutes_shared_out_add_up(parts: list[tuple[int, float]], minutes: int) -> None:
    sittings = [Sitting(date(2026, 11, 1 + day), seconds) for day, seconds in parts]
    shared = minutes_by_day(sittings, minutes)
    assert sum(part for _, part in shared) == minutes
    assert len({day for day, _ in shared}) == len(shared)


def test_a_clock_is_read_at_a_glance() -> None:
    assert [elapsed(n) for n in (0, 59.9, 119.9, 3725)] == ["0 s", "59 s", "2 min", "1 h 2 min"]


def test_each_pass_has_a_template_and_the_readers_own_wins() -> None:
    assert template(1, {}).count("**C") == 5
    assert "Key equations" in template(2, {})
    assert "Reproduction log" in template(3, {})
    assert template(1, {"first": "mine"}) == "mine"


def test_versions_that_begin_alike_are_listed_by_what_changed_in_them() -> None:
    oldest = "# Title\n\nfirst words"
    added = f"{oldest}\nmore words"
    edited = "# Title\n\nother words\nmore words"
    shorter = "# Title\n\nother words"
    blank = f"{shorter}\n\n"
    says = ["# Title", "- more words", "other words", "more words", "# Title"]
    assert tells_apart([blank, shorter, edited, added, oldest]) == says
    assert tells_apart([""]) == [""]
    assert tells_apart([]) == []


def test_versions_are_compared_line_by_line() -> None:
    assert list(differences("a\nb", "a\nc")) == [(" ", "a"), ("-", "b"), ("+", "c")]


@given(st.lists(st.tuples(st.sampled_from("  -+"), st.just("x")), max_size=60))
def test_long_equal_stretches_of_versions_are_folded_and_no_difference_is(
    lines: list[tuple[str, str]],
) -> None:
    shown = [*folded(lines)]
    hidden = [int(text.split()[0]) for sign, text in shown if sign == "…"]
    assert len(shown) - len(hidden) + sum(hidden) == len(lines)
    assert all(number >= MIN_FOLDED for number in hidden)
    assert [each for each in shown if each[0] in "-+"] == [
        each for each in lines if each[0] in "-+"
    ]
    assert " " * (2 * CONTEXT + MIN_FOLDED) not in "".join(sign for sign, _ in shown)


def test_a_fold_keeps_the_lines_around_a_difference() -> None:
    lines = "\n".join(map(str, range(30)))
    shown = [f"{sign} {line}" for sign, line in folded(differences(lines, f"{lines}\nend"))]
    assert shown == ["… 27 lines equal", "  27", "  28", "  29", "+ end"]


# ── the reader's own editor ──────────────────────────────────────────────────


def script(folder: Path, body: str) -> list[str]:
    path = folder / "editor"
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return [str(path)]


def test_what_the_editor_writes_comes_back(tmp_path: Path) -> None:
    edited = editor.edit(script(tmp_path, 'echo more >> "$1"'), "text\n", tmp_path)
    assert edited == editor.Edited("text\nmore\n", edited.path)
    assert list(tmp_path.glob("note-*")) == [edited.path]


def test_a_line_end_that_the_editor_adds_is_no_change(tmp_path: Path) -> None:
    assert editor.edit(script(tmp_path, "true"), "text", tmp_path).text == "text"
    # It is there before, for programs that write more.
    assert editor.edit(script(tmp_path, 'echo more >> "$1"'), "text", tmp_path).text == "text\nmore"


def test_an_editor_that_saves_by_renaming_is_fine(tmp_path: Path) -> None:
    argv = script(tmp_path, 'echo new > "$1.tmp"; mv "$1.tmp" "$1"')
    assert editor.edit(argv, "old", tmp_path).text == "new"


def test_an_editor_that_fails_is_asked_about(tmp_path: Path) -> None:
    edited = editor.edit(script(tmp_path, 'echo new > "$1"; exit 3'), "old", tmp_path)
    assert (edited.text, edited.question) == ("new", "The editor failed (exit 3). Take its text?")
    assert edited.path.read_text(encoding="utf-8") == "new\n"


def test_an_emptied_file_is_asked_about(tmp_path: Path) -> None:
    edited = editor.edit(script(tmp_path, ': > "$1"'), "old", tmp_path)
    assert edited.question == "The editor left nothing. Empty the note?"
    assert not edited.path.exists()


def test_a_deleted_file_leaves_the_note_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="as it was"):
        editor.edit(script(tmp_path, 'rm "$1"'), "old", tmp_path)


def test_a_link_in_the_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    argv = script(tmp_path, f'ln -sf {tmp_path}/secret "$1"')
    with pytest.raises(Refused, match="as it was"):
        editor.edit(argv, "old", tmp_path)


def test_a_file_that_is_not_text_is_kept_and_asked_about(tmp_path: Path) -> None:
    edited = editor.edit(script(tmp_path, "printf 'a\\377b' > \"$1\""), "old", tmp_path)
    assert edited.text == "a\ufffdb"
    assert "Not all of it is UTF-8" in edited.question
    assert list(tmp_path.glob("note-*"))


def test_a_huge_file_is_kept_and_not_taken(tmp_path: Path) -> None:
    argv = script(tmp_path, 'head -c 2000000 /dev/zero > "$1"')
    with pytest.raises(Refused, match="larger than 1 MB"):
        editor.edit(argv, "old", tmp_path)
    (kept,) = tmp_path.glob("note-*")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_an_editor_that_cannot_start_is_reported(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("no program", encoding="utf-8")
    broken.chmod(0o700)
    with pytest.raises(Refused, match="could not be started"):
        editor.edit([str(broken)], "old", tmp_path)
    assert not list(tmp_path.glob("note-*"))


def test_a_missing_editor_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    with pytest.raises(Refused, match="Set VISUAL or EDITOR"):
        editor.command()
    monkeypatch.setenv("EDITOR", "no-such-editor --wait")
    with pytest.raises(Refused, match="not a program on this machine"):
        editor.command()


def test_vim_obeys_no_modelines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script(tmp_path, "")
    (tmp_path / "editor").rename(tmp_path / "vim")
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("VISUAL", "vim -n")
    assert editor.command() == ["vim", "-n", "--cmd", "set nomodeline"]


@given(st.integers(1, 3), st.lists(st.text("ab -#:", max_size=20), max_size=8), st.integers(0, 9))
def test_only_the_words_of_the_reader_are_counted(depth: int, lines: list[str], at: int) -> None:
    own = {"second": "## Mine\n\n- what I ask:\n"}
    inserted = template(depth, own).split("\n")
    mixed = "\n".join([*lines[:at], *inserted, *lines[at:]])
    assert own_words(mixed, own) == own_words("\n".join(lines), own)
    assert own_words("\n".join(inserted), own) == 0
    assert own_words("- what I ask: why it works\n## Mine and yours", own) == 5
