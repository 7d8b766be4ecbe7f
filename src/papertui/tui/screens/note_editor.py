"""Writing a note: the editor, whose text is a draft within a second, and its tools."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import ClassVar
from uuid import uuid4

from textual import getters, on
from textual.app import ComposeResult, SuspendNotSupported
from textual.binding import BindingType
from textual.worker import Worker

from papertui.core.journal import Change
from papertui.core.note_templates import first_field, has_template, own_lines, template
from papertui.core.recall import questions_in
from papertui.core.records import Note
from papertui.core.text import quantity
from papertui.errors import Refused
from papertui.pages.layout import Line, Writer
from papertui.pages.markdown import write_markdown
from papertui.storage.acts import Act
from papertui.storage.database import DatabaseError
from papertui.storage.drafts import Draft, new_note
from papertui.storage.store import Store
from papertui.system import editor as outside
from papertui.tui import links
from papertui.tui.background_action import background_action
from papertui.tui.base import PaperApp
from papertui.tui.command import typing_command
from papertui.tui.paper_screen import PaperScreen
from papertui.tui.widgets.bars import MessageLine
from papertui.tui.widgets.editor import Editor, FindLine
from papertui.tui.widgets.page import PagePane

# Seconds between a key and the draft that has it.
DRAFT_INTERVAL = 0.3
# The commands that leave a note and a session.
_LEAVE = ("note.leave", "session.leave")


class NoteEditor(PaperScreen):
    """An editor on a draft, which takes the place of the draft with the id `instead_of`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        typing_command("note.save", "ctrl+s", "save", "Save the note and go on", "save"),
        typing_command(
            "note.preview", "f2", "preview", "Show the note as it reads, or go on", "preview"
        ),
        typing_command("note.find", "f3", "find", "Find in the note", "find"),
        typing_command("note.template", "f7", "template", "Put in the template of the pass"),
        typing_command(
            "note.versions", "f8", "versions", "See, compare and restore saved versions"
        ),
        typing_command("note.editor", "ctrl+o", "editor", "Write in your own editor"),
    ]

    editor = getters.query_one("#note", Editor)
    preview = getters.query_one("#preview", PagePane)

    def __init__(self, store: Store, draft: Draft, instead_of: str | None) -> None:
        super().__init__()
        self.draft = draft
        self.read_work(store)
        # The text in the journal, and the one of the latest draft.
        base = store.reading_log.note_body(draft.bases[-1]) if draft.bases else None
        self._saved = base or ""
        self._instead_of = instead_of
        self._drafted: Draft | None = None
        self._draft_pending = False
        self._save_failed = False
        self._finder: FindLine | None = None
        # Where the cursor goes if nothing is found.
        self._find_from = (0, 0)
        # What was said when the reader saved without leaving.
        self._saved_here = ""
        self._remarked_on: str | None = None

    def read_work(self, store: Store) -> None:
        """Read what the screen shows of the work."""
        self.title_of_work = store.works.title(self.draft.work)
        self._beside = self._other_notes(store)

    def compose_body(self) -> ComposeResult:
        """Yield the editor and, hidden, the preview."""
        yield Editor(self.draft.body, id="note", soft_wrap=True, tab_behavior="indent")
        yield PagePane(id="preview")

    @property
    def is_previewing(self) -> bool:
        """True while the note is shown laid out."""
        return self.has_class("-previewing")

    def on_mount(self) -> None:
        """Begin at the end of the text."""
        if self._instead_of is None:
            # The editor may change line ends and controls: the reader has changed nothing.
            if self._saved == self.draft.body:
                self._saved = self.editor.text
            # Sitting down is a change: a session waits even if nothing is typed in it.
            self._drafted = self.draft._replace(body=self.editor.text, session=None)
        self.editor.move_cursor(self.editor.document.end)
        self.editor.focus()
        self.refresh_from_store(self.reload)
        if self.papertui.store.drafts.busy_elsewhere(self.draft.work):
            self.show_message("Another papertui is writing on this work; this is a text of its own")
        session = self.papertui.store.drafts.session_of(self.draft.work)
        if session and session.body and not self.draft.session:
            length = self.papertui.length(session.body)
            self.show_message(f"The session on this work waits with {length}; this is another note")
        if self._instead_of and self.editor.text not in ("", self._saved):
            save = self.papertui.key("note.save")
            self._remark(f"What you had typed is kept as a draft; {save} saves it as a note")

    @property
    def heading(self) -> str:
        """The title on the left of the header."""
        return f"Note · {self.title_of_work}"

    @property
    def key_labels(self) -> Mapping[str, str]:
        """Where keys lead from the line to find from, and from the preview."""
        writes = {"note.preview": "write"} if self.is_previewing else {}
        return writes | (dict.fromkeys(_LEAVE, "back to the note") if self._finder else {})

    @property
    def key_sentences(self) -> Mapping[str, str]:
        """Where keys lead from the line to find from, in the help."""
        return dict.fromkeys(_LEAVE, "Back to the note") if self._finder else {}

    def reload(self) -> None:
        """Show heading, length and the week."""
        super().reload()
        self._follow_merge()
        self._follow_undo()
        length = self.papertui.length(self.editor.text)
        self.header.left = ("", self.heading, f" · {length}")

    def _follow_merge(self) -> None:
        """Go on with the work that this one was merged into, here or elsewhere."""
        store = self.papertui.store
        if (work := store.works.current(self.draft.work)) and work != self.draft.work:
            self.draft = self.draft._replace(work=work)
            self.read_work(store)

    def _follow_undo(self) -> None:
        """After an undo, here or elsewhere, compare with the version that is left."""
        bodies = [self.papertui.store.reading_log.note_body(base) for base in self.draft.bases]
        if bodies and bodies[-1] is None:
            self._saved = next((body for body in reversed(bodies) if body is not None), "")

    def forget_message(self) -> None:
        """Forget the remark on the text, which typing would take away."""
        self._remarked_on = None

    def _remark(self, message: str) -> None:
        """Show a message that is true of the text until that is changed."""
        self.show_message(message)
        self._remarked_on = self.editor.text

    @on(Editor.TypingUndone)
    def _offer_to_redo(self) -> None:
        self._remark("Typing undone · ctrl+y brings it back")

    def on_text_area_changed(self) -> None:
        """Save a draft soon, once for all keys until then; a remark on the former text goes."""
        if self._remarked_on not in (None, self.editor.text):
            self.show_message("")
        if not self._draft_pending:
            self._draft_pending = True
            self.set_timer(DRAFT_INTERVAL, self._save_draft_soon)

    def _save_draft_soon(self) -> None:
        self._draft_pending = False
        self.try_to_save()
        if self._save_failed:
            self.on_text_area_changed()
        self.refresh_from_store(self.reload)

    def try_to_save(self) -> None:
        """Save the draft; say so while that fails, and once it is saved after all."""
        failed = self._save_failed
        try:
            self.save_state()
        except DatabaseError as error:
            self._save_failed = True
            self.show_message(f"The text is not saved yet, trying again. {error}")
        else:
            self._save_failed = False
            if failed:
                self.show_message("The text is saved now")

    def follow(self, target: str) -> None:
        """Open the address of a link in the preview."""
        links.open_address(self.papertui, target, "address")

    @abstractmethod
    def action_leave(self) -> Worker[None]:
        """Leave the text, saved."""

    def go_back(self) -> bool:
        """Leave in the same way by the key that goes back, which a pane without text has."""
        self.action_leave()
        return True

    def undo_here(self) -> bool:
        """Refuse to undo an act that is not of this note; return False for one of this note."""
        return self._is_elsewhere(self.papertui.store.last_act(), "take back")

    def redo_here(self) -> bool:
        """Refuse to redo an act that is not of this note; return False for one of this note."""
        return self._is_elsewhere(self.papertui.store.next_redo(), "bring back")

    def _is_elsewhere(self, act: Act, what: str) -> bool:
        if {*act.versions} & {*self.draft.bases}:
            return False
        self.show_message(f"Nothing to {what} in this note; the latest act is not of it")
        return True

    def save_state(self) -> None:
        """Save the text as a draft, with time and ticks, if any changed. Raises DatabaseError."""
        self.draft = self.draft._replace(body=self.editor.text)
        if self.draft == self._drafted:
            return
        # The store uses a file while the database is locked.
        in_database = self.papertui.store.drafts.save(self.draft, self._instead_of)
        self._drafted = self.draft
        if in_database:
            self._instead_of = None

    def changes(self, depth: int | None = None) -> list[Change]:
        """Return the changes of the journal that save the text, none if it is unchanged.

        A template in which nothing is filled in is no note. It is one on the pass of a
        `depth`, if the session was logged as another than it began.
        """
        text = self.editor.text
        filled_in = any(map(str.strip, own_lines(text, self.papertui.config.templates)))
        self.draft = self.draft._replace(body=text if self._saved or filled_in else "")
        return self.draft.changes(self._saved, depth)

    def finish(self, *before: Change, depth: int | None = None) -> bool:
        """Record `before` and the changes of the text, on a pass of a `depth`; forget the draft.

        Return True if the text has changed. A second call does nothing.
        """
        store, draft_ids = self.papertui.store, (self.draft.id, self._instead_of)
        text_changes = self.changes(depth)
        body = self.draft.body
        if before or text_changes:
            act = store.finish(draft_ids, *before, *text_changes)
            self.draft = self.draft._replace(bases=(*self.draft.bases, *act.versions))
        else:
            store.forget(*draft_ids)
        self.draft = self.draft._replace(id=uuid4().hex)
        # A draft of what is saved would be offered as unsaved; a session waits all the same.
        self._drafted = self.draft._replace(session=None)
        self._saved, self._instead_of = body, None
        return bool(text_changes)

    def prepare_to_quit(self) -> None:
        """Save the note before papertui is left."""
        self.finish()

    def _other_notes(self, store: Store) -> set[str]:
        """Return the ids of other notes on the work, and the texts of this one written apart."""
        notes = store.reading_log.work(self.draft.work).notes
        texts = [note.version for note in notes if note.id == self.draft.note]
        apart = {*texts} - {*self.draft.bases} if texts[1:] else set[str]()
        return apart | {note.id for note in notes if note.id != self.draft.note}

    async def save(self) -> str:
        """Save the note and return the message about it, empty if nothing changed."""
        app, earlier = self.papertui, self._beside
        changed = await app.retry_while_busy(self.finish)
        app.changed()
        if not changed:
            return ""
        if not self.draft.body.strip():
            return "Note removed"
        self._beside = await app.retry_while_busy(lambda: self._other_notes(app.store))
        asks = len([*questions_in(self.draft.body)]) if app.config.recall else 0
        to_recall = f", {quantity(asks, 'question')} to recall" if asks else ""
        beside = ", beside one that was written elsewhere meanwhile"
        apart = beside * bool(self._beside - earlier)
        return f"Note saved ({app.length(self.draft.body)}{to_recall}){apart}"

    @background_action
    async def action_save(self) -> None:
        """Save the note and go on."""
        message = await self.save()
        self._saved_here = message or self._saved_here
        self._remark(message or ("Saved already" if self._saved else "Nothing is written yet"))

    def action_preview(self) -> None:
        """Show the note laid out, from the text on top on, or go back to writing."""
        self.close_finder()
        self.toggle_class("-previewing")
        if self.is_previewing:
            editor, preview = self.editor, self.preview
            on_top = editor.wrapped_document.offset_to_location(editor.scroll_offset)
            body, above = editor.text, editor.get_text_range((0, 0), on_top)

            def layout(width: int, text: str = body) -> list[Line]:
                page = Writer(width)
                write_markdown(page, text)
                return page.lines

            def show() -> None:
                preview.show(layout)
                lines_above = len(layout(preview.page_width, above))
                preview.scroll_to(0, lines_above, animate=False, force=True)

            preview.focus()
            self.call_after_refresh(show)
        else:
            self.editor.focus()

    def go_on_writing(self) -> None:
        """Show the text instead of the preview: it is about to change, or to be searched."""
        if self.is_previewing:
            self.action_preview()

    async def action_find(self) -> None:
        """Open the line to find from; enter goes to the next match."""
        self.go_on_writing()
        if self._finder is None:
            self._finder = FindLine(placeholder="find in the note")
            self._find_from = self.editor.cursor_location
            self.editor.move_cursor(self._find_from)
            await self.mount(self._finder, before=self.query_one(MessageLine))
        self._finder.focus()

    def on_input_changed(self) -> None:
        """Go to the first match from where the cursor was."""
        self._find(self._find_from)

    def on_input_submitted(self) -> None:
        """Go to the next match."""
        if self._finder and not self._finder.value:
            self._remark("Type what to find in the note first")
            return
        self._find(self.editor.selection.end)
        self._find_from = self.editor.selection.start

    def _find(self, after: tuple[int, int]) -> None:
        """Select the first match from a place on, for as long as the line to find from is open."""
        self.editor.move_cursor(self._find_from)
        if not self._finder or not (wanted := self._finder.value.lower()):
            return
        lines = [line.lower() for line in self.editor.text.split("\n")]
        row, column = after
        below = ((y % len(lines), 0) for y in range(row + 1, row + len(lines) + 1))
        for y, start in ((row, column), *below):
            if (x := lines[y].find(wanted, start)) >= 0:
                self.editor.move_cursor((y, x), center=True)
                self.editor.move_cursor((y, x + len(wanted)), select=True)
                self.show_message("")
                return
        self._remark("Not in this note")

    def close_finder(self) -> bool:
        """Close the line to find from; return False if it is not open."""
        if self._finder is None:
            return False
        self._finder.remove()
        self._finder = None
        # What is typed next goes before the match, and not in its place.
        self.editor.move_cursor(min(self.editor.selection))
        self.editor.focus()
        return True

    def action_template(self) -> None:
        """Put the template of the pass below the line of the cursor, once."""
        self.go_on_writing()
        session = self.draft.session
        deepest = self.papertui.store.reading_log.work(self.draft.work).depth
        depth = session.depth if session else deepest or 1
        row, _ = self.editor.cursor_location
        line = self.editor.document.get_line(row)
        text = template(depth, self.papertui.config.templates)
        if has_template(self.editor.text, text):
            self._remark("The template is in this note already")
            return
        field = first_field(text)
        lines = text.split("\n")
        if lines[field].strip():
            # What is typed is a word of its own.
            lines[field] = f"{lines[field].rstrip()} "
        text = "\n".join(lines)
        self.editor.insert(f"\n\n{text}" if line.strip() else text, (row, len(line)))
        field += row + 2 * bool(line.strip())
        self.editor.move_cursor((field, len(self.editor.document.get_line(field))))

    @background_action
    async def action_versions(self) -> None:
        """See, compare and restore saved versions of this note."""
        from papertui.tui.screens.note_versions import VersionsScreen

        app, draft = self.papertui, self.draft
        versions = await app.retry_while_busy(lambda: app.store.versions(draft.work, draft.note))
        if not versions:
            saves = app.key("note.save")
            raise Refused(f"No version of this note is saved yet; {saves} saves one.")
        now = app.clock()
        text = await app.ask(VersionsScreen(self.title_of_work, versions, self.editor.text, now))
        if text is not None:
            self._take(text)
            self._remark(f"Restored; ctrl+z takes it back, {app.key('note.save')} saves it")

    @background_action
    async def action_editor(self) -> None:
        """Open the note in the reader's own editor and take its text over."""
        self.go_outside()
        self.save_state()
        argv, folder = outside.command(), self.papertui.store.path.parent
        refused = None
        try:
            # An error in here would leave the terminal with the editor.
            with self.app.suspend():
                try:
                    edited = outside.edit(argv, self.editor.text, folder)
                except Refused as error:
                    refused = error
        except SuspendNotSupported:
            raise Refused("This terminal cannot hand over to an editor.") from None
        self.app.refresh(layout=True)
        if refused:
            raise refused
        self.show_message("")
        self.come_back()
        if edited.question and not await self.papertui.confirm(edited.question):
            says = "The note is as it was"
            if edited.path.exists():
                self.show_message(f"{says}; the editor's text is kept in ", str(edited.path))
            else:
                self.show_message(says)
            return
        self._take(edited.text)
        if not edited.question:
            edited.path.unlink(missing_ok=True)

    def go_outside(self) -> None:
        """Get ready for the reader to write in an editor outside."""

    def come_back(self) -> None:
        """Go on after the reader has written in an editor outside."""

    def _take(self, text: str) -> None:
        self.go_on_writing()
        if text != self.editor.text:
            self.editor.replace(text, (0, 0), self.editor.document.end)
            self.save_state()


class NoteScreen(NoteEditor):
    """One note, saved on leaving."""

    BINDINGS: ClassVar[list[BindingType]] = [
        typing_command("note.leave", "escape", "leave", "Save the note and leave", "leave"),
    ]

    @classmethod
    def of(
        cls, app: PaperApp, work: str, note: Note | None = None, offered: str = ""
    ) -> "NoteScreen":
        """Open the draft that waits, at best the one `offered`, else `note`, else a new note."""
        store = app.store
        draft, instead_of = store.drafts.taken_up(work, sessions=False, offered=offered)
        if draft is None and note:
            bases = (*note.others, note.version)
            draft = Draft(uuid4().hex, work, note.id, bases, note.body)
        return cls(store, draft or new_note(work), instead_of)

    @background_action
    async def action_leave(self) -> None:
        """Save the note and go back; stay if it could not be saved."""
        if self.close_finder():
            return
        message = await self.save() or self._saved_here
        if self.is_current:
            self.papertui.pop_screen()
            self.papertui.show_message(message, "", self.papertui.takes_back if message else "")
