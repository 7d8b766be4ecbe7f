"""The tables of what the reader has done, written and queried.

They follow from the journal by `core.replay` and can be written again at any time.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from papertui.core.days import from_iso, iso
from papertui.core.journal import NOTE, PASS, Event
from papertui.core.labels import local_time, note_time
from papertui.core.records import (
    Goal,
    Habits,
    Note,
    Reading,
    Saving,
    SeenPaper,
    Sittings,
    Triage,
    WorkRecord,
    moved_sittings,
)
from papertui.core.text import fold, valid_unicode
from papertui.storage.database import Database
from papertui.storage.merged_works import CITEKEY

# The cards of works that are known here; those that are asked, none of a dropped work.
KNOWN_CARDS = "card join work on citekey = card.work"
ASKED_CARDS = (
    f"{KNOWN_CARDS} and active and not exists"
    " (select 1 from standing where standing.work = card.work and aside = 'dropped')"
)

_OF_A_WORK = ("reading", "note", "standing", "shared", "sitting", "edited", "tag", "star")
TABLES = (*_OF_A_WORK, "goal", "rest", "scanned", "seen", "undone", "merged")
_ACTS = ("reading", "note", "standing", "shared", "card", "tag", "star")
# The works that the reader has done something with, first without those only edited.
ACTED_ON = " union ".join(
    (
        *(f"select work from {table}" for table in _ACTS),
        f"select {CITEKEY.format('draft.work')} from draft",
    )
)
TOUCHED = f"{ACTED_ON} union select work from edited"
CLEARED = -1  # in the column `dismissed`
# A search of fewer letters is not taken for a tag.
MIN_TAG_LETTERS = 2
# What views and filters show is in a list.
_SHOWN = "exists (select 1 from item where item.work = tag.work)"
_LATEST = "order by read_on desc, logged desc, reading.rowid desc"


class ReadingLog:
    """The reader's readings, notes, queue, goals and habits."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def clear(self) -> None:
        """Empty every table; the caller holds the transaction."""
        for table in TABLES:
            self._db.run(f"delete from {table}")

    def write_work(self, work: str, record: WorkRecord) -> None:
        """Replace the rows of a work by those of `record`."""
        db = self._db
        for table in _OF_A_WORK:
            db.run(f"delete from {table} where work = ?", work)
        db.run_many(
            "insert into reading values (?, ?, ?, ?, ?, ?)",
            [(r.id, work, r.depth, iso(r.read_on), r.minutes, r.logged) for r in record.readings],
        )
        db.run_many(
            "insert into note values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (n.version, n.id, work, n.depth, n.body, n.saved, n.utc_offset, " ".join(n.others))
                for n in record.notes
            ],
        )
        # Minutes without sittings count for the day of the pass.
        db.run_many(
            "insert into sitting values (?, ?, ?, ?)",
            [(r.id, work, iso(day), m) for r in record.readings for day, m in _minutes_by_day(r)],
        )
        db.run_many(
            "insert into shared values (?, ?, ?)",
            [(f"{work}:{number}", work, iso(day)) for number, day in enumerate(record.shared)],
        )
        db.run_many(
            "insert into tag values (?, ?, ?)", [(work, fold(tag), tag) for tag in record.tags]
        )
        if record.is_starred:
            db.run("insert into star values (?)", work)
        if record.edited:
            fields = json.dumps(dict(record.edited), ensure_ascii=False)
            db.run("insert into edited values (?, ?)", work, fields)
        if record.depth or record.aside or record.rank is not None:
            db.run(
                "insert into standing values (?, ?, ?, ?, ?, ?)",
                work, record.depth, record.rank, record.aside, iso(record.until), record.reason,
            )  # fmt: skip

    def write_habits(self, habits: Habits) -> None:
        """Replace goals, rest weeks and titles scanned."""
        db = self._db
        for table in ("goal", "rest", "scanned"):
            db.run(f"delete from {table}")
        db.run_many(
            "insert into goal values (?, ?, ?)",
            [(goal.metric, iso(goal.since), goal.target) for goal in habits.goals],
        )
        db.run_many(
            "insert into rest values (?, ?)", [(iso(day), on) for day, on in habits.rests.items()]
        )
        db.run_many(
            "insert into scanned values (?, ?)",
            [(iso(day), count) for day, count in habits.scanned.items()],
        )

    def clear_seen(self) -> None:
        """Forget which papers were looked at."""
        self._db.run("delete from seen")

    def write_seen(self, papers: Mapping[str, SeenPaper]) -> None:
        """Add papers that were looked at; one that is known is joined with what is known of it."""
        known = self.seen(papers)
        joined = ((id_, known.get(id_, paper).joined(paper)) for id_, paper in papers.items())
        self._db.run_many(
            "insert or replace into seen values (?, ?, ?)",
            [(id_, iso(p.day), CLEARED if p.cleared else p.dismissed) for id_, p in joined],
        )

    def seen(self, ids: Collection[str] | None = None) -> dict[str, SeenPaper]:
        """Return those of some papers, or of all, that were looked at, by arXiv id."""
        sql = "select arxiv, day, dismissed from seen"
        if ids is None:
            rows = self._db.rows(sql)
        else:
            sql += " where arxiv in (select value from json_each(?))"
            rows = self._db.rows(sql, json.dumps(list(ids)))
        return {arxiv: seen_paper(day, state) for arxiv, day, state in rows}

    def write_undone(self, acts: Collection[str]) -> None:
        """Replace the acts that are undone."""
        self._db.run("delete from undone")
        self._db.run_many("insert into undone values (?)", [(act,) for act in acts])

    def write_merged(self, merges: Mapping[str, str]) -> None:
        """Replace the merges: works, and those that they were merged into."""
        self._db.run("delete from merged")
        self._db.run_many("insert into merged values (?, ?)", merges.items())

    def merged(self) -> dict[str, str]:
        """Return merged works, and those that they were merged into."""
        return dict(self._db.rows("select work, target from merged"))

    def work(self, work: str) -> WorkRecord:
        """Return the record of a work, its latest readings and notes first."""
        db = self._db
        readings = self._readings(f"where reading.work = ? {_LATEST}", work)
        sql = (
            "select id, version, depth, body, saved, utc_offset, others from note where work = ?"
            " order by saved desc, rowid desc"
        )
        notes = tuple(map(_note, db.rows(sql, work)))
        if notes:
            begun = self._notes_begun(work)
            notes = tuple(note._replace(begun=begun.get(note.id)) for note in notes)
            # What was written apart stands together, in the order in which it was saved.
            times = {note.id: note_time(note) for note in reversed(notes)}
            notes = tuple(sorted(notes, key=lambda note: times[note.id], reverse=True))
        standing = db.row("select rank, aside, until, reason from standing where work = ?", work)
        rank, aside, until, reason = standing or (None, None, None, None)
        days = db.rows("select day from shared where work = ? order by id", work)
        shared = tuple(date.fromisoformat(day) for (day,) in days)
        passes = tuple(reading for _, reading in readings)
        tags = tuple(t for (t,) in db.rows("select tag from tag where work = ? order by 1", work))
        is_starred = db.row("select 1 from star where work = ?", work) is not None
        return WorkRecord(
            passes, notes, rank, aside, from_iso(until), reason, shared, tags=tags,
            is_starred=is_starred,
        )  # fmt: skip

    def _notes_begun(self, work: str) -> dict[str, datetime]:
        """Return when the notes on a work were first saved, by their ids."""
        rows = self._db.rows(
            # The row of the least moment.
            "select data -> '$.note', wall, utc_offset, min(at) from event"
            # A work has few events, a journal many notes.
            " where +kind = ?1 and work in (select ?2 union select work from merged"
            " where target = ?2) and json_valid(data) and act not in (select act from undone)"
            " group by 1",
            NOTE, work,
        )  # fmt: skip
        return {_id(note): local_time(wall, utc_offset) for note, wall, utc_offset, _ in rows}

    def notes_apart(self) -> dict[str, str]:
        """Return the works of the notes of which texts were written apart, by their ids."""
        return dict(
            self._db.rows("select id, work from note group by id, work having count(*) > 1")
        )

    def tags(self, works: Collection[str] | None = None) -> dict[str, int]:
        """Return all tags, or those of some works, by the alphabet, with the number of works.

        Works that are in no list are left out, as no view shows them. A tag that works have in
        several spellings is spelt as most of them have it.
        """
        rows = self._db.rows(
            f"select folded, tag, count(*) from tag where {_SHOWN}"
            " and (?1 is null or work in (select value from json_each(?1)))"
            " group by folded, tag order by folded, 3 desc",
            None if works is None else json.dumps([*works]),
        )
        spellings: dict[str, str] = {}
        numbers: dict[str, int] = {}
        for folded, tag, number in rows:
            numbers[folded] = numbers.get(folded, 0) + number
            spellings.setdefault(folded, tag)
        return {spellings[folded]: number for folded, number in numbers.items()}

    def tag_like(self, searched: str) -> str:
        """Return the first tag that begins as a search does, "" for none or few letters."""
        folded = fold(searched)
        if len(folded) < MIN_TAG_LETTERS:
            return ""
        # Tags that begin alike follow each other.
        row = self._db.row(
            f"select folded, tag from tag where folded >= ? and {_SHOWN} order by folded limit 1",
            folded,
        )
        return row[1] if row and row[0].startswith(folded) else ""

    def queue(self) -> list[tuple[str, float]]:
        """Return the works of the queue with their ranks, in order."""
        sql = "select work, rank from standing where rank is not null order by rank, work"
        return self._db.rows(sql)

    def note_body(self, version: str) -> str | None:
        """Return the text of a version of a note, None if another has replaced it."""
        row = self._db.row("select body from note where version = ?", version)
        return row[0] if row else None

    def touched(self) -> list[str]:
        """Return the works that the reader read, noted, queued, set aside, tagged or explained."""
        tables = "standing", "note", "shared", "tag", "star"
        sql = " union ".join(f"select work from {table}" for table in tables)
        return [work for (work,) in self._db.rows(sql)]

    def readings(self, until: date, limit: int) -> list[tuple[str, Reading]]:
        """Return works with a pass each, the last read first, passes without a day at the end."""
        until_day = f"where coalesce(read_on, '') <= ? {_LATEST} limit ?"
        return self._readings(until_day, iso(until), limit)

    def between_days(self, first: date, last: date) -> list[tuple[str, Reading]]:
        """Return works with a pass each, read from one day to another, in order."""
        between = "where read_on between ? and ? order by read_on, logged, reading.rowid"
        return self._readings(between, iso(first), iso(last))

    def passes_by_day(self, first: date, last: date) -> dict[date, tuple[int, int]]:
        """Return how many passes each day has that has any, and the sum of their depths."""
        rows = self._db.rows(
            "select read_on, count(*), sum(depth) from reading where read_on between ? and ?"
            " group by read_on",
            iso(first), iso(last),
        )  # fmt: skip
        return {date.fromisoformat(day): (passes, depths) for day, passes, depths in rows}

    def sittings(self, first: date, last: date) -> list[tuple[str, Reading, int]]:
        """Return works with passes that took minutes from one day to another, and these.

        The passes are of other days.
        """
        rows = self._db.rows(
            "select reading, sum(minutes) from sitting where day between ? and ? group by reading",
            iso(first), iso(last),
        )  # fmt: skip
        took = (
            "where id in (select reading from sitting where day between ?1 and ?2)"
            " and (read_on is null or read_on not between ?1 and ?2) order by logged"
        )
        by_id = dict(rows)
        return [
            (work, reading, by_id[reading.id])
            for work, reading in self._readings(took, iso(first), iso(last))
        ]

    def sittings_of(self, reading: Reading) -> Sittings:
        """Return the days on which the minutes of a reading were read, and how many on each."""
        sql = "select day, minutes from sitting where reading = ? order by day"
        return tuple((date.fromisoformat(day), m) for day, m in self._db.rows(sql, reading.id))

    def shared_out(self, corrected: Reading, logged: Reading) -> list[tuple[date, int]]:
        """Return the minutes of a reading that was logged by day, as they are if corrected."""
        sittings = moved_sittings(self.sittings_of(logged), logged.read_on, corrected.read_on)
        return [*_minutes_by_day(corrected._replace(sittings=sittings))]

    def _readings(self, which: str, *values: str | int | None) -> list[tuple[str, Reading]]:
        columns = "reading.work, id, depth, read_on, reading.minutes, logged, utc_offset"
        # A reading has the id of the event that logged it.
        rows = self._db.rows(
            f"select {columns} from reading join event using (id) {which}", *values
        )
        return [
            (work, Reading(id_, depth, from_iso(read_on), minutes, logged, utc_offset))
            for work, id_, depth, read_on, minutes, logged, utc_offset in rows
        ]

    def logged_before(self, event: Event, depth: int, day: str | None) -> int:
        """Return how many passes of a depth and day of a work were logged before an event."""
        row = self._db.row(
            "select count(*) from reading join event using (id)"
            f" where reading.work = {CITEKEY.format('?1')}"
            " and depth = ?2 and read_on is ?3 and (at, device, seq) < (?4, ?5, ?6)",
            event.work, depth, day, event.at, event.device, event.seq,
        )  # fmt: skip
        return int(row[0])

    def minutes(
        self, first: date = date.min, last: date = date.max, without: str = ""
    ) -> dict[date, int]:
        """Return the minutes read on each day, from one to another, that has any.

        The reading `without` is left out.
        """
        sql = (
            "select day, sum(minutes) from sitting where day between ? and ? and reading <> ?"
            " group by day"
        )
        rows = self._db.rows(sql, iso(first), iso(last), without)
        return {date.fromisoformat(day): minutes for day, minutes in rows}

    def days_by_work(self, first: date, last: date, limit: int) -> list[tuple[str, int]]:
        """Return works and on how many days they were read, those of most days first."""
        return self._db.rows(
            "select work, count(distinct day) from (select work, day from sitting"
            " union all select work, read_on from reading) where day between ? and ?"
            " group by work order by 2 desc, max(day) desc, work limit ?",
            iso(first), iso(last), limit,
        )  # fmt: skip

    def note_savings(self, work: str) -> dict[str, list[Saving]]:
        """Return when the notes on a work were saved, by their ids, the first time first.

        Those of versions that were written over are among them.
        """
        rows = self._db.rows(
            "select note.data -> '$.note', note.wall, note.utc_offset,"
            # A note that was saved with a pass is of its day, which may have been corrected.
            " (select read_on from event as pass join reading using (id)"
            " where pass.act = note.act and pass.kind = ?2)"
            " from event as note where +note.kind = ?1"
            " and note.work in (select ?3 union select work from merged where target = ?3)"
            " and json_valid(note.data) and note.act not in (select act from undone)"
            " order by note.at, note.device, note.seq",
            NOTE, PASS, work,
        )  # fmt: skip
        savings: dict[str, list[Saving]] = {}
        for id_, wall, utc_offset, read_on in rows:
            saving = Saving(local_time(wall, utc_offset), from_iso(read_on))
            savings.setdefault(_id(id_), []).append(saving)
        return savings

    def works_noted(self, first: date, last: date) -> list[str]:
        """Return the works with notes that were saved from one day to another, or a day beside."""
        rows = self._db.rows(
            "select distinct coalesce(target, event.work) from event"
            " left join merged on merged.work = event.work"
            " where kind = ? and date(wall) between date(?, '-1 day') and date(?, '+1 day')"
            " and act not in (select act from undone) order by at",
            NOTE, iso(first), iso(last),
        )  # fmt: skip
        return [work for (work,) in rows]

    def noted_works(self) -> list[str]:
        """Return the works with notes."""
        return [work for (work,) in self._db.rows("select distinct work from note order by work")]

    def full_reads(self, until: date = date.max) -> list[tuple[date, str]]:
        """Return the day and work of every dated full read until the end of a day, in order."""
        # SQLite would sort out the doubles by another index than the one that holds all this.
        sql = "select read_on, work from full_read where read_on <= ?"
        full_reads = sorted(set(self._db.rows(sql, iso(until))))
        return [(date.fromisoformat(day), work) for day, work in full_reads]

    def first_day(self) -> date | None:
        """Return the day of the first dated pass."""
        return from_iso(self._db.row("select min(read_on) from reading")[0])

    def is_empty(self) -> bool:
        """Return True if no pass is logged."""
        return self._db.row("select 1 from reading") is None

    def last_day(self) -> date | None:
        """Return the last day that anything was read on, by its date."""
        days = "select max(read_on) as day from reading union select max(day) from sitting"
        return from_iso(self._db.row(f"select max(day) from ({days})")[0])

    def explained(self, first: date, last: date) -> list[str]:
        """Return the works that were explained from one day to another, in order."""
        rows = self._db.rows(
            "select work from shared where day between ? and ? group by work order by min(day)",
            iso(first), iso(last),
        )  # fmt: skip
        return [work for (work,) in rows]

    def cards_due(self, today: date) -> int:
        """Return how many cards are to be recalled."""
        sql = f"select count(*) from {ASKED_CARDS} where due <= ?"
        return int(self._db.row(sql, iso(today))[0])

    def has_rated_cards(self) -> bool:
        """Return True if the days of any card follow from a rating, or from a third pass."""
        return bool(
            self._db.row("select exists (select 1 from card where reviewed is not null)")[0]
        )

    def to_share(self, limit: int) -> list[str]:
        """Return works read in full and not yet explained to anyone, the latest first."""
        rows = self._db.rows(
            "select work from full_read where read_on is not null"
            " and work not in (select work from shared)"
            " group by work order by max(read_on) desc limit ?",
            limit,
        )
        return [work for (work,) in rows]

    def between(self, metric: str, first: date, last: date) -> int:
        """Return the amount of a metric of the reading strategy from one day to another."""
        sql = {
            "scanned": "select total(count) + (select count(*) from seen where day between ?1 and"
            " ?2 and dismissed >= 0) from scanned where day between ?1 and ?2",
            "full-reads": "select count(distinct work) from full_read"
            " where read_on between ? and ?",
            "reproduced": "select count(distinct work) from reading"
            " where depth = 3 and read_on between ? and ?",
            "shared": "select count(distinct work) from shared where day between ? and ?",
        }[metric]
        return int(self._db.row(sql, iso(first), iso(last))[0])

    def triage(self, first: date, last: date) -> Triage:
        """Return what became of the new papers first looked at from one day to another."""
        row = self._db.row(
            "select count(*), count(queued), count(read) from ("
            " select max(rank is not null or null) as queued,"
            " max(depth > 0 or null) as read"
            " from seen left join work_state using (arxiv) where day between ? and ?"
            " and dismissed >= 0 group by seen.arxiv)",
            iso(first), iso(last),
        )  # fmt: skip
        return Triage(*row)

    def pass_counts(self, until: date) -> dict[int, int]:
        """Return the number of passes of each depth until the end of a day."""
        sql = "select depth, count(*) from reading where coalesce(read_on, '') <= ? group by 1"
        return dict(self._db.rows(sql, iso(until)))

    def total_minutes(self, until: date) -> int:
        """Return the minutes logged until the end of a day, with those before papertui."""
        sql = (
            "select (select total(minutes) from sitting where day <= ?)"
            " + (select total(minutes) from reading where read_on is null)"
        )
        return int(self._db.row(sql, iso(until))[0])

    def habits(self) -> Habits:
        """Return goals, rest weeks and titles scanned."""
        db = self._db
        # The order of the rows is that in which they were set.
        goals = db.rows("select metric, target, since from goal order by rowid")
        rests = db.rows("select day, rest from rest order by rowid")
        return Habits(
            tuple(Goal(metric, target, date.fromisoformat(day)) for metric, target, day in goals),
            {date.fromisoformat(day): bool(on) for day, on in rests},
            {date.fromisoformat(d): n for d, n in db.rows("select day, count from scanned")},
        )


def seen_paper(day: str, dismissed: int) -> SeenPaper:
    """Return a paper that was looked at from its row."""
    return SeenPaper(date.fromisoformat(day), dismissed > 0, dismissed < 0)


def _minutes_by_day(reading: Reading) -> Iterable[tuple[date, int]]:
    day, minutes = reading.read_on, reading.minutes
    if not (day and minutes):
        return []
    if not reading.sittings:
        return [(day, minutes)]
    # Only a pass that was timed needs it.
    from papertui.core.reading_session import Session, Sitting

    # Minutes that were corrected are shared out as those of the session were.
    sittings = tuple(Sitting(sat_on, 60.0 * read_for) for sat_on, read_for in reading.sittings)
    return Session(reading.depth, sittings).minutes_by_day(sittings[-1].day, minutes)


def _id(stored: str | None) -> str:
    """Return an id from JSON, which may hold half a pair of surrogates where SQLite may not."""
    return valid_unicode(str(json.loads(stored or "null")))


def _note(row: tuple[Any, ...]) -> Note:
    return Note._make((*row[:-1], tuple(row[-1].split()), None))
