"""Damaged and random files and input are read or refused, without a fault or a hang."""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papertui import config
from papertui.core import (
    catalog,
    identity,
    journal,
    journal_file,
    library_tree,
    typed_days,
    typed_entries,
)
from papertui.core.goals import parse_goal
from papertui.core.journal import Event
from papertui.core.library_tree import TreeQuery
from papertui.errors import PapertuiError, Refused
from papertui.importers import bibtex, formats
from papertui.importers.reading_list import parser
from papertui.storage.shipped import CATALOG
from papertui.storage.store import Store
from tests.core.test_journal import event
from tests.importers.test_bibtex import JABREF, ZOTERO
from tests.importers.test_csv_table import GOODREADS
from tests.importers.test_csv_table import ZOTERO as ZOTERO_TABLE
from tests.importers.test_reading_list import LISTS
from tests.support.damage import (
    ODD,
    damaged_bytes,
    damaged_data,
    damaged_text,
    read_all,
    time_limit,
)
from tests.support.endurance import counted, examples, report_count, times
from tests.support.lists.styles import STYLES
from tests.support.whole_journal import replay

pytestmark = counted

DAY = date(2026, 11, 20)
LIST_FILES = Path(__file__).parents[1] / "support" / "lists"
DAMAGED_INPUTS = times(250, 10_000)
RANDOM_INPUTS = times(40, 4_000)
PASSAGE_LENGTH = 3000
Parse = Callable[[bytes], object]

CONFIG = """
day_start = "04:00"
week_start = "sun"
mailto = "ada@example.org"
streak = "off"
ascii = true
timer = "on"
[keys]
"pass-1" = "f5, ctrl+j"
note = 'N'
[follow]
categories = ["cs.LG", "quant-ph"]
words = ["state space", 'prun*']
[templates]
first = \"\"\"
# Five Cs \\u00e9
\"\"\"
"""


def passages(text: str) -> list[str]:
    """Cut a long file into pieces, so that a change affects more of each."""
    return [text[at : at + PASSAGE_LENGTH] for at in range(0, len(text), PASSAGE_LENGTH)]


def small_catalogue() -> dict[str, Any]:
    """Return the shipped catalogue cut down to three works, as JSON data."""
    data = json.loads(CATALOG.read_bytes())
    citekeys = ("vaswani2017attention", "he2015deep", "kingma2014adam")
    works = {key: data["works"][key] for key in citekeys}
    for fields in works.values():
        for relation in ("requires", "see_also"):
            fields[relation] = [other for other in fields.get(relation, ()) if other in citekeys]

    def pruned(section: dict[str, Any]) -> dict[str, Any]:
        items = [item for item in section.get("items", ()) if item["work"] in citekeys]
        return section | {"items": items, "sections": [*map(pruned, section.get("sections", ()))]}

    for reading_list in data["lists"]:
        reading_list["sections"] = [*map(pruned, reading_list["sections"][:3])]
    return {
        **data,
        "works": works,
        "strategy": data["strategy"][:2],
        "sources": data["sources"][:2],
    }


def export() -> dict[str, Any]:
    """Return an export with an event of each kind, as JSON data."""
    changes = (
        journal.log_pass("he2015deep", 2, DAY, 62),
        journal.save_note("he2015deep", "n", "Words 🌲", ["d1"], 2),
        journal.add_work("mine-1", {"title": "Mine", "kind": "paper", "arxiv": "2401.00001"}),
        journal.share("he2015deep", DAY),
        journal.Change(journal.ASIDE, "he2015deep", {"state": "parked", "until": "2027-01-01"}),
        journal.Change(journal.QUEUED, "he2015deep", {"rank": 1.5}),
        journal.Change(journal.CORRECTION, "he2015deep", {"reading": "d1", "depth": 3}),
        journal.Change(journal.GOAL, None, {"metric": "m", "target": 3, "since": "2026-11-16"}),
        journal.Change(journal.REST, None, {"week": "2026-11-16", "rest": True}),
        journal.Change(journal.SCANNED, None, {"day": "2026-11-20", "count": 3}),
        journal.see_papers(DAY, ["2611.00001"], ["hep-th/9901001"]),
        journal.Change(journal.UNDO, None, {"act": "d1"}),
    )
    events = [event(at, change) for at, change in enumerate(changes, 1)]
    text = journal_file.document(events, {"mine-1": {"title": "Mine"}}, {"theme": "nord"}, FRIDAY)
    data: dict[str, Any] = json.loads(text)
    return data


FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
FILES: dict[str, tuple[list[str], Any]] = {
    "catalogue": ([], small_catalogue()),
    "Markdown": (
        [
            *(piece for name in STYLES for piece in passages(STYLES[name](LISTS[name]))),
            *(piece for path in LIST_FILES.glob("*.[mt][dx]*")
              for piece in passages(path.read_text(encoding="utf-8"))),
        ],
        None,
    ),
    "BibTeX": ([ZOTERO, JABREF], None),
    "CSV": ([ZOTERO_TABLE, GOODREADS], None),
    "config": ([CONFIG], None),
    "events": ([], export()),
}  # fmt: skip


def damaged_files(name: str, number: int) -> Iterator[bytes]:
    """Yield real files of a kind, each damaged in another way, the same ones in every run."""
    chance = random.Random(f"{name} 20261120")
    texts, data = FILES[name]
    texts = texts or [json.dumps(data, indent=1, ensure_ascii=False)]
    for _ in range(number):
        if data is not None and chance.random() < 0.6:
            yield json.dumps(damaged_data(chance, data)).encode()
            continue
        text = damaged_text(chance, chance.choice(texts), texts)
        content = text.encode("utf-8", "surrogatepass")
        yield damaged_bytes(chance, content) if chance.random() < 0.3 else content


@pytest.fixture(scope="module")
def opened_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("fuzz") / "papertui.db") as store:
        store.record(journal.log_pass("he2015deep", 2, DAY))
        yield store


@pytest.fixture(scope="module")
def parsers(opened_store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Parse]:
    """The parser of each kind of file."""
    path = tmp_path_factory.mktemp("config") / "config.toml"

    def load_config(content: bytes) -> object:
        path.write_bytes(content)
        return config.load(path)

    def join_journal(content: bytes) -> int:
        text, _ = formats.decode(content, "x.json")
        events = journal_file.events(text)
        replay(events)
        return opened_store.merge(events)

    return {
        "catalogue": catalog.load,
        "Markdown": lambda c: parser.parse_reading_list(formats.decode(c, "x.md")[0], "x.md"),
        "BibTeX": lambda c: bibtex.parse_bibtex(formats.decode(c, "x.bib")[0], "x.bib"),
        "CSV": lambda c: formats.parse_file(c, "x.csv"),
        "config": load_config,
        "events": join_journal,
    }


@pytest.mark.parametrize("name", FILES)
def test_damaged_files_are_read_or_refused(parsers: dict[str, Parse], name: str) -> None:
    accepted = 0

    def read(content: bytes) -> None:
        nonlocal accepted
        with suppress(PapertuiError):
            parsers[name](content)
            accepted += 1

    number, slowest = read_all(damaged_files(name, DAMAGED_INPUTS), read)
    assert 0 < accepted < number or name in ("Markdown", "BibTeX", "CSV")
    report_count(
        f"{name}: {number:,} damaged files, {accepted:,} accepted, the slowest in {slowest:.2f} s"
    )


any_text = st.lists(st.sampled_from(ODD) | st.text(max_size=20), max_size=30).map("".join)


@pytest.mark.parametrize("name", FILES)
@examples(RANDOM_INPUTS)
@given(text=any_text, raw=st.binary(max_size=200))
def test_random_files_are_read_or_refused(
    parsers: dict[str, Parse], name: str, text: str, raw: bytes
) -> None:
    for content in (raw, text.encode("utf-8", "surrogatepass")):
        with time_limit(), suppress(PapertuiError):
            parsers[name](content)


def nonsense_journals(number: int) -> Iterator[list[Event]]:
    """Yield short journals whose events have the right fields and nonsense as data."""
    chance = random.Random("events with senseless data")
    exported_events = export()["events"]
    for _ in range(number):
        records = [dict(fields) for fields in chance.choices(exported_events, k=4)]
        for at, fields in enumerate(records):
            fields["data"] = damaged_data(chance, {"data": fields["data"]}).get("data", {})
            fields |= {"id": f"e{at}", "at": at, "wall": chance.choice((fields["wall"], "soon"))}
            fields["utc_offset"] = chance.choice((0, 60, 10**9, -(10**30)))
        yield [
            Event(**{**fields, "data": fields["data"] if isinstance(fields["data"], dict) else {}})
            for fields in records
        ]


def test_nonsense_in_a_journal_raises_no_error() -> None:
    number, _ = read_all(nonsense_journals(DAMAGED_INPUTS), lambda events: replay(events))
    report_count(f"replay: {number:,} journals of nonsense")


PROMPT_INPUTS = (
    "2 yesterday 62", "2 fri 1h10", "1:10", "70m", "before", "tomorrow", "-3d", "2026-11-14",
    "+2w", "fri", "3m", "1706.03762",
    "https://arxiv.org/abs/1706.03762v5", "10.1000/182", "Deep Residual Learning", "resnet",
    "doi.org/10.1038/nature14539", "he2015deep", "attention need", "lukasz kaiser",
    "hep-th/9901001", '{"status": ["read"], "list": ["x"]}',
    '{"year": ["2010s", "none"], "queue": ["yes"]}',
)  # fmt: skip


def damaged_inputs(number: int) -> Iterator[str]:
    chance = random.Random("typed at a prompt")
    for _ in range(number):
        yield damaged_text(chance, chance.choice(PROMPT_INPUTS), PROMPT_INPUTS)


def give_to_all_prompts(store: Store, text: str) -> None:
    """Parse a text with each parser of typed input, and search for it."""
    for parse in (
        identity.parse_new_work,
        lambda text: typed_days.parse_day(text, DAY),
        lambda text: typed_days.parse_day_ahead(text, DAY),
        lambda text: typed_entries.parse_pass(text, DAY),
        lambda text: typed_days.parse_rest_day(text, DAY),
        typed_entries.parse_minutes,
        parse_goal,
    ):
        with suppress(Refused):
            parse(text)
    filtered = TreeQuery(DAY, chosen=library_tree.load_filter(text))
    store.names.named(text)
    store.search.find(text, filtered)
    store.search.find(text, TreeQuery(DAY), thorough=False)


def test_damaged_input_is_taken_or_refused(opened_store: Store) -> None:
    number, slowest = read_all(
        damaged_inputs(DAMAGED_INPUTS), lambda text: give_to_all_prompts(opened_store, text)
    )
    report_count(f"typed: {number:,} texts, the slowest in {slowest:.2f} s")


@examples(RANDOM_INPUTS)
@given(text=any_text)
def test_random_input_is_taken_or_refused(opened_store: Store, text: str) -> None:
    with time_limit():
        give_to_all_prompts(opened_store, text)
