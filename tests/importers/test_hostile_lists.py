"""Files that mean harm, or mean nothing: a clear message or a clean list, and soon."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import identifiers
from papertui.core.identity import MAX_TITLE
from papertui.core.labels import KINDS
from papertui.core.text import safe_line
from papertui.errors import Refused
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection
from papertui.importers.reading_list.entries import MAX_SUMMARY
from papertui.importers.reading_list.parser import (
    MAX_CELLS,
    MAX_LINE,
    MAX_LINES,
    MAX_PROBLEMS,
    MAX_TEXT,
    parse_reading_list,
)
from tests.support.endurance import examples

GOOD = "- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)\n"
# Each of these has once cost some Markdown reader time squared, or worse.
TRAPS = (
    *("[", "![", "]", "](", "[[]](", "[a](", "[a](<b", "[a][b] ", "[a]: b\n", "(", ")", "{"),
    *("*", "**", "_", "*a **b", "*a_", "`", "`a``", "~", "<", "</", "<a ", '<a href="', "&"),
    *("&a;", "<!--", "<?", "<!A", "<![CDATA[", "<details>", "<summary>", "<table><tr><td>"),
    *("<li>", "<h1>", '"', '"a b" ', '"a b" and ', "“", "'", "⭐", "⭐ a ", ":star:", ":", " - "),
    *("—", "A. ", "a, ", "Aa Bb, ", "Aa and ", "et al., ", "2017 ", "(2017) ", "NeurIPS ", "in "),
    *("by A ", "tier 1 ", "https://", "https://a.b/ ", "https://a.b/)", "arxiv:", "doi:10.1/"),
    *("10.1234/a ", "mailto:a@b ", "|a", "|\n|-|\n", "- ", "-\n", "> ", "1. ", "1. a\nb\n"),
    *("# ", "a\n=\n", "---\n", "```\n", "a\n", "\n", "\n\n", " ", "\t", "\u3000", "İ", "ß"),
    *("ðŸŒ² ", "\x1b[", "\x1b]0;", "\u202e", "Title: a\n"),
)  # fmt: skip


def read(text: str) -> ParsedList:
    return parse_reading_list(text, "list.md")


def titles(found: ParsedList) -> list[str]:
    return [item.title for item in found.all_items()]


def depth(section: ParsedSection) -> int:
    return 1 + max(map(depth, section.sections), default=0)


def assert_sound(found: ParsedList) -> None:
    """Say that all of a list may be shown and kept, whatever it was read from."""
    assert found.title
    assert found.title == safe_line(found.title)
    assert len(found.problems) <= MAX_PROBLEMS + 1
    assert all("\n" not in problem for problem in found.problems)
    for section in found.sections:
        assert_section_sound(section)


def assert_section_sound(section: ParsedSection) -> None:
    assert section.title
    assert section.title == safe_line(section.title)
    assert section.items or section.sections
    for item in section.items:
        assert_item_sound(item)
    for part in section.sections:
        assert_section_sound(part)


def assert_item_sound(item: ParsedItem) -> None:
    assert any(map(str.isalnum, item.title))
    assert len(item.title) <= MAX_TITLE
    assert len(item.summary or "") <= MAX_SUMMARY
    texts = (item.title, item.venue, item.summary, item.original, *item.authors)
    assert all(text == safe_line(text) for text in texts if text is not None)
    assert item.kind in KINDS
    assert item.line > 0
    assert item.tier in (None, 1, 2, 3, 4)
    assert item.arxiv is None or identifiers.arxiv_id(item.arxiv) == item.arxiv
    assert all(identifiers.is_web_address(link.url) and link.label for link in item.links)


@pytest.mark.parametrize("trap", TRAPS)
@pytest.mark.parametrize("before", ["", "- ", "# ", "| a |\n|---|\n| ", "Words. "])
def test_a_trap_leaves_a_sound_list_and_is_soon_read(trap: str, before: str) -> None:
    found = read(GOOD + before + trap * 3000 + "\n\n" + GOOD.replace("1706", "1707"))
    assert_sound(found)


@pytest.mark.parametrize("trap", ["[", "*", "<!-", "(", '"', "Aa Bb, ", "⭐"])
def test_works_before_and_after_a_trap_come_in(trap: str) -> None:
    found = read(
        f"{GOOD}\n{trap * 5000}\n\n## More\n\n- [BERT](https://arxiv.org/abs/1810.04805)\n"
    )
    assert titles(found) == ["Attention Is All You Need", "BERT"]


def test_a_line_of_ten_megabytes_is_cut_and_said() -> None:
    found = read(GOOD + "- " + "a" * 10_000_000 + "\n")
    assert titles(found)[0] == "Attention Is All You Need"
    assert f"line 2: cut after {MAX_LINE:,} characters" in found.problems


def test_ten_thousand_works_come_in() -> None:
    lines = (f"- [Work {n} of many](https://arxiv.org/abs/1706.{n:05})\n" for n in range(10_000))
    found = read("".join(lines))
    assert len({item.arxiv for item in found.all_items()}) == 10_000


def test_what_is_nested_too_deep_is_left_out_and_said() -> None:
    bullets = "".join(f"{'  ' * level}- level {level}\n" for level in range(1000))
    found = read(f"{GOOD}\n# Deep\n\n{bullets}{'- ' * 5000}a\n")
    assert titles(found)[0] == "Attention Is All You Need"
    assert any("nested" in problem for problem in found.problems)
    assert max(map(depth, found.sections)) < 50


def test_ten_thousand_folds_in_each_other_are_one_section() -> None:
    found = read("<details><summary>More</summary>\n\n" * 10_000 + GOOD)
    assert titles(found) == ["Attention Is All You Need"]
    assert max(map(depth, found.sections)) < 50


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\n" * (MAX_LINES + 1), "lines"),
        (("a" * 5000 + "\n") * (MAX_TEXT // 5000), "characters"),
        ("|a|\n" * (MAX_CELLS // 2), "lines"),
        (("|" * 1000 + "\n") * (MAX_CELLS // 1000 + 1), "table cells"),
    ],
)
def test_what_would_take_minutes_is_refused(text: str, says: str) -> None:
    with pytest.raises(Refused, match=f"^list.md has more than .* {says}: split it"):
        read(text)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "file:///etc/passwd",
        "data:text/html;base64,PHN2Zz4=",
        "vbscript:x",
        "mailto:someone@example.org",
        "./papers/attention.pdf",
    ],
)
@pytest.mark.parametrize("form", ["[{title}]({url})", '<a href="{url}">{title}</a>'])
def test_what_is_no_web_address_is_dropped_and_said(address: str, form: str) -> None:
    entry = form.format(title="A paper about something", url=address)
    found = read(f"{GOOD}- {entry} (2017)\n")
    assert titles(found)[1] == "A paper about something"
    assert [item.links for item in found.all_items()] == [(), ()]
    assert len(found.problems) == 1


def test_escape_sequences_and_controls_do_not_come_in() -> None:
    bell = "\x1b]0;mine\x07"
    found = read(
        f"- [Attent\x00ion \x1b[31mIs\u202e All{bell}](https://arxiv.org/abs/1706.03762)\n"
    )
    assert titles(found) == ["Attention Is All"]
    assert_sound(found)


def test_markup_of_the_screen_is_but_text() -> None:
    found = read("- [\\[@click=app.quit\\]Press\\[/\\]](https://arxiv.org/abs/1706.03762)\n")
    assert titles(found) == ["[@click=app.quit]Press[/]"]


def test_many_problems_are_told_in_few_lines() -> None:
    found = read("".join(f"- [Paper {n} of many](file:///{n}) (2017)\n" for n in range(500)))
    assert len(titles(found)) == 500
    assert found.problems[-1] == "and 400 more such lines"


pieces = st.sampled_from(
    [*TRAPS, GOOD, "\n", "- ", "  - ", "# A\n", "**Tier 2**\n", "a", " ", "(He et al., 2016)"]
)


@examples(150)
@given(st.lists(pieces | st.text(max_size=20), max_size=40).map("".join))
def test_whatever_is_written_comes_in_sound(text: str) -> None:
    assert_sound(read(text))


@examples(100)
@given(st.text(max_size=200))
def test_any_text_comes_in_sound(text: str) -> None:
    assert_sound(read(text))


@examples(60)
@given(st.lists(st.sampled_from(["a\n\n", "# b\n\n", "> c\n\n", "---\n\n"]), max_size=6))
def test_prose_around_a_list_changes_none_of_its_works(prose: list[str]) -> None:
    assert "Attention Is All You Need" in titles(read("".join(prose) + "## Works\n\n" + GOOD))
