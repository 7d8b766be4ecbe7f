"""A database with a row in every table that a reader fills, with escape codes in its texts."""

from pathlib import Path

from papertui.core import journal
from papertui.core.group import shown
from papertui.core.journal import Event
from papertui.core.recall import INSIGHT, Scheduling
from papertui.core.records import SeenPaper
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from papertui.storage.sync_state import Mark, Written
from tests.conftest import TODAY
from tests.core.test_follow import paper
from tests.core.test_journal import FSRS, event
from tests.robustness.test_hostile_text import SEQUENCES
from tests.support.fresh_database import copied, fresh_database

STORED = f"x{''.join(SEQUENCES)}\ry"


def fill(database: Path) -> None:
    """Make such a database."""
    fresh_database(database)
    fields = {"title": "Mine", "kind": "paper", "links": [{"title": "a", "url": "https://a.b"}]}
    with Store(database) as store:
        store.record(
            journal.log_pass("he2015deep", 2, TODAY, 30, [(TODAY, 30)]),
            journal.save_note("he2015deep", "n", f"a note\t{STORED}"),
        )
        settings = Scheduling(FSRS, 0.9, STORED).as_json()
        store.record(journal.save_note("he2015deep", "q", f"Q: Why {STORED}?\n{STORED}"))
        store.record(journal.rate_card("he2015deep", INSIGHT, TODAY, 3, settings))
        store.record(journal.add_work("mine-1", {"title": "Mine", "kind": "paper"}))
        store.record(journal.add_work("mine-2", {**fields, "links": []}))
        store.record(journal.queue("vaswani2017attention", 1.0), journal.share("he2015deep", TODAY))
        store.record(journal.set_goal("full-reads", 2, TODAY), journal.rest(TODAY, on=True))
        store.record(journal.scan(TODAY, 3), journal.merge_works("mine-1", "mine-2"))
        store.undo(store.record(journal.drop("kingma2014adam", STORED)))
        store.record(journal.drop("kingma2014adam", STORED))
        store.new_papers.keep([paper("2611.00001"), paper("2611.00002", title=STORED)], TODAY)
        store.new_papers.glance({"2611.00001": SeenPaper(TODAY, dismissed=True)})
        store.finish_triage()
        store.new_papers.glance({"2611.00002": SeenPaper(TODAY, dismissed=False)})
        store.drafts.save(Draft("d", "he2015deep", "m", (), f"half {STORED}"))
        store.set_setting("grouping", "lists")
        store.sync_state.save({}, {"d/1": Mark("d/1", 1, 1, 1, "", 0)}, Written())
        store.group_state.set_place(f"/{STORED}")
        store.group.join("another", _shown_by_a_member())


def _shown_by_a_member() -> list[Event]:
    """Return events with which a member of the reading group fills all its tables."""
    changes = (
        journal.be_member("Ada \x1b[2J"),
        journal.log_pass("w", 2, TODAY),
        journal.promise("w", TODAY),
        journal.show_note("w", "n", STORED, 2),
        journal.show_list({"title": STORED}),
    )
    about = {"title": "Deep Residual Learning for Image Recognition", "kind": "paper"}
    return [
        shown_event
        for at, change in enumerate(changes, 1)
        if (shown_event := shown(event(at, change), about))
    ]


def filled_database(path: Path) -> Path:
    """Write such a database to `path`, a copy whose acts are those of another device."""
    return copied(path, fill)
