"""The triage of new papers: a list of titles, and the paper under the cursor beside it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import ClassVar

from textual import getters, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.timer import Timer

from papertui.config import ConfigError, config_path, load_usable
from papertui.core import identifiers, journal
from papertui.core.journal import Change
from papertui.core.library_tree import Leaf
from papertui.core.markup import readable
from papertui.core.new_paper import NewPaper
from papertui.core.search_words import marked_beginnings
from papertui.core.text import quantity
from papertui.errors import Refused
from papertui.pages.new_papers import PaperDetails, nothing_page, paper_page
from papertui.services import complete_waiting_works, fetch_new_papers, search_new_papers
from papertui.storage.acts import Act
from papertui.storage.database import Busy, DatabaseError
from papertui.tui import links
from papertui.tui.background_action import background_action
from papertui.tui.command import command
from papertui.tui.paper_screen import PaperScreen
from papertui.tui.screens.triage_state import TriageState
from papertui.tui.widgets.page import PagePane
from papertui.tui.widgets.paper_list import PaperList

# Seconds between a key and the glance that it saves.
SAVE_DELAY = 0.5


_OF_PAPER = (
    *("next", "queue", "log", "note", "not_for_me", "open", "open_pdf", "copy_link"),
    *("scroll_paper", "clear", "other_pane"),
)


class NewPapersScreen(PaperScreen):
    """Shows the papers of a TriageState, and the one under the cursor beside them."""

    reopened_by = "app.new_papers"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("new.next", "space", "next", "Looked at: go to the next new paper", "next"),
        command("new.queue", "a", "queue", "Put it into the queue, or take it out", "queue"),
        command("new.log", "1", "log", "Log a first pass, today", "first pass"),
        command("new.note", "n", "note", "Write a note on it", "note"),
        command("new.not-for-me", "x", "not_for_me", "Not for me, or for me after all", "dismiss"),
        command("new.open", "o", "open", "Open the abstract page in the browser", "open"),
        command("new.open-pdf", "O", "open_pdf", "Open the PDF in the browser"),
        command("new.copy-link", "y", "copy_link", "Copy the link"),
        command("new.scroll-down", "J", "scroll_paper(1)", "Scroll down in the abstract"),
        command("new.scroll-up", "K", "scroll_paper(-1)", "Scroll up in the abstract"),
        command("new.search", "slash", "search", "Search arXiv", "search", "/"),
        command("new.clear", "c", "clear", "Clear many at once: all, a category, older ones"),
        command("new.fetch", "r", "fetch", "Read the config file and ask arXiv again"),
        command("new.all", "v", "all", "Show those that I looked at too, or only new ones"),
        command("new.other-pane", "tab,shift+tab", "other_pane", "To the abstract and back"),
        command("new.back", "escape", "back", "Go back: from a search, to the new papers", "back"),
    ]

    shown_acts = frozenset(
        {journal.SEEN, journal.ADDED, journal.QUEUED, journal.UNQUEUED, journal.PASS, journal.NOTE}
    )

    titles = getters.query_one("#papers", PaperList)
    pane = getters.query_one("#paper", PagePane)

    def __init__(self, state: TriageState) -> None:
        super().__init__()
        # The work that a paper became for a note, and the act that made it one.
        self._added_to_note: tuple[str, Act] | None = None
        self._state = state
        self._is_fetching = False
        self._saving: Timer | None = None
        # Without papers the page that says so has all the room.
        self._has_papers = True

    @property
    def key_labels(self) -> Mapping[str, str]:
        """The key that the page without papers speaks of."""
        return {} if self._has_papers else {"new.fetch": "ask arXiv"}

    @property
    def key_sentences(self) -> Mapping[str, str]:
        """What the keys of the list do here, in the help."""
        return {"tree.down": "Looked at: go down by one", "tree.choose": "To the abstract"}

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys of a paper only if there is one."""
        return self._has_papers or action not in _OF_PAPER

    def compose_body(self) -> ComposeResult:
        """Yield the list and the pane."""
        with Container(id="triage"):
            titles = PaperList(
                self.papertui.glyphs,
                self._moved,
                lambda section: None,
                self.action_other_pane,
                id="papers",
            )
            titles.passed = self._passed
            yield titles
            yield PagePane(id="paper")

    def on_mount(self) -> None:
        """Show what was fetched before, and ask arXiv for more."""
        self.titles.focus()
        self.refresh_from_store(self._begin)
        if self.papertui.config.follow.categories:
            self._fetch()

    def _begin(self) -> None:
        # The glances of a sitting that was cut off.
        self._state.finish()
        try:
            self._follow_again()
        finally:
            self._load()

    def _follow_again(self) -> None:
        """Take from the config file what is followed, as the reader may have changed it.

        Raises Refused if it cannot be used; what was followed holds then.
        """
        app, path = self.papertui, config_path()
        if not path.exists():
            return
        try:
            config, faults = load_usable(path)
        except ConfigError as error:
            raise Refused(str(error)) from error
        for fault in faults:
            if fault.name.startswith("follow"):
                raise Refused(f"{path}: {fault}.")
        app.config = app.config._replace(follow=config.follow)
        self._state.follow(app.config)

    # ── showing ─────────────────────────────────────────────────────────────

    def _load(self) -> None:
        super().reload()
        self._state.load()
        self._show()

    def reload(self) -> None:
        """Show what the reader, or another program, has done."""
        super().reload()
        self._state.refresh()
        self._show()

    def _show(self, cursor: str | None = None) -> None:
        asking = "Asking arXiv … · " if self._is_fetching else ""
        before, query, after = self._state.headline
        self.header.left = f"{asking}{before}", query, after
        rows = self._state.rows(self.papertui.glyphs)
        key = f"0:{cursor}" if cursor else None
        self.titles.show(rows, key)
        if self._has_papers != bool(rows):
            self._has_papers = self.titles.display = bool(rows)
            (self.titles if rows else self.pane).focus()
            self.refresh_bindings()
        self._show_paper(top=False)

    def _refresh(self, cursor: str | None = None) -> None:
        self.refresh_from_store(lambda: self._show(cursor))

    def _moved(self) -> None:
        self._show_paper()

    def _show_paper(self, top: bool = True) -> None:
        app, details = self.papertui, self.details
        if details is None:
            path, state = str(config_path()), self._state
            reached = state.was_fetched, state.is_cut_off
            layout = partial(nothing_page, app.config.follow, path, *reached, app.key)
            self.pane.show(layout, top)
        else:
            glyphs, today = app.glyphs, app.today()
            words = marked_beginnings(" ".join(details.attention.words))
            layout = partial(paper_page, details, glyphs=glyphs, today=today)
            self.pane.show(layout, top, words=words)

    @property
    def details(self) -> PaperDetails | None:
        """The paper under the cursor."""
        node = self.titles.row and self.titles.row.node
        return self._state.details_of(node.work) if isinstance(node, Leaf) else None

    @property
    def paper(self) -> NewPaper:
        """The paper under the cursor. Raises Refused if there is none."""
        if self.details is None:
            raise Refused("There is no paper in the list.")
        return self.details.paper

    def follow(self, target: str) -> None:
        """Follow a link once what was looked at is an event."""
        self._finish_and_follow(target)

    @background_action
    async def _finish_and_follow(self, target: str) -> None:
        await self._finish()
        links.follow(self.papertui, target)

    # ── looking at papers ───────────────────────────────────────────────────

    def _passed(self) -> None:
        """Note that the paper under the cursor was looked at."""
        if self.details:
            self._state.look_at(self.details.paper.arxiv_id)
            self._refresh()
            self._save_soon()

    def action_next(self) -> None:
        """Go on to the next paper that is new."""
        self._passed()
        self._go_on()

    def _go_on(self) -> bool:
        """Go to the next new paper; return False if there is none."""
        details = self.details
        if details is None:
            return False
        if self._state.query:
            self.titles.action_move(1)
            return True
        if following := self._state.next_new(details.paper.arxiv_id):
            self._refresh(following)
        return bool(following)

    @background_action
    async def action_not_for_me(self) -> None:
        """Note that the paper is not for the reader and go on, or take that back."""
        paper = self.paper
        dismiss = partial(self._state.dismiss, paper.arxiv_id)
        dismissed = await self.papertui.retry_while_busy(dismiss)
        self._save_soon()
        self._refresh()
        if dismissed:
            self.show_message("Not for me: ", readable(paper.title), self.papertui.takes_back)
            self._go_on()
        else:
            self.show_message("No longer dismissed: ", readable(paper.title))

    def undo_here(self) -> bool:
        """Take back what was looked at or dismissed last, if nothing was done after that.

        Return False if there is none.
        """
        looks = self._state.take_back()
        if not looks:
            return False
        first = looks[-1].paper
        self._save_soon()
        self._refresh(first.arxiv_id)
        says = "No longer dismissed: " if looks[0].dismissed else "No longer looked at: "
        what = quantity(len(looks), "title") if looks[1:] else readable(first.title)
        self.show_message(says, what)
        return True

    def _save_soon(self) -> None:
        if self._saving is None:
            self._saving = self.set_timer(SAVE_DELAY, self._save)

    def _save(self) -> None:
        self._saving = None
        self.refresh_from_store(self._state.save)

    def save_state(self) -> None:
        """Make an event of what was looked at. Raises Busy.

        If the database takes nothing, glances that were saved before become one later.
        """
        try:
            self._state.finish()
        except Busy:
            raise
        except DatabaseError:
            return

    # ── papers that become works ────────────────────────────────────────────

    async def _work_of_paper(self) -> tuple[str, Sequence[Change]]:
        """Return the work that the paper is, and what makes it one; it was looked at."""
        paper = self.paper
        citekey, changes = await self.papertui.retry_while_busy(lambda: self._state.work_of(paper))
        self._state.look_at(paper.arxiv_id)
        self._save_soon()
        return citekey, changes

    async def _record(self, change_of: Callable[[str], Change]) -> None:
        """Make the paper a work, if it is none yet, and do something with it, in one act."""
        citekey, changes = await self._work_of_paper()
        await self.papertui.record(*changes, change_of(citekey))

    @background_action
    async def action_queue(self) -> None:
        """Put the paper at the end of the queue and go on, or take it out."""
        app, paper, details = self.papertui, self.paper, self.details
        queue = dict(await app.retry_while_busy(app.store.reading_log.queue))
        if details and details.is_queued:
            await self._record(journal.unqueue)
            app.show_message("Out of the queue: ", readable(paper.title), app.takes_back)
            return
        rank = max(queue.values(), default=0) + 1
        await self._record(lambda work: journal.queue(work, rank, enters=True))
        self._go_on()
        number = f"Number {len(queue) + 1} in the queue: "
        app.show_message(number, readable(paper.title), app.takes_back)

    @background_action
    async def action_log(self) -> None:
        """Log a first pass of the paper; the next key may write a note on it."""
        app, paper, details = self.papertui, self.paper, self.details
        day = app.today()
        if details and details.work and not await app.wants_pass(details.work, 1, day):
            return
        await self._record(lambda work: journal.log_pass(work, 1, day))
        after = f", {app.counts_for(day)}{app.takes_back}"
        app.show_message("Logged: first pass of ", readable(paper.title), after)

    @background_action
    async def action_note(self) -> None:
        """Write a note on the paper, or go on with a draft."""
        from papertui.tui.screens.note_editor import NoteScreen

        app = self.papertui
        citekey, changes = await self._work_of_paper()
        if changes:
            self._added_to_note = citekey, await app.record(*changes)
        app.push_screen(await app.retry_while_busy(lambda: NoteScreen.of(app, citekey)))

    def on_screen_resume(self) -> None:
        """Once its note is left, see whether the paper stays a work."""
        if self._added_to_note:
            added, self._added_to_note = self._added_to_note, None
            self._take_back_unless_noted(*added)

    @background_action
    async def _take_back_unless_noted(self, citekey: str, added: Act) -> None:
        app, store = self.papertui, self.papertui.store
        record = await app.retry_while_busy(lambda: store.reading_log.work(citekey))
        drafts = await app.retry_while_busy(store.drafts.waiting)
        if not (record.notes or any(draft.work == citekey for draft in drafts)):
            await app.write(lambda written: written.undo(added))
            app.show_message("Nothing was written, so the paper is no work of yours")

    def action_open(self) -> None:
        """Open the abstract page of the paper."""
        if self.details:
            page = identifiers.abstract_page(self.details.paper.arxiv_id)
            links.open_address(self.papertui, page, "address")

    def action_open_pdf(self) -> None:
        """Open the PDF of the paper."""
        if self.details:
            links.open_address(self.papertui, identifiers.pdf(self.details.paper.arxiv_id), "PDF")

    def action_copy_link(self) -> None:
        """Copy the address of the paper."""
        if self.details:
            links.copy(
                self.papertui, identifiers.abstract_page(self.details.paper.arxiv_id), "link"
            )

    # ── arXiv ───────────────────────────────────────────────────────────────

    @background_action
    async def action_fetch(self) -> None:
        """Read again what is followed, and ask arXiv for what it announced."""
        if self._is_fetching:
            raise Refused("arXiv is being asked already.")
        self._follow_again()
        self.refresh_from_store(self._load)
        if not self.papertui.config.follow.categories:
            where = f"under [follow] in {config_path()}"
            raise Refused(f'No category is followed: categories = ["cs.LG"] {where} follows one.')
        self._fetch()

    @work(exclusive=True, group="fetch")
    async def _fetch(self) -> None:
        """Ask arXiv in the background; keys go on with what is here."""
        app = self.papertui
        self._is_fetching = True
        self._refresh()
        try:
            fetched = await app.in_thread(partial(fetch_new_papers, config=app.config))
        except (DatabaseError, Refused) as error:
            app.show_error(error)
            return
        else:
            self._state.is_cut_off = fetched.failed
        finally:
            self._is_fetching = False
            self._refresh()
        self.refresh_from_store(self._load)
        came_in = f"{quantity(fetched.number, 'new paper')} came in." if fetched.number else ""
        nothing = "" if came_in or fetched.messages else "Nothing new since the last time."
        before = "What came before is still here." if fetched.failed and self.details else ""
        message = " ".join(filter(None, (came_in, nothing, *fetched.messages, before)))
        self.show_message(message)
        if fetched.failed:
            self.mark_message()
        else:
            await self._complete_works(message)

    async def _complete_works(self, message: str) -> None:
        """Fill in works that were added offline; add that to a message that is still shown."""
        app = self.papertui
        with suppress(DatabaseError):
            changes = await app.in_thread(partial(complete_waiting_works, config=app.config))
            if changes:
                act = await app.retry_while_busy(lambda: self._state.record_beside(changes))
                app.changed()
                if self.message == message:
                    self.show_message(f"{message} Also done: {act.words}.")

    @background_action
    async def action_clear(self) -> None:
        """Take many new papers off the list at once; they count as no titles scanned."""
        from papertui.tui.clear_papers import papers_to_clear

        if papers := await papers_to_clear(self.papertui, self._state.new_papers):
            await self.papertui.retry_while_busy(lambda: self._state.clear(papers))
            self.papertui.changed()
            self._go_on()
            cleared = quantity(len(papers), "new paper")
            self.show_message(f"Cleared: {cleared}, not counted{self.papertui.takes_back}")

    @background_action
    async def action_search(self) -> None:
        """Ask for words and show what arXiv finds."""
        app = self.papertui

        async def parse(typed: str) -> tuple[str, Sequence[NewPaper]]:
            papers = await app.in_thread(lambda store: search_new_papers(store, app.config, typed))
            return typed, papers

        hint = 'words; ti: au: abs: cat: before one, "several in a row"'
        found = await app.ask_until(parse, "Search arXiv", hint, may_leave=True)
        query, papers = found or ("", ())
        if query:
            await app.retry_while_busy(lambda: self._state.show_found(query, papers))
            self._refresh(self._state.first)
            if not papers:
                self.show_message(f"arXiv finds nothing: {self.papertui.key('new.back')} goes back")

    def action_all(self) -> None:
        """Show the papers that were looked at too, or only new ones."""
        self.refresh_from_store(self._toggle_all)
        shown = "Every paper that was fetched" if self._state.shows_all else "Only new papers"
        self.show_message(f"{shown}: {self.papertui.key('new.all')} changes that")

    def _toggle_all(self) -> None:
        # A paper that was looked at gives way to the next new one.
        here = self.details
        goes_on_at = self._state.next_new(here.paper.arxiv_id) if here and here.seen else None
        self._state.toggle_all()
        self._show(goes_on_at if not self._state.shows_all else None)

    # ── leaving ─────────────────────────────────────────────────────────────

    def action_scroll_paper(self, by: int) -> None:
        """Scroll the abstract by some lines, with the cursor still in the list."""
        self.pane.scroll_relative(y=by, animate=False, force=True)

    def action_other_pane(self) -> None:
        """Go from the list to the abstract, or back."""
        (self.titles if self.pane.has_focus else self.pane).focus()

    def action_back(self) -> None:
        """Go back to the list, from a search to the new papers, or to the screen before."""
        if self.pane.has_focus and self._has_papers:
            self.titles.focus()
        else:
            self.go_back()

    def go_back(self) -> bool:
        """Go back from a search to the new papers, or end the sitting and leave."""
        if self._state.query:
            self.refresh_from_store(self._leave_search)
        else:
            self._leave()
        return True

    def _leave_search(self) -> None:
        self._state.leave_search()
        self._show()

    @background_action
    async def _leave(self) -> None:
        app = self.papertui
        try:
            await self._finish()
        except DatabaseError as error:
            # Nobody is kept here by a full disk.
            app.pop_screen()
            app.show_error(error)
        else:
            app.pop_screen()

    async def _finish(self) -> None:
        """End the sitting and show on every screen what it came to."""
        await self.papertui.retry_while_busy(self._state.finish)
        self.papertui.changed()
