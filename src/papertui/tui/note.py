"""The note screen: a note by itself, outside a session."""

from typing import ClassVar
from uuid import uuid4

from textual.binding import BindingType

from papertui.errors import Refused
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from papertui.tui.commands import writing
from papertui.tui.screens import spoken
from papertui.tui.writing import WritingScreen


class NoteScreen(WritingScreen):
    """One note, saved on leaving."""

    BINDINGS: ClassVar[list[BindingType]] = [
        writing("note.leave", "escape", "leave", "Save the note and leave", "leave"),
    ]

    @classmethod
    def of(cls, store: Store, work: str, edit: bool) -> "NoteScreen":
        """Open a draft that waits, else the latest note to edit it, else a new one.

        Raises Refused when the latest note is to be edited and there is none.
        """
        notes = store.reader.work(work).notes
        draft, instead_of = waiting(store, work, sessions=False)
        if draft is None and edit and not notes:
            raise Refused("There is no note on this work yet: n writes one.")
        if draft is None and edit:
            latest = notes[0]
            draft = Draft(uuid4().hex, work, latest.id, (latest.version,), latest.body)
        draft = draft or new_note(work)
        return cls(draft, store.library.title(work), saved_text(store, draft), instead_of)

    @spoken
    async def action_leave(self) -> None:
        """Save the note and go back; where it could not be saved, the text stays."""
        if self.close_finder():
            return
        said = await self.save()
        if self.is_current:
            self.papertui.pop_screen()
            self.papertui.say(said)


def new_note(work: str) -> Draft:
    """Return the draft of a note not begun yet."""
    return Draft(uuid4().hex, work, uuid4().hex, (), "")


def waiting(store: Store, work: str, sessions: bool) -> tuple[Draft | None, str | None]:
    """Return the draft of a work that waits, under an id of its own, and the id it waits under.

    With `sessions` a session is taken first and a note by itself else; without,
    sessions are left waiting. Whoever opens a draft writes into a row of their
    own, so that two papertui on one note do not write over each other.
    """
    drafts = [draft for draft in store.drafts.left() if draft.work == work]
    if sessions:
        drafts.sort(key=lambda draft: draft.session is None)
    else:
        drafts = [draft for draft in drafts if draft.session is None]
    found = next(iter(drafts), None)
    return (found._replace(id=uuid4().hex), found.id) if found else (None, None)


def saved_text(store: Store, draft: Draft) -> str:
    """Return the text of the version that a draft was begun on, empty for a new note."""
    return (store.reader.note_body(draft.bases[-1]) or "") if draft.bases else ""
