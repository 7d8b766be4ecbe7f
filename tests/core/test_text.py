import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core.text import (
    cells,
    fold,
    quantity,
    safe_line,
    shorten,
    terminal_safe,
    title_key,
    wrap,
)


@pytest.mark.parametrize(
    "hostile",
    ["\x1b[31mred", "\x9b31m", "a\x07b", "\x1b]52;c;aGk=\x07", "\u202eabc", "\ud800", "\u2028"],
)
def test_nothing_that_steers_a_terminal_is_left(hostile: str) -> None:
    shown = terminal_safe(hostile)
    assert "\ufffd" in shown
    assert not any(c in shown for c in hostile if not c.isprintable())


def test_what_is_harmless_stays_as_it_is() -> None:
    text = "Łukasz 影森 🌲 👩‍🔬 [red] שלום"
    assert terminal_safe(text) == text


def test_one_line_is_one_line() -> None:
    assert safe_line(" a\n\tb  c ") == "a b c"


@pytest.mark.parametrize(
    ("written", "folded"), [("Łukasz", "lukasz"), ("Søren", "soren"), ("Éa  ÜB", "ea ub")]
)
def test_folding_forgets_case_and_accents(written: str, folded: str) -> None:
    assert fold(written) == folded


def test_titles_are_compared_without_punctuation() -> None:
    assert title_key("Attention? Attention!") == title_key("attention attention")


def test_wide_and_combining_characters_are_measured_as_a_terminal_shows_them() -> None:
    assert cells("影森") == 4
    assert cells("e\u0301") == 1
    assert cells("abc") == 3


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])), st.integers(4, 40))
def test_wrapped_lines_fit_and_lose_no_letter(text: str, width: int) -> None:
    lines = list(wrap(text, width))
    assert all(cells(line) <= width for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.text(), st.integers(1, 30))
def test_a_shortened_text_fits(text: str, width: int) -> None:
    assert cells(shorten(text, width)) <= width


def test_numbers_agree_with_their_noun() -> None:
    assert (quantity(1, "week"), quantity(6, "week"), quantity(1200, "word")) == (
        "1 week",
        "6 weeks",
        "1,200 words",
    )
