"""How the reader looks at the library: grouping, filter, open branches and search, as rows."""

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from papertui.core import library_tree
from papertui.core.labels import Glyphs
from papertui.core.library_tree import (
    Branch,
    Facet,
    Filter,
    Grouping,
    Leaf,
    Order,
    Row,
    TreeQuery,
)
from papertui.core.search_words import asks_for_any_tag, marked_beginnings
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from papertui.storage.up_next import FOCUS


class TreeRows(NamedTuple):
    """Rows of the tree and the key of the row that the cursor goes to, None if it stays.

    A search also has the number of works, and whether the best come first.
    """

    rows: Sequence[Row]
    cursor: str | None
    works: int = 0
    ranked: bool = True


class Stay(NamedTuple):
    """The row under the cursor, and the key of that above it.

    It `is_extra` once its work has left its branch or the filter.
    """

    row: Row
    above: str | None
    is_extra: bool = False


class LibraryState:
    """Asks the store for the rows to show; grouping, filter and open branches are remembered.

    The cursor is the tree's: its row is passed in where it matters. All methods
    that ask the store may raise DatabaseError, and can then be called again.
    """

    def __init__(self, store: Store, today: Callable[[], date]) -> None:
        self._store = store
        self._today = today
        self._opened: set[str] = set()
        self._place: str | None = None
        self.search_began_at: str | None = None
        self.grouping = Grouping.LISTS
        self._filter: Filter = library_tree.EVERYTHING
        # The filter that was cleared, and the list that up next came from before.
        self._filter_before: Filter = library_tree.EVERYTHING
        self.focus_before: str | None = None
        # The lists that it came from in turn, each with the latest act when another was chosen.
        self._focused: list[tuple[str | None, str]] = []
        # The lists that were taken back, with the acts to undo and to redo at that time.
        self._unfocused: list[tuple[str | None, str | None, str | None]] = []
        # The orders that the reader chose, by grouping.
        self._orders: dict[str, Order] = {}
        self.chips: tuple[str, ...] = ()
        self.branches: list[Branch] = []
        self._stay: Stay | None = None
        self.searched: str | None = None
        self.picked: str | None = None
        # The rows that letters stand for, by their keys.
        self._places: dict[str, str] = {}
        # The marked works, by citekey, each with the section in which it was marked, None in a
        # group; those of before, and the row that was marked last.
        self.marked: dict[str, str | None] = {}
        self._marked_before: dict[str, str | None] = {}
        self.marked_at: str | None = None

    @property
    def filter(self) -> Filter:
        """What is shown of the library."""
        return self._filter

    @filter.setter
    def filter(self, chosen: Filter) -> None:
        if self._filter and not chosen:
            self._filter_before = self._filter
        self._filter = chosen

    def toggled_filter(self) -> Filter:
        """Return what clears the filter or, without one, the filter that was cleared."""
        return library_tree.EVERYTHING if self._filter else self._filter_before

    def focus_on(self, key: str) -> str:
        """Take up next from a list, or from the one before if it is that list; return its key."""
        focus = self._store.up_next.focus()
        # After an undo that may be the list itself.
        before = self.focus_before if self.focus_before != key else None
        self._store.set_setting(FOCUS, before if key == focus else key)
        self.focus_before = focus
        now = self._store.up_next.focus()
        if now != focus:
            self._focused.append((focus, self._latest_act()))
        self._unfocused.clear()
        return now or key

    def unfocus(self) -> str | None:
        """Take up next from the list before again, if nothing was done since it is from another.

        Return the key of that list, None for neither.
        """
        if not self._focused or self._focused[-1][1] != self._latest_act():
            return None
        before, _ = self._focused.pop()
        self._unfocused.append((self._store.setting(FOCUS), *self._acts()))
        self._store.set_setting(FOCUS, before)
        return self._store.up_next.focus()

    def refocus(self) -> str | None:
        """Take up next from the list that `unfocus` took back, if that was undone last.

        Return the key of that list, None for neither.
        """
        if not self._unfocused or self._unfocused[-1][1:] != self._acts():
            return None
        chosen, *_ = self._unfocused.pop()
        self.focus_before = self._store.up_next.focus()
        self._focused.append((self.focus_before, self._latest_act()))
        self._store.set_setting(FOCUS, chosen)
        return self._store.up_next.focus()

    def _latest_act(self) -> str:
        return self._store.latest_act_id() or ""

    def _acts(self) -> tuple[str | None, str | None]:
        return self._store.latest_act_id(), self._store.redoable_act_id()

    @property
    def query(self) -> TreeQuery:
        """How the library is looked at, for the store."""
        return TreeQuery(self._today(), self.grouping, self.filter, self.order)

    @property
    def order(self) -> Order:
        """The order of works in each branch of this grouping."""
        return self._orders.get(self.grouping, Order.OWN)

    def sort(self, order: Order) -> None:
        """Choose the order of works in each branch of this grouping."""
        self._orders[self.grouping] = order

    def recall(self) -> None:
        """Take up grouping, filter, open branches and place where the reader left them."""
        try:
            state = json.loads(self._store.setting("tree") or "{}")
            self._opened, self._place = set(state["opened"]), state["at"]
            self.grouping = Grouping(state.get("view", Grouping.LISTS))
            self._places = {str(a): str(key) for a, key in state.get("places", {}).items()}
            orders = state.get("orders", {})
            self._orders = {Grouping(name): Order(order) for name, order in orders.items()}
        except (AttributeError, KeyError, TypeError, ValueError):
            self._opened = {key for key, _ in self._store.tree.lists()}
        self.filter = library_tree.load_filter(self._store.setting("filter"))

    def save(self, cursor: str | None) -> None:
        """Remember the state and the row under the cursor, or the one before a search."""
        place = self.search_began_at if self.is_searching else cursor or self._place
        state: dict[str, object] = {
            "opened": sorted(self._opened),
            "at": place,
            "view": self.grouping,
        }
        if self._orders:
            state["orders"] = self._orders
        if self._places:
            state["places"] = self._places
        self._store.set_setting("tree", json.dumps(state))
        self._store.set_setting("filter", library_tree.dump_filter(self.filter))

    def load_branches(self) -> None:
        """Ask the store for the branches; values that no work has any more leave the filter."""
        offered = self.facets() if self.filter else []
        self.filter = library_tree.known_filter(self.filter, offered)
        self.chips = tuple(library_tree.chips(self.filter, offered))
        self.branches = self._store.tree.branches(self.query)

    def tree_rows(self, cursor: str | None = None, present: str | None = None) -> TreeRows:
        """Return the rows of the tree, the cursor at a key; at first where the reader left.

        If there are none, the place of the cursor, or its `present` one, is kept for later.
        """
        cursor, self._place = cursor or self._place, None
        open_ids = [branch.id for branch in self.branches if branch.path in self._opened]
        leaves = self._store.tree.leaves(self.query, open_ids)
        rows = library_tree.visible_rows(self.branches, leaves, self._opened)
        if not rows:
            self._place = cursor or present
        return TreeRows(self._with_stay(rows), cursor)

    def stay(self, row: Row | None, above: str | None) -> None:
        """Let the row under the cursor stay until that leaves it, whatever becomes of its work.

        The next key would act on another work otherwise. `above` is the key of the row above.
        """
        is_known = self._stay and self._stay.is_extra and row and self._stay.row.key == row.key
        if not is_known:
            self._stay = Stay(row, above) if row and isinstance(row.node, Leaf) else None

    @property
    def has_stayed(self) -> bool:
        """True while the work under the cursor has left its branch or the filter."""
        return bool(self._stay and self._stay.is_extra)

    def leave(self, key: str | None) -> bool:
        """Note which row the cursor is on, by its key; return True if one has to go for that."""
        stay = self._stay
        if stay and stay.row.key != key:
            self._stay = None
            return stay.is_extra
        return False

    def _with_stay(self, rows: list[Row]) -> list[Row]:
        """Return rows with the one that stays, unless its work or branch has left the list."""
        stay, self._stay = self._stay, None
        if not stay or not isinstance(leaf := stay.row.node, Leaf):
            return rows
        if any(row.key == stay.row.key for row in rows):
            return rows
        now = next(iter(self._store.tree.of_works([leaf.work], self._today())), None)
        # Where nothing else is left, it is said that the queue is empty.
        is_unqueued = self.grouping is Grouping.QUEUE and bool(rows)
        if not now or not (stay.is_extra or is_unqueued or self._has_left(leaf, now)):
            return rows
        ends = {row.key: end for end, row in enumerate(rows, 1)}
        branches = {row.node.id: row.key for row in rows if isinstance(row.node, Branch)}
        if leaf.branch not in branches:
            return rows
        leaf = leaf._replace(title=now.title, depth=now.depth, aside=now.aside)
        self._stay = stay._replace(row=stay.row._replace(node=leaf), is_extra=True)
        at = ends.get(stay.above or "", ends[branches[leaf.branch]])
        return [*rows[:at], self._stay.row, *rows[at:]]

    def _has_left(self, leaf: Leaf, now: Leaf) -> bool:
        """Return True if the status of a work took it out of a branch, or the filter hides it."""
        everything = TreeQuery(self._today(), self.grouping)
        is_otherwise = (now.depth, now.aside) != (leaf.depth, leaf.aside)
        return is_otherwise or leaf.branch in self._store.tree.holding(everything, leaf.work)

    def signs(self, drafts: Iterable[Draft], glyphs: Glyphs) -> dict[str, str]:
        """Return what stands behind the titles of works: starred, noted, in the queue, waiting."""
        tree = self._store.tree
        signed = (
            (glyphs.starred, tree.starred()),
            (glyphs.noted, tree.noted()),
            (glyphs.queued, tree.queued()),
            (glyphs.waiting, {draft.work for draft in drafts}),
        )
        signs: dict[str, str] = {}
        for sign, works in signed:
            for work in works:
                signs[work] = signs.get(work, "") + sign
        return {work: glyphs.behind_title(of_work) for work, of_work in signs.items()}

    @property
    def title(self) -> str:
        """The title of the tree: how it is grouped, or that it shows what was found."""
        if self.sought:
            return "Found"
        by = f" by {self.order}" if self.order is not Order.OWN else ""
        return f"{self.grouping.capitalize()}{by}"

    def why_empty(self, key: Callable[[str], str]) -> str:
        """Return the words in the place of a tree without rows; `key` returns that of a command."""
        if self.sought:
            return f"Nothing found: {key('back')} goes back."
        if self.filter:
            return "Nothing fits the filter."
        if self.grouping is Grouping.QUEUE:
            lists, queues = key("view"), key("queue")
            return f"The queue is empty: {lists} leads to the lists, {queues} queues a work there."
        return ""

    def leaves_within(self, branch: Branch) -> list[Leaf]:
        """Return the items of a branch and of all branches within it."""
        inside = [branch.id]
        for other in self.branches:
            if other.parent in inside and other.id not in inside:
                inside.append(other.id)
        leaves_by_branch = self._store.tree.leaves(self.query, inside)
        return [leaf for leaves in leaves_by_branch.values() for leaf in leaves]

    def set_place(self, letter: str, key: str) -> None:
        """Remember a row by a letter."""
        self._places[letter] = key

    def place_at(self, letter: str) -> str:
        """Return the key of the row that a letter stands for, "" for none."""
        return self._places.get(letter, "")

    def go_to_row(self, key: str) -> str | None:
        """Open what is around a row, in another view if need be; return its key, None for none."""
        if work := self._work_at(key):
            return self.go_to(work, int(key.partition(":")[0]))
        if found := self._branch_at(key):
            self.grouping, self.filter, branch = found
            self.load_branches()
            self._open_around(branch.parent)
            return key
        return None

    def _branch_at(self, key: str) -> tuple[Grouping, Filter, Branch] | None:
        """Return a branch by its path, and how the library shows it: at best as it does now."""
        everything = ((grouping, library_tree.EVERYTHING) for grouping in Grouping)
        for grouping, chosen in ((self.grouping, self.filter), *everything):
            branches = self._store.tree.branches(TreeQuery(self._today(), grouping, chosen))
            if branch := next((each for each in branches if each.path == key), None):
                return grouping, chosen, branch
        return None

    def place_titles(self) -> dict[str, str]:
        """Return the titles of the rows that letters stand for, but for those that are gone."""
        titles = {}
        for key in self._places.values():
            if work := self._work_at(key):
                titles[key] = self._store.works.title(work)
            elif found := self._branch_at(key):
                titles[key] = found[-1].title
        return {
            letter: titles[key] for letter, key in sorted(self._places.items()) if key in titles
        }

    def _work_at(self, key: str) -> str | None:
        """Return the work of a row, or the one it was merged into; None for a section's row."""
        branch_id, _, work = key.partition(":")
        return self._store.works.current(work) if branch_id.isdecimal() else None

    def mark(self, node: Branch | Leaf, key: str) -> None:
        """Mark a work, or all in a branch; take the marks off if they are there."""
        leaves = [node] if isinstance(node, Leaf) else self.leaves_within(node)
        works = [leaf.work for leaf in leaves]
        if all(work in self.marked for work in works):
            self.marked = {work: at for work, at in self.marked.items() if work not in works}
        else:
            self.marked |= self._marks(leaves)
        self.marked_at = key

    def mark_all(self, leaves: Iterable[Leaf]) -> None:
        """Mark works; without a mark so far, those that were marked before."""
        self.marked = self.marked | self._marks(leaves) if self.marked else self._marked_before

    def _marks(self, leaves: Iterable[Leaf]) -> dict[str, str | None]:
        sections = ((leaf.work, self.section_of(leaf)) for leaf in leaves)
        return {work: section and section.path for work, section in sections}

    def drop_lost_marks(self) -> None:
        """Take the marks off works that have left the library; they follow merges."""
        if self.marked:
            current = self._store.works.current
            marked = {current(work) or work: at for work, at in self.marked.items()}
            left = self._store.tree.of_works([*marked], self._today())
            self.marked = {leaf.work: marked[leaf.work] for leaf in left}

    def unmark(self) -> None:
        """Take all marks off, and remember them."""
        if self.marked:
            self.marked, self._marked_before, self.marked_at = {}, self.marked, None

    def section_of(self, node: Branch | Leaf | None) -> Branch | None:
        """Return the list or section that a node is or is in, None if it is in a group."""
        if isinstance(node, Leaf):
            node = next((branch for branch in self.branches if branch.id == node.branch), None)
        return node if node and node.list else None

    def list_of(self, node: Branch | Leaf | None) -> str:
        """Return the key of the list that a node is in, empty if there is none."""
        section = self.section_of(node)
        return section.list if section else ""

    def toggle(self, branch: Branch) -> None:
        """Open a branch, or close it."""
        self._opened ^= {branch.path}

    def _open_around(self, branch_id: int | None) -> None:
        by_id: dict[int | None, Branch] = {branch.id: branch for branch in self.branches}
        while branch_id in by_id:
            self._opened.add(by_id[branch_id].path)
            branch_id = by_id[branch_id].parent

    def go_to(
        self, work: str, branch_id: int | None = None, of_list: str | None = None
    ) -> str | None:
        """Open the branches around a work, at best around `branch_id` or one of a list.

        If grouping and filter hide the work, the filter is cleared, then the
        lists are shown; None if the work is in no list either.
        """
        for grouping, chosen in (
            (self.grouping, self.filter),
            (self.grouping, library_tree.EVERYTHING),
            (Grouping.LISTS, library_tree.EVERYTHING),
        ):
            query = TreeQuery(self._today(), grouping, chosen)
            if self._store.tree.holding(query, work):
                self.grouping, self.filter = grouping, chosen
                self.load_branches()
                return self.place_of(work, branch_id, of_list)
        return None

    def place_of(
        self, work: str, branch_id: int | None = None, of_list: str | None = None
    ) -> str | None:
        """Open the branches around a work and return the key of its row.

        None if grouping and filter hide the work.
        """
        if not (branch_ids := self._store.tree.holding(self.query, work)):
            return None
        if branch_id not in branch_ids:
            listed = (b.id for b in self.branches if b.id in branch_ids and b.list == of_list)
            branch_id = next(listed, branch_ids[0])
        self._open_around(branch_id)
        return f"{branch_id}:{work}"

    def key_of(self, node: Branch | Leaf) -> str | None:
        """Return the key of the row of a branch or a work, as `place_of` does for a work.

        Of a branch that is not here, it is that of one with its title.
        """
        if isinstance(node, Leaf):
            return self.place_of(node.work, node.branch)
        like_it = [each for each in self.branches if each.title == node.title]
        here = next((each for each in like_it if each.path == node.path), None)
        if branch := here or next(iter(like_it), None):
            self._open_around(branch.parent)
        return branch.path if branch else None

    def place_of_merged(self, node: Branch | Leaf | None) -> str | None:
        """Return the key of the row of the work that this one was merged into, None for none."""
        if not isinstance(node, Leaf):
            return None
        work = self._store.works.current(node.work)
        return self.place_of(work, node.branch) if work and work != node.work else None

    def go_to_list(self, key: str) -> str:
        """Open a list; grouping and filter give way if they hide it."""
        self._show_among_lists(key)
        self._opened.add(key)
        return key

    def go_to_section(self, section: Branch) -> str:
        """Open a section among the lists; grouping and filter give way if they hide it."""
        self._show_among_lists(section.path)
        self._open_around(section.id)
        return section.path

    def _show_among_lists(self, path: str) -> None:
        self.grouping = Grouping.LISTS
        self.load_branches()
        if all(branch.path != path for branch in self.branches):
            self.filter = library_tree.EVERYTHING
            self.load_branches()

    def group_by(self, grouping: Grouping) -> None:
        """Group the works otherwise."""
        self.grouping, self._stay = grouping, None
        self.load_branches()
        if grouping is Grouping.QUEUE:
            self._opened |= {branch.path for branch in self.branches}

    def facets(self) -> list[Facet]:
        """Return the values to filter by."""
        tree, log = self._store.tree, self._store.reading_log
        return library_tree.facets(tree.lists(), tree.decades(), log.tags())

    @property
    def is_searching(self) -> bool:
        """True while the search is open, even if nothing is typed yet."""
        return self.searched is not None

    @property
    def sought(self) -> str:
        """What is searched for, "" if nothing is typed yet or no search is open."""
        return (self.searched or "").strip()

    @property
    def searched_words(self) -> list[str]:
        """The beginnings of the words that are searched for."""
        return marked_beginnings(self.searched or "")

    def tag_like(self) -> str:
        """Return a tag that begins with what is searched for, "" for none or few letters."""
        return self._store.reading_log.tag_like(self.searched or "")

    def all_tags(self, works: Collection[str]) -> Sequence[str]:
        """Return the tags of works if a search asks for all that have any, else none."""
        asks = asks_for_any_tag(self.searched or "")
        return [*self._store.reading_log.tags(works)] if asks else []

    def open_search(self, cursor: str | None) -> None:
        """Begin to search; `cursor` is the row to come back to."""
        self.searched, self.search_began_at = "", cursor

    def close_search(self) -> str | None:
        """End the search and return the key of the row where it began."""
        self.searched = self.picked = None
        return self.search_began_at

    def found_rows(self, thorough: bool) -> TreeRows:
        """Return the matching works in their sections, the cursor on the picked or the first one.

        Unless `thorough`, many matches come unranked, which is quicker.
        """
        result = self._store.search.find(self.searched or "", self.query, thorough)
        tree, query = self._store.tree, self.query._replace(grouping=Grouping.LISTS)
        holding = {leaf.branch for leaf in result.leaves}
        lists = tree.branches(query) if query.chosen else tree.sections_around(holding)
        rows = library_tree.search_rows(lists, result.leaves)
        picked = self.picked if any(row.key == self.picked for row in rows) else None
        cursor = picked or next((row.key for row in rows if isinstance(row.node, Leaf)), None)
        return TreeRows(rows, cursor, len(result.leaves), result.ranked)
