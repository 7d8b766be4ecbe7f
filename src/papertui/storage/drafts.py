"""Text being typed, saved in the database or, while that is locked, in a file beside it."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from glob import escape
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from papertui.core.journal import (
    NOTE,
    NOTE_REMOVED,
    Change,
    Event,
    end_session,
    remove_note,
    save_note,
)
from papertui.core.reading_session import Session
from papertui.core.text import valid_unicode
from papertui.storage.database import Database, DatabaseError, ProcessMark
from papertui.storage.merged_works import CITEKEY
from papertui.system.clock import Clock
from papertui.system.files import whole_file

_WORK = CITEKEY.format("draft.work")


class Draft(NamedTuple):
    """A note being typed, the versions that it replaces, and the session that it belongs to.

    `saved` is the moment of the last save, in UTC. The `work` of a draft that waits is the one
    that it was merged into, if it was.
    """

    id: str
    work: str
    note: str
    bases: tuple[str, ...]
    body: str
    session: Session | None = None
    saved: str = ""

    @property
    def made_in(self) -> dict[str, Any]:
        """The session of the draft, from which an undo can make the draft again."""
        session = self.session.as_json() if self.session else {}
        return {**session, "note": self.note, "bases": list(self.bases)}

    @property
    def holds_anything(self) -> bool:
        """True if there is a text, a tick or time to lose."""
        is_under_way = self.session is not None and self.session.is_under_way
        return is_under_way or bool(self.body.strip() or self.bases)

    def end(self) -> list[Change]:
        """Return the change that ends the session without logging it, if it holds anything."""
        return [end_session(self.work, self.made_in)] if self.holds_anything else []

    def changes(self, saved: str, depth: int | None = None) -> list[Change]:
        """Return the changes that bring the note from the text `saved` to the draft's, if any.

        The note is one on the pass of the session, or on that of a `depth`, as which the
        session was logged.
        """
        begun = self.session and self.session.depth
        depth = depth or begun
        if self.body == saved and (depth == begun or not saved.strip()):
            return []
        if self.body.strip():
            return [save_note(self.work, self.note, self.body, self.bases, depth)]
        return [remove_note(self.work, self.note, self.bases)] if self.bases else []


def new_note(work: str) -> Draft:
    """Return the draft of a new note."""
    return Draft(uuid4().hex, work, uuid4().hex, (), "")


class Drafts:
    """The drafts that are not finished."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock
        self._mark = ProcessMark(database.path)
        self._import_files()

    def close(self) -> None:
        """Leave the drafts to other programs."""
        self._mark.leave()

    def save(self, draft: Draft, instead_of: str | None = None) -> bool:
        """Save a draft, in the place of another one if that is named.

        Return False if it could only be saved in a file beside the database.
        Raises DatabaseError if neither takes it.
        """
        saved = self._now()
        self._mark.show()
        try:
            with self._db.writing():
                self._insert(draft, saved)
                if instead_of:
                    self.drop(instead_of)
        except DatabaseError as error:
            try:
                path = self._beside(draft.id)
                path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with whole_file(path, force=True) as partial:
                    session = draft.session and draft.session.as_json()
                    fields = {**draft._asdict(), "saved": saved, "session": session}
                    partial.write_text(json.dumps(fields), encoding="utf-8")
            except OSError:
                raise error from None
            return False
        self.clear_files(draft.id, instead_of)
        return True

    def release(self, draft: str) -> None:
        """Let other papertui go on with a draft that waits. Raises DatabaseError."""
        with self._db.writing():
            self._db.run("update draft set owner = null where id = ?", draft)

    def drop(self, *drafts: str | None) -> None:
        """Forget drafts; the caller holds the transaction and then clears their files."""
        for draft in filter(None, drafts):
            self._db.run("delete from draft where id = ?", draft)

    def clear_files(self, *drafts: str | None) -> None:
        """Delete the files of drafts that are in the database, or finished."""
        for draft in filter(None, drafts):
            self._beside(draft).unlink(missing_ok=True)

    def waits(self, draft: str) -> bool:
        """Return True if there is such a draft."""
        return self._db.row("select 1 from draft where id = ?", draft) is not None

    def waiting(self) -> list[Draft]:
        """Return the drafts, the last typed first."""
        rows = self._db.rows(
            f"select id, {_WORK}, note, base, body, session, saved from draft"
            " order by saved desc, rowid desc"
        )
        return [
            Draft(id_, work, note, tuple((base or "").split()), body, _session(session), saved)
            for id_, work, note, base, body, session, saved in rows
        ]

    def left(self) -> list[Draft]:
        """Return the drafts that no other running papertui writes on."""
        busy = {id_ for id_, _, owner in self._owners() if self._mark.runs(owner)}
        return [draft for draft in self.waiting() if draft.id not in busy]

    def taken_up(
        self, work: str, *, sessions: bool, offered: str = ""
    ) -> tuple[Draft | None, str | None]:
        """Return a copy of the draft of a work with a new id, and the id of the draft itself.

        The new id keeps two papertui on one note from writing over each other. With
        `sessions` the draft of a session comes before that of a note; without,
        sessions are left out. Of several it is the one with the id that was `offered`.
        """
        of_work = [draft for draft in self.left() if draft.work == work]
        drafts = [draft for draft in of_work if sessions or draft.session is None]
        drafts.sort(
            key=lambda draft: (
                draft.session is None,
                draft.id != offered,
                not (draft.session and draft.session.since),
            )
        )
        return (drafts[0]._replace(id=uuid4().hex), drafts[0].id) if drafts else (None, None)

    def session_of(self, work: str) -> Draft | None:
        """Return the draft of the session on a work that waits."""
        return next((each for each in self.left() if each.work == work and each.session), None)

    def timed(self, but: str) -> Draft | None:
        """Return the draft of the session that the shell times, if it is another than one."""
        return next((d for d in self.left() if d.session and d.session.since and d.id != but), None)

    def stop_timer(self, id_: str, now: datetime) -> None:
        """Stop the shell's timer of a session, if it waits yet."""
        for draft in self.left():
            if draft.id == id_ and draft.session:
                with self._db.writing():
                    stopped = draft._replace(session=draft.session.stop(now))
                    self._insert(stopped, self._now(), is_open=False)

    def busy_elsewhere(self, work: str) -> bool:
        """Return True if another running papertui has a draft on a work."""
        return any(of == work and self._mark.runs(owner) for _, of, owner in self._owners())

    def _owners(self) -> list[tuple[str, str, str | None]]:
        return self._db.rows(f"select id, {_WORK}, owner from draft")

    def bring_back(self, act: str, events: Sequence[Event]) -> bool:
        """Make a draft of the session that an undone act had finished, with its text.

        Return False if it had finished none. The caller holds the transaction.
        """
        if draft := self.finished_by(act, events):
            # It waits: no papertui has it open.
            self._insert(draft, self._now(), is_open=False)
        return draft is not None

    def finished_by(self, act: str, events: Sequence[Event]) -> Draft | None:
        """Return the draft, with the id of the act, of the session that an act finished."""
        ended = next((e for e in events if e.data.get("session")), None)
        if ended is None or ended.work is None:
            return None
        made_in = ended.data["session"]
        written = next((e.data for e in events if e.kind == NOTE), {})
        if any(e.kind == NOTE_REMOVED for e in events):
            written = {"body": ""}
        try:
            bases = tuple(map(str, made_in["bases"]))
            row = bases and self._db.row("select body from note where version = ?", bases[-1])
            body = str(written.get("body", row[0] if row else ""))
            session = Session.from_json(made_in)
            return Draft(act, ended.work, str(made_in["note"]), bases, body, session)
        except (KeyError, TypeError, ValueError):
            return None

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="milliseconds")

    def _insert(self, draft: Draft, saved: str, *, is_open: bool = True) -> None:
        self._db.run(
            "insert or replace into draft (id, work, note, base, body, session, saved, owner)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            draft.id, draft.work, draft.note, " ".join(draft.bases), valid_unicode(draft.body),
            json.dumps(draft.session.as_json()) if draft.session else None, saved,
            self._mark.name if is_open else None,
        )  # fmt: skip

    def _beside(self, draft: str) -> Path:
        path = self._db.path
        # An id is a part of a name, never a path.
        plain = "".join(char if char.isalnum() else "_" for char in draft)
        return path.with_name(f"{path.name}.draft-{plain}.json")

    def _import_files(self) -> None:
        """Move the drafts that were saved in files into the database."""
        for file in self._db.path.parent.glob(f"{escape(self._db.path.name)}.draft-*.json"):
            try:
                fields = json.loads(file.read_text(encoding="utf-8"))
                session = fields["session"] and Session.from_json(fields["session"])
                draft = Draft(**{**fields, "bases": tuple(fields["bases"]), "session": session})
                with self._db.writing():
                    self._insert(draft, draft.saved, is_open=False)
                file.unlink()
            except (OSError, ValueError, TypeError, KeyError, DatabaseError):
                # The file stays, for another start or for its reader.
                continue


def _session(stored: str | None) -> Session | None:
    return Session.from_json(json.loads(stored)) if stored else None
