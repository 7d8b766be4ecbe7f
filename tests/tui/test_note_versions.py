"""Versions of a note side by side: what differs, and what is folded."""

from hypothesis import given
from hypothesis import strategies as st

from papertui.tui.screens.note_versions import CONTEXT, MIN_FOLDED, differences, folded, tells_apart


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
