"""Whatever a file holds or a reader types, it is read or refused in words."""

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
    reading_session,
    replay,
    streaks,
)
from papertui.core import journal_file as written
from papertui.core.journal import Event
from papertui.core.library_tree import TreeQuery
from papertui.errors import PapertuiError, Refused
from papertui.importers import bibtex, formats
from papertui.importers.reading_list import parser
from papertui.storage import store
from papertui.storage.store import Store
from tests.core.test_journal import event
from tests.importers.test_bibtex import JABREF, ZOTERO
from tests.importers.test_reading_list import LISTS
from tests.support.damage import ODD, read_all, spoiled, spoiled_bytes, spoiled_data, watched
from tests.support.endurance import counted, examples, tell, times
from tests.support.lists.styles import STYLES

pytestmark = counted

DAY = date(2026, 11, 20)
HERE = Path(__file__).parents[1] / "support"
INPUTS = times(250, 10_000)
EXAMPLES = times(40, 4_000)
PASSAGE = 3000
Read = Callable[[bytes], object]

CONFIG = """
day_start = "04:00"
week_start = "sun"
streak = "off"
ascii = true
timer = "on"
[keys]
"pass-1" = "f5, ctrl+j"
note = 'N'
[templates]
first = \"\"\"
# Five Cs \\u00e9
\"\"\"
"""


def passages(text: str) -> list[str]:
    """Cut a long file into pieces, each as long as a mutation should have to do with."""
    return [text[at : at + PASSAGE] for at in range(0, len(text), PASSAGE)]


def a_small_catalogue() -> dict[str, Any]:
    """Return three works of the shipped catalogue, and its lists with no others in them."""
    data = json.loads(store.CATALOG.read_bytes())
    kept = ("vaswani2017attention", "he2015deep", "kingma2014adam")
    works = {key: data["works"][key] for key in kept}
    for fields in works.values():
        for relation in ("requires", "see_also"):
            fields[relation] = [other for other in fields.get(relation, ()) if other in kept]

    def pruned(section: dict[str, Any]) -> dict[str, Any]:
        items = [item for item in section.get("items", ()) if item["work"] in kept]
        return section | {"items": items, "sections": [*map(pruned, section.get("sections", ()))]}

    for reading_list in data["lists"]:
        reading_list["sections"] = [*map(pruned, reading_list["sections"][:3])]
    return {
        **data,
        "works": works,
        "strategy": data["strategy"][:2],
        "sources": data["sources"][:2],
    }


def an_export() -> dict[str, Any]:
    acts = (
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
        journal.Change(journal.UNDO, None, {"act": "d1"}),
    )
    events = [event(at, change) for at, change in enumerate(acts, 1)]
    text = written.document(events, {"mine-1": {"title": "Mine"}}, {"theme": "nord"}, FRIDAY)
    data: dict[str, Any] = json.loads(text)
    return data


FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
FILES: dict[str, tuple[list[str], Any]] = {
    "catalogue": ([], a_small_catalogue()),
    "Markdown": (
        [
            *(piece for name in STYLES for piece in passages(STYLES[name](LISTS[name]))),
            *(piece for path in (HERE / "lists").glob("*.[mt][dx]*")
              for piece in passages(path.read_text(encoding="utf-8"))),
        ],
        None,
    ),
    "BibTeX": ([ZOTERO, JABREF], None),
    "config": ([CONFIG], None),
    "events": ([], an_export()),
}  # fmt: skip


def spoilt_files(name: str, number: int) -> Iterator[bytes]:
    """Yield a real file of a kind, spoilt in a way of its own each time, the same every run."""
    chance = random.Random(f"{name} 20261120")
    texts, data = FILES[name]
    texts = texts or [json.dumps(data, indent=1, ensure_ascii=False)]
    for _ in range(number):
        if data is not None and chance.random() < 0.6:
            yield json.dumps(spoiled_data(chance, data)).encode()
            continue
        text = spoiled(chance, chance.choice(texts), texts)
        content = text.encode("utf-8", "surrogatepass")
        yield spoiled_bytes(chance, content) if chance.random() < 0.3 else content


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store(tmp_path_factory.mktemp("fuzz") / "papertui.db") as store:
        store.record(journal.log_pass("he2015deep", 2, DAY))
        yield store


@pytest.fixture(scope="module")
def readers(reader: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Read]:
    """What reads each kind of file, as far as its content goes."""
    path = tmp_path_factory.mktemp("config") / "config.toml"

    def settings_of(content: bytes) -> object:
        path.write_bytes(content)
        return config.load(path)

    def merged(content: bytes) -> int:
        text, _ = formats.text_of(content, "x.json")
        events = journal_file.events(text)
        replay.replay(events)
        return reader.merge(events)

    return {
        "catalogue": catalog.load,
        "Markdown": lambda c: parser.reading_list(formats.text_of(c, "x.md")[0], "x.md"),
        "BibTeX": lambda c: bibtex.library(formats.text_of(c, "x.bib")[0], "x.bib"),
        "config": settings_of,
        "events": merged,
    }


@pytest.mark.parametrize("name", FILES)
def test_no_spoilt_file_is_a_fault_or_a_hang(readers: dict[str, Read], name: str) -> None:
    taken = 0

    def read(content: bytes) -> None:
        nonlocal taken
        with suppress(PapertuiError):
            readers[name](content)
            taken += 1

    number, slowest = read_all(spoilt_files(name, INPUTS), read)
    assert 0 < taken < number or name in ("Markdown", "BibTeX")
    tell(f"{name}: {number:,} spoilt files, {taken:,} taken, the slowest in {slowest:.2f} s")


anything = st.lists(st.sampled_from(ODD) | st.text(max_size=20), max_size=30).map("".join)


@pytest.mark.parametrize("name", FILES)
@examples(EXAMPLES)
@given(text=anything, raw=st.binary(max_size=200))
def test_no_made_up_file_is_a_fault_or_a_hang(
    readers: dict[str, Read], name: str, text: str, raw: bytes
) -> None:
    for content in (raw, text.encode("utf-8", "surrogatepass")):
        with watched(), suppress(PapertuiError):
            readers[name](content)


def odd_events(number: int) -> Iterator[list[Event]]:
    """Yield short journals whose events have the right form and senseless data."""
    chance = random.Random("events with senseless data")
    whole = an_export()["events"]
    for _ in range(number):
        found = [dict(fields) for fields in chance.choices(whole, k=4)]
        for at, fields in enumerate(found):
            fields["data"] = spoiled_data(chance, {"data": fields["data"]}).get("data", {})
            fields |= {"id": f"e{at}", "at": at, "wall": chance.choice((fields["wall"], "soon"))}
            fields["utc_offset"] = chance.choice((0, 60, 10**9, -(10**30)))
        yield [
            Event(**{**fields, "data": fields["data"] if isinstance(fields["data"], dict) else {}})
            for fields in found
        ]


def test_no_nonsense_in_a_journal_is_a_fault() -> None:
    number, _ = read_all(odd_events(INPUTS), lambda events: replay.replay(events))
    tell(f"fold: {number:,} journals of nonsense")


TYPED = (
    "2 yesterday 62", "before", "-3d", "2026-11-14", "+2w", "fri", "3m", "1706.03762",
    "https://arxiv.org/abs/1706.03762v5", "10.1000/182", "Deep Residual Learning", "resnet",
    "doi.org/10.1038/nature14539", "he2015deep", "attention need", "lukasz kaiser",
    "hep-th/9901001", '{"status": ["read"], "list": ["x"]}',
    '{"year": ["2010s", "none"], "queue": ["yes"]}',
)  # fmt: skip


def typed_texts(number: int) -> Iterator[str]:
    chance = random.Random("typed at a prompt")
    for _ in range(number):
        yield spoiled(chance, chance.choice(TYPED), TYPED)


def take_all(reader: Store, text: str) -> None:
    """Give a text to all that takes what a reader types."""
    for refusing in (
        identity.parse_new_work,
        lambda typed: streaks.parse_day(typed, DAY),
        lambda typed: streaks.parse_day_ahead(typed, DAY),
        lambda typed: reading_session.parse_pass(typed, DAY),
    ):
        with suppress(Refused):
            refusing(text)
    seen = TreeQuery(DAY, chosen=library_tree.load_filter(text))
    reader.works.named(text)
    reader.search.find(text, seen)
    reader.search.find(text, TreeQuery(DAY), thorough=False)


def test_nothing_that_is_typed_is_a_fault_or_a_hang(reader: Store) -> None:
    number, slowest = read_all(typed_texts(INPUTS), lambda text: take_all(reader, text))
    tell(f"typed: {number:,} texts, the slowest in {slowest:.2f} s")


@examples(EXAMPLES)
@given(text=anything)
def test_nothing_made_up_that_is_typed_is_a_fault(reader: Store, text: str) -> None:
    with watched():
        take_all(reader, text)
