"""The kinds of reading lists that people write, one by one, and what becomes of each line."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import identifiers
from papertui.importers.formats import parse_file
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection
from papertui.importers.reading_list.parser import parse_reading_list
from tests.support.endurance import examples
from tests.support.lists.described import Item, Section, made_up
from tests.support.lists.kinds import KINDS, Work
from tests.support.lists.styles import STYLES

PAPER = "[Tides](https://arxiv.org/abs/2105.00001)"
TWO = ["Slow Tides of the Sea", "Foam: A Survey"]
WORKS = tuple(made_up(400))


def read(text: str) -> ParsedList:
    return parse_reading_list(text, "list.md")


def placed(
    sections: tuple[ParsedSection, ...], path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], ParsedItem]]:
    for section in sections:
        own = (*path, section.title)
        yield from ((own, item) for item in section.items)
        yield from placed(section.sections, own)


def addresses(item: ParsedItem) -> set[str]:
    urls = {link.url for link in item.links}
    return urls | ({identifiers.abstract_page(item.arxiv)} if item.arxiv else set())


def as_expected(path: tuple[str, ...], item: ParsedItem, work: Work) -> Work:
    """Return what an item says, as far as `work` says it."""
    return Work(
        item.title,
        work.url if work.url in addresses(item) else None,
        item.year if work.year is not None else None,
        item.authors if work.authors is not None else None,
        path[-len(work.section) :] if work.section is not None else None,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_of_list_is_read(kind: str) -> None:
    text, works = KINDS[kind]
    rows = list(placed(read(text).sections))
    assert [item.title for _, item in rows] == [work.title for work in works]
    actual = [as_expected(path, item, work) for (path, item), work in zip(rows, works, strict=True)]
    assert actual == works


@pytest.mark.parametrize("text", [f"# Seas\n\n- {PAPER}\n", f"{PAPER}\nSlow tides of old\n"])
def test_another_title_of_a_list_is_that_of_its_one_section_too(text: str) -> None:
    parsed = parse_file(text.encode(), "sea-papers.txt", "Tea")
    assert isinstance(parsed, ParsedList)
    assert [parsed.title, *(section.title for section in parsed.sections)] == ["Tea", "Tea"]


def test_a_list_is_not_named_by_what_changes_with_each_version() -> None:
    text, _ = KINDS["a first heading that changes each day"]
    assert parse_reading_list(text, "sea-papers.md").title == "sea papers"


@pytest.mark.parametrize(
    "entry",
    [
        "Slow Tides (Halm et al., 2019)",
        "*Slow Tides*: Halm et al. 2019, arXiv:2106.01234",
        'Halm, V., et al. "Slow Tides." 2019.',
        "**Slow Tides** by Vera Halm and others",
        "Slow Tides\n  - Authors: Vera Halm, Udo Kern, et al.",
    ],
)
def test_authors_who_are_not_named_are_known_to_be_there(entry: str) -> None:
    (item,) = read(f"# Seas\n\n- {entry}\n- Foam (Halm, 2019)\n").sections[0].items[:1]
    assert item.title == "Slow Tides"
    assert item.more_authors
    assert "others" not in item.authors


def test_a_ticked_box_is_a_read_work() -> None:
    text, _ = KINDS["a box that is ticked"]
    assert [item.is_read for item in read(text).all_items()] == [True, False]


@pytest.mark.parametrize("sign", ["*", "+", "1.", "1)", "23."])
@pytest.mark.parametrize("first", [PAPER, "Slow tides, and how to name them"])
def test_numbered_entries_are_works_where_those_with_bullets_are(sign: str, first: str) -> None:
    below = "\n## Words\n\n- Spray of the seas\n- Foam on the rocks\n"
    for text in (f"# Seas\n\n- {first}\n- Foam and other matters\n", below):
        for written in (text, text.replace("#", ""), f"# Seas\n\n- {PAPER}\n{text}"):
            bullets, numbers = read(written), read(written.replace("\n- ", f"\n{sign} "))
            assert [x.title for x in numbers.all_items()] == [x.title for x in bullets.all_items()]
            assert numbers.left_out == bullets.left_out


@pytest.mark.parametrize(
    "text",
    [
        f"# Seas\n\n- {PAPER}\n\n## Words\n\n1. Foam on the rocks\n2. Spray\n",
        f"# Seas\n\n- {PAPER}\n\n## Words\n\nFoam on the rocks\n",
    ],
)
def test_words_are_a_work_if_they_are_the_title_of_a_known_one(text: str) -> None:
    def is_title(words: str) -> bool:
        return words.strip() == "Foam on the rocks"

    known = {item.title for item in parse_reading_list(text, "list.md", is_title).all_items()}
    assert "Foam on the rocks" in known
    assert "Foam on the rocks" not in {item.title for item in read(text).all_items()}


@pytest.mark.parametrize(
    "text",
    [
        "- 2026-10-08: {}\n- 8 Oct 2026: {}\n- {} (2026-10-08)\n",
        "| Date | Paper |\n|---|---|\n| 2026-10-08 | {} |\n| Oct 8, 2026 | {} |\n",
    ],
)
def test_a_year_that_is_that_of_a_day_is_known_to_be(text: str) -> None:
    for title, year in (("Foam", 2026), ("Foam (Halm et al., 2024)", 2024)):
        items = read(f"# Club\n\n{text.replace('{}', title)}").all_items()
        assert {(item.title, item.year, item.is_of_day) for item in items} == {
            ("Foam", year, year == 2026)
        }
    (item, _) = read("# Club\n\n- 2026-10-08 Slow tides\n- 2026-10-15 Foam\n").all_items()
    assert item.title == "Slow tides"


def test_a_known_title_above_a_link_is_a_work_beside_that() -> None:
    text = "# Seas\n\n- Foam on the rocks\n  - follow-up: https://arxiv.org/abs/2401.04088\n"
    parsed = parse_reading_list(text, "list.md", lambda words: words == "Foam on the rocks")
    assert [item.title for item in parsed.all_items()] == ["Foam on the rocks", "follow-up"]


def test_known_titles_below_an_entry_are_works_beside_or_below_it() -> None:
    known = {"Foam on the rocks", "Salt of the sea", "Waves at night"}
    text = (
        "# Plan\n\n* Foam on the rocks\n  * Salt of the sea\n  * Tides https://a.org/tides.pdf\n"
        "* Large ones\n  * Waves at night\n  * https://arxiv.org/abs/2401.04088\n"
        "* Salt of the sea\n  * Waves at night\n"
    )
    plan, below = parse_reading_list(text, "plan.md", known.__contains__).sections
    assert [item.title for item in plan.items] == [
        "Foam on the rocks", "Salt of the sea", "Tides", "Salt of the sea", "Waves at night",
    ]  # fmt: skip
    assert [item.title for item in below.items] == ["Waves at night", "arXiv:2401.04088"]


def test_each_line_of_plain_text_that_is_a_known_title_is_a_work() -> None:
    text = "Slow tides of old 2401.04088\nFoam on the rocks\n"
    parsed = parse_reading_list(text, "list.txt", lambda words: words == "Foam on the rocks")
    assert [item.title for item in parsed.all_items()] == ["Slow tides of old", "Foam on the rocks"]


def test_the_weeks_of_a_plan_in_plain_text_are_its_sections() -> None:
    text = "Week 1\nSlow tides of old\nFoam on the rocks\n\nWeek 2 (Vera)\nSalt of the sea\nWaves\n"
    sections = read(text).sections
    assert {section.title: len(section.items) for section in sections} == {
        "Week 1": 2, "Week 2 (Vera)": 2,
    }  # fmt: skip


def test_one_title_of_a_plain_list_may_have_its_id() -> None:
    titles = ["Slow tides of old", "Foam on the rocks", "Salt of the sea", "Waves at night"]
    lines = [*titles[:2], f"{titles[2]} (2401.04088)", titles[3]]
    parsed = read("\n".join(["To read:", *lines]))
    assert [item.title for item in parsed.all_items()] == titles
    assert [item.arxiv for item in parsed.all_items()] == [None, None, "2401.04088", None]


@pytest.mark.parametrize("written", ["{} ", "{}, ", "[{}] ", "({}) ", "{}: ", "{} - ", "{}v2 "])
@pytest.mark.parametrize("start", ["- ", "1. ", "- [ ] ", "# Seas\n\n- ", ""])
def test_a_bare_arxiv_id_at_the_beginning_of_a_line_is_its_works(start: str, written: str) -> None:
    entry = f"{start}{written.format('2401.04088')}Slow tides of old\n"
    (item, _) = read(entry + entry.rpartition("\n\n")[2].replace("2401", "2402")).all_items()
    assert (item.title, item.arxiv) == ("Slow tides of old", "2401.04088")


@pytest.mark.parametrize("between", ["\n", "\n\n"])
def test_lines_with_addresses_are_entries_where_nothing_else_is(between: str) -> None:
    lines = f"Slow tides: https://arxiv.org/abs/2401.04088{between}Foam https://a.org/foam.pdf"
    assert [item.title for item in read(f"# Seas\n\n{lines}\n").all_items()] == [
        "Slow tides", "Foam",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "names", ["Vera Halm, Udo Kern, Ann Rieck", "Vera Halm, Udo Kern", "V. Halm, U. Kern, A. Rieck"]
)
def test_a_line_of_names_between_a_title_and_its_address_is_no_title(names: str) -> None:
    entries = [(title, f"https://arxiv.org/abs/2401.0408{n}") for n, title in enumerate(TWO)]
    plain = "\n\n".join(f"{title}\n{names}\n{address}" for title, address in entries)
    bullets = "\n".join(f"- **{t}**\n  {names}\n  [pdf]({address})" for t, address in entries)
    for text in (plain, f"# Seas\n\n{bullets}\n"):
        items = [*read(text).all_items()]
        assert [item.title for item in items] == TWO
        assert {item.authors for item in items} == {tuple(names.split(", "))}


@pytest.mark.parametrize(
    "text",
    [
        "Foam on the rocks\n\nTides https://arxiv.org/abs/2401.04088\n\nSalt of the sea\n",
        "# Seas\n## Foam on the rocks\n2017, read twice\n## Tides\nhttps://arxiv.org/abs/2401.04088\n"
        "## Salt of the sea\n",
        "- Foam on the rocks\n\nTides: https://arxiv.org/abs/2401.04088\n\n* Salt of the sea\n",
    ],
)
def test_known_titles_stay_works_wherever_they_stand(text: str) -> None:
    known = {"Foam on the rocks", "Salt of the sea"}
    parsed = parse_reading_list(text, "seas", known.__contains__)
    assert {item.title for item in parsed.all_items()} == {*known, "Tides"}


@pytest.mark.parametrize("names", ["Halm, Kern, Rieck", "Halm & Kern", "Vera Halm and Udo Kern"])
@pytest.mark.parametrize("dash", [" — ", " - "])
def test_names_between_a_title_and_its_venue_in_brackets_are_its_authors(
    names: str, dash: str
) -> None:
    (item,) = read(f"# Seas\n\n- Slow tides of the sea{dash}{names} (NeurIPS 2018)\n").all_items()
    assert (item.title, item.venue, item.year) == ("Slow tides of the sea", "NeurIPS 2018", 2018)
    assert item.authors == tuple(re.split(", | & | and ", names))


PAIRS = {
    "behind a link": "- [Slow tides](https://arxiv.org/abs/2401.04088) Halm, Kern 2018\n",
    "behind a dash": "- Slow tides of the sea - Halm, Kern (2018)\n",
    "before a year in brackets": "- Slow tides of the sea. Halm, Kern (2018). A classic.\n",
    "by": "- [Slow tides](https://arxiv.org/abs/2401.04088) by Halm, Kern\n",
    "et al.": "- [Slow tides](https://arxiv.org/abs/2401.04088), Halm, Kern et al. 2018\n",
}


@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_of_words_in_a_list_is_two_surnames(pair: str) -> None:
    (item,) = read(f"# Seas\n\n{PAIRS[pair]}").all_items()
    assert item.authors == ("Halm", "Kern")


@pytest.mark.parametrize(
    ("others", "are_two"),
    [
        (["Vera Halm, Udo Kern", "Rieck, Low", "Low, Poe"], True),
        (["Halm et al.", "Rieck, Low", "Low, Poe"], True),
        (["Rieck, Ann"], True),
        # Of nothing but such pairs each is a person.
        (["Rieck, Ann", "Low, Bob"], False),
        (["[Rieck, Ann; Low, Bob]", "Poe, Kern, Rieck"], False),
    ],
)
def test_what_else_a_list_has_tells_whether_a_pair_is_one_person(
    others: list[str], are_two: bool
) -> None:
    entries = (
        f"- Slow tides of sea {n} - {x} (2018)\n" for n, x in enumerate(["Halm, Udo", *others])
    )
    item = next(read(f"# Seas\n\n{''.join(entries)}").all_items())
    assert item.authors == (("Halm", "Udo") if are_two else ("Udo Halm",))


@pytest.mark.parametrize(
    ("other", "names"), [("Vera Halm", ("Udo Kern",)), ("Halm, Rieck, Low", ("Kern", "Udo"))]
)
def test_a_pair_in_a_labelled_line_is_one_person_unless_others_are_surnames(
    other: str, names: tuple[str, ...]
) -> None:
    text = f"Title: Slow tides\nAuthors: {other}\n\nTitle: Foam\nAuthors: Kern, Udo\n"
    assert [item.authors for item in read(text).all_items()][1:] == [names]


@pytest.mark.parametrize(
    ("other", "names"),
    [
        ("Udo Kern, Vera Halm", ("Donald Knuth",)),
        ("Halm, Kern, Rieck", ("Knuth", "Donald")),
    ],
)
def test_a_pair_in_a_column_is_one_person_unless_others_are_surnames(
    other: str, names: tuple[str, ...]
) -> None:
    rows = f"| Slow tides | Knuth, Donald |\n| Foam | {other} |\n"
    item = next(read(f"# Seas\n\n| Title | Authors |\n|---|---|\n{rows}").all_items())
    assert item.authors == names


@pytest.mark.parametrize(
    ("other", "names"),
    [
        ("Foam. V. Halm and U. Kern. 2002", ("Donald Knuth",)),
        ("Foam. Low, Ann. 2002", ("Donald Knuth",)),
        ("Foam. Halm, Kern, Rieck. 2002", ("Knuth", "Donald")),
    ],
)
@pytest.mark.parametrize("line", ["Slow tides. Knuth, Donald. 1997", "Knuth, Donald. 1997. Tides"])
def test_a_pair_that_a_full_stop_ends_is_one_person_unless_others_are_surnames(
    line: str, other: str, names: tuple[str, ...]
) -> None:
    item = next(read(f"# Seas\n\n- {line}\n- {other}\n").all_items())
    assert item.authors == names


def test_a_paper_and_its_data_are_one_work_with_two_dois() -> None:
    links = "  https://doi.org/10.1038/s1\n  https://doi.org/10.5281/zenodo.1\n"
    (item,) = read(f"# Seas\n\n- Foam of the northern sea (2019)\n{links}").all_items()
    assert item.title == "Foam of the northern sea"


@pytest.mark.parametrize("number", [1, 2, 3, 5])
@pytest.mark.parametrize("others", ["", "- Winds of the west - Abel, Bell (2018)\n"])
def test_what_a_list_says_works_are_by_is_surnames_however_many_pairs_there_are(
    number: int, others: str
) -> None:
    pairs = [("Halm", "Kern"), ("Poe", "Reed"), ("Vorn", "Kell"), ("Low", "Rieck"), ("Moss", "Fen")]
    entries = (f"- Slow tides of jam, by {', '.join(pair)} (2018)\n" for pair in pairs[:number])
    items = read(f"# Seas\n\n{''.join(entries)}{others}").all_items()
    written = [*pairs[:number], *([("Abel", "Bell")] if others else [])]
    assert [item.authors for item in items] == written


def test_what_a_work_is_by_says_nothing_of_pairs_behind_a_dash() -> None:
    people = [("Frey", "Anna"), ("Gunn", "Udo"), ("Hall", "Ina")]
    lines = "".join(f"- Winds of mud - {', '.join(pair)} (2018)\n" for pair in people)
    items = read(f"# Seas\n\n{lines}- Slow tides of jam by Halm, Kern (2018)\n").all_items()
    names = [(f"{given} {family}",) for family, given in people]
    assert [item.authors for item in items] == [*names, ("Halm", "Kern")]


@pytest.mark.parametrize("end", ["", ", et al."])
def test_in_a_list_of_surnames_first_a_work_is_by_one_person(end: str) -> None:
    by = f"- Slow tides of the sea, by Knuth, Donald{end} (2018)\n"
    item = next(read(f"# Seas\n\n{by}- Winds, by Halm, Vera; Kern, Udo (2004)\n").all_items())
    assert item.authors == ("Donald Knuth",)


@pytest.mark.parametrize(
    "text",
    [
        "| Paper | Venue |\n|---|---|\n| Slow tides - Halm, Kern (2018) | NeurIPS |\n",
        "- Slow tides - Halm, Kern (2018)\n  Venue: NeurIPS\n",
        "- Slow tides of the sea, by Halm, Kern. A classic.\n",
    ],
)
def test_a_pair_behind_a_title_is_two_surnames_whatever_is_in_other_fields(text: str) -> None:
    (item,) = read(f"# Seas\n\n{text}").all_items()
    assert item.authors == ("Halm", "Kern")


def test_a_citation_below_a_title_gives_its_authors() -> None:
    text = "- Slow tides [[Paper]](https://arxiv.org/abs/2401.04088)\n  - {}, arXiv:2401.04088.\n"
    (item,) = read(f"# Seas\n\n{text.format('Vera Halm, Slow tides')}").all_items()
    assert (item.title, item.authors) == ("Slow tides", ("Vera Halm",))


def test_a_list_that_a_mail_quotes_is_read_as_it_was() -> None:
    text = "# Seas\n\n- Slow tides, arXiv:2401.04088\n- Foam (https://a.org/foam.pdf)\n"
    quoted = "".join(f"> {line}\n" for line in text.split("\n"))
    assert read(quoted).sections == read(text).sections


def test_every_bookmark_of_a_browser_is_a_work() -> None:
    marks = (
        f'<DT><A HREF="https://arxiv.org/abs/2401.0000{n}">[2401.0000{n}] Tides {n}</A>\n'
        for n in range(1, 4)
    )
    parsed = read(
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<TITLE>Bookmarks</TITLE>\n<H1>Bookmarks</H1>\n\n"
        f"<DL><p>\n<DT><H3>Seas</H3>\n<DL><p>\n{''.join(marks)}</DL><p>\n</DL>\n"
    )
    assert [(item.title, item.arxiv) for item in parsed.all_items()] == [
        (f"Tides {n}", f"2401.0000{n}") for n in range(1, 4)
    ]


def test_a_bookmark_is_in_the_folder_that_the_browser_has_it_in() -> None:
    def mark(title: str) -> str:
        return f'<DT><A HREF="https://a.org/{title}.pdf">{title} of old</A>\n'

    def folder(title: str, *inner: str) -> str:
        return f"<DT><H3>{title}</H3>\n<DL><p>\n{''.join(inner)}</DL><p>\n"

    seas = folder("Seas", mark("Tides"), folder("Shores", mark("Foam")), mark("Swell"))
    parsed = read(f"<H1>Bookmarks</H1>\n<DL><p>\n{seas}{mark('Drift')}</DL><p>\n")
    (drift, in_seas) = parsed.sections
    (in_shores,) = in_seas.sections
    assert [[item.title for item in part.items] for part in (drift, in_seas, in_shores)] == [
        ["Drift of old"],
        ["Tides of old", "Swell of old"],
        ["Foam of old"],
    ]


@pytest.mark.parametrize("names", ["Halm & Rieck", "Halm and Rieck", "Vera Halm"])
def test_names_before_a_known_title_are_its_authors(names: str) -> None:
    text = f"# Seas\n\n- {PAPER}\n- {names}, Slow tides of old, 2015\n"
    parsed = parse_reading_list(text, "seas", lambda words: words == "Slow tides of old")
    (_, item) = parsed.all_items()
    assert (item.title, item.year) == ("Slow tides of old", 2015)
    assert " and ".join(item.authors) == names.replace("&", "and")


def test_a_known_title_that_is_set_off_before_its_author_is_a_work() -> None:
    text = f"# Seas\n\n- {PAPER}\n\n## Tides\n\n- *Slow and fast tides*, Vera Halm\n"
    parsed = parse_reading_list(text, "seas", lambda words: words == "Slow and fast tides")
    items = [item for section in parsed.sections for item in section.all_items()]
    assert [item.title for item in items][1:] == ["Slow and fast tides"]


@pytest.mark.parametrize("written", [", {}", " ({})", " [{}]", " {}", ", {}v2", " — {} "])
def test_a_bare_arxiv_id_at_the_end_of_a_line_is_its_works(written: str) -> None:
    entry = f"Slow tides of old{written.format('2401.04088')}"
    (item,) = read(f"# Seas\n\n- {entry}\n").all_items()
    assert (item.title, item.arxiv) == ("Slow tides of old", "2401.04088")
    (item,) = read("# Seas\n\n- Slow tides of old, 2413.04088\n").all_items()
    assert item.arxiv is None


@pytest.mark.parametrize(
    "title",
    [
        "The tide ticket: Finding Sparse, Trainable Neural Networks",
        "Delving Deep into Shores, Surpassing Human Performance",
        "Sparse, Quantized and Distilled Neural Networks",
        "Train Short, Test Long: Tides with Linear Biases",
        "One Model, Many Tasks",
    ],
)
@pytest.mark.parametrize("behind", [" (2019)", "", " (2019) https://arxiv.org/abs/2401.04088"])
def test_a_title_goes_on_behind_its_comma(title: str, behind: str) -> None:
    (item,) = read(f"# Seas\n\n- {title}{behind}\n").all_items()
    assert (item.title, item.authors, item.venue) == (title, (), None)


@pytest.mark.parametrize("words", ["see", "See also", "Read next:", "(check out", "then the paper"])
def test_words_that_point_to_an_address_are_no_title(words: str) -> None:
    entries = f"- Slow tides of old\n- {words} https://arxiv.org/abs/2401.04088\n"
    assert [each.title for each in read(f"# Seas\n\n{entries}").all_items()] == [
        "Slow tides of old", "arXiv:2401.04088",
    ]  # fmt: skip


def test_a_field_that_says_no_more_than_link_is_no_label() -> None:
    fields = "  - Link: https://example.org/tides.pdf\n  - Slides: https://example.org/talk\n"
    (item,) = read(f"# Seas\n\n- **Slow tides**\n{fields}").all_items()
    assert [link.label for link in item.links] == ["PDF", "Slides"]


def test_a_heading_of_marks_is_a_section() -> None:
    parsed = read(f"# Seas\n\n## ⭐⭐⭐\n\n- {PAPER}\n\n## ⭐\n\n- [Foam](https://a.b/foam)\n")
    assert [section.title for section in parsed.sections] == ["⭐⭐⭐", "⭐"]


def test_every_shortcode_of_an_emoji_is_a_mark_with_its_meaning() -> None:
    parsed = read(
        f"# Seas\n\n- :fish: About fish\n- :ocean: About water\n\n## Foam\n\n- {PAPER} :fish:\n"
    )
    assert [item.marks for item in parsed.all_items()] == [("🐟",)]
    assert parsed.marks == (("🐟", "About fish"),)


@pytest.mark.parametrize("column", ["Read?", "read", "Done", "Status", "✅"])
@pytest.mark.parametrize(
    ("cell", "is_read"),
    [
        *((tick, True) for tick in ("✓", "✔️", ":heavy_check_mark:", "x", "yes", "Done", "[x]")),
        *((cross, False) for cross in ("", "no", "✗", "❌", "[ ]", "not read", "read later")),
    ],
)
def test_a_ticked_cell_is_a_read_work(column: str, cell: str, is_read: bool) -> None:
    parsed = read(f"| Title | {column} |\n|---|---|\n| Slow tides | {cell} |\n")
    items = [(item.title, item.is_read, item.marks) for item in parsed.all_items()]
    assert items == [("Slow tides", is_read, ())]


def test_a_column_of_links_to_read_ticks_nothing() -> None:
    row = "| Slow tides | [x](https://arxiv.org/abs/2105.00001) |\n"
    (item,) = read(f"| Title | Read |\n|---|---|\n{row}").all_items()
    assert (item.arxiv, item.is_read) == ("2105.00001", False)


def left_out(parsed: ParsedList) -> dict[str, tuple[int, ...]]:
    return {lines.reason: lines.lines for lines in parsed.left_out}


def test_lines_that_are_no_works_are_named_by_their_reason() -> None:
    parsed = read(
        f"# Seas\n\n- {PAPER}\n\n## How to read\n\n- Begin with the tides, then go on.\n"
        "- Take your time with the rest of it.\n\n"
        "## Licence\n\n- [CC0](https://creativecommons.org)\n\n"
        "| Sea | Depth |\n|---|---|\n| North | 95 m |\n"
    )
    assert left_out(parsed) == {
        "only words, no work": (7, 8),
        "is about the list": (12,),
        "a table without titles": (16,),
    }
    note = parsed.left_out[0].note
    assert note == (
        "line 7: only words, no work: Begin with the tides, then go on. (and 1 line like it: 8)"
    )


@pytest.mark.parametrize("start", ["", "- "])
@pytest.mark.parametrize("note", ["TODO ask Vera about the tides", "see also Halm and Kern"])
def test_a_reminder_is_no_title_and_named(start: str, note: str) -> None:
    parsed = read(f"{start}Slow tides\n{start}{note}\n{start}High waves\n")
    assert [item.title for item in parsed.all_items()] == ["Slow tides", "High waves"]
    assert [(left.lines, left.text) for left in parsed.left_out] == [((2,), note)]


def test_text_in_a_list_without_links_is_named_but_for_its_purpose() -> None:
    purpose = "All that I want to read of the sea.\n"
    parsed = read(
        f"# Seas\n\n{purpose}\nTides\nSpray\n\n## Foam\n\n- Salt (2021)\n\n## Sand\n\n- Sand\n"
    )
    assert [item.title for item in parsed.all_items()] == ["Salt", "Sand"]
    assert parsed.purpose == purpose.strip()
    assert left_out(parsed) == {"a text, no entry": (5, 6)}
    assert left_out(read("Tides\nSpray\n\nFoam:\n")) == {"a heading above no work": (4,)}


def test_a_paper_in_a_sentence_is_named() -> None:
    parsed = read(f"# Seas\n\n- {PAPER}\n\n## More\n\nThe story of it is long: see {PAPER}.\n")
    assert left_out(parsed) == {"a text, no entry, though it has a paper's address": (7,)}


def test_a_line_with_a_papers_address_is_not_grouped_with_others() -> None:
    words = "- Begin with the tides.\n- Go on with the waves.\n"
    parsed = read(
        f"# Seas\n\n- {PAPER}\n\n## Licence\n\n{words}- [Salt](https://arxiv.org/abs/2105.1)\n{words}"
    )
    first = [lines.text for lines in parsed.left_out]
    assert first == ["Begin with the tides.", "Salt"]


def test_a_link_in_the_title_of_a_section_is_named() -> None:
    site = "https://foam.example.org"
    bullet = f"- More of it is [here]({site})\n  - {PAPER}\n"
    for text in (f"# Seas\n\n## Tools ([site]({site}))\n\n- {PAPER}\n", f"# Seas\n\n{bullet}"):
        assert "a section's title, whose link is left out" in left_out(read(text)), text


def test_what_is_cut_names_the_addresses_in_it() -> None:
    links = "".join(f" [{n}](https://a.example.org/{n})" for n in range(1000))
    assert any("which leaves out" in problem for problem in read(f"- Foam{links}\n").problems)


def test_a_row_without_a_title_is_named() -> None:
    row = "| {} | https://arxiv.org/abs/2105.0000{} |\n"
    parsed = read("| Title | Link |\n|---|---|\n" + row.format("Tides", 1) + row.format("", 2))
    assert [item.title for item in parsed.all_items()] == ["Tides"]
    assert left_out(parsed) == {"a row without a title, though it has a paper's address": (4,)}


@pytest.mark.parametrize("column", ["Year", "Authors"])
def test_a_table_of_titles_needs_no_links(column: str) -> None:
    row = "| Tides of the North | 2015 |\n" if column == "Year" else "| Tides | A. Example |\n"
    parsed = read(f"# Seas\n\n| Title | {column} |\n|---|---|\n{row}")
    (item,) = parsed.all_items()
    assert item.title.startswith("Tides")
    assert (item.year == 2015) is (column == "Year")
    assert left_out(parsed) == {}


@pytest.mark.parametrize(
    "above", ["- A title of beans, 2020", "1. Beans", "Some words.", "## Roasts"]
)
def test_a_table_right_below_another_line_is_a_table(above: str) -> None:
    table = "| Title | Year |\n|---|:-:|\n| Grinding losses | 2019 |\n\n| Brewing graphs | 2020 |"
    below = read(f"# Coffee\n\n{above}\n{table}\n")
    apart = read(f"# Coffee\n\n{above}\n\n{table}\n")
    assert [item.title for item in below.all_items()] == [it.title for it in apart.all_items()]
    assert {"Grinding losses", "Brewing graphs"} <= {item.title for item in below.all_items()}
    assert next(i.line for i in below.all_items() if i.title == "Grinding losses") == 6


def test_ways_within_the_list_are_nothing_to_name() -> None:
    contents = "- [Tides](#tides)\n- [Waves](README.md#waves)\n## Contents\n- [Foam](foam.md)\n"
    assert read(f"# Seas\n\n{contents}\n## Tides\n\n- {PAPER}\n").left_out == ()


@pytest.mark.parametrize("entry", ["- [My draft](notes/draft.md)", "- [My draft](a.md#b), a note"])
@pytest.mark.parametrize("others", ["", f"- {PAPER}\n", "- [Tides](#seas)\n"])
def test_an_entry_that_leads_to_another_file_is_named(entry: str, others: str) -> None:
    parsed = read(f"# Seas\n\n{others}{entry}\n")
    (named,) = parsed.left_out
    assert named.reason == "a link to another file, which is not read"
    assert named.lines == (3 + len(others.splitlines()),)


@pytest.mark.parametrize("way", ["notes/tides.md", "#notes"])
def test_a_work_with_no_link_but_one_to_its_notes_is_a_work(way: str) -> None:
    parsed = read(f"# Seas\n\n- Slow tides, by Vera Halm (2017), [notes]({way})\n- {PAPER}\n")
    item = next(parsed.all_items())
    assert (item.title, item.authors, item.year) == ("Slow tides", ("Vera Halm",), 2017)


@pytest.mark.parametrize(
    "way",
    [
        "[Old Papers](#old) : Before 2012",
        "[CVPR](#cvpr), 2019",
        "[Notes](#notes), NeurIPS 2020",
        "[Applications](#a), Jane Doe and Rick Roe (2019)",
        "See [above](#old), 2017",
        "Updated in June 2017, see [notes](#notes)",
        "Winds of sand dunes (2004) [back to top](#top)",
    ],
)
def test_a_way_within_the_list_is_no_work_whatever_is_beside_it(way: str) -> None:
    parsed = read(f"# Seas\n\n- {way}\n- {PAPER}\n")
    assert len([*parsed.all_items()]) == 1


@pytest.mark.parametrize(
    "entry",
    [
        "Continued in [part 2](part2.md) (2019)",
        "Updated in June 2017, see [the log](CHANGELOG.md)",
        "Slow tides, by Halm (2017), [Reading notes on tides](tides.md)",
    ],
)
def test_a_line_with_a_way_to_another_file_that_is_not_its_notes_is_named(entry: str) -> None:
    parsed = read(f"# Seas\n\n- {entry}\n- {PAPER}\n")
    assert len([*parsed.all_items()]) == 1
    assert [named.lines for named in parsed.left_out] == [(3,)]


# Random files: each line is numbered, so that it can be found again.
SHAPES = (
    "- [Paper {n}](https://arxiv.org/abs/2105.{n:05})", "- Plain title {n}", "- word{n}",
    "- **Bold {n}** by somebody", "- A sentence {n} that goes on, and on, and ends in a stop.",
    "  - [code](https://github.com/x/{n})", "  - a remark {n}", "  - [Child {n}](https://a.b/{n})",
    "1. \"Quoted {n}\", 2019", "* https://example.org/{n}", "- 20{n:02}", "- [x] Ticked {n}",
    "- {n}", "- Someone{n} et al. 2019", "    - deeper still {n}",
    "- [Here {n}](https://a.b/{n}) is it",
)  # fmt: skip
PARTS = ("\n# Heading {n}\n", "\n## Contents\n", "\n## Licence\n", "\n", "\nA text {n}.\n\n")


@examples(200)
@given(st.lists(st.sampled_from((*SHAPES, *PARTS)), max_size=25))
def test_every_line_of_a_file_is_a_work_a_part_of_one_or_named(shapes: list[str]) -> None:
    lines = "\n".join(s.format(n=n) for n, s in enumerate(shapes)).split("\n")
    parsed = read("\n".join(lines))
    numbers = {item.line for item in parsed.all_items()}
    numbers |= {number for left in parsed.left_out for number in left.lines}
    titles = {title for path, _ in placed(parsed.sections) for title in path}
    above: dict[int, int] = {}
    for number, line in enumerate(lines, 1):
        text = line.lstrip()
        if not text:
            continue
        indent = len(line) - len(text)
        above = {at: n for at, n in above.items() if at < indent}
        if text.startswith("#"):
            above = {-1: number}  # a heading may be a work, and what is below it a part of that
        if text[:2] in ("- ", "* ", "1.") and any(map(str.isalnum, text[2:])):
            above[indent] = number
            is_section = text[2:].replace("*", "").strip(" .") in titles
            assert is_section or numbers & set(above.values()), line


PLAIN = (
    "Title {n}", "A sentence {n} that ends.", "https://arxiv.org/abs/2105.{n:05}",
    "https://a.example.org/{n}", "Link: https://b.example.org/{n}", "\"Quoted {n}\"", "List {n}:",
    "Paper {n} https://arxiv.org/abs/2106.{n:05}", "Vera Halm, Udo Kern", "Halm{n} et al. 2019", "",
)  # fmt: skip


@examples(200)
@given(st.lists(st.sampled_from(PLAIN), max_size=10))
def test_every_address_in_plain_text_is_the_link_of_a_work_or_named(shapes: list[str]) -> None:
    lines = [shape.format(n=n) for n, shape in enumerate(shapes, 1)]
    parsed = read("\n".join(lines))
    links = set().union(*map(addresses, parsed.all_items()))
    named = {number for left in parsed.left_out for number in left.lines}
    for number, line in enumerate(lines, 1):
        # A label goes on in the address below it, and is named with it.
        is_named = not named.isdisjoint((number, number - 1))
        assert "https:" not in line or "https:" + line.split("https:")[1] in links or is_named


UNLINKED = (
    "Tides {n}x", "Do waves {n}x break?", "A survey of foam {n}x (2021)", "Part {n}x:", "", "",
    "- Salt {n}x", "- A model of spray {n}x (1998)", "A sentence {n}x that ends.",
)  # fmt: skip


@examples(300)
@given(st.lists(st.sampled_from(UNLINKED), max_size=9))
def test_no_line_of_plain_text_vanishes(shapes: list[str]) -> None:
    lines = [shape.format(n=n) for n, shape in enumerate(shapes, 1)]
    parsed = read("\n".join(lines))
    items = [*parsed.all_items()]
    assert not any(item.title.startswith("Part") for item in items)
    titles = {parsed.title, *(title for path, _ in placed(parsed.sections) for title in path)}
    placed_at = {number for left in parsed.left_out for number in left.lines}
    placed_at |= {item.line for item in items}
    # A line below a title may tell more of its work.
    told = "\n".join(filter(None, (parsed.purpose, *(item.summary for item in items))))
    for number, line in enumerate(lines, 1):
        is_told = line.strip("- ") in told
        assert number in placed_at or is_told or line.rstrip(":") in titles, line


def tree(section: Section | ParsedSection) -> object:
    return section.title, [it.title for it in section.items], [tree(s) for s in section.sections]


@dataclass(frozen=True)
class Shape:
    """A section by the number of its works and the shapes of the sections in it."""

    works: int
    parts: tuple["Shape", ...] = ()


def sections_of(
    shapes: Iterable[Shape], works: Iterator[Item], depth: int, path: str = ""
) -> tuple[Section, ...]:
    """Return sections of these shapes, down to a depth."""
    return tuple(
        Section(
            f"Part {path}{number}",
            tuple(next(works) for _ in range(shape.works)),
            sections_of(shape.parts, works, depth - 1, f"{path}{number}-") if depth > 1 else (),
        )
        for number, shape in enumerate(shapes, 1)
    )


counts = st.integers(2, 4)
sections = st.recursive(
    st.builds(Shape, counts),
    lambda below: st.builds(Shape, counts, st.lists(below, max_size=2).map(tuple)),
    max_leaves=5,
)


@pytest.mark.parametrize("name", [name for name in STYLES if name != "plain_text"])
@examples(20)
@given(shapes=st.lists(sections, min_size=1, max_size=3), first=st.integers(0, 300))
def test_a_written_tree_comes_back_in_every_style(
    name: str, shapes: list[Shape], first: int
) -> None:
    # Some styles write no third level.
    depth = 2 if name in ("tables", "heading_a_paper", "links_first") else 3
    works = iter(WORKS[first:] + WORKS[:first])
    described = sections_of([Shape(1), *shapes], works, depth)
    assert list(map(tree, read(STYLES[name](described)).sections)) == list(map(tree, described))
