"""The note editor: plain Markdown, kept one second behind the keyboard."""

from dataclasses import replace
from typing import ClassVar
from uuid import uuid4

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import TextArea

from papertui.database import DatabaseError
from papertui.journal import Refused
from papertui.store import Draft, Store
from papertui.text import count
from papertui.tui.bars import Header
from papertui.tui.commands import command
from papertui.tui.screens import JOINERS, PaperScreen

DRAFT_EVERY = 0.5


def draft_for(store: Store, work: str, edit: bool) -> Draft:
    """Return the draft to go on with: one that waits, of the latest note, or a new one.

    Raises Refused when the latest note is to be edited and there is none.
    """
    waiting = next((draft for draft in store.drafts() if draft.work == work), None)
    if waiting:
        return waiting
    notes = store.reader.work(work).notes
    if edit and not notes:
        raise Refused("There is no note on this work yet: n writes one.")
    if edit:
        latest = notes[0]
        return Draft(uuid4().hex, work, latest.id, latest.version, latest.body)
    return Draft(uuid4().hex, work, uuid4().hex, None, "")


class Editor(TextArea):
    """A text area that takes the joiners emoji and Persian need."""

    def on_key(self, event: events.Key) -> None:
        """Take the joiners, which are no printable characters."""
        if event.character and event.character in JOINERS:
            self.insert(event.character)
            event.stop()


class NoteScreen(PaperScreen):
    """One note; what is typed is in the draft table within a second, and saved on leaving."""

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

    def __init__(self, draft: Draft, title: str) -> None:
        super().__init__()
        self._draft = draft
        self._title = title
        self._saved = draft.body if draft.base else ""
        self._kept = draft.body
        self._waiting = False
        self._failing = False

    def compose_body(self) -> ComposeResult:
        """Make the editor."""
        yield Editor(self._draft.body, id="note", soft_wrap=True, tab_behavior="indent")

    def on_mount(self) -> None:
        """Begin at the end of the text."""
        self.query_one(Header).left = f"Note · {self._title}"
        editor = self.query_one(TextArea)
        editor.move_cursor(editor.document.end)
        editor.focus()
        self.reload()
        if self._draft.body and self._draft.base is None:
            self.say("This is the text you had typed; it was not saved yet")

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
            self._failing = True
            self.say(f"Not kept yet, trying again. {error}")
            self.on_text_area_changed()
        else:
            if self._failing:
                self._failing = False
                self.say("")

    def keep(self) -> None:
        """Write the text into the draft table."""
        body = self.query_one(TextArea).text
        if body != self._kept:
            self._draft = replace(self._draft, body=body)
            self.papertui.store.save_draft(self._draft)
            self._kept = body

    def settle(self) -> None:
        """Save the note, as papertui is being left."""
        self.keep()
        if self._draft.body.strip() and self._draft.body != self._saved:
            self.papertui.store.finish_draft(self._draft, self.papertui.clock())

    async def action_save(self) -> None:
        """Save the note."""
        await self._save()

    async def action_leave(self) -> None:
        """Save the note and go back, unless it could not be saved."""
        if (said := await self._save()) is not None:
            self.papertui.pop_screen()
            self.papertui.say(said)

    async def _save(self) -> str | None:
        """Save and return what to say, or None when it failed and the text must stay."""
        store = self.papertui.store
        body = self.query_one(TextArea).text
        self._draft = replace(self._draft, body=body)
        if body == self._saved or not body.strip():
            await self.papertui.act(lambda: store.drop_draft(self._draft.id))
            emptied = bool(self._saved) and not body.strip()
            return "The note stays as it was: an empty one is not saved" if emptied else ""
        now = self.papertui.clock()
        act = await self.papertui.act(lambda: store.finish_draft(self._draft, now))
        if act is None:
            return None
        saved = store.reader.work(self._draft.work).notes[0]
        self._draft = Draft(uuid4().hex, self._draft.work, saved.id, saved.version, body)
        self._saved = self._kept = body
        said = f"Note saved ({count(len(body.split()), 'word')}) · u takes it back"
        self.say(said)
        return said
