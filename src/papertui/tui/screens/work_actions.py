"""Actions on what is under the cursor: passes, notes, queue, links, own works and lists."""

from abc import abstractmethod
from collections.abc import Awaitable, Callable, Container, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType

from papertui.core import journal, labels
from papertui.core.library_tree import Branch, Leaf
from papertui.core.note_templates import own_beginning
from papertui.core.reading_session import Session
from papertui.core.text import quantity, safe_line, shorten
from papertui.errors import Refused
from papertui.pages.work import note_name, note_names, work_details
from papertui.tui import links
from papertui.tui.background_action import background_action
from papertui.tui.base import PaperApp
from papertui.tui.command import command
from papertui.tui.paper_screen import PaperScreen
from papertui.tui.screens.waiting_drafts import WaitingDrafts

if TYPE_CHECKING:
    from papertui.core.catalog import Work
    from papertui.core.records import Note

# Of a note in a message: enough to tell it from another, little beside what is said of it.
MAX_NAMED = 24


# The commands that act on a list or section.
_OF_SECTIONS = ("log-before", "queue-down", "queue-up", "tell-group", "edit", "remove")


class WorkActions(PaperScreen):
    """The actions of a screen that has a cursor on a work or on a branch."""

    shown_acts = None
    BINDINGS: ClassVar[list[BindingType]] = [
        command("log-first", "1", "log(1)", "Log a first pass, today", "log a pass"),
        command("log-second", "2", "log(2)", "Log a second pass, today", "log a pass"),
        command("log-third", "3", "log(3)", "Log a third pass, today", "log a pass"),
        command("log-on", "ctrl+l", "log_on", "Log a pass with its day and minutes"),
        command("log-before", "b", "before", "Then 1 2 3: read before papertui, on no day"),
        command("read", "s", "read", "Read: start a session, or go on with one", "read"),
        command("write-note", "n", "note", "Write a note, or go on with a draft", "note"),
        command("edit-note", "N", "edit_note", "Edit a note; of several, one that you choose"),
        command("private", "P", "private", "Keep a note private, not synced or sent, or no longer"),
        command("open-page", "o", "open", "Open the abstract page in the browser", "open"),
        command("open-pdf", "O", "open_pdf", "Open the PDF in the browser"),
        command("copy-link", "y", "copy_link", "Copy the link"),
        command("copy-citation", "Y", "copy_citation", "Copy the BibTeX entry"),
        command("export", "ctrl+e", "export", "Export it to a file: BibTeX, CSV, RIS or CSL-JSON"),
        command("queue", "a", "queue", "Put it into the queue, or take it out"),
        command("queue-down", "J", "move_by(1)", "Move it down in the queue or in your list"),
        command("queue-up", "K", "move_by(-1)", "Move it up in the queue or in your list"),
        command("tag", "number_sign", "tag", "Tag it with words of your own", shown_as="#"),
        command("star", "asterisk", "star", "Star it, or take the star away", shown_as="*"),
        command("card", "c", "card", "Ask about it in recall, or ask no more"),
        command("set-aside", "x", "set_aside", "Park or drop it, or take it up again"),
        command("share", "S", "share", "Explain the work to somebody: copies it as Markdown"),
        command("tell-group", "H", "tell_group", "Tell the group: a promise, notes, a list"),
        command("edit", "E", "edit", "Edit a work of your own, or rename your list or section"),
        command("merge", "M", "merge", "Merge this work into the one that it really is"),
        command(
            "add", "plus", "add", "Add a work: a title, arXiv id, DOI or address", shown_as="+"
        ),
        command("move", "m", "move", "Move it to a list of yours; from one of papertui's, copy it"),
        command("remove", "X,delete", "remove", "Remove it from your list; remove your section"),
        command("new-section", "A", "new_section", "Make a list of your own, or a section in it"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.waiting = WaitingDrafts(self.papertui)

    @property
    @abstractmethod
    def node(self) -> Branch | Leaf | None:
        """The branch or item under the cursor."""

    @property
    @abstractmethod
    def section(self) -> Branch | None:
        """The list or section under the cursor, or around the work; None in other groupings."""

    @property
    @abstractmethod
    def count(self) -> int:
        """How often a key is to do what it does."""

    @property
    @abstractmethod
    def shown_by_filter(self) -> Container[str] | None:
        """The works that a filter shows, None without one."""

    @property
    @abstractmethod
    def sorted_by(self) -> str:
        """The order of the works in words, "" for their own."""

    @property
    @abstractmethod
    def marked(self) -> Mapping[str, str | None]:
        """The works that the reader marked, by citekey, each with the section where that was."""

    @abstractmethod
    def unmark(self) -> None:
        """Take all marks off."""

    @abstractmethod
    def go_to(self, work: str, branch: int | None = None) -> str:
        """Put the cursor on a work, at best in a given branch, and return what to say of that."""

    @abstractmethod
    def go_to_section(self, path: str) -> str:
        """Put the cursor on a list or section."""

    @abstractmethod
    def leaves_within(self, branch: Branch) -> Sequence[Leaf]:
        """Return the items of a branch and of all branches within it."""

    @property
    def leaf_under_cursor(self) -> Leaf:
        """The item under the cursor. Raises Refused if there is none."""
        if not isinstance(self.node, Leaf):
            raise Refused(self.why_no_work)
        return self.node

    @property
    def why_no_work(self) -> str:
        """Why there is no item under the cursor, and what to do."""
        goes = self.papertui.key("tree.right")
        return f"Go to a work first: {goes} opens a section and goes into it."

    def check_unmarked(self) -> None:
        """Raise Refused if works are marked, before an act on one work or section."""
        if self.marked:
            raise Refused(f"That is done to one work or section at a time: {self.unmarking} first.")

    @property
    def unmarking(self) -> str:
        """What takes the marks off."""
        return f"{self.papertui.key('back')} takes the marks off"

    @property
    def acted_on(self) -> Mapping[str, str]:
        """What each command acts on that acts on works: by its name, a title or a number."""
        node, marked = self.node, len(self.marked)
        if not (node or marked):
            return {}
        what = quantity(marked, "marked work") if marked or not node else shorten(node.title, 24)
        if isinstance(node, Branch) and not marked:
            return dict.fromkeys(_OF_SECTIONS, what)
        names = [each.id or "" for each in WorkActions.BINDINGS if isinstance(each, Binding)]
        return {name: what for name in names if name not in ("add", "new-section")}

    async def _chosen(self) -> list[Leaf]:
        """Return the works that a key acts on: the marked ones, or the one under the cursor."""
        app, marked = self.papertui, self.marked
        if not marked:
            return [self.leaf_under_cursor]
        leaves = await app.retry_while_busy(lambda: app.store.tree.of_works([*marked], app.today()))
        if not leaves:
            raise Refused("The marked works are no longer in the library.")
        return leaves

    async def _act(self, act: Callable[[PaperApp, Sequence[Leaf]], Awaitable[bool]]) -> None:
        """Let a function act on the works; the marks go once it has."""
        if await act(self.papertui, await self._chosen()):
            self.unmark()

    def _around(self) -> Callable[[Leaf], str | None]:
        """Return what names the section around a work: where it was marked, or that in view."""
        at, marked = self.section and self.section.path, self.marked
        return lambda leaf: marked.get(leaf.work) if marked else at

    @background_action
    async def action_before(self) -> None:
        """Log a pass that was made before papertui, of a whole section too."""
        from papertui.tui.act_on_works import log_before, log_section

        node = self.node
        if isinstance(node, Branch) and not self.marked:
            await log_section(self.papertui, node, lambda: self.leaves_within(node))
        else:
            await self._act(log_before)

    @background_action
    async def action_log(self, depth: int) -> None:
        """Log a pass of the works, today."""
        from papertui.tui.act_on_works import log_today

        await self._act(lambda app, works: log_today(app, works, depth))

    @background_action
    async def action_log_on(self) -> None:
        """Ask for pass, day and minutes, and log them; on a section for the work too."""
        from papertui.tui.act_on_works import log_on

        has_works = self.marked or isinstance(self.node, Leaf)
        if await log_on(self.papertui, await self._chosen() if has_works else ()):
            self.unmark()

    def _work_to_write_on(self, *, session: bool = False) -> str:
        return self.waiting.take(session=session) or self.leaf_under_cursor.work

    @background_action
    async def action_note(self) -> None:
        """Write a note, or go on with a draft if one waits."""
        from papertui.tui.screens.note_editor import NoteScreen

        app, work = self.papertui, self._work_to_write_on()
        offered = self.waiting.offered
        app.push_screen(
            await app.retry_while_busy(lambda: NoteScreen.of(app, work, offered=offered))
        )

    @background_action
    async def action_edit_note(self) -> None:
        """Edit a note, or go on with a draft if one waits."""
        from papertui.tui.screens.note_editor import NoteScreen

        app, work = self.papertui, self._work_to_write_on()
        drafts = app.store.drafts
        draft, _ = await app.retry_while_busy(lambda: drafts.taken_up(work, sessions=False))
        note = None if draft else await self._ask_which_note(work, "edit")
        if draft or note:
            app.push_screen(await app.retry_while_busy(lambda: NoteScreen.of(app, work, note)))

    async def _ask_which_note(self, work: str, act: str) -> "Note | None":
        """Return the note on a work to act on, of several the one that is chosen, None for none.

        Raises Refused if there is no note.
        """
        app = self.papertui
        notes = (await app.retry_while_busy(lambda: app.store.reading_log.work(work))).notes
        if not notes:
            session = await app.retry_while_busy(lambda: app.store.drafts.session_of(work))
            waits = {"read": "goes on with the session that waits"} if session else {}
            offers = {"write-note": "writes one", **waits}
            raise Refused("There is no note on this work yet", offers=offers)
        if len(notes) == 1:
            return notes[0]
        from papertui.tui.pick import Pick
        from papertui.tui.screens.note_versions import tells_apart

        private = await app.retry_while_busy(app.store.private_notes)
        names = note_names(notes, app.today(), private)
        offered = {}
        for note, name in zip(notes, names, strict=True):
            others = [other.body for other in notes if other.id == note.id and other != note]
            # Those that were written apart begin alike.
            line, *_ = tells_apart([note.body, *others[:1]])
            text = safe_line(line) if others else own_beginning(note.body, app.config.templates)
            offered[note.version] = f"{name} · {text}"
        label = f"Which note to {act}, on ", app.store.works.title(work), "?"
        version, _ = await app.ask(Pick(label, offered)) or ("", "")
        return next((note for note in notes if note.version == version), None)

    @background_action
    async def action_private(self) -> None:
        """Keep a note on the work from other devices, or no longer."""
        from papertui.storage import edits
        from papertui.sync.sync import sent_versions

        leaf, app, store = self.leaf_under_cursor, self.papertui, self.papertui.store
        if not (note := await self._ask_which_note(leaf.work, "keep private or not")):
            return
        private = note.id not in await app.retry_while_busy(store.private_notes)
        sent = await app.retry_while_busy(lambda: sent_versions(store, note.id))
        changes = await app.retry_while_busy(lambda: edits.privacy(store, leaf.work, note, private))
        await app.record(*changes)
        says = labels.privacy(private, sent, len(changes) > 1)
        words = shorten(own_beginning(note.body, app.config.templates), MAX_NAMED)
        named = f" ({words})" if words else ""
        notes = (await app.retry_while_busy(lambda: store.reading_log.work(leaf.work))).notes
        is_apart = sum(note.id == each.id for each in notes) > 1
        named += ", with what was written apart from it," * is_apart
        says = f" of {note_name(note, app.today())}{named} {says}"
        app.show_message("The note on ", leaf.title, f"{says}{app.takes_back}")

    @background_action
    async def action_read(self) -> None:
        """Go on with the session of the work, or begin one after asking for the pass."""
        from papertui.storage.drafts import new_note
        from papertui.storage.shipped import shipped_catalog
        from papertui.tui.screens.session import SessionScreen

        app, work = self.papertui, self._work_to_write_on(session=True)
        draft, instead_of = await app.retry_while_busy(
            lambda: app.store.drafts.taken_up(work, sessions=True, offered=self.waiting.offered)
        )
        session = draft.session if draft else None
        if session is None:
            record = await app.retry_while_busy(lambda: app.store.reading_log.work(work))
            depth, title = min(3, record.depth + 1), app.store.works.title(work)
            question = f"{labels.PASSES[depth].capitalize()} of ", title, "?"
            passes = {str(number): labels.PASSES[number] for number in (1, 2, 3)}
            if not (chosen := await app.choose(*question, choices=passes, offered=str(depth))):
                return
            session = Session(int(chosen))
        if app.config.timer and not await self._wants_timer(but=instead_of or ""):
            return
        draft = (draft or new_note(work))._replace(session=session)
        method = shipped_catalog().method[session.depth - 1]
        app.push_screen(
            await app.retry_while_busy(lambda: SessionScreen(app.store, draft, instead_of, method))
        )

    async def _wants_timer(self, but: str) -> bool:
        """Stop the shell's timer on a session, `but` one, if the reader agrees: one timer runs."""
        app, drafts = self.papertui, self.papertui.store.drafts
        timed = await app.retry_while_busy(lambda: drafts.timed(but))
        if timed is None or timed.session is None:
            return True
        name = labels.PASSES[timed.session.depth]
        title = app.store.works.title(timed.work)
        if not await app.confirm(f"The shell's timer runs on the {name} of ", title, ". Stop it?"):
            return False
        await app.retry_while_busy(lambda: drafts.stop_timer(timed.id, app.clock()))
        app.changed()
        return True

    @background_action
    async def action_queue(self) -> None:
        """Put the works at the end of the queue, or take them out."""
        from papertui.tui.act_on_works import queue_works

        await self._act(queue_works)

    @background_action
    async def action_tag(self) -> None:
        """Ask for the tags of the works."""
        from papertui.tui.act_on_works import tag_works

        await self._act(tag_works)

    @background_action
    async def action_star(self) -> None:
        """Star the works, or no longer."""
        from papertui.tui.act_on_works import star_works

        await self._act(star_works)

    @background_action
    async def action_card(self) -> None:
        """Start the card of the work, or stop it."""
        from papertui.core.recall import INSIGHT
        from papertui.pages.recall import stopped_words

        leaf, app = self.leaf_under_cursor, self.papertui
        cards = await app.retry_while_busy(lambda: app.store.recall.of_work(leaf.work, app.today()))
        is_asked = any(each.card.key == INSIGHT and each.card.is_active for each in cards)
        await app.record(journal.switch_card(leaf.work, INSIGHT, app.today(), on=not is_asked))
        if is_asked:
            says, more = stopped_words(cards)
        elif leaf.aside == journal.DROPPED:
            says, more = "Asked in recall once it is no longer dropped: ", ""
        else:
            says, more = "Asked in recall: ", app.offer("recall", "asks")
        app.show_message(says, leaf.title, f"{more}{app.takes_back}")

    @background_action
    async def action_set_aside(self) -> None:
        """Park the works until a day, drop them for a reason, or take them up again."""
        from papertui.tui.act_on_works import set_aside

        await self._act(set_aside)

    async def _work(self) -> "Work":
        leaf, app = self.leaf_under_cursor, self.papertui
        details = await app.retry_while_busy(
            lambda: work_details(app.store, leaf.work, app.today())
        )
        return details.work

    @background_action
    async def action_share(self) -> None:
        """Copy an explanation of the works to paste."""
        from papertui.tui.act_on_works import explain

        await self._act(lambda app, works: explain(app, [leaf.work for leaf in works]))

    @background_action
    async def action_tell_group(self) -> None:
        """Ask what to tell the reading group about the work or list under the cursor."""
        from papertui.tui.tell_group import tell_group

        work = self.node.work if isinstance(self.node, Leaf) else None
        await tell_group(self.papertui, work, self.section.list if self.section else "")

    @background_action
    async def action_open(self) -> None:
        """Open the work's page."""
        links.open_address(self.papertui, (await self._work()).page, "address")

    @background_action
    async def action_open_pdf(self) -> None:
        """Open the work's PDF."""
        links.open_address(self.papertui, (await self._work()).pdf, "PDF")

    @background_action
    async def action_copy_link(self) -> None:
        """Copy the work's address."""
        links.copy(self.papertui, (await self._work()).page, "link")

    @background_action
    async def action_copy_citation(self) -> None:
        """Copy the BibTeX entries of the works."""
        from papertui.tui.act_on_works import copy_citations

        await self._act(copy_citations)

    @background_action
    async def action_export(self) -> None:
        """Write the works to a file, in the format that its name asks for."""
        from papertui.tui.act_on_works import export_works

        await self._act(export_works)

    @background_action
    async def action_edit(self) -> None:
        """Edit the fields of the work, or the name of an own list or section."""
        from papertui.tui.act_on_lists import rename
        from papertui.tui.screens.edit_work import EditScreen

        self.check_unmarked()
        app, node = self.papertui, self.node
        if isinstance(node, Branch) and node.list:
            await rename(app, node)
            return
        work = self.leaf_under_cursor.work
        app.push_screen(await app.retry_while_busy(lambda: EditScreen(app.store, work)))

    @background_action
    async def action_merge(self) -> None:
        """Ask which work this one really is, and merge it into that one."""
        from papertui.tui.act_on_works import merge_work

        self.check_unmarked()
        await merge_work(self.papertui, self.leaf_under_cursor, self.go_to)

    @background_action
    async def action_add(self, here: bool = True) -> None:
        """Add a work, to the own section under the cursor if `here`, or go to it if it is known."""
        from papertui.core.own_lists import is_own
        from papertui.tui.add_work import add_work

        section = self.section if here else None
        is_own_section = section and is_own(section.path)
        await add_work(self.papertui, section if is_own_section else None, self.go_to)

    @background_action
    async def action_move(self) -> None:
        """Move the works to a section of an own list; those of shipped lists stay there too."""
        from papertui.tui.act_on_lists import move_works

        around = self._around()
        await self._act(lambda app, works: move_works(app, works, around))

    @background_action
    async def action_remove(self) -> None:
        """Take the works out of their lists, or remove an own list or section."""
        from papertui.tui.act_on_lists import remove_section, remove_works

        if isinstance(self.node, Branch) and not self.marked:
            await remove_section(self.papertui, self.node)
            return
        around, in_view = self._around(), self.section.path if self.section else ""
        await self._act(lambda app, works: remove_works(app, works, around, in_view))

    @background_action
    async def action_new_section(self) -> None:
        """Make a list, or a section in the own list under the cursor."""
        from papertui.tui.act_on_lists import new_section

        await new_section(self.papertui, self.section, self.go_to_section)

    @background_action
    async def action_move_by(self, by: int) -> None:
        """Move the work in the queue or in its own list, or move an own section or list."""
        from papertui.tui.act_on_works import just_logged

        node = self.node
        logged = await just_logged(self.papertui, node.work) if isinstance(node, Leaf) else ""
        try:
            await self._move_by(by, logged)
        except Refused as refused:
            raise Refused(f"{str(refused).removesuffix('.')}{logged}.") from None

    async def _move_by(self, by: int, logged: str) -> None:
        from papertui.core.own_lists import is_own
        from papertui.storage.edits import check_own
        from papertui.tui.act_on_lists import move_by
        from papertui.tui.act_on_works import move_in_queue

        self.check_unmarked()
        app, node, section = self.papertui, self.node, self.section
        by *= self.count
        if self.sorted_by:
            by_key = app.key("sort")
            raise Refused(f"Sorted by {self.sorted_by}: choose its own order with {by_key} first.")
        if node and section and is_own(section.path):
            await move_by(app, node, section, by, self.shown_by_filter, logged)
        elif isinstance(node, Branch) and section:
            check_own(section.path)
        else:
            # In another view than the queue's, the filter is one of that view.
            shown = None if section else self.shown_by_filter
            await move_in_queue(app, self.leaf_under_cursor, by, shown)
