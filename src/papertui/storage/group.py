"""The reading group's tables: what other members show, and which of the reader's works it is.

Nothing of it enters the reader's own journal, weeks or lists.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

from papertui.core import group, journal
from papertui.core.days import from_iso, iso
from papertui.core.group import MemberRecord, MemberWork, OfferedList
from papertui.core.identity import identity_of
from papertui.core.journal import Change, Event
from papertui.core.records import Note
from papertui.core.text import title_key
from papertui.storage.database import Database
from papertui.storage.event_log import COLUMNS, STANDING, EventLog, encoded, event_from
from papertui.storage.merged_works import CITEKEY

_TABLES = ("group_pass", "group_explained", "group_note", "group_list")
_SHOWN = f"""
kind in {group.KINDS} or kind in {group.TURNS}
and data ->> '$.act' in (select act from event where kind in {group.KINDS})"""


class MemberPass(NamedTuple):
    """A pass of a member; `work` is the citekey of the reader's own work, None if there is none."""

    title: str
    work: str | None
    member: str
    depth: int
    read_on: date | None


class Explanation(NamedTuple):
    """A work that a member explained on a day or, if it is not `done`, promised to explain."""

    title: str
    work: str | None
    member: str
    day: date | None
    done: bool


class GroupWork(NamedTuple):
    """What the group shows of one work."""

    passes: tuple[MemberPass, ...]
    explanations: tuple[Explanation, ...]
    notes: tuple[tuple[str, Note], ...]


YOU = "you"
_MATCH = "(select min(work) from group_match where group_match.number = group_work.number)"
_PASSES = f"""
select title, own as work, member, depth, read_on from (
    select title, {_MATCH} as own, member, depth, read_on, number
    from group_pass join group_work on number = group_pass.work
    union all
    select title, citekey, '{YOU}', depth, read_on, null
    from reading join work on citekey = reading.work
) where {{}} order by read_on desc nulls last, title, member, depth"""
_EXPLANATIONS = f"""
select title, own as work, member, day, done from (
    select title, {_MATCH} as own, member, day, done, number
    from group_explained join group_work on number = group_explained.work
    union all
    select title, citekey, '{YOU}', day, 1, null from shared join work on citekey = shared.work
) where {{}} order by done, day is null, day, title, member"""
_OF_WORK = "number in (select number from group_match where group_match.work = :work)"


class ReadingGroup:
    """The other members of the reading group, and what they show."""

    def __init__(self, database: Database, log: EventLog) -> None:
        self._db = database
        self._log = log

    def shown(self) -> Iterator[Event]:
        """Yield the events of the reader's own journal that concern the group, as it sees them.

        A note or list that was shown and taken back, or shown anew, is not among them: what has
        not been sent by then never is.
        """
        abouts: dict[str, dict[str, Any] | None] = {}
        texts = self.texts()
        for event in self._log.read(_SHOWN):
            if event.kind in group.TEXTS and event.id not in texts:
                continue
            if event.work and event.work not in abouts:
                abouts[event.work] = self._about(event.work)
            if seen := group.shown(event, abouts.get(event.work or "")):
                yield seen

    def texts(self) -> dict[str, Event]:
        """Return what the reader shows or takes back of notes and lists now, by the event's id."""
        told = self._log.read(f"kind in {group.TEXTS} and {STANDING}")
        return group.texts_shown(told, self._log.private_notes()) if told else {}

    def taken_back(self, changes: Iterable[Change]) -> list[Change]:
        """Return what takes back from the group the notes that `changes` remove or make private."""
        shown = self.shown_notes()
        hidden = [
            change.data["note"]
            for change in changes
            if change.kind == journal.NOTE_REMOVED
            or (change.kind == journal.PRIVATE and change.data["private"])
        ]
        return [
            journal.show_note(shown[note], note, "", None, on=False)
            for note in hidden
            if note in shown
        ]

    def shown_notes(self) -> dict[str, str]:
        """Return the ids of the reader's notes that the group sees, each with its work."""
        return {
            str(event.data.get("note")): str(event.work) for event in self._on(journal.GROUP_NOTE)
        }

    def offered_lists(self) -> list[dict[str, Any]]:
        """Return the lists that the reader offers, as they were offered."""
        contents = (event.data.get("list") for event in self._on(journal.GROUP_LIST))
        return [
            content
            for content in contents
            if isinstance(content, dict)
            and content.get("title")
            and isinstance(content.get("list"), dict)
        ]

    def _on(self, kind: str) -> list[Event]:
        """Return what the reader shows of a kind of texts and has not taken back."""
        return [e for e in self.texts().values() if e.kind == kind and e.data.get("on")]

    def name(self) -> str:
        """Return the reader's name in the group, "" if they are not in it."""
        return group.member_name(self._log.read(f"kind = ? and {STANDING}", journal.MEMBER))

    def members(self) -> list[str]:
        """Return the names of the other members, in the order of the alphabet."""
        sql = "select distinct name from group_member where name <> '' order by lower(name), name"
        return [name for (name,) in self._db.rows(sql)]

    def join(self, folder: str, events: Iterable[Event]) -> int:
        """Take in what one device of a member shows; return how many events were new."""
        with self._db.writing():
            before = self._count(folder)
            self._db.run_many(
                f"insert into group_event (folder, {COLUMNS}) values (?{', ?' * 10})"
                " on conflict do nothing",
                [(folder, *event[:-1], encoded(event)) for event in events],
            )
            if new := self._count(folder) - before:
                known = self._db.row("select name from group_member where folder = ?", folder)
                name = group.member_name(self._events("folder = ?", folder))
                self._db.run("insert or replace into group_member values (?, ?)", folder, name)
                for member in {name, known[0] if known else name}:
                    self._write(member)
        return new

    def forget(self) -> None:
        """Empty all tables of the group."""
        with self._db.writing():
            for table in ("group_event", "group_member", "group_work", *_TABLES):
                self._db.run(f"delete from {table}")

    def of_work(self, work: str) -> GroupWork:
        """Return what the other members show of one of the reader's works."""
        notes = self._db.rows(
            "select member, note, depth, body, saved, utc_offset"
            f" from group_note join group_work on number = group_note.work where {_OF_WORK}"
            " order by saved, member, note",
            work=work,
        )
        return GroupWork(
            self._passes(_OF_WORK, work=work),
            self._explanations(_OF_WORK, work=work),
            tuple((who, Note(id_, id_, *rest)) for who, id_, *rest in notes),
        )

    def passes_between(self, first: date, last: date) -> tuple[MemberPass, ...]:
        """Return everyone's passes on the days from `first` to `last`, the latest first."""
        days = {"first": first.isoformat(), "last": last.isoformat()}
        return self._passes("read_on between :first and :last", **days)

    def passes_in(self, key: str) -> tuple[MemberPass, ...]:
        """Return everyone's passes of the works in a list of the reader's."""
        return self._passes(
            "own in (select work from item join section on section.id = section where list = :key)",
            key=key,
        )

    def explanations(self, since: date) -> tuple[Explanation, ...]:
        """Return what everyone explained since a day and promises to explain, promises first."""
        own = [
            Explanation(str(row[0]), work, YOU, day, False)
            for work, day in self.own_promises().items()
            if (row := self._db.row("select title from work where citekey = ?", work))
        ]
        others = self._explanations("not done or day >= :since", since=since.isoformat())
        return (*own, *others)

    def own_promises(self) -> dict[str, date | None]:
        """Return the works that the reader promised to explain, each with a day or None."""
        promises: dict[str, date | None] = {}
        sql = f"kind in (?, ?) and {STANDING}"
        for event in self._log.read(sql, journal.PROMISED, journal.SHARED):
            promises.pop(event.work or "", None)
            if event.work and event.kind == journal.PROMISED and event.data.get("on"):
                day = event.data.get("day")
                with suppress(TypeError, ValueError):
                    promises[event.work] = from_iso(day)
        return promises

    def lists(self) -> list[tuple[str, OfferedList]]:
        """Return the lists that the others offer, each with the name of the member."""
        sql = "select member, id, title, content from group_list order by title, member"
        rows = self._db.rows(sql)
        return [(who, OfferedList(id_, title, json.loads(text))) for who, id_, title, text in rows]

    def _passes(self, where: str, **values: str) -> tuple[MemberPass, ...]:
        rows = self._db.records(MemberPass, _PASSES.format(where), **values)
        return tuple(row._replace(read_on=from_iso(row.read_on)) for row in rows)

    def _explanations(self, where: str, **values: str) -> tuple[Explanation, ...]:
        rows = self._db.records(Explanation, _EXPLANATIONS.format(where), **values)
        return tuple(row._replace(day=from_iso(row.day), done=bool(row.done)) for row in rows)

    def _count(self, folder: str) -> int:
        sql = "select count(*) from group_event where folder = ?"
        return int(self._db.row(sql, folder)[0])

    def _events(self, where: str, *values: str) -> list[Event]:
        sql = f"select {COLUMNS} from group_event where {where}"
        return list(map(event_from, self._db.rows(sql, *values)))

    def _about(self, work: str) -> dict[str, Any] | None:
        row = self._db.row(
            "select fields from detail join work on number = detail.work"
            f" where citekey = {CITEKEY.format('?1')}",
            work,
        )
        return group.about(json.loads(row[0])) if row else None

    def _write(self, member: str) -> None:
        """Write the tables of one member, who may have several devices, again."""
        for table in _TABLES:
            self._db.run(f"delete from {table} where member = ?", member)
        if not member:
            return
        of_member = "folder in (select folder from group_member where name = ?)"
        events = {event.id: event for event in self._events(of_member, member)}.values()
        record = group.replay_member(events)
        for shown in record.works:
            self._write_work(member, self._number(shown.about), shown)
        self._write_lists(member, record)

    def _write_work(self, member: str, work: int, shown: MemberWork) -> None:
        self._db.run_many(
            "insert into group_pass values (?, ?, ?, ?)",
            [(member, work, each.depth, iso(each.read_on)) for each in shown.readings],
        )
        promises = [(shown.promised_for, False)] if shown.promised else []
        self._db.run_many(
            "insert into group_explained values (?, ?, ?, ?)",
            [
                (member, work, iso(day), done)
                for day, done in [*((day, True) for day in shown.explained), *promises]
            ],
        )
        self._db.run_many(
            "insert into group_note values (?, ?, ?, ?, ?, ?, ?)",
            [(member, work, n.id, n.depth, n.body, n.saved, n.utc_offset) for n in shown.notes],
        )

    def _write_lists(self, member: str, record: MemberRecord) -> None:
        self._db.run_many(
            "insert into group_list values (?, ?, ?, ?)",
            [(each.id, member, each.title, json.dumps(each.content)) for each in record.lists],
        )

    def _number(self, about: Mapping[str, Any]) -> int:
        """Return the number of a work that members show, which gets one if it is new."""
        identity, folded = identity_of(about), title_key(about["title"])
        row = self._db.row(
            "select number from group_work where arxiv = ?1 or doi = ?2 or folded = ?3"
            " and coalesce(arxiv = ?1, 1) and coalesce(doi = ?2, 1) order by number",
            identity.arxiv,
            identity.doi,
            folded,
        )
        if row:
            return int(row[0])
        values = about["title"], identity.arxiv, identity.doi, folded
        sql = "insert into group_work (title, arxiv, doi, folded) values (?, ?, ?, ?)"
        return self._db.run(sql, *values)
