"""Notes as they are shown: every kind of Markdown, whole, within the width, as data."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papertui.core.text import cells
from papertui.pages.layout import CODE, EMPHASIS, HEADING, LINK, STRIKE, STRONG, Span, Writer
from papertui.pages.markdown import MAX_LETTERS, write_markdown


def markdown(text: str, width: int = 40) -> list[str]:
    page = Writer(width)
    write_markdown(page, text)
    return [line.text for line in page.lines]


def test_markdown_reads_as_it_should() -> None:
    source = (
        "# Title\ntext **bold** and `code`\n\n- one\n  - two\n1. three\n- [x] done\n> said\n---"
    )
    assert markdown(source) == [
        "Title",
        "text bold and code",
        "",
        "• one",
        "  • two",
        "1. three",
        "☑ done",
        "│ said",
        "─" * 40,
    ]


def test_code_is_left_alone() -> None:
    assert markdown("```python\n# no heading\n  x = 1\n```") == ["  # no heading", "    x = 1"]


def test_text_that_only_looks_like_markdown_stays() -> None:
    assert markdown("snake_case_name 2 * 3 * 4 [red]x[/]") == [
        "snake_case_name 2 * 3 * 4 [red]x[/]"
    ]


@example("0000000000 ", 10)
@given(st.text(), st.integers(10, 80))
def test_any_text_can_be_shown_and_fits(text: str, width: int) -> None:
    for line in markdown(text, width):
        assert cells(line) <= max(width, 10)


def test_a_note_of_sixty_sections_is_quick() -> None:
    text = "\n\n".join(f"## Section {n}\n\n" + "words and *more* words " * 60 for n in range(60))
    started = time.process_time()
    lines = markdown(text)
    assert len(lines) > 1000
    # Far from a measurement: it only tells a page of lines from a tree of widgets.
    assert time.process_time() - started < 1.0


def spans(text: str, width: int = 60) -> list[Span]:
    page = Writer(width)
    write_markdown(page, text)
    shown = (span for line in page.lines for span in line.spans)
    return [span._replace(text=text) for span in shown if (text := span.text.strip())]


def test_emphasis_within_emphasis_has_both_looks() -> None:
    assert spans("**strong and *both* of it** ~~gone~~ `x**y`") == [
        Span("strong and", STRONG),
        Span("both", f"{STRONG} {EMPHASIS}"),
        Span("of it", STRONG),
        Span("gone", STRIKE),
        Span("x**y", CODE),
    ]


def test_a_link_leads_to_its_address_and_an_image_is_one() -> None:
    shown = spans("[the **paper**](https://a.org/x) ![a plot](https://a.org/p.png) https://b.org.")
    assert [(span.text, span.target) for span in shown if LINK in span.style] == [
        ("the", "https://a.org/x"),
        ("paper", "https://a.org/x"),
        ("image: a plot", "https://a.org/p.png"),
        ("https://b.org", "https://b.org"),
    ]


@pytest.mark.parametrize("address", ["notes.md", "javascript:alert(1)", "file:///etc/passwd"])
def test_an_address_that_is_not_of_the_web_is_text(address: str) -> None:
    shown = spans(f"[here]({address})")
    assert not any(span.target for span in shown)
    assert address in "".join(span.text for span in shown)


def test_lists_keep_their_order_and_depth() -> None:
    assert markdown("9. nine\n10. ten\n    - [ ] in it\n      more\n\n    > said\n* - both") == [
        " 9. nine",
        "10. ten",
        "    ☐ in it",
        "      more",
        "",
        "    │ said",
        "• • both",
    ]


TABLE = "| model | params |\n|---|---:|\n| big *one* | 175 |\n| small | 7 |\n"


def test_a_table_stands_in_columns() -> None:
    assert markdown(TABLE) == [
        "model   │ params",
        "────────┼───────",
        "big one │    175",
        "small   │      7",
    ]


def test_a_table_that_is_too_wide_wraps_and_then_takes_its_rows_apart() -> None:
    assert markdown(TABLE, 15) == [
        "model  │ params",
        "───────┼───────",
        "big    │    175",
        "one    │",
        "small  │      7",
    ]
    assert markdown(TABLE, 10) == [
        "model: big",
        "one",
        "params:",
        "175",
        "",
        "model:",
        "small",
        "params: 7",
        "",
    ]


def test_a_row_with_more_cells_than_the_head_is_shown_as_it_was_typed() -> None:
    assert markdown("|a|b|\n|-|-|\n|1|2|3|") == ["|a|b|", "|-|-|", "|1|2|3|"]


def test_quotes_and_code_are_told_apart_without_colour() -> None:
    text = "> one\n>\n> > two\n\n~~~\na  b\n~~~\n\n    indented"
    assert markdown(text) == ["│ one", "│", "│ │ two", "", "  a  b", "", "  indented"]


def test_a_heading_is_one_in_every_style() -> None:
    assert spans("Set\n===\n\n## A *b* ##") == [
        Span("Set", HEADING),
        Span("A", HEADING),
        Span("b", f"{HEADING} {EMPHASIS}"),
    ]


def test_formulas_are_shown_and_are_no_markup() -> None:
    assert markdown("rate $\\alpha_1 b^*$ or $c^*$, `$\\alpha$` for $5 to $6", 60) == [
        "rate α₁ b* or c*, $\\alpha$ for $5 to $6"
    ]


WORDS = st.lists(st.text("abcxyz", min_size=1, max_size=12), min_size=1, max_size=4).map(" ".join)
MARKS = st.sampled_from(
    [
        "",
        "# ",
        "- ",
        "  - ",
        "1. ",
        "> ",
        "> - ",
        "- [ ] ",
        "    ",
        "```\n",
        "|a|b|\n|-|-|\n|",
        "~~",
    ]
)


@given(
    st.lists(st.tuples(MARKS, WORDS, st.sampled_from(["\n", "\n\n"])), max_size=6),
    st.integers(9, 60),
)
def test_no_word_of_a_note_is_lost(lines: list[tuple[str, str, str]], width: int) -> None:
    text = "".join(f"{mark}{words}{end}" for mark, words, end in lines)
    shown = "".join("".join(markdown(text, width)).split())
    at = 0
    for word in "".join(words + " " for _, words, _ in lines).split():
        assert (at := shown.find(word, at)) >= 0, (word, shown)


@given(
    st.text(st.sampled_from("*_`[]()<>!|~#->1. \n\t&;:x\x1b\u202e"), max_size=60),
    st.integers(9, 60),
)
def test_whatever_marks_a_note_has_it_fits_and_steers_nothing(text: str, width: int) -> None:
    for line in markdown(text, width):
        assert cells(line) <= width
        assert line.isprintable() and "\x1b" not in line and "\u202e" not in line


def test_characters_that_steer_a_terminal_are_no_entities_either() -> None:
    assert "".join(markdown("a&#27;b&#x202e;c&#8238;d &amp; e")) == "a\ufffdb\ufffdc\ufffdd & e"


@pytest.mark.parametrize("signs", ["[", "*a ", "> ", "![", "`", "<", "- ", "|", "[](", "~~a"])
def test_signs_without_end_are_quick(signs: str) -> None:
    started = time.process_time()
    markdown(signs * (MAX_LETTERS // len(signs) - 1))
    markdown(f"{signs}\n" * 2000)
    assert time.process_time() - started < 10


def test_a_note_that_is_seen_again_is_not_read_again() -> None:
    page, again = Writer(40), Writer(40)
    write_markdown(page, "*seen* before")
    write_markdown(again, "*seen* before")
    assert page.lines[0] is again.lines[0]
