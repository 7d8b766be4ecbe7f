"""The library: the section tree, the work under the cursor, and what is done to it."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from papertui.core import journal, labels, library_tree
from papertui.core.library_tree import Branch, Grouping, Leaf
from papertui.core.text import count_words, quantity
from papertui.errors import Refused
from papertui.pages.branch import group_details, group_page, section_details, section_page
from papertui.pages.work import work_details, work_page
from papertui.storage.drafts import Draft
from papertui.storage.search import MAX_RESULTS, query_words
from papertui.storage.store import work_merge
from papertui.tui.base import background_action
from papertui.tui.command import command
from papertui.tui.screens.library_state import TreeScreen
from papertui.tui.widgets.bars import Chips, Header
from papertui.tui.widgets.page import PagePane
from papertui.tui.widgets.tree import LibraryTree

if TYPE_CHECKING:
    from papertui.core.identity import NewWork
    from papertui.tui.widgets.inputs import SearchLine


TYPING_PAUSE = 0.15


class SearchScreen(TreeScreen):
    """A screen whose tree can be searched."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("find", "slash", "find", "Find works as you type", "find", "/"),
        command("found.up", "up", "found(-1)", "Go up in what was found"),
        command("found.down", "down", "found(1)", "Go down in what was found"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._finder: SearchLine | None = None
        self._before_finding: str | None = None
        self._picked: str | None = None
        self._ranking: Timer | None = None

    @property
    def searching(self) -> bool:
        """Whether the search is open."""
        return self._finder is not None

    @property
    def searched_words(self) -> list[str]:
        """The words that are searched for."""
        return query_words(self._finder.value) if self._finder else []

    def place(self) -> str | None:
        """Return the key of the row to come back to: while searching, the one before."""
        return self._before_finding if self._finder else super().place()

    async def action_find(self) -> None:
        """Open the line to search from."""
        if self._finder:
            return
        from papertui.tui.widgets.inputs import SearchLine

        self._before_finding = self.place()
        self.set_class(False, "-reading")
        hint = "title, author, arXiv id, note …"
        self._finder = SearchLine(lambda: self.refresh_from_store(self.show_rows), hint, id="find")
        await self.query_one("#tree").mount(self._finder, before=0)
        self._finder.focus()

    def action_found(self, by: int) -> None:
        """Move over what was found while typing goes on."""
        if self._finder:
            self.tree_view.action_move(by)
            self._picked = super().place()

    def on_input_submitted(self) -> None:
        """Go to what is found."""
        if self._ranking:
            self.refresh_from_store(self._show_found)
        row = self.tree_view.row
        self.close_search(found=row is not None)
        if row and isinstance(row.node, Leaf):
            leaf = row.node
            self.refresh_from_store(lambda: self.go_to(leaf.work, leaf.branch))
        elif row and isinstance(branch := row.node, Branch):
            self.refresh_from_store(lambda: self._go_to_section(branch))

    def close_search(self, found: bool = False) -> None:
        """Close the search and go back to where it began, unless something was found."""
        if self._finder:
            self._finder.remove()
            self._finder = self._picked = None
            self._stop_ranking()
        self.tree_view.focus()
        if not found:
            self.refresh_from_store(lambda: self.show_rows(self._before_finding))
        self.show_message("")

    def show_rows(self, cursor: str | None = None) -> None:
        """Show what is found while something is searched, else the tree."""
        self._stop_ranking()
        if self._finder and self._finder.value.strip():
            self._show_found(thorough=False)
        else:
            super().show_rows(cursor)

    def _show_found(self, thorough: bool = True) -> None:
        assert self._finder
        self._stop_ranking()
        store = self.papertui.store
        found = store.search.find(self._finder.value, self.seen, thorough)
        rows = library_tree.search_rows(store.tree.sections(), found.leaves)
        picked = self._picked if any(row.key == self._picked for row in rows) else None
        self.tree_view.show(rows, picked or library_tree.first_leaf(rows), self.searched_words)
        works = quantity(len(found.leaves), "work")
        if not found.leaves:
            self.show_message("Nothing found: escape goes back")
        elif len(found.leaves) < MAX_RESULTS and found.ranked:
            self.show_message(f"{works} found")
        else:
            self.show_message(f"The first {works} of many: one more word narrows it")
        if not found.ranked:
            self._ranking = self.set_timer(
                TYPING_PAUSE, lambda: self.refresh_from_store(self._show_found)
            )

    def _stop_ranking(self) -> None:
        if self._ranking:
            self._ranking.stop()
            self._ranking = None

    def _go_to_section(self, branch: Branch) -> None:
        self.look_at(Grouping.LISTS)
        self.open_around(branch.id)
        self.show_rows(branch.path)


WIDE = 100


class LibraryScreen(SearchScreen):
    """The tree with the search above it and the detail pane beside it."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        command("back", "escape", "back", "Leave the search, or go back to the tree", "back"),
        command("show-progress", "p", "app.progress", "Week, streak, lists and log", "progress"),
        command(
            "show-keep-up", "e", "app.keep_up", "Keep up: sources, strategy, sharing", "keep up"
        ),
        command("return", "backspace", "return", "Back to where a link was followed"),
        command("add", "plus", "add", "Add a work: a title, arXiv id or address", shown_as="+"),
        command("import", "I", "app.import_list", "Import a list: Markdown or BibTeX"),
        command("merge", "M", "merge", "Merge this work into the one that it really is"),
        command("other-pane", "tab,shift+tab", "other_pane", "Go to the other pane"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._trail: list[str] = []
        self._left_off: Draft | None = None
        self._pending = False

    def compose_body(self) -> ComposeResult:
        """Make tree and detail pane."""
        self.set_class(self.app.size.width < WIDE, "-narrow")
        with Horizontal(id="panes"):
            with Vertical(id="tree"):
                yield Chips()
                yield LibraryTree(self.papertui.glyphs, id="outline")
            yield PagePane(id="detail")

    def on_mount(self) -> None:
        """Start where the reader left."""
        self.tree_view.focus()
        self.refresh_from_store(self._begin)

    def _begin(self) -> None:
        self.recall()
        self.reload()
        self._offer_draft()

    @property
    def detail(self) -> PagePane:
        """The detail pane."""
        return self.query_one("#detail", PagePane)

    def reload(self) -> None:
        """Bring tree and detail up to date with the store."""
        super().reload()
        self.load_branches()
        self.query_one(Header).left = self._what_waits()
        self.show_rows()
        self._show_detail(top=False)

    def _what_waits(self) -> tuple[str, str, str]:
        """Say what was left unfinished or else what is up next."""
        store = self.papertui.store
        drafts = store.drafts.left()
        self._left_off = drafts[0] if drafts else None
        if drafts:
            more = f" (and {len(drafts) - 1} more)" if len(drafts) > 1 else ""
            what, title, after = self._waiting(drafts[0], more)
            return f"Waiting: {what}", title, after
        if found := store.up_next.next(self.papertui.today()):
            return "Up next: ", f"{found.title} · {found.reason}", ""
        return "papertui", "", ""

    @on(LibraryTree.Moved)
    def _moved(self) -> None:
        self.before, self.draft_of = False, None
        if not self._pending:
            self._pending = True
            self.call_after_refresh(self.refresh_from_store, self._show_detail)

    def close_search(self, found: bool = False) -> None:
        """Close the search; its words are marked no more."""
        super().close_search(found)
        self.call_after_refresh(self.refresh_from_store, self._show_detail)

    @on(LibraryTree.Chosen)
    def _to_detail(self) -> None:
        self.action_other_pane()

    def _show_detail(self, top: bool = True) -> None:
        self._pending = False
        row, glyphs = self.tree_view.row, self.papertui.glyphs
        if row is None:
            self.detail.show(lambda width: [])
            return
        node = row.node
        store = self.papertui.store
        if isinstance(node, Leaf):
            view = work_details(store, node.work, self.papertui.today())
            searched = self.searched_words
            self.detail.show(lambda width: work_page(view, width, glyphs), top, words=searched)
        elif node.list:
            section = section_details(store, node)
            self.detail.show(lambda width: section_page(section, width, glyphs), top)
        else:
            group = group_details(store, node, self.seen)
            self.detail.show(lambda width: group_page(group, width), top)

    def action_other_pane(self) -> None:
        """Go from the tree to the detail pane, or back."""
        reading = not self.detail.has_focus
        self.set_class(reading, "-reading")
        (self.detail if reading else self.tree_view).focus()

    def go_back(self) -> bool:
        """Go back to the tree where the detail pane hides it."""
        hidden = self.detail.has_focus and self.has_class("-narrow")
        if hidden:
            self.action_other_pane()
        return hidden

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way back only where there is one."""
        if action == "back":
            return self.searching or self.before or self.detail.has_focus
        if action == "found":
            return self.searching
        return True

    def action_back(self) -> None:
        """Leave the search, or the detail pane, or take back the key b."""
        if self.searching:
            self.close_search()
        elif self.detail.has_focus:
            self.action_other_pane()
        self.before = False
        self.show_message("")

    # ── going to a work ─────────────────────────────────────────────────────

    def _offer_draft(self) -> None:
        if self._left_off:
            self.go_to(self._left_off.work)
            self.draft_of = self._left_off.work
            key = "s" if self._left_off.session else "n"
            self.show_message(*self._waiting(self._left_off, f" · {key} goes on with it"))

    def _waiting(self, draft: Draft, after: str) -> tuple[str, str, str]:
        """Say which note or session waits, how long it is and how old."""
        session = draft.session
        what = f"{labels.PASSES[session.depth].capitalize()} of " if session else "Unsaved note on "
        read = f"{labels.span(session.minutes)}, " if session and session.minutes else ""
        length = quantity(count_words(draft.body), "word")
        kept = datetime.fromisoformat(draft.saved).astimezone()
        when = labels.day_name(self.papertui.config.today(kept), self.papertui.today())
        title = self.papertui.store.works.title(draft.work)
        return what, title, f": {read}{length}, {when}{after}"

    @on(PagePane.Followed)
    def _followed(self, event: PagePane.Followed) -> None:
        self.papertui.follow(event.target)

    @background_action
    async def jump(self, citekey: str) -> None:
        """Go to a work and remember the way back."""
        if row := self.tree_view.row:
            await self.papertui.retry_while_busy(lambda: self.go_to(citekey))
            self._trail.append(row.key)
            self.show_message("backspace goes back")

    def action_return(self) -> None:
        """Go back to where a link was followed."""
        if self._trail:
            place = self._trail.pop()
            self.refresh_from_store(lambda: self.show_rows(place))

    @background_action
    async def action_add(self) -> None:
        """Add a work of the reader's own, or go to it where it is known."""
        new = await self._ask_for_work()
        if new is None:
            return
        app = self.papertui
        library = app.store.works
        if known := await app.retry_while_busy(lambda: library.same_as(new.fields)):
            self.go_to(known)
            self.show_message("Known already: ", library.title(known))
            return
        rival = library.conflict(new.fields)
        await app.record(journal.add_work(new.citekey, new.fields))
        self.go_to(new.citekey)
        if rival:
            self.show_message("Added apart: its arXiv id is that of ", library.title(rival))
        else:
            self.show_message("Added: ", new.fields["title"], " · u takes it back")

    async def _ask_for_work(self) -> "NewWork | None":
        from papertui.core.identity import parse_new_work

        label, typed = "Add a work", ""
        hint = "a title, an arXiv id, a DOI, an address; or a title with one of these"
        while True:
            typed = await self.typed(label, hint, typed)
            if not typed:
                return None
            try:
                return parse_new_work(typed)
            except Refused as refused:
                label = str(refused)

    @background_action
    async def action_merge(self) -> None:
        """Ask which work this one really is, and make the two one."""
        node, app = self.node, self.papertui
        if not isinstance(node, Leaf):
            raise Refused("Go to a work first.")
        into = await self._ask_for_known("Merge into")
        if into is None:
            return
        change = work_merge(app.store, node.work, into)
        await app.in_thread(lambda store: store.record(change, now=app.clock()))
        app.changed()
        self.go_to(into)
        self.show_message("Merged into: ", app.store.works.title(into), " · u takes it back")

    async def _ask_for_known(self, label: str) -> str | None:
        typed = ""
        while typed := await self.typed(label, "citekey, arXiv id or title", typed):
            found = self.papertui.store.works.named(typed)
            if len(found) == 1:
                return found[0]
            label = f"{quantity(len(found), 'work')} fit" if found else "No work fits"
        return None
