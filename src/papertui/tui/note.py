"""The note editor: plain Markdown, kept one second behind the keyboard."""

from dataclasses import replace
from typing import ClassVar
from uuid import uuid4

from textual.app import ComposeResult
from textual.binding import BindingType

from papertui.database import DatabaseError
from papertui.drafts import Draft
from papertui.journal import Refused, remove_note
from papertui.store import Store
from papertui.text import count
from papertui.tui.bars import Header
from papertui.tui.commands import command
from papertui.tui.fields import Editor
from papertui.tui.screens import PaperScreen, spoken

DRAFT_EVERY = 0.5


class NoteScreen(PaperScreen):
    """One note; what is typed is kept as a draft within a second and saved on leaving."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command(
            "note.leave",
            "escape",
            "leave",
            "Save the note and leave",
            "save and leave",
            always=True,
        ),
        command("note.save", "ctrl+s", "save", "Save the note and go on", "save"),
    ]

    def __init__(self, store: Store, work: str, edit: bool) -> None:
        """Open a draft that waits, else the latest note to edit it, else a new one.

        Raises Refused when the latest note is to be edited and there is none.
        """
        super().__init__()
        self._title = store.library.title(work)
        waiting = next((draft for draft in store.drafts.waiting() if draft.work == work), None)
        notes = store.reader.work(work).notes
        self._instead_of = waiting.id if waiting else None
        self._resumed = waiting is not None
        if waiting:
            self._draft = replace(waiting, id=uuid4().hex)
        elif edit and not notes:
            raise Refused("There is no note on this work yet: n writes one.")
        elif edit:
            latest = notes[0]
            self._draft = Draft(uuid4().hex, work, latest.id, (latest.version,), latest.body)
        else:
            self._draft = Draft(uuid4().hex, work, uuid4().hex, (), "")
        bases = self._draft.bases
        self._saved = (store.reader.note_body(bases[-1]) or "") if bases else ""
        self._kept: str | None = None
        self._waiting = False

    def compose_body(self) -> ComposeResult:
        """Make the editor."""
        yield Editor(self._draft.body, id="note", soft_wrap=True, tab_behavior="indent")

    def on_mount(self) -> None:
        """Begin at the end of the text."""
        self.query_one(Header).left = f"Note · {self._title}"
        editor = self.query_one(Editor)
        if not self._resumed:
            # What the editor makes of the text on its own is no change of the reader's.
            self._saved = editor.text
        self._kept = None if self._resumed else editor.text
        editor.move_cursor(editor.document.end)
        editor.focus()
        self.paint(self.reload)
        if self._resumed:
            self.say("This is what you had typed; it was not saved yet")

    def on_text_area_changed(self) -> None:
        """Keep the text soon, once for all keys until then."""
        if not self._waiting:
            self._waiting = True
            self.set_timer(DRAFT_EVERY, self._keep_soon)

    def _keep_soon(self) -> None:
        self._waiting = False
        try:
            self.keep()
        except DatabaseError as error:
            self.say(f"The text is not kept yet, trying again. {error}")
            self.on_text_area_changed()

    def keep(self) -> None:
        """Keep the text as a draft."""
        body = self.query_one(Editor).text
        if body != self._kept:
            self._draft = replace(self._draft, body=body)
            self.papertui.store.drafts.save(self._draft, self._instead_of)
            self._instead_of, self._kept = None, body

    def settle(self) -> None:
        """Save the note, as papertui is being left."""
        self._finish()

    def _finish(self) -> str:
        """Save what changed and return what to say of it; once done, does nothing more."""
        store, now = self.papertui.store, self.papertui.clock()
        body = self.query_one(Editor).text
        draft = self._draft = replace(self._draft, body=body)
        if body == self._saved or not (body.strip() or draft.bases):
            store.forget(draft.id, self._instead_of)
            said = ""
        elif not body.strip():
            store.finish(draft, remove_note(draft.work, draft.note), now)
            said = "Note removed · u brings it back"
        else:
            act = store.finish(draft, draft.change(), now)
            draft = replace(draft, bases=(*draft.bases, *act.versions))
            said = f"Note saved ({count(len(body.split()), 'word')}) · u takes it back"
        if self._instead_of:
            store.forget(self._instead_of)
        self._draft = replace(draft, id=uuid4().hex)
        self._saved, self._kept, self._instead_of = body, None, None
        self._resumed = False
        return said

    async def _save(self) -> str:
        said = await self.papertui.patiently(self._finish)
        self.papertui.changed()
        self.say(said)
        return said

    @spoken
    async def action_save(self) -> None:
        """Save the note."""
        await self._save()

    @spoken
    async def action_leave(self) -> None:
        """Save the note and go back; where it could not be saved, the text stays."""
        said = await self._save()
        if self.is_current:
            self.papertui.pop_screen()
            self.papertui.say(said)
