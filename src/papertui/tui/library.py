"""The library: the section tree, the work under the cursor, and what is done to it."""

import json
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical

from papertui import adding, journal, outline, words
from papertui.database import DatabaseError
from papertui.drafts import Draft
from papertui.journal import Refused
from papertui.outline import Branch, Leaf
from papertui.pages.section import section_page
from papertui.pages.work import work_page
from papertui.text import count, words_in
from papertui.tui.bars import Header
from papertui.tui.commands import command
from papertui.tui.outline_view import OutlineView
from papertui.tui.page_view import PageView
from papertui.tui.screens import spoken
from papertui.tui.work import WorkScreen
from papertui.views import section_view, work_view

if TYPE_CHECKING:
    from papertui.tui.fields import Line

WIDE = 100


class LibraryScreen(WorkScreen):
    """Owns what is open, found and under the cursor; asks the store; shows rows and pages."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        command("back", "escape", "back", "Leave the search, or go back to the tree", "back"),
        command("find", "slash", "find", "Find works as you type", "find", "/"),
        command("show-progress", "p", "app.progress", "Week, streak, lists and log", "progress"),
        command(
            "show-keep-up", "e", "app.keep_up", "Keep up: sources, strategy, sharing", "keep up"
        ),
        command("return", "backspace", "return", "Back to where a link was followed"),
        command("add", "plus", "add", "Add a work: a title, arXiv id or address", shown_as="+"),
        command("other-pane", "tab,shift+tab", "other_pane", "Go to the other pane"),
        command("found.up", "up", "found(-1)", "Go up in what was found"),
        command("found.down", "down", "found(1)", "Go down in what was found"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._branches: list[Branch] = []
        self._opened: set[str] = set()
        self._trail: list[str] = []
        self._left_off: Draft | None = None
        self._pending = False
        self._place: str | None = None
        self._finder: Line | None = None
        self._place_before_finding: str | None = None

    def compose_body(self) -> ComposeResult:
        """Make tree and detail pane."""
        self.set_class(self.app.size.width < WIDE, "-narrow")
        with Horizontal(id="panes"):
            with Vertical(id="tree"):
                yield OutlineView(self.papertui.glyphs, id="outline")
            yield PageView(id="detail")

    def on_mount(self) -> None:
        """Start where the reader left."""
        self.tree_view.focus()
        self.paint(self._begin)

    def _begin(self) -> None:
        store = self.papertui.store
        self._branches = store.library.branches()
        if remembered := store.setting("tree"):
            state = json.loads(remembered)
            self._opened, self._place = set(state["opened"]), state["at"]
        else:
            self._opened = {branch.path for branch in self._branches if branch.parent is None}
        self.reload()
        self._offer_draft()

    @property
    def tree_view(self) -> OutlineView:
        """The tree."""
        return self.query_one("#outline", OutlineView)

    @property
    def detail(self) -> PageView:
        """The detail pane."""
        return self.query_one("#detail", PageView)

    @property
    def node(self) -> Branch | Leaf | None:
        """What the cursor is on."""
        return self.tree_view.row.node if self.tree_view.row else None

    def branches_within(self, branch: Branch) -> list[int]:
        """Return a branch and all branches within it."""
        inside = [branch.id]
        for other in self._branches:
            if other.parent in inside and other.id not in inside:
                inside.append(other.id)
        return inside

    def reload(self) -> None:
        """Bring tree and detail up to date with the store."""
        super().reload()
        self._branches = self.papertui.store.library.branches()
        drafts = self.papertui.store.drafts.left()
        self._left_off = drafts[0] if drafts else None
        more = f" (and {len(drafts) - 1} more)" if len(drafts) > 1 else ""
        waiting = "".join(self._waiting(drafts[0], more)) if drafts else ""
        self.query_one(Header).left = f"Waiting: {waiting}" if waiting else "papertui"
        self._show_rows()
        self._show_detail(top=False)

    def keep(self) -> None:
        """Remember what is open and where the cursor is."""
        row = self.tree_view.row
        at = self._place_before_finding if self._finder else row.key if row else None
        state = {"opened": sorted(self._opened), "at": at}
        # The view is remembered where that is possible; nothing of the reader's hangs on it.
        with suppress(DatabaseError):
            self.papertui.store.set_setting("tree", json.dumps(state))

    # ── the tree ────────────────────────────────────────────────────────────

    def _show_rows(self, cursor: str | None = None) -> None:
        cursor, self._place = cursor or self._place, None
        library = self.papertui.store.library
        query = self._finder.value.strip() if self._finder else ""
        if query:
            leaves = library.matches(query)
            branches = outline.within(self._branches, leaves)
            rows = outline.rows(branches, leaves, {branch.path for branch in branches})
            cursor = cursor or outline.best(rows, query)
            works = len({leaf.work for found in leaves.values() for leaf in found})
            self.say(
                f"{count(works, 'work')} found" if works else "Nothing found: escape goes back"
            )
        else:
            opened = [branch.id for branch in self._branches if branch.path in self._opened]
            rows = outline.rows(self._branches, library.leaves(opened), self._opened)
        self.tree_view.show(rows, cursor)

    @on(OutlineView.Moved)
    def _moved(self) -> None:
        self.before, self.draft_of = False, None
        if not self._pending:
            self._pending = True
            self.call_after_refresh(self.paint, self._show_detail)

    @on(OutlineView.Toggled)
    def _toggled(self, event: OutlineView.Toggled) -> None:
        if isinstance(event.row.node, Branch) and not self._finder:
            self._opened ^= {event.row.node.path}
            self.paint(self._show_rows)

    @on(OutlineView.Chosen)
    def _chosen(self) -> None:
        self.action_other_pane()

    def _show_detail(self, top: bool = True) -> None:
        self._pending = False
        row, glyphs = self.tree_view.row, self.papertui.glyphs
        if row is None:
            self.detail.show(lambda width: [])
            return
        node = row.node
        if isinstance(node, Branch):
            section = section_view(self.papertui.store, node)
            self.detail.show(lambda width: section_page(section, width, glyphs), top)
        else:
            view = work_view(self.papertui.store, node.work, self.papertui.today())
            self.detail.show(lambda width: work_page(view, width, glyphs), top)

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
            return bool(self._finder or self.before or self.detail.has_focus)
        if action == "found":
            return self._finder is not None
        return True

    def action_back(self) -> None:
        """Leave the search, or the detail pane, or take back the key b."""
        if self._finder:
            self._close_finder(self._place_before_finding)
        elif self.detail.has_focus:
            self.action_other_pane()
        self.before = False
        self.say("")

    # ── finding ─────────────────────────────────────────────────────────────

    async def action_find(self) -> None:
        """Open the line to search from."""
        if not self._finder:
            row = self.tree_view.row
            self._place_before_finding = row.key if row else None
            self.set_class(False, "-reading")
            from papertui.tui.fields import Line

            self._finder = Line(placeholder="title, author, arXiv id, note …", id="find")
            await self.query_one("#tree").mount(self._finder, before=0)
            self._finder.focus()

    def action_found(self, by: int) -> None:
        """Move over what was found while typing goes on."""
        if self._finder:
            self.tree_view.action_move(by)

    def on_input_changed(self) -> None:
        """Show what is found."""
        self.paint(self._show_rows)

    def on_input_submitted(self) -> None:
        """Go to what is found."""
        if row := self.tree_view.row:
            node = row.node
            self._open_around(node.parent if isinstance(node, Branch) else node.branch)
            self._close_finder(row.key)
            self.say("")

    def _close_finder(self, cursor: str | None) -> None:
        if self._finder:
            self._finder.remove()
            self._finder = None
        self.tree_view.focus()
        self.paint(lambda: self._show_rows(cursor))

    def _open_around(self, branch: int | None) -> None:
        while branch is not None:
            found = self._branch(branch)
            self._opened.add(found.path)
            branch = found.parent

    def _branch(self, id_: int) -> Branch:
        return next(branch for branch in self._branches if branch.id == id_)

    # ── going to a work ─────────────────────────────────────────────────────

    def _offer_draft(self) -> None:
        if self._left_off:
            self._go_to(self._left_off.work)
            self.draft_of = self._left_off.work
            key = "s" if self._left_off.session else "n"
            self.say(*self._waiting(self._left_off, f" · {key} goes on with it"))

    def _waiting(self, draft: Draft, after: str) -> tuple[str, str, str]:
        """Say which note or session waits, how long it is and how old."""
        session = draft.session
        what = f"{words.PASSES[session.depth].capitalize()} of " if session else "Unsaved note on "
        read = f"{words.span(session.minutes)}, " if session and session.minutes else ""
        length = count(words_in(draft.body), "word")
        kept = datetime.fromisoformat(draft.saved).astimezone()
        when = words.day_name(self.papertui.config.today(kept), self.papertui.today())
        title = self.papertui.store.library.title(draft.work)
        return what, title, f": {read}{length}, {when}{after}"

    @on(PageView.Followed)
    def _followed(self, event: PageView.Followed) -> None:
        self.papertui.follow(event.target)

    @spoken
    async def jump(self, citekey: str) -> None:
        """Go to a work and remember the way back."""
        if row := self.tree_view.row:
            await self.papertui.patiently(lambda: self._go_to(citekey))
            self._trail.append(row.key)
            self.say("backspace goes back")

    def action_return(self) -> None:
        """Go back to where a link was followed."""
        if self._trail:
            place = self._trail.pop()
            self.paint(lambda: self._show_rows(place))

    @spoken
    async def action_add(self) -> None:
        """Add a work of the reader's own, or go to it where it is known."""
        new = await self._ask_for_work()
        if new is None:
            return
        app = self.papertui
        library = app.store.library
        if known := await app.patiently(lambda: library.same_as(new.fields, new.titled)):
            self._go_to(known)
            self.say("Known already: ", library.title(known))
            return
        rival = library.conflict(new.fields)
        await app.record(journal.add_work(new.citekey, new.fields))
        self._go_to(new.citekey)
        if rival:
            self.say("Added apart: its arXiv id is that of ", library.title(rival))
        else:
            self.say("Added: ", new.fields["title"], " · u takes it back")

    async def _ask_for_work(self) -> adding.NewWork | None:
        from papertui.tui.fields import Prompt

        label, typed = "Add a work", ""
        hint = "a title, an arXiv id, a DOI, an address; or a title with one of these"
        while True:
            typed = await self.papertui.push_screen_wait(Prompt(label, hint, typed))
            if not typed.strip():
                return None
            try:
                return adding.described(typed)
            except Refused as refused:
                label = str(refused)

    def _go_to(self, citekey: str) -> None:
        self._branches = self.papertui.store.library.branches()
        places = self.papertui.store.library.places(citekey)
        if not places:
            return
        self._open_around(places[0].branch)
        self._show_rows(f"{places[0].branch}:{places[0].position}")
