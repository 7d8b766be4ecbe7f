"""Public reading lists, which lie beside the checkout and not in it: how much of them is right."""

import html
import json
import re
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from markdown_it import MarkdownIt

from papertui.core import identifiers
from papertui.importers.formats import decode
from papertui.importers.parsed_list import ParsedItem, ParsedList
from papertui.importers.reading_list.parser import parse_reading_list

SHARED = Path(__file__).parents[3] / "shared"
LISTS = sorted((SHARED / "lists").glob("*.md"))
# A list's line that is a bullet, a numbered entry or a row of a table, not a rule or a header.
ENTRY = re.compile(r"\s*(?:[-*+]\s|\d+[.)]\s|\|\s*[^\s|:-])")

pytestmark = pytest.mark.skipif(not LISTS, reason="the public lists are not available")
every_list = pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)


@cache
def imported(path: Path) -> ParsedList:
    return parse_reading_list(decode(path.read_bytes(), path.name)[0], path.name)


def title_words(title: str) -> str:
    text = html.unescape(re.sub(r"[*_`]|<[^>]+>|\\", "", title))
    return re.sub(r"\W+", " ", text).strip().casefold()


def place(url: str) -> str:
    url = re.sub(r"^https?://(www\.)?", "", url)
    arxiv = re.search(r"\d{4}\.\d{4,5}|[a-z-]+/\d{7}", url)
    return f"arxiv:{arxiv[0]}" if "arxiv" in url and arxiv else url.rstrip("/")


def places(item: ParsedItem) -> set[str]:
    urls = [link.url for link in item.links]
    urls += [identifiers.abstract_page(item.arxiv)] if item.arxiv else []
    urls += [f"https://{host}/{item.doi}" for host in ("doi.org", "dx.doi.org") if item.doi]
    return set(map(place, urls))


def is_right(row: list[Any], item: ParsedItem) -> bool:
    _, title, url, _ = row
    if title is not None and title_words(title) != title_words(item.title):
        return False
    known = place(url or "")
    return url is None or any(known.startswith(p) or p.startswith(known) for p in places(item))


def test_98_percent_of_the_works_are_right_and_1_percent_too_many(
    capsys: pytest.CaptureFixture[str],
) -> None:
    there = right = extra = 0
    for path in LISTS:
        rows = json.loads(path.with_suffix(".expected.json").read_text(encoding="utf-8"))
        by_line: dict[int, list[ParsedItem]] = {}
        for item in imported(path).all_items():
            by_line.setdefault(item.line, []).append(item)
        there += len(rows)
        right += sum(any(is_right(row, it) for it in by_line.get(row[0], ())) for row in rows)
        lines = {row[0] for row in rows}
        extra += sum(item.line not in lines for item in imported(path).all_items())
    with capsys.disabled():
        print(f"\nPublic lists: {right / there:.1%} of {there:,} works right, {extra} too many")
    assert right >= 0.98 * there
    assert extra <= 0.01 * there


def is_way_within(line: str) -> bool:
    """Return True if all that a line links to is a place in the list or another file of it."""
    urls = re.findall(r"\]\(\s*([^)\s]*)", line)
    return bool(urls) and all(
        url.startswith(("#", "./#")) or re.search(r"\.md$|readme\.md#", url, re.I) for url in urls
    )


@every_list
def test_no_entry_is_dropped_without_a_word(path: Path) -> None:
    parsed = imported(path)
    numbers = {item.line for item in parsed.all_items()}
    numbers |= {number for left in parsed.left_out for number in left.lines}
    sections = {title_words(section.title) for section in all_sections(parsed)}
    dropped = []
    is_part = False
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        indent = len(line) - len(line.lstrip())
        is_part = is_part and (indent > 0 or not line.strip()) and not line.startswith("#")
        if number in numbers:
            is_part = True
        elif ENTRY.match(line) and any(map(str.isalnum, line)) and not is_part:
            words = title_words(ENTRY.sub("", line, count=1))
            is_header = line.lstrip().startswith("|") and "---" in next_line(path, number)
            if not (is_way_within(line) or is_header or words in sections):
                dropped.append((number, line[:100]))
    assert dropped == []


def all_sections(parsed: ParsedList) -> list[Any]:
    sections = list(parsed.sections)
    for section in sections:
        sections.extend(section.sections)
    return sections


def next_line(path: Path, number: int) -> str:
    lines = path.read_text(encoding="utf-8").split("\n")
    return lines[number] if number < len(lines) else ""


def test_a_large_list_takes_a_few_times_as_long_as_its_markdown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = max(LISTS, key=lambda path: path.stat().st_size)
    text = path.read_text(encoding="utf-8")

    def seconds(work: Any) -> float:
        started = process_time()
        work()
        return process_time() - started

    markdown = min(
        seconds(lambda: MarkdownIt("commonmark").enable("table").parse(text)) for _ in range(3)
    )
    whole = min(seconds(lambda: parse_reading_list(text, path.name)) for _ in range(3))
    with capsys.disabled():
        print(f"\nA large list: {whole / markdown:.1f} times its Markdown")
    assert whole <= 6 * markdown
