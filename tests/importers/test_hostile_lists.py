"""Hostile and meaningless files: a clear message or a valid list, in little time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import identifiers
from papertui.core.identity import MAX_TITLE
from papertui.core.labels import KINDS
from papertui.core.text import safe_line
from papertui.errors import Refused
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection
from papertui.importers.reading_list.parser import (
    MAX_CELLS,
    MAX_LINE,
    MAX_LINES,
    MAX_PROBLEMS,
    MAX_TEXT,
    parse_reading_list,
)
from papertui.importers.reading_list.works import MAX_SUMMARY
from tests.support.endurance import examples

GOOD = "- [Attention Is All You Need](https://arxiv.org/abs/1706.03762)\n"
# Each of these has cost some Markdown parser quadratic time, or worse.
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


def titles(parsed: ParsedList) -> list[str]:
    return [item.title for item in parsed.all_items()]


def depth(section: ParsedSection) -> int:
    return 1 + max(map(depth, section.sections), default=0)


def assert_valid(parsed: ParsedList) -> None:
    """Assert that all of a list may be shown and stored."""
    assert parsed.title
    assert parsed.title == safe_line(parsed.title)
    assert len(parsed.problems) <= MAX_PROBLEMS + 1
    assert all("\n" not in problem for problem in parsed.problems)
    for section in parsed.sections:
        assert_valid_section(section)


def assert_valid_section(section: ParsedSection) -> None:
    assert section.title
    assert section.title == safe_line(section.title)
    assert section.items or section.sections
    for item in section.items:
        assert_valid_item(item)
    for part in section.sections:
        assert_valid_section(part)


def assert_valid_item(item: ParsedItem) -> None:
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
def test_a_trap_gives_a_valid_list_in_little_time(trap: str, before: str) -> None:
    parsed = read(GOOD + before + trap * 1000 + "\n\n" + GOOD.replace("1706", "1707"))
    assert_valid(parsed)


@pytest.mark.parametrize("trap", ["[", "*", "<!-", "(", '"', "Aa Bb, ", "⭐"])
def test_works_before_and_after_a_trap_are_imported(trap: str) -> None:
    parsed = read(
        f"{GOOD}\n{trap * 5000}\n\n## More\n\n- [BERT](https://arxiv.org/abs/1810.04805)\n"
    )
    assert titles(parsed) == ["Attention Is All You Need", "BERT"]


def test_a_line_of_ten_megabytes_is_cut_and_reported() -> None:
    parsed = read(GOOD + "- " + "a" * 10_000_000 + "\n")
    assert titles(parsed)[0] == "Attention Is All You Need"
    assert f"line 2: cut after {MAX_LINE:,} characters" in parsed.problems


def test_ten_thousand_works_are_imported() -> None:
    lines = (f"- [Work {n} of many](https://arxiv.org/abs/1706.{n:05})\n" for n in range(10_000))
    parsed = read("".join(lines))
    assert len({item.arxiv for item in parsed.all_items()}) == 10_000


def test_deeply_nested_entries_are_left_out_and_reported() -> None:
    bullets = "".join(f"{'  ' * level}- level {level}\n" for level in range(1000))
    parsed = read(f"{GOOD}\n# Deep\n\n{bullets}{'- ' * 5000}a\n")
    assert titles(parsed)[0] == "Attention Is All You Need"
    assert any("nested" in problem for problem in parsed.problems)
    assert max(map(depth, parsed.sections)) < 50


def test_ten_thousand_nested_details_become_one_section() -> None:
    parsed = read("<details><summary>More</summary>\n\n" * 10_000 + GOOD)
    assert titles(parsed) == ["Attention Is All You Need"]
    assert max(map(depth, parsed.sections)) < 50


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a\n" * (MAX_LINES + 1), "lines"),
        (("a" * 5000 + "\n") * (MAX_TEXT // 5000), "characters"),
        ("|a|\n" * (MAX_CELLS // 2), "lines"),
        (("|" * 1000 + "\n") * (MAX_CELLS // 1000 + 1), "table cells"),
    ],
)
def test_files_that_would_take_minutes_are_refused(text: str, says: str) -> None:
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
def test_links_that_are_not_web_addresses_are_left_out_and_reported(
    address: str, form: str
) -> None:
    entry = form.format(title="A paper about something", url=address)
    parsed = read(f"{GOOD}- {entry} (2017)\n")
    assert titles(parsed)[1] == "A paper about something"
    assert [item.links for item in parsed.all_items()] == [(), ()]
    assert len(parsed.problems) == 1


def test_escape_sequences_and_control_characters_are_removed() -> None:
    bell = "\x1b]0;mine\x07"
    parsed = read(
        f"- [Attent\x00ion \x1b[31mIs\u202e All{bell}](https://arxiv.org/abs/1706.03762)\n"
    )
    assert titles(parsed) == ["Attention Is All"]
    assert_valid(parsed)


def test_screen_markup_is_plain_text() -> None:
    parsed = read("- [\\[@click=app.quit\\]Press\\[/\\]](https://arxiv.org/abs/1706.03762)\n")
    assert titles(parsed) == ["[@click=app.quit]Press[/]"]


def test_many_problems_are_summed_up() -> None:
    parsed = read("".join(f"- [Paper {n} of many](file:///{n}) (2017)\n" for n in range(500)))
    assert len(titles(parsed)) == 500
    assert parsed.problems[-1] == "and 400 more such lines"


pieces = st.sampled_from(
    [*TRAPS, GOOD, "\n", "- ", "  - ", "# A\n", "**Tier 2**\n", "a", " ", "(He et al., 2016)"]
)


@examples(150)
@given(st.lists(pieces | st.text(max_size=20), max_size=40).map("".join))
def test_any_mix_of_markdown_gives_a_valid_list(text: str) -> None:
    assert_valid(read(text))


@examples(100)
@given(st.text(max_size=200))
def test_any_text_gives_a_valid_list(text: str) -> None:
    assert_valid(read(text))


@examples(60)
@given(st.lists(st.sampled_from(["a\n\n", "# b\n\n", "> c\n\n", "---\n\n"]), max_size=6))
def test_prose_before_a_list_hides_none_of_its_works(prose: list[str]) -> None:
    assert "Attention Is All You Need" in titles(read("".join(prose) + "## Works\n\n" + GOOD))
