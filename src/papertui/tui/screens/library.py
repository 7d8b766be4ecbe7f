"""The library: the section tree, the search above it, the work under the cursor beside it."""

from collections.abc import Container, Mapping
from contextlib import nullcontext, suppress
from types import MappingProxyType
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.css.query import NoMatches

from papertui.core.labels import PASSES, spelt_keys
from papertui.core.library_tree import Branch, Grouping, Leaf, Order, Row
from papertui.core.text import quantity
from papertui.errors import Refused
from papertui.storage.acts import Act
from papertui.storage.database import DatabaseError
from papertui.storage.drafts import Draft
from papertui.tui.background_action import background_action
from papertui.tui.command import command
from papertui.tui.screens.library_panes import NodePanes
from papertui.tui.screens.library_places import LibraryPlaces
from papertui.tui.screens.library_search import LibrarySearch
from papertui.tui.screens.library_state import LibraryState
from papertui.tui.screens.library_view import LibraryView
from papertui.tui.screens.library_words import first_words, marks_text
from papertui.tui.screens.up_next import (
    back_to_list_after,
    back_to_list_before,
    go_to_next,
    headline,
    take_from_list,
)
from papertui.tui.screens.work_actions import WorkActions
from papertui.tui.widgets.bars import Chips, MessageLine
from papertui.tui.widgets.marked_tree import MarkedTree
from papertui.tui.widgets.page import PagePane, PaintedLines

# The commands in the footer that act on the work under the cursor, even if works are marked.
ON_A_WORK = ("read", "write-note", "open-page")
LOGGING = ("log-first", "log-second", "log-third")


class LibraryScreen(WorkActions):
    """Shows the rows of a LibraryState, and the work or branch under the cursor beside them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("view", "v", "view", "View: lists, tiers, difficulty, year, status, queue", "view"),
        command("sort", "z", "sort", "Sort: own order, year, title, citations, last read, length"),
        command("filter", "f", "filter", "Filter by status, kind, difficulty, year …"),
        command("clear-filter", "F", "clear_filter", "Clear the filter, or bring it back"),
        command("next", "full_stop", "next", "Go to what is up next, and say why", "next", "."),
        command("focus-list", "L", "focus_list", "Take up next from this list, or no longer"),
        command("find", "slash", "find", "Find works as you type", "find", "/"),
        command("found.up", "up", "found(-1)", "Go up in what was found"),
        command("found.down", "down", "found(1)", "Go down in what was found"),
        command("back", "escape", "back", "Leave the search, the page or the marks", "back"),
        command("show-progress", "p", "app.progress", "Week, streak, lists and log", "progress"),
        command(
            "show-keep-up",
            "e",
            "app.keep_up",
            "Keep up: new papers, sources, strategy, sharing",
            "keep up",
        ),
        command("recall", "R", "app.recall", "Recall what you read, until you know it", "recall"),
        command("show-group", "B", "group", "Show the board of the reading group"),
        command("waiting", "w", "waiting", "Go to the next note or session that waits"),
        command(
            "place", "apostrophe", "place", "Go to a remembered row, or remember this", shown_as="'"
        ),
        command("return", "backspace", "return", "Back to where a link was followed"),
        command("sync", "Z", "app.sync", "Sync with your other devices"),
        command("import", "I", "app.import_list", "Import a list: Markdown, BibTeX or CSV"),
        command("other-pane", "tab", "other_pane", "Go to the other pane"),
        command("pane-before", "shift+tab", "other_pane(-1)", "Go to the pane before"),
    ]

    recall_command = "recall"
    chips = getters.query_one(Chips)
    _shown_labels: Mapping[str, str] = MappingProxyType({})
    tree_view = getters.query_one("#outline", MarkedTree)

    def __init__(self, state: LibraryState) -> None:
        super().__init__()
        self._state = state
        self._panes = NodePanes(self, state, self._show_page)
        self._view = LibraryView(self, state, self.show_rows, self._show_detail)
        self._search = LibrarySearch(self, state, self.show_rows, self._panes.follow)
        self._places = LibraryPlaces(self, state, self.show_rows)

    def compose_body(self) -> ComposeResult:
        """Yield the tree and the detail pane."""
        with Horizontal(id="panes"):
            with Vertical(id="tree"):
                yield Chips()
                tree = MarkedTree(
                    self.papertui.glyphs,
                    self._moved,
                    self._toggle,
                    self.action_other_pane,
                    id="outline",
                )
                tree.counting = self._count_typed
                tree.no_row = lambda letters: self._places.refuse(f"No row {letters}")
                yield tree
            yield from self._panes.compose()

    def on_mount(self) -> None:
        """Start where the reader left."""
        self.tree_view.focus()
        self.refresh_from_store(self._begin)

    def _begin(self) -> None:
        self._state.recall()
        self.reload()
        for draft in self.waiting.drafts[:1]:
            if cursor := self._state.place_of(draft.work):
                self.show_rows(cursor)
            self._offer(draft)

    @property
    def node(self) -> Branch | Leaf | None:
        """The branch or item under the cursor."""
        return self.tree_view.row.node if self.tree_view.row else None

    @property
    def section(self) -> Branch | None:
        """The list or section under the cursor, or around the work; None in other groupings."""
        return self._state.section_of(self.node)

    def go_to_section(self, path: str) -> str:
        """Put the cursor on a list or section.

        Return words about the filter if it hid it and is cleared.
        """
        branches = self.papertui.store.tree.sections()
        branch = next((branch for branch in branches if branch.path == path), None)
        return self._places.go(lambda: branch and self._state.go_to_section(branch)) or ""

    @property
    def key_labels(self) -> Mapping[str, str]:
        """The keys that order the queue, where it is shown; without a work none that needs one."""
        node = self.node
        if isinstance(node, Leaf):
            state = self._state
            in_order = state.grouping is Grouping.QUEUE and state.order is Order.OWN
            is_movable = in_order and not (state.has_stayed or state.marked)
            return dict.fromkeys(("queue-down", "queue-up"), "move") if is_movable else {}
        idle = ON_A_WORK if self._state.marked else (*ON_A_WORK, *LOGGING)
        return dict.fromkeys(idle, "") | ({"tree.choose": "open/close"} if node else {"submit": ""})

    @property
    def _row_key(self) -> str | None:
        return self.tree_view.row.key if self.tree_view.row else None

    @property
    def why_no_work(self) -> str:
        """Why there is no item under the cursor: nothing is shown, or it is on a section."""
        key = self.papertui.key
        if self.node is None and (why := self._state.why_empty(key)):
            return why
        if self._is_reading:
            return f"Go to a work first: {key('back')} goes back to the tree."
        return super().why_no_work

    @property
    def unmarking(self) -> str:
        """What takes the marks off, which a page has no key for."""
        return "take the marks off in the tree" if self._is_reading else super().unmarking

    def leaves_within(self, branch: Branch) -> list[Leaf]:
        """Return the items of a branch and of all branches within it."""
        return self._state.leaves_within(branch)

    def save_state(self) -> None:
        """Remember the state, if that is possible: no work of the reader's depends on it."""
        with suppress(DatabaseError, NoMatches):
            self._state.save(self._row_key)

    # ── showing ─────────────────────────────────────────────────────────────

    def reload(self) -> None:
        """Bring header, tree and detail up to date with the store."""
        self.waiting.load()
        super().reload()
        self._state.load_branches()
        self._state.drop_lost_marks()
        self.tree_view.marked = self._state.marked
        self.tree_view.signs = self._state.signs(self.waiting.drafts, self.papertui.glyphs)
        merged = self._state.place_of_merged(self.node)
        self._state.stay(self.tree_view.row, self.tree_view.key_above)
        with nullcontext() if merged else self._view.same_page():
            self.show_rows(merged)
        self._show_detail(top=False)

    def show_header(self) -> None:
        """Show what waits or is up next, too; without keys where these would be typed."""
        app, is_typing = self.papertui, self._state.is_searching
        self.header.right = app.headlines("" if is_typing else self.recall_command)
        self.header.left, self.header.remarks = headline(app, self.waiting, named=not is_typing)
        self.chips.way_out = "" if is_typing else f"{app.key('clear-filter')} clears it"
        self._say_first_words()

    def show_rows(self, cursor: str | None = None) -> None:
        """Show the matches of a search, else the tree with the cursor on the row with a key."""
        self._search.stop_ranking()
        pane, title = self.query_one("#tree"), self._state.title
        # Setting a title repaints the whole pane, even if it is the same.
        if pane.border_title != title:
            pane.border_title = title
        self.chips.chips = self._state.chips
        if self._state.sought:
            self._search.show_found(thorough=False)
        else:
            shown = self._state.tree_rows(cursor, self._row_key)
            empty = self._state.why_empty(self.papertui.key)
            self.tree_view.show(shown.rows, shown.cursor, empty=empty)
        self._say_first_words()

    def _count_typed(self, digits: str) -> None:
        # A pass that the first digit logged stays in view.
        if self.offered:
            return
        times = int(digits or 0)
        says = f"{quantity(times, 'time')}, the next key that moves" if times else ""
        if digits in {"1", "2", "3"}:
            logs = self.papertui.key(LOGGING[int(digits) - 1])
            says += f"; a {PASSES[int(digits)]} is logged with {logs}"
        self.show_message(says)

    def _moved(self) -> None:
        self._view.forget_hidden()
        if self.waiting.has_left(self._row_key):
            self.show_message("")
        if self._state.leave(self._row_key):
            self.refresh_from_store(self.show_rows)
        self._panes.follow()

    def catch_up(self, key: str) -> None:
        """Show what was to follow later: matches in their order, the page under the cursor."""
        if key not in ("", "backspace"):
            self._search.rank()
        self._show_page()

    def _show_page(self) -> None:
        if self._panes.is_behind:
            self.refresh_from_store(self._show_detail)

    @property
    def is_behind(self) -> bool:
        """True while the page of another work than that under the cursor is shown."""
        return self._panes.is_behind

    def _show_detail(self, top: bool = True) -> None:
        if self.node is None:
            self.go_back()
        self._panes.show(self.node, top)
        # The footer says what can be done with a work, or with a section.
        before, self._shown_labels = self._shown_labels, self.key_labels
        if self._shown_labels != before:
            self.refresh_bindings()

    def _say_first_words(self) -> None:
        # What is read has the room.
        is_reading = self.has_class("-reading")
        words = () if is_reading else first_words(self.papertui)
        if self._state.is_searching:
            words = ()
        elif marked := self._state.marked:
            unseen = len(marked.keys() - self.tree_view.works_shown)
            words = (marks_text(self.papertui, len(marked), unseen, is_reading=is_reading),)
        self.query_one(MessageLine).say_when_idle(*words, more=f"{self.papertui.key('help')} more")

    def _offer(self, draft: Draft, more: str = "") -> None:
        """Say which draft waits and which key goes on with it, wherever the cursor is."""
        words = self.waiting.offer(draft, more)
        self.show_message(*words, holds=lambda: self.waiting.waits(draft))
        if not isinstance(self.node, Leaf) or self.node.work != draft.work:
            self.waiting.hold(draft, self._row_key)

    @background_action
    async def action_waiting(self) -> None:
        """Go to the draft after the one under the cursor, or to the first."""
        work = self.waiting.work or (self.node.work if isinstance(self.node, Leaf) else "")

        def go_to_next() -> tuple[Draft, str]:
            draft = self.waiting.after(work)
            return draft, self.go_to(draft.work)

        self._offer(*await self.papertui.retry_while_busy(go_to_next))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way back only if there is one; recall may be off."""
        if action == "back":
            state = self._state
            return state.is_searching or self._is_reading or bool(state.marked)
        if action == "card":
            return self.papertui.config.recall
        return action != "found" or self._state.is_searching

    def why_off(self, action: str) -> str:
        """Say how recall comes back."""
        return self.papertui.why_off("recall") if action == "card" else ""

    @property
    def _is_reading(self) -> bool:
        """True while a page has the keys."""
        # A dialog in front has the focus that the app knows.
        return isinstance(self.focused, PagePane)

    def action_other_pane(self, by: int = 1) -> None:
        """Go from the tree to the page of the work, to what is beside that, and back.

        From a search, first go to the match.
        """
        # The line of a search is in the pane of the tree, and hands its focus on when it goes.
        focused = self.tree_view if self._state.is_searching else self.focused
        if self._state.is_searching and not self._search.look_at_match():
            return
        panes: list[PaintedLines] = [self.tree_view, *self._panes.shown]
        at = next((number for number, pane in enumerate(panes) if pane is focused), 0)
        self._go_to_pane(panes[(at + by) % len(panes)])

    def _go_to_pane(self, pane: PaintedLines) -> None:
        self.set_class(pane is not self.tree_view, "-reading")
        self._say_first_words()
        pane.focus()

    async def on_resize(self) -> None:
        """Show a work in as many columns as there is room for; the keys stay with its page."""
        if await self._panes.fit(self.query_one("#panes")):
            self.refresh_from_store(lambda: self._show_detail(top=False))
            if self.has_class("-reading"):
                self._go_to_pane(self._panes.shown[0])

    def _toggle(self, branch: Branch) -> None:
        self._state.toggle(branch)
        self.refresh_from_store(self.show_rows)

    def go_back(self) -> bool:
        """Go back to the tree if the detail pane hides it."""
        hidden = self._is_reading and self.has_class("-narrow")
        if hidden:
            self._go_to_pane(self.tree_view)
        return hidden

    def forget_message(self) -> None:
        """Let the next key have its usual meaning again."""
        self.waiting.work = None

    def clear_message(self, by_move: bool = False) -> None:
        """Take the message away, unless it is about a search, or about what the next key does."""
        if not (self._state.is_searching or self.waiting.work):
            super().clear_message(by_move)

    async def action_back(self) -> None:
        """Leave the search, the marks, or the detail pane: for the search that led there."""
        if self._state.is_searching:
            self._search.close()
        elif self._is_reading:
            self._go_to_pane(self.tree_view)
            if sought := self._search.take_up():
                await self.action_find(sought)
                return
        else:
            self.unmark()
        self.show_message("")

    # ── marks ───────────────────────────────────────────────────────────────

    @property
    def marked(self) -> Mapping[str, str | None]:
        """The works that the reader marked, by citekey, each with the section where that was."""
        return self._state.marked

    def unmark(self) -> None:
        """Take all marks off."""
        self._state.unmark()
        self._show_marks()

    def action_mark(self) -> None:
        """Mark the work under the cursor, or all in its section, and go down."""
        if row := self.tree_view.row:
            self.refresh_from_store(lambda: self._mark(row))

    def _mark(self, row: Row) -> None:
        self._state.mark(row.node, row.key)
        self._show_marks()
        self.tree_view.action_move(1)

    def action_mark_to(self) -> None:
        """Mark all from the last mark to the cursor."""
        self._state.mark_all(self.tree_view.leaves_from(self._state.marked_at))
        self.refresh_from_store(self._state.drop_lost_marks)
        self._show_marks()
        if not self._state.marked:
            mark = self.papertui.key("tree.mark")
            says = f"Nothing was marked before: {mark} marks the work under the cursor"
            self.show_message(says if self.node else self.why_no_work)

    def _show_marks(self) -> None:
        self.tree_view.marked = self._state.marked
        self.tree_view.refresh()
        self._say_first_words()
        self._shown_labels = self.key_labels
        self.refresh_bindings()

    def action_jump(self) -> None:
        """Put letters on the rows in view, and go to the one whose letters are typed."""
        from papertui.tui.dialogs import Letters

        tree = self.tree_view
        tree.label_rows()
        self.papertui.push_screen(Letters("Jump: type the letters of a row", "", tree.jump))

    # ── search ──────────────────────────────────────────────────────────────

    async def action_find(self, text: str = "") -> None:
        """Open the line to search from, for a text at first."""
        if self._state.is_searching:
            return
        self.show_message("")
        self.set_class(False, "-reading")
        await self._search.open(text)

    def action_found(self, by: int) -> None:
        """Move over the matches while typing goes on."""
        if self._state.is_searching:
            self._search.move(by)

    def on_input_submitted(self) -> None:
        """Close the search and go to the match under the cursor; stay if there is none."""
        self._search.go_to_match()

    # ── what is shown ───────────────────────────────────────────────────────

    @background_action
    async def action_view(self) -> None:
        """Ask for the grouping and change to it."""
        await self._view.ask_grouping()

    @background_action
    async def action_sort(self) -> None:
        """Ask for the order of the works in each branch, for this grouping."""
        await self._view.ask_order()

    @background_action
    async def action_filter(self) -> None:
        """Show the values to filter by."""
        await self._view.ask_filter()

    def action_clear_filter(self) -> None:
        """Show everything again, or what was shown before that."""
        self._view.clear_filter()

    @property
    def count(self) -> int:
        """How often a key is to do what it does."""
        return self.tree_view.count or 1

    @property
    def shown_by_filter(self) -> Container[str] | None:
        """The works that a filter shows, None without one."""
        in_order = self._state.grouping in (Grouping.LISTS, Grouping.QUEUE)
        return self.tree_view.works_shown if self._state.filter and in_order else None

    @property
    def sorted_by(self) -> str:
        """The order of the works in words, "" for their own."""
        return "" if self._state.order is Order.OWN else str(self._state.order)

    # ── going to a work ─────────────────────────────────────────────────────

    def go_to(self, work: str, branch: int | None = None, of_list: str | None = None) -> str:
        """Put the cursor on a work, at best in a given branch or list; raise DatabaseError.

        Return words about the filter if it hid the work and is cleared.
        """
        return self._places.go(lambda: self._state.go_to(work, branch, of_list)) or ""

    @property
    def keys_shown(self) -> frozenset[str]:
        """The keys of the rows of the tree."""
        return self.tree_view.keys_shown

    def go_to_brought_back(self, act: Act, known_keys: frozenset[str]) -> bool:
        """Put the cursor on the row that an undone act brought back."""
        return self.tree_view.go_to_new_row(act.works, act.sections, known_keys)

    def go_to_list(self, key: str) -> None:
        """Open a list and put the cursor on it, whatever the grouping."""
        self.show_rows(self._state.go_to_list(key))

    @background_action
    async def jump(self, citekey: str, reopened_by: str = "") -> None:
        """Go to a work and remember the way back, by an action that opens the screen again."""
        if start := self._row_key:
            cleared = await self.papertui.retry_while_busy(lambda: self.go_to(citekey))
            self._places.leave_by_link(start, citekey, reopened_by)
            self.show_message(f"{spelt_keys(self.papertui.key('return'))} goes back{cleared}")

    @background_action
    async def action_return(self) -> None:
        """Go back to where a link was followed."""
        work = self.node.work if isinstance(self.node, Leaf) else ""
        if link := await self._places.go_back(work):
            self._show_page()
            self._panes.select(link)

    @background_action
    async def action_place(self) -> None:
        """Ask for a letter: go to the row that it stands for, or remember this row by it."""
        await self._places.ask(self._row_key)

    @background_action
    async def action_next(self) -> None:
        """Go to what is up next and show the reason."""
        await go_to_next(
            self.papertui, lambda following: self.go_to(following.work, of_list=following.list)
        )

    @background_action
    async def action_focus_list(self) -> None:
        """Take up next from the list under the cursor, or from the one before again."""
        if self.node is None:
            raise Refused(self.why_no_work)
        key = self._state.list_of(self.node)
        await take_from_list(self.papertui, self._state, key, self.reload)

    def undo_here(self) -> bool:
        """Take up next from the list before, if that is what was done last."""
        return back_to_list_before(self.papertui, self._state, self.reload)

    def redo_here(self) -> bool:
        """Take up next from the list that was taken back, if that was undone last."""
        return back_to_list_after(self.papertui, self._state, self.reload)

    def action_group(self) -> None:
        """Show the board of the reading group, with the list under the cursor."""
        from papertui.tui.screens.group import GroupScreen

        self.papertui.push_screen(GroupScreen(self._state.list_of(self.node)))
