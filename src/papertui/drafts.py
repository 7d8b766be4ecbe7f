"""Text being typed: kept in the database or, while that is locked, in a file beside it."""

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from papertui.database import Database, DatabaseError
from papertui.journal import Change, save_note
from papertui.session import Session
from papertui.text import whole


@dataclass(frozen=True, slots=True)
class Draft:
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

    def __init__(self, database: Database) -> None:
        self._db = database
        self._take_in()

    def save(self, draft: Draft, instead_of: str | None = None) -> None:
        """Keep a draft, in the place of another one where that is given.

        Raises DatabaseError when neither the database nor a file beside it takes it.
        """
        saved = datetime.now(UTC).isoformat(timespec="milliseconds")
        beside = self._beside(draft.id)
        try:
            with self._db.writing():
                self._insert(draft, saved)
                if instead_of:
                    self.drop(instead_of)
            beside.unlink(missing_ok=True)
        except DatabaseError as error:
            try:
                _write(beside, json.dumps(_fields(replace(draft, saved=saved))))
            except OSError:
                raise error from None

    def drop(self, draft: str) -> None:
        """Forget a draft; the caller holds the transaction."""
        self._db.run("delete from draft where id = ?", draft)
        self._beside(draft).unlink(missing_ok=True)

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

    def _insert(self, draft: Draft, saved: str) -> None:
        self._db.run(
            "insert or replace into draft (id, work, note, base, body, session, saved)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            draft.id, draft.work, draft.note, " ".join(draft.bases), whole(draft.body),
            json.dumps(draft.session.as_json()) if draft.session else None, saved,
        )  # fmt: skip

    def _beside(self, draft: str) -> Path:
        path = self._db.path
        return path.with_name(f"{path.name}.draft-{draft}.json")

    def _take_in(self) -> None:
        """Take the files written while the database was locked into it."""
        for file in self._db.path.parent.glob(f"{self._db.path.name}.draft-*.json"):
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
    return {**asdict(draft), "session": draft.session and draft.session.as_json()}


def _session(stored: str | None) -> Session | None:
    return Session.from_json(json.loads(stored)) if stored else None


def _write(path: Path, text: str) -> None:
    """Write a file for its owner alone, whole or not at all."""
    partial = path.with_suffix(".partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
