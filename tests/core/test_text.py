import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from wcwidth import iter_graphemes, width

from papertui.core import text
from papertui.core.text import (
    cell_safe,
    cells,
    chop,
    clipped,
    file_safe,
    fold,
    quantity,
    safe_line,
    shorten,
    terminal_safe,
    title_key,
    wrap,
)
from papertui.storage.shipped import CATALOG


@pytest.mark.parametrize(
    "hostile",
    ["\x1b[31mred", "\x9b31m", "a\x07b", "\x1b]52;c;aGk=\x07", "\u202eabc", "\ud800", "\u2028"],
)
def test_nothing_that_steers_a_terminal_is_left(hostile: str) -> None:
    shown = terminal_safe(hostile)
    assert "\ufffd" in shown
    assert not any(c in shown for c in hostile if not c.isprintable())


def test_harmless_text_stays_as_it_is() -> None:
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


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("abc", 3),
        ("● – “é”…", 8),
        ("影森", 4),
        ("e\u0301", 1),
        ("한", 2),
        ("❤️", 2),
        ("☑️", 2),
        ("👍🏽", 2),
        ("👩\u200d🔬", 2),
        ("👩🏽\u200d🔬", 2),
        ("🇩🇪", 2),
        ("1️⃣", 2),
    ],
)
def test_signs_are_as_wide_as_terminals_draw_them(text: str, width: int) -> None:
    assert cells(text) == width
    # The painter measures too, with Rich.
    assert cell_len(text) == width


def test_signs_of_a_single_cell_are_measured_without_wcwidth() -> None:
    script = (
        "import sys; from papertui.core.labels import Glyphs; from papertui.core.text import cells;"
        "assert cells('Łukasz – “naïve” …' + ''.join(Glyphs().status)) == 22;"
        "assert 'wcwidth' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_the_quick_table_agrees_with_wcwidth() -> None:
    for sign in text._SINGLE_CELLS:
        assert width(sign) == 1, hex(ord(sign))
        assert list(iter_graphemes(f"a{sign}b")) == ["a", sign, "b"]


emoji = ["❤️", "👍🏽", "👩\u200d🔬", "🇩🇪", "e\u0301", "影", "●", "a", " ", "\u200d", "नि"]
signs = st.text(st.characters(exclude_categories=["Cs", "Cc"])) | st.lists(
    st.sampled_from(emoji)
).map("".join)


@given(signs, st.integers(1, 40))
def test_wrapped_lines_fit_and_lose_no_letter(written: str, limit: int) -> None:
    lines = list(wrap(written, limit))
    assert all(cells(line) <= limit or len([*iter_graphemes(line)]) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == written.replace(" ", "")


@given(signs, st.integers(1, 40))
def test_chopped_pieces_fit_give_the_text_and_part_no_cluster(written: str, limit: int) -> None:
    pieces = list(chop(written, limit))
    assert "".join(pieces) == written
    assert all(cells(piece) <= limit or len([*iter_graphemes(piece)]) == 1 for piece in pieces)
    assert [c for piece in pieces for c in iter_graphemes(piece)] == [*iter_graphemes(written)]


@given(signs, st.integers(1, 30))
def test_a_shortened_text_fits_and_ends_with_a_sign(written: str, limit: int) -> None:
    assert cells(shorten(written, limit)) <= limit
    short, line = clipped(written, limit), safe_line(written)
    assert len(short) <= limit
    assert short == line or short.endswith("…")


@pytest.mark.parametrize(
    ("title", "width", "shown"),
    [
        ("Attention Is All You Need", 25, "Attention Is All You Need"),
        ("Attention Is All You Need", 23, "Attention Is All You…"),
        ("Attention Is All You Need", 17, "Attention Is All…"),
        ("Fast: quick things", 8, "Fast…"),
        ("Backpropagation", 8, "Backpro…"),
        ("A Backpropagation", 12, "A Backpropa…"),
        ("深度残差 学习", 11, "深度残差…"),
    ],
)
def test_a_title_gives_way_at_the_end_of_a_word(title: str, width: int, shown: str) -> None:
    assert shorten(title, width) == shown


def test_numbers_agree_with_their_noun() -> None:
    assert (quantity(1, "week"), quantity(6, "week"), quantity(1200, "word")) == (
        "1 week",
        "6 weeks",
        "1,200 words",
    )


def test_the_shipped_catalogue_is_measured_without_wcwidth() -> None:
    assert set(CATALOG.read_text(encoding="utf-8")) - text._SIMPLE <= {"\n"}


@pytest.mark.parametrize(
    ("text", "in_a_file", "in_a_line"),
    [
        ("plain", "plain", "plain"),
        ("a\x1b[31mb\x9bc\ud800", "a\ufffd[31mb\ufffdc\ufffd", "a\ufffd[31mb\ufffdc\ufffd"),
        ("a\tb\r\nc\rd\ne", "a\tb\r\nc\nd\ne", "a\ufffdb\ufffd\ufffdc\ufffdd\ufffde"),
        ("\u05d0\u200f 深度 é", "\u05d0\u200f 深度 é", "\u05d0\u200f 深度 é"),
    ],
)
def test_text_is_safe_in_a_file_and_in_a_line_of_the_screen(
    text: str, in_a_file: str, in_a_line: str
) -> None:
    assert file_safe(text) == in_a_file
    assert cell_safe(text) == in_a_line
