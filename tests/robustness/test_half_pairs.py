"""Half a pair of surrogates, which JSON can hold and no UTF-8 text, meets words at most."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from papertui.core import journal
from papertui.core.journal import Event
from papertui.errors import Refused
from papertui.storage.store import Store
from papertui.tui.app import PaperTui
from tests.conftest import TODAY
from tests.support.raw_output import raw_output
from tests.support.screen import SMALL, find, press, wait_for_workers

HALF = "\ud800"
COMMANDS = (
    ("undo",), ("undo", "--yes"), ("redo",), ("list",), ("next",), ("stats",), ("review",),
    ("show", "he2015deep"), ("show", "he2015deep", "--json"), ("open", "he2015deep"),
    ("export", "--format", "json"), ("export", "--format", "csv"), ("export", "--format", "bib"),
    ("doctor",), ("doctor", "--rebuild"),
)  # fmt: skip


def half(kind: str, work: str | None, number: int, **data: object) -> Event:
    id_ = f"{kind}{number}"
    at = 1_700_000_000_000_000 + number
    return Event(id_, "d", number, at, "2026-11-20T10:00:00", 0, id_, kind, work, data)


@pytest.mark.usefixtures("indexed")
def test_no_act_with_one_breaks_anything(database: Path) -> None:
    events = [
        half(journal.UNDO, None, 1, act=HALF),
        half(journal.REDO, None, 2, act=HALF),
        half(journal.UNDO, None, 3, act=HALF),
        half(journal.MERGED, "he2015deep-x", 4, into=HALF),
        half(journal.NOTE, "he2015deep", 5, note=HALF, body=HALF, bases=[HALF]),
        half(journal.ASIDE, "he2015deep", 6, state="dropped", reason=HALF),
        half(journal.ADDED, "mine", 7, fields={"title": HALF, "kind": "paper"}),
        half(journal.GOAL, None, 8, metric=HALF, target=1, since="2026-11-20"),
        half(journal.PASS, "he2015deep", 9, depth=2, read_on="2026-11-20", session={HALF: HALF}),
    ]
    with Store(database) as store:
        for event in events:
            store.merge([event._replace(device=store.device)])
        assert len(store.events()) == len(events)
        store.record(journal.Change(journal.UNDO, None, {"act": HALF}))
        store.versions("he2015deep", HALF)
        for _ in range(len(events)):
            try:
                store.undo(store.last_act())
                store.redo()
                store.undo(store.last_act())
            except Refused:
                break
        store.rebuild()
    for command in COMMANDS:
        assert "Something broke" not in raw_output(*command)[1], command


async def test_no_link_with_one_breaks_anything(
    make: Callable[[], PaperTui], store: Store, database: Path
) -> None:
    store.record(journal.log_pass("he2015deep", 2, TODAY))
    with closing(sqlite3.connect(database)) as connection, connection:
        sql = "select number, fields from work join detail on detail.work = number"
        number, stored = connection.execute(f"{sql} where citekey = 'he2015deep'").fetchone()
        fields = {**json.loads(stored), "arxiv": None, "doi": HALF, "venue": HALF}
        fields["links"] = [{"label": HALF, "url": f"https://a.b/{HALF}"}]
        fields = {name: value for name, value in fields.items() if value is not None}
        sql = "update detail set fields = ? where work = ?"
        connection.execute(sql, (json.dumps(fields), number))
    for command in COMMANDS[4:]:
        _, output = raw_output(*command)
        assert "Something broke" not in output, (command, output)
    app = make()
    async with app.run_test(size=SMALL) as pilot:
        await find(pilot, "deep residual")
        for key in ("o", "O", "y", "Y", "S", "tab", "right_square_bracket", "enter"):
            await press(pilot, key)
            await wait_for_workers(pilot.app)
        assert app.is_running
        assert app.damage is None
