"""Text being typed: kept in the database or, while that is locked, in a file beside it."""

import json
from collections.abc import Sequence
from datetime import UTC
from glob import escape
from pathlib import Path
from typing import Any, NamedTuple

from papertui.core.journal import NOTE, PASS, Change, Event, save_note
from papertui.core.reading_session import Session
from papertui.core.text import valid_unicode
from papertui.storage.database import Database, DatabaseError, ProcessMark
from papertui.system.clock import Clock
from papertui.system.files import whole_file


class Draft(NamedTuple):
    """A note being typed, the versions of it that it takes the place of, and the session.

    `saved` is when it was kept last, in UTC.
    """

    id: str
    work: str
    note: str
    bases: tuple[str, ...]
    body: str
    session: Session | None = None
    saved: str = ""

    def change(self) -> Change:
        """Return what saving it does to the journal."""
        depth = self.session.depth if self.session else None
        return save_note(self.work, self.note, self.body, self.bases, depth)


class Drafts:
    """The drafts that wait."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._db = database
        self._clock = clock
        self._presence = ProcessMark(database.path)
        self._take_in()

    def close(self) -> None:
        """Let others have what is left."""
        self._presence.leave()

    def save(self, draft: Draft, instead_of: str | None = None) -> bool:
        """Keep a draft, in the place of another one where that is given.

        Returns False where a file beside the database had to take it. Raises
        DatabaseError when neither takes it.
        """
        saved = self._now()
        self._presence.show()
        beside = self._beside(draft.id)
        try:
            with self._db.writing():
                self._insert(draft, saved)
                if instead_of:
                    self.drop(instead_of)
        except DatabaseError as error:
            try:
                with whole_file(beside, force=True) as partial:
                    fields = _fields(draft._replace(saved=saved))
                    partial.write_text(json.dumps(fields), encoding="utf-8")
            except OSError:
                raise error from None
            return False
        self.clear_files(draft.id, instead_of)
        return True

    def drop(self, *drafts: str | None) -> None:
        """Forget drafts; the caller holds the transaction and then clears their files."""
        for draft in filter(None, drafts):
            self._db.run("delete from draft where id = ?", draft)

    def clear_files(self, *drafts: str | None) -> None:
        """Delete the files beside the database of drafts that it holds or has done with."""
        for draft in filter(None, drafts):
            self._beside(draft).unlink(missing_ok=True)

    def waits(self, draft: str) -> bool:
        """Say whether a draft is there."""
        return self._db.row("select 1 from draft where id = ?", draft) is not None

    def waiting(self) -> list[Draft]:
        """Return the drafts, the last typed first."""
        found = self._db.rows(
            "select id, work, note, base, body, session, saved from draft"
            " order by saved desc, rowid desc"
        )
        return [
            Draft(id_, work, note, tuple((base or "").split()), body, _session(session), saved)
            for id_, work, note, base, body, session, saved in found
        ]

    def left(self) -> list[Draft]:
        """Return the drafts that wait and that no other running papertui is writing."""
        busy = {id_ for id_, _, owner in self._owners() if self._presence.runs(owner)}
        return [draft for draft in self.waiting() if draft.id not in busy]

    def busy_elsewhere(self, work: str) -> bool:
        """Say whether another running papertui is writing on a work."""
        return any(of == work and self._presence.runs(owner) for _, of, owner in self._owners())

    def _owners(self) -> list[tuple[str, str, str | None]]:
        return self._db.rows("select id, work, owner from draft")

    def bring_back(self, act: str, events: Sequence[Event]) -> None:
        """Let the session that an undone act had ended wait again, with its text.

        The caller holds the transaction.
        """
        ended = next((e for e in events if e.kind == PASS and e.data.get("session")), None)
        if ended is None or ended.work is None:
            return
        made_in = ended.data["session"]
        written = next((e.data for e in events if e.kind == NOTE), {})
        try:
            bases = tuple(map(str, made_in["bases"]))
            row = bases and self._db.row("select body from note where version = ?", bases[-1])
            body = str(written.get("body", row[0] if row else ""))
            session = Session.from_json(made_in)
            draft = Draft(act, ended.work, str(made_in["note"]), bases, body, session)
        except (KeyError, TypeError, ValueError):
            return
        self._insert(draft, self._now())

    def _now(self) -> str:
        return self._clock().astimezone(UTC).isoformat(timespec="milliseconds")

    def _insert(self, draft: Draft, saved: str) -> None:
        self._db.run(
            "insert or replace into draft (id, work, note, base, body, session, saved, owner)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            draft.id, draft.work, draft.note, " ".join(draft.bases), valid_unicode(draft.body),
            json.dumps(draft.session.as_json()) if draft.session else None, saved,
            self._presence.name,
        )  # fmt: skip

    def _beside(self, draft: str) -> Path:
        path = self._db.path
        return path.with_name(f"{path.name}.draft-{draft}.json")

    def _take_in(self) -> None:
        """Take the files written while the database was locked into it."""
        for file in self._db.path.parent.glob(f"{escape(self._db.path.name)}.draft-*.json"):
            try:
                fields = json.loads(file.read_text(encoding="utf-8"))
                session = fields["session"] and Session.from_json(fields["session"])
                draft = Draft(**{**fields, "bases": tuple(fields["bases"]), "session": session})
                with self._db.writing():
                    self._insert(draft, draft.saved)
                file.unlink()
            except (OSError, ValueError, TypeError, KeyError, DatabaseError):
                # It stays where it is, to be taken in at another start or read by eye.
                continue


def _fields(draft: Draft) -> dict[str, Any]:
    return {**draft._asdict(), "session": draft.session and draft.session.as_json()}


def _session(stored: str | None) -> Session | None:
    return Session.from_json(json.loads(stored)) if stored else None
