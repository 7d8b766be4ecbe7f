"""CSV and TSV of the programs and spreadsheets that readers keep lists in."""

import csv as csv_writer
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui.core import catalog
from papertui.core.bib_entry import BibEntry
from papertui.core.catalog import Link
from papertui.core.html_text import html_to_lines
from papertui.core.identity import MAX_TITLE
from papertui.core.records import WorkRecord
from papertui.core.text import clipped
from papertui.errors import Refused
from papertui.exporters import csv
from papertui.exporters.exported_work import ExportedWork
from papertui.importers.formats import detect_format, parse_file
from papertui.importers.parsed_list import ParsedItem, ParsedList
from papertui.importers.plan import plan_import
from papertui.storage.shipped import CATALOG
from papertui.storage.store import Store
from tests.support.shell import run

OPEN_LIBRARY = "https://openlibrary.org/isbn/9780000000026"

ZOTERO = (
    '"Key","Item Type","Publication Year","Author","Title","Publication Title","ISBN","ISSN",'
    '"DOI","Url","Abstract Note","Date","Pages","Num Pages","Publisher","Notes","Manual Tags"\n'
    '"AB12","journalArticle","2019","Doe, Jane; de la Roe, Rick; Sea Group","On <i>Tides</i>",'
    '"Journal of Tides","","1234-5678","10.1000/tides","https://doi.org/10.1000/tides",'
    '"They rise.","2019-05-01","10-21","","Sea Press","They fall.","slow; wet"\n'
    '"AB13","conferencePaper","2017","Poe, Ann","Foam","Proceedings of Foam",'
    '"978-0-00-000002-6","","","http://arxiv.org/abs/1706.00001","","2017","","","","",""\n'
    '"AB14","book","1999","Low, Bob","Spray","","978-0-00-000002-6","","","","","","","310",'
    '"Sea Press","",""\n'
    '"AB15","webpage","","","Waves","","","","","https://example.org/waves","","","","","","",""\n'
)

GOODREADS = (
    "Book Id,Title,Author,Author l-f,Additional Authors,ISBN,ISBN13,My Rating,Publisher,"
    "Number of Pages,Year Published,Original Publication Year,Date Read,Exclusive Shelf\n"
    '1,"Foam (Sea, #1)",Ann Poe,"Poe, Ann","Bob Low, Jane Doe","=""""","=""9780000000026""",'
    "5,Sea Press,310,2009,1999,2020/01/02,read\n"
    '2,Spray,Bob Low,"Low, Bob",,"=""""","=""""",0,,,,,,to-read\n'
)


def read(text: str, name: str = "sea-papers.csv") -> ParsedList:
    parsed = parse_file(text.encode(), name)
    assert isinstance(parsed, ParsedList)
    return parsed


def only(text: str) -> ParsedItem:
    (item,) = read(text).all_items()
    return item


def lines_left_out(parsed: ParsedList) -> set[int]:
    return {line for left_out in parsed.left_out for line in left_out.lines}


# ── rows ────────────────────────────────────────────────────────────────────


def test_each_row_is_a_work_by_the_names_of_the_columns() -> None:
    parsed = read(
        "title,author,year,doi,status\n"
        '"On Tides, part 2","Doe, Jane; Roe, Rick",2019,10.1000/xyz123,read\n'
        "Foam Is All You Need,Poe,2017,,\n"
    )
    assert parsed.title == "sea papers"
    assert list(parsed.all_items()) == [
        ParsedItem(
            "On Tides, part 2",
            2,
            ("Jane Doe", "Rick Roe"),
            2019,
            doi="10.1000/xyz123",
            is_read=True,
        ),
        ParsedItem("Foam Is All You Need", 3, ("Poe",), 2017),
    ]
    assert (parsed.problems, parsed.left_out) == ((), ())


CELLS = st.text(st.sampled_from("ab Zé9,;\t\"'\n[]()|*_`#@=-:.?!"), max_size=20)
TITLES = CELLS.map(lambda text: f"x{text}")


@given(
    rows=st.lists(st.tuples(TITLES, CELLS, CELLS), min_size=1, max_size=6),
    at=st.integers(0, 2),
    delimiter=st.sampled_from(",;\t"),
    quoting=st.sampled_from([csv_writer.QUOTE_MINIMAL, csv_writer.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_written_table_comes_back_with_its_titles(
    rows: list[tuple[str, str, str]], at: int, delimiter: str, quoting: int, end: str
) -> None:
    text = io.StringIO()
    writer = csv_writer.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    header = ["authors", "notes"]
    header.insert(at, "title")
    writer.writerow(header)
    for title, *others in rows:
        others.insert(at, title)
        writer.writerow(others)
    parsed = read(text.getvalue(), "list.csv")
    assert [item.title for item in parsed.all_items()] == [clipped(x, MAX_TITLE) for x, *_ in rows]
    assert parsed.left_out == ()


@given(text=st.text(st.sampled_from('ab,\n"'), max_size=60))
def test_no_row_is_lost_however_its_quotation_marks_are(text: str) -> None:
    parsed = read(f"title,notes\n{text}")
    starts = {item.line for item in parsed.all_items()}
    lines = text.split("\n")
    written = {number for number, line in enumerate(lines, 2) if any(map(str.isalnum, line))}
    # What is in no row of its own is a part of the one above it.
    held = "".join(f"{item.title}\n{item.summary}\n" for item in parsed.all_items())
    for number in written - starts - lines_left_out(parsed):
        assert all(word in held for word in lines[number - 2].replace('"', ",").split(","))


def test_lines_are_those_of_the_file_though_a_cell_has_several() -> None:
    parsed = read('\ntitle,notes\nTides,"one\n\ntwo"\n\nFoam,three\n')
    assert [(item.title, item.line) for item in parsed.all_items()] == [("Tides", 3), ("Foam", 7)]
    assert next(parsed.all_items()).note == "one\n\ntwo"


@pytest.mark.parametrize(
    ("row", "lines", "reason"),
    [
        (",Doe,2019", {3}, "a row without a title"),
        ("On Tides, part 2,Doe,2019", {3}, "it has more cells than the first line has names"),
        ('"On Tides,Doe,2019', {3, 4}, "its quotation marks do not match"),
        ('Tides,"Doe ("Jo")\nand Roe",2019', {3, 4}, "its quotation marks do not match"),
    ],
)
def test_a_row_that_is_no_work_is_named_with_its_lines(
    row: str, lines: set[int], reason: str
) -> None:
    parsed = read(f"title,author,year\nFoam,Poe,2017\n{row}\nSpray,Roe,2018\n")
    assert [left_out.reason for left_out in parsed.left_out] == [reason]
    assert lines_left_out(parsed) == lines
    titles = [item.title for item in parsed.all_items()]
    assert titles == (["Foam"] if row.startswith('"') else ["Foam", "Spray"])


def test_quotation_marks_within_a_line_are_part_of_its_text() -> None:
    rows = '"Why Tides?": A Survey\tDoe\n5" waves\tRoe\n"Foam"\tPoe\n'
    parsed = read(f"title\tauthor\n{rows}", "x.tsv")
    titles = [item.title for item in parsed.all_items()]
    assert titles == ['"Why Tides?": A Survey', '5" waves', "Foam"]


def test_short_rows_and_empty_cells_behind_the_last_name_are_fine() -> None:
    parsed = read("title,author,,\nTides\nFoam,Doe,,\n\n,,,\n")
    assert [item.title for item in parsed.all_items()] == ["Tides", "Foam"]
    assert parsed.left_out == ()


def test_a_single_column_may_hold_commas() -> None:
    assert only("Title\nTides, Foam, and Spray\n").title == "Tides, Foam, and Spray"


@pytest.mark.parametrize("text", ["name;place\nTides;sea\n", '"name\n', "Tides of 2019\nFoam\n"])
def test_a_table_without_titles_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(Refused, match=r"x\.csv is CSV without a column of titles: ") as refusal:
        read(text.replace("name", "colour"), "x.csv")
    assert "Call that column title; authors, year" in str(refusal.value)
    assert "\n" not in str(refusal.value)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("papertui.importers.csv_table.MAX_ROWS", 2)
    assert len([*read("title\nA\nB\n").all_items()]) == 2
    with pytest.raises(Refused, match="more than 2 rows"):
        read("title\nA\nB\nC\n")


def test_a_table_is_recognised_by_its_first_line_where_no_name_tells_it() -> None:
    for text in ("Title,Authors\nTides,Doe", "sep=;\nyear;title\n2019;Tides", csv.dumps([])):
        assert detect_format(text, "standard input") == "csv"
    for text in ("Title\nTides", "Tides, foam and spray\n", "# Title, Year\n", "- title, year\n"):
        assert detect_format(text, "standard input") == "markdown"
    assert detect_format("title,year\n", "list.md") == "markdown"


def test_spreadsheets_write_other_encodings_and_delimiters() -> None:
    text = "sep=;\r\nTitle;Author;Year\r\nGezeiten für Anfänger;Müller, Jörg;2019\r\n"
    for data in (text.encode("utf-8-sig"), text.encode("cp1252"), text.encode("utf-16")):
        parsed = parse_file(data, "x.csv")
        assert isinstance(parsed, ParsedList)
        (item,) = parsed.all_items()
        assert item.title == "Gezeiten für Anfänger"
        assert (item.authors, item.year, item.line) == (("Jörg Müller",), 2019, 3)


# ── columns ─────────────────────────────────────────────────────────────────


def test_a_library_of_zotero() -> None:
    parsed = read(ZOTERO)
    tides, foam, spray, waves = parsed.all_items()
    assert tides == ParsedItem(
        "On <i>Tides</i>",
        2,
        ("Jane Doe", "Rick de la Roe", "Sea Group"),
        2019,
        "Journal of Tides",
        doi="10.1000/tides",
        summary="They rise.",
        note="They fall.",
        length="12 pages",
    )
    assert (foam.arxiv, foam.links, foam.kind) == ("1706.00001", (), "paper")
    assert (spray.kind, spray.venue, spray.length) == ("book", "Sea Press", "310 pages")
    assert spray.links == (Link("Open Library", OPEN_LIBRARY),)
    assert (waves.kind, waves.links[0].url) == ("article", "https://example.org/waves")
    assert parsed.problems == ("Columns that are not read: Key, ISSN, Manual Tags.",)


def test_a_library_of_goodreads() -> None:
    parsed = read(GOODREADS)
    foam, spray = parsed.all_items()
    assert foam == ParsedItem(
        "Foam (Sea, #1)",
        2,
        ("Ann Poe", "Bob Low", "Jane Doe"),
        1999,
        "Sea Press",
        "book",
        links=(Link("Open Library", OPEN_LIBRARY),),
        is_read=True,
        length="310 pages",
    )
    assert (spray.kind, spray.is_read, spray.links) == ("book", False, ())


def test_a_table_of_notion() -> None:
    parsed = read(
        "\ufeffName,Authors,Type,Status,Link,Code,Topic\n"
        '"Tides, again","Jane Doe, Rick Roe",Paper,Done,https://arxiv.org/abs/1706.00001v2,'
        "https://github.com/x/tides,sea\n"
        "A talk on foam,,Video,Reading,https://youtu.be/abc,,\n"
    )
    tides, talk = parsed.all_items()
    assert (tides.title, tides.authors) == ("Tides, again", ("Jane Doe", "Rick Roe"))
    assert (tides.arxiv, tides.is_read) == ("1706.00001", True)
    assert tides.links == (Link("Code", "https://github.com/x/tides"),)
    assert (talk.kind, talk.is_read) == ("video", False)
    assert parsed.problems == ("Columns that are not read: Topic.",)


def test_columns_are_known_by_other_names_of_the_same_kind() -> None:
    parsed = read(
        "\ufeffPAPER TITLE ,Author/Channel,Author Full Names,Conference / Journal,Year (first),"
        '" arXiv ID","Link\nto it"\n'
        'Tides,Doe J.,"Doe, Jane (5712); Roe, Rick (5713)",Seas,2019,arXiv:1905.00001 [cs],\n'
    )
    (item,) = parsed.all_items()
    assert (item.authors, item.venue, item.year) == (("Jane Doe", "Rick Roe"), "Seas", 2019)
    assert (item.arxiv, parsed.problems) == ("1905.00001", ())


@pytest.mark.parametrize(
    ("cell", "note"),
    [
        ("<p>They <em>fall</em> &amp; rise.</p>", "They fall & rise."),
        ("<p>One</p>; <p>Two<br/>lines</p>", "One\n\nTwo\nlines"),
        ("<div><h1>Tides</h1>\n<p>H<sub>2</sub>O is\nwet</p></div>", "Tides\n\nH₂O is wet"),
        ("<ul>\n<li>\none\n</li>\n<li><p>two</p></li>\n</ul>", "- one\n- two"),
        (
            "<p>See <a href='https://a.org/?x=1&amp;y=2' rel='x'>this</a>, "
            "<a href='zotero://pdf/1'>that</a>, <a href='https://a.org'>https://a.org</a></p>",
            "See this (https://a.org/?x=1&y=2), that, https://a.org",
        ),
        # Zotero puts that of arXiv, as it was, before the reader's own.
        (
            "Comment: 9 pages,\n2 plots; <p>My <b>own</b></p>",
            "Comment: 9 pages,\n2 plots\n\nMy own",
        ),
        ("<div><p>My own</p>\n</div>; Comment: 9 pages", "My own\n\nComment: 9 pages"),
        ("<p>See <b>foam</b>; <i>spray</i></p>", "See foam; spray"),
        ("It is <i>good</i>.<br/><br />Very.", "It is good.\n\nVery."),
        ("- One<br>- Two", "- One\n- Two"),
        ("<span>One</span><p>Two</p>", "One\n\nTwo"),
        ("<hr/><html><body><!-- a --><li><p>One</p></li><li>Two</body></html>", "- One\n- Two"),
        ("<p>One</p><pre>a\n\n# b\nc</pre>", "One\n\na\n\n# b\nc"),
        (
            "<table>\n<tr>\n<td>a</td>\n<td><p>b</p></td></tr><tr><td>c</td></tr></table>",
            "a b\n\nc",
        ),
        ("One\ntwo <b>three</b>\n\nfour<br>five", "One\ntwo three\n\nfour\nfive"),
        ("<div>\n\n# Tides\n\n- a\n- b\n\n</div>", "# Tides\n\n- a\n- b"),
        ("<https://a.org><br>One", "<https://a.org>\nOne"),
        ("The <mask> token is not in H<sub>2</sub>O", "The <mask> token is not in H₂O"),
        ("Some become <MASK><br>rest stays", "Some become <MASK>\nrest stays"),
        (
            "Use List<int> and a<br>b\n\n    def f(x):\n        return x",
            "Use List<int> and a\nb\n\n    def f(x):\n        return x",
        ),
        ("See `a <br> b` and <b>`c`</b> `d", "See `a <br> b` and `c` `d"),
    ],
)
def test_a_note_in_html_comes_in_as_plain_text(cell: str, note: str) -> None:
    assert note_of(cell) == note


@pytest.mark.parametrize(
    "text",
    [
        "Tides <b> foam &amp; a\n\nspray",
        "# Tides\n\n- two<br>lines\n    code",
        "<p align=center>\n\n# Tides\n\n- a\n- b",
        "<p-value> was low\n\n- one\n- two",
        "Of <p = 0.05 and n> few; <s> begins, </s> ends",
        "| a<br>b | c |\n|---|---|\n| d | e |",
        "`<br>` ends a line",
        "The tag is `code <br> code` here",
    ],
)
def test_any_other_note_comes_in_as_it_is_written(text: str) -> None:
    assert note_of(text) == text


def note_of(cell: str) -> str | None:
    """Return the note that a cell comes in as."""
    text = io.StringIO()
    csv_writer.writer(text).writerows([("title", "notes"), ("Tides", cell)])
    return only(text.getvalue()).note


@pytest.mark.parametrize(
    ("column", "cell", "is_read"),
    [
        ("status", "read", True), ("Status", "Done", True), ("status", "to read", False),
        ("status", "reading", False), ("status", "in progress", False), ("status", "", False),
        ("Status", "2026-11-02", True),
        ("read", "x", True), ("Read?", "yes", True), ("read", "TRUE", True), ("read", "1", True),
        ("read", "✓", True), ("read", "in 2030 or so", False), ("read", "no", False),
        ("read", "FALSE", False), ("read", "0", False), ("Exclusive Shelf", "to-read", False),
        ("Date Read", "2019/05/01", True), ("read", "1.5.2019", True), ("read", "May 2019", True),
        ("read on", "2019-05-01T10:00:00Z", True), ("dates read", "2019/05/01-2019/06/02", True),
        ("read", "https://a.org/2019/tides", False), ("✓", "x", True),
    ],
)  # fmt: skip
def test_a_tick_a_status_or_a_day_says_that_a_work_was_read(
    column: str, cell: str, is_read: bool
) -> None:
    parsed = read(f"title,{column}\nTides,{cell}\n")
    assert [item.is_read for item in parsed.all_items()] == [is_read]


@pytest.mark.parametrize("other", ["", "2026-05-02", "x", "1"])
@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("skimmed", (False, True)), ("Skimmed", (False, True)), ("to read", (False, False)),
        ("to-read", (False, False)), ("currently-reading", (False, False)),
        ("Reading", (False, False)), ("read", (True, False)), ("finished", (True, False)),
        ("1st pass", (False, True)), ("abandoned", (False, False)), ("DNF", (False, False)),
    ],
)  # fmt: skip
def test_a_word_of_a_status_says_how_far_a_work_was_read_whatever_is_beside_it(
    status: str, said: tuple[bool, bool], other: str
) -> None:
    item = only(f"title,status,date read\nTides,{status},{other}\n")
    assert (item.is_read, item.is_skimmed) == said


def test_a_column_of_ticks_may_say_that_a_work_was_skimmed() -> None:
    item = only("title,read,date read\nTides,skimmed,2026-05-02\n")
    assert (item.is_read, item.is_skimmed) == (False, True)


def test_a_work_that_a_table_calls_skimmed_is_logged_as_a_first_pass(tmp_path: Path) -> None:
    table = tmp_path / "seas.csv"
    rows = "Slow tides,skimmed,2026-05-02\nLong waves,read,\nWet foam,to read,2026-05-02\n"
    table.write_text(f"Title,Status,Date read\n{rows}", encoding="utf-8")
    first = run("import", str(table), "--log")
    assert "Slow tides (first pass)" in first.stdout
    assert "; logged before papertui: 2 works" in first.stderr
    passes = {name: run("show", name).stdout for name in ("slow tides", "long waves", "wet foam")}
    assert "◔" in passes["slow tides"]
    assert "◑" in passes["long waves"]
    assert "before papertui" not in passes["wet foam"]
    assert "Ticked" not in run("import", str(table), "--log").stdout


def test_a_status_that_is_not_known_is_named() -> None:
    rows = "Tides,filed,2026-05-02\nWaves,no,\nFoam,reading,\nSpray,filed,\n"
    parsed = read(f"title,status,read\n{rows}")
    assert [item.is_read for item in parsed.all_items()] == [True, False, False, False]
    assert parsed.problems[-1] == "Statuses that are not known: filed."


@pytest.mark.parametrize("status", ["parked", "dropped"])
def test_where_papertui_says_that_a_work_stands_says_nothing_of_its_passes(status: str) -> None:
    parsed = read(f"title,status,read\nTides,{status},2026-05-02\nWaves,{status},\n")
    assert [item.is_read for item in parsed.all_items()] == [True, False]
    assert not any("not known" in problem for problem in parsed.problems)


def test_a_tick_that_the_status_speaks_against_is_named() -> None:
    (problem,) = read("title,status,read\nTides,to read,x\nWaves,read,\n").problems
    assert problem.startswith("Line 2: a cell is left out, as it is a tick")


def test_that_a_day_is_taken_as_a_tick_alone_is_said() -> None:
    parsed = read("title,Date Read,Read?\nTides,2019/05/01,x\n")
    assert parsed.problems == ("Days that are taken as ticks alone: Date Read.",)


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Doe, Jane; Roe, Rick", ("Jane Doe", "Rick Roe")),
        ("Doe, J. A.; Roe, R.; ", ("J. A. Doe", "R. Roe")),
        ("Doe, Jane and Roe, Rick", ("Jane Doe", "Rick Roe")),
        ("Jane Doe, Rick Roe and Ann Poe", ("Jane Doe", "Rick Roe", "Ann Poe")),
        ("Jane Doe & Rick Roe", ("Jane Doe", "Rick Roe")),
        ("Jane Doe\nRick Roe", ("Jane Doe", "Rick Roe")),
        ("Doe, Jane", ("Jane Doe",)),
        ("van der Doe, Jane", ("Jane van der Doe",)),
        ("Doe J, Roe RS", ("Doe J", "Roe RS")),
        ("Doe, Jane; King, Rick, Jr.", ("Jane Doe", "Rick King Jr.")),
        ("OceanAI", ("OceanAI",)),
        ("", ()),
    ],
)
def test_names_are_read_in_either_order(cell: str, names: tuple[str, ...]) -> None:
    (item,) = of_authors(cell)
    assert (item.authors, item.more_authors) == (names, False)
    for others in ("; others", " et al.", ", …"):
        if names and ";" not in cell:
            (item,) = of_authors(cell + others)
            assert item.more_authors


@pytest.mark.parametrize(
    ("other", "names"),
    [
        ("OceanAI", ("Roe Doe",)),
        ("Poe, Jane", ("Roe Doe",)),
        ("Poe, Jane; Low, Bob", ("Roe Doe",)),
        ("Poe, Jane and Low, Bob", ("Roe Doe",)),
        ("Poe, Doe, Low", ("Doe", "Roe")),
        ("Poe and Low", ("Doe", "Roe")),
        ("Poe et al.", ("Doe", "Roe")),
    ],
)
def test_a_pair_of_words_is_two_surnames_if_other_cells_have_no_more(
    other: str, names: tuple[str, ...]
) -> None:
    assert of_authors("Doe, Roe", other)[0].authors == names


def of_authors(*cells: str) -> list[ParsedItem]:
    """Return the works of a table whose column of authors has these cells."""
    text = io.StringIO()
    rows = [(f"Tides {number}", cell) for number, cell in enumerate(cells)]
    csv_writer.writer(text).writerows([("title", "authors"), *rows])
    return [*read(text.getvalue()).all_items()]


def test_years_ids_and_addresses_that_cannot_be_read_are_named() -> None:
    parsed = read(
        "title,year,doi,isbn,url\n"
        "Tides,May 2019,doi: 10.1000/a,,\n"
        "Foam,soon,none,12345,see below\n"
        "Spray,2019.0,https://example.org/spray,,https://example.org/a; http://example.org/b\n"
    )
    assert parsed.problems == (
        "Line 3: a cell is left out, as it is no address, DOI or arXiv id: none; see below",
        "Line 3: a cell is left out, as it is no ISBN: 12345",
        "Line 3: a cell is left out, as it is no year: soon",
    )
    tides, foam, spray = parsed.all_items()
    assert (tides.year, tides.doi) == (2019, "10.1000/a")
    assert (foam.year, foam.doi, foam.links) == (None, None, ())
    assert [link.url for link in spray.links] == [
        "https://example.org/spray", "https://example.org/a", "http://example.org/b",
    ]  # fmt: skip


def test_a_row_with_only_an_address_is_a_work_named_by_it() -> None:
    items = read(
        "title,doi,url\n,10.1000/a,\nhttps://example.org/tides,,\n2401.00001,,\n"
    ).all_items()
    assert [item.title for item in items] == [
        "doi:10.1000/a",
        "example.org/tides",
        "arXiv:2401.00001",
    ]


# ── papertui's own ──────────────────────────────────────────────────────────


def test_what_papertui_exported_comes_back_as_the_same_works(store: Store) -> None:
    works = list(catalog.load(CATALOG.read_bytes()).works.values())
    odd = works[0]._replace(
        citekey="odd",
        title="=Tides, -foam",
        authors=("Sea Group, North", "Sea, North"),
        more_authors=True,
    )
    works = [*works, odd._replace(arxiv=None, doi=None, links=(), year=None, summary="-a\n\nb")]
    text = csv.BYTE_ORDER_MARK + csv.dumps(ExportedWork(work, WorkRecord()) for work in works)
    parsed = read(text, "papertui.csv")
    assert parsed.left_out == ()
    for work, item in zip(works, parsed.all_items(), strict=True):
        assert (item.title, item.authors, item.more_authors, item.year, item.venue, item.kind) == (
            work.title, work.authors, work.more_authors, work.year, work.venue, work.kind,
        )  # fmt: skip
        assert (item.arxiv, item.length, item.summary) == (work.arxiv, work.length, work.summary)
        assert item.doi == work.doi or work.arxiv or work.links
    plan = plan_import(parsed, store.works, "papertui.csv")
    assert [match.work for match in plan.matches[:-1]] == [work.citekey for work in works[:-1]]


def test_citekeys_that_a_table_cannot_keep_are_named(store: Store) -> None:
    work = next(iter(catalog.load(CATALOG.read_bytes()).works.values()))
    tides = catalog.Work("tides-of-the-moon-00000001", "Tides of the moon", year=2019)
    entry = BibEntry("article", "doe2019tides", {"title": tides.title})
    exported = [ExportedWork(work, WorkRecord()), ExportedWork(tides, WorkRecord(), entry=entry)]
    parsed = read(csv.dumps(exported), "papertui.csv")
    plan = plan_import(parsed, store.works, "papertui.csv")
    assert plan.problems[-1] == "Citekeys that only BibTeX would keep: doe2019tides."
    # Where the key is here already, nothing is lost.
    bib = parse_file(b"@article{doe2019tides, title={Tides of the moon}, year=2019}", "x.bib")
    assert isinstance(bib, ParsedList)
    store.record(plan_import(bib, store.works, "x.bib").change)
    problems = plan_import(parsed, store.works, "papertui.csv").problems
    assert not any("keys" in problem for problem in problems)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("one &#96;7&#96; here<br>two", "one `7` here\ntwo"),
        ("`x` and &#96;0&#96;<br>b", "`x` and `0`\nb"),
        ("&#xE000;3&#xE000; and \ue0000\ue000<br>b", " and 0\nb"),
    ],
)
def test_escaped_backticks_in_a_note_are_no_code_that_was_kept(cell: str, text: str) -> None:
    assert html_to_lines(cell).strip() == text.strip()
