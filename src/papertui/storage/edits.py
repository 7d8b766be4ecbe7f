"""Changes of the reader's own works and lists, checked against what is known."""

from collections.abc import Container, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from itertools import count
from typing import Any

from papertui.core import journal
from papertui.core.identity import MAX_TITLE, NewWork, complete_new_work, identity_of
from papertui.core.journal import Change
from papertui.core.library_tree import Branch, sections_begun, sections_named, titles_down_to
from papertui.core.new_paper import is_withdrawn_by
from papertui.core.own_lists import (
    ADDED_LIST,
    KEPT_LISTS,
    MAX_LEVELS,
    UNLISTED_LIST,
    is_own,
    path_of,
)
from papertui.core.records import Note
from papertui.core.replay import list_key
from papertui.core.text import fold, quantity, safe_line, title_key, valid_unicode
from papertui.core.work_edits import edit_of, fields_of_merged, parse_field
from papertui.errors import Refused
from papertui.storage.store import Store
from papertui.storage.up_next import moved

_NO_ID = {(None, "arxiv"), (None, "doi")}


class ShippedList(Refused):
    """A list that came with papertui was to be changed."""

    def __init__(self) -> None:
        super().__init__(
            "The lists of papertui stay as they are",
            ": papertui move --copy puts a work into a list of your own.",
            {"set-aside": "on a work drops it", "move": "copies it to a list of your own"},
        )


class FieldRefused(Refused):
    """Why the text of a field is not taken; `name` is that of the field."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(reason)
        self.name = name


def privacy(store: Store, work: str, note: Note, private: bool) -> list[Change]:
    """Return the changes that keep a note private, which the group sees no longer then, or not."""
    change = journal.keep_private(work, note.id, private)
    return [change, *store.group.taken_back([change])]


def pass_removal(store: Store, work: str, reading: str, today: date) -> list[Change]:
    """Return the changes that take a pass out of the log, and take back what it ended.

    The work is in the queue, parked or dropped again, if nothing else has changed that since.
    """
    changes = [journal.remove_reading(work, reading)]
    now = store.reading_log.work(work).on(today)
    logged = store.events("id = ?", reading)
    if logged and now.rank is None and not now.aside:
        before = store.record_without(logged, work).on(today)
        if before.rank is not None:
            changes.append(journal.queue(work, before.rank, enters=True))
        if before.aside == journal.PARKED:
            changes.append(journal.park(work, before.until))
        elif before.aside:
            changes.append(journal.drop(work, before.reason or ""))
    return changes


def work_edit(store: Store, citekey: str, typed: Mapping[str, str]) -> Change | None:
    """Return the change that gives fields of a work what was `typed`, None if nothing changes.

    Raises Refused for a work that came with papertui, FieldRefused for a text that makes no
    sense in its field.
    """
    before = store.works.editable_fields(citekey)
    edits: dict[str, Any] = {}
    for name, text in typed.items():
        try:
            edits |= parse_field(name, text, before, partial(store.names.resolve, but=citekey))
            if name == "requires":
                _check_order(store, citekey, edits.get(name) or ())
        except Refused as refused:
            raise FieldRefused(name, str(refused)) from None
    edits = edit_of(before, edits)
    return journal.edit_work(citekey, edits) if edits else None


def twin(store: Store, citekey: str) -> str | None:
    """Return the title of another work with the arXiv id or DOI of a work, None if none has it."""
    own = identity_of(store.works.editable_fields(citekey))
    for known in store.works.alike([own]):
        ids = {(known.identity.arxiv, "arxiv"), (known.identity.doi, "doi")}
        # The id of a work that was merged away may be another's.
        is_other = known.citekey != citekey and not known.is_merged
        if is_other and ids & {(own.arxiv, "arxiv"), (own.doi, "doi")} - _NO_ID:
            return known.title
    return None


def _check_order(store: Store, citekey: str, requires: list[str] | tuple[str, ...]) -> None:
    """Raise Refused if a work would have to be read before itself."""
    for other in requires:
        if other == citekey:
            raise Refused("A work cannot come after itself.")
        if citekey in store.works.required_by(other):
            raise Refused(f"{store.works.title(other)} already comes after this work.")


def work_merge(store: Store, work: str, into: str) -> Change:
    """Return the change that merges a work into another. Raises Refused if they cannot be."""
    if work == into:
        raise Refused("That is the same work already.")
    check_mergeable(store, work)
    fields = fields_of_merged(store.works.editable_fields(work))
    return journal.merge_works(work, into, store.works.title(work), fields)


def check_mergeable(store: Store, work: str) -> None:
    """Raise Refused for a work that cannot be merged into any other."""
    title = store.works.title(work)
    if store.works.is_shipped(work):
        raise Refused(f"papertui comes with {title}: merge the other work into it.")
    if any(draft.work == work for draft in store.drafts.waiting()):
        raise Refused(f"A note or session on {title} waits: finish it first.")


def completions(store: Store, known: Mapping[str, Mapping[str, Any]]) -> Iterator[Change]:
    """Yield the changes that fill in what is `known`, by citekey, of works the reader added.

    A work that has gone meanwhile, or gains nothing, is not changed. A paper that was
    withdrawn says so in its summary.
    """
    for citekey, known_fields in known.items():
        if fields := store.works.own_fields(citekey):
            completed = complete_new_work(fields, known_fields)
            if is_withdrawn_by(summary := known_fields.get("summary", "")):
                completed["summary"] = summary
            if completed != fields:
                yield journal.complete_work(citekey, completed)


def naming(store: Store, citekey: str, new: NewWork) -> Change | None:
    """Return the change that gives a work without a title that of a new one with its id, if any."""
    own = store.works.own_fields(citekey)
    if not (own and new.titled) or identity_of(own).names:
        return None
    return journal.complete_work(citekey, {**own, "title": new.fields["title"]})


def placing(
    store: Store, citekey: str, into: str, out: str | None = None, before: int = 0
) -> list[Change]:
    """Return the changes that put a work at the end of a section of an own list.

    It leaves the section `out`, unless that is of a shipped list; `before` is how many works
    are put there before it. Raises Refused if the work is in the section already.
    """
    section, title = _own_section(store, into), store.works.title(citekey)
    if into in store.own_lists.paths(citekey):
        raise Refused(f"{title} is in {section.title} already.")
    left = out if out and is_changeable(out) else None
    position = store.own_lists.end_of(into) + before
    change = journal.place_work(citekey, title, left, into, position, section.title)
    return [change, *_takings_out(store, citekey, left, title, section.title)]


def adding(store: Store, new: NewWork, section: Branch | None) -> list[Change]:
    """Return the changes that add a work: to a section of an own list, or to the added works."""
    add = journal.add_work(new.citekey, new.fields)
    if section is None:
        return [add]
    end = store.own_lists.end_of(section.path)
    # The title, by which an undo names it, may be known only once the work was looked up.
    place = journal.place_work(new.citekey, "", ADDED_LIST, section.path, end, section.title)
    return [add, place]


def taking_out(store: Store, citekey: str, path: str) -> list[Change]:
    """Return the changes that take a work out of a section.

    Taken out of the unlisted works, it leaves the queue too. Raises Refused for a shipped
    list, and for an unlisted work whose note or session waits.
    """
    if not is_changeable(path):
        raise ShippedList
    title, name = store.works.title(citekey), _section(store, path).title
    change = journal.place_work(citekey, title, path, name=name)
    changes = [change, *_takings_out(store, citekey, path, title, name)]
    if path == UNLISTED_LIST:
        if any(draft.work == citekey for draft in store.drafts.waiting()):
            raise Refused(f"A note or session on {title} waits: finish it first.")
        is_queued = citekey in dict(store.reading_log.queue())
        changes += [journal.unqueue(citekey)] * is_queued
    return changes


def placing_in_new_list(store: Store, left_by: Mapping[str, str | None], name: str) -> list[Change]:
    """Return the changes that make a list, or a section of one, and put works into it.

    Each work leaves a section, or none, as in `placing`.
    """
    changes, key = new_sections(store, name)
    name = str(changes[-1].data["title"])
    for position, (citekey, out) in enumerate(left_by.items()):
        left, title = out if out and is_changeable(out) else None, store.works.title(citekey)
        changes.append(journal.place_work(citekey, title, left, key, float(position), name))
        changes += _takings_out(store, citekey, left, title, name)
    return changes


def _takings_out(
    store: Store, citekey: str, path: str | None, title: str, name: str
) -> Iterator[Change]:
    """Yield the changes that take the works merged into one out of a section too."""
    for work in store.works.merged_into(citekey) if path else ():
        yield journal.place_work(work, title, path, name=name)


def reordering(
    store: Store, citekey: str, path: str, by: int, shown: Container[str] | None = None
) -> list[Change]:
    """Return the changes that move a work within its section, none at the section's end.

    It moves past those `shown`, if some are hidden. Raises Refused if the work is not in the
    section.
    """
    section, titles = _own_section(store, path), store.works.title
    items = [item for item in store.own_lists.items(path) if shown is None or item[0] in shown]
    if citekey not in dict(items):
        raise Refused(f"{titles(citekey)} is no longer in {section.title}.")
    changes = [
        journal.place_work(work, titles(work), path, path, position, section.title)
        for work, position in moved(items, citekey, by)
    ]
    left = path if changes else None
    return [*changes, *_takings_out(store, citekey, left, titles(citekey), section.title)]


def whereabouts(store: Store, citekey: str) -> str:
    """Return where a work is that was taken out of a section, in words."""
    paths = store.own_lists.paths(citekey)
    if paths == [UNLISTED_LIST]:
        return "; you have done something with it, so it is in Unlisted"
    if paths:
        return f"; it is still in {_section(store, paths[0]).title}"
    kept = done_with(store, citekey)
    return f"; {kept}, comes back with it" if kept else "; it is no longer in the library"


def done_with(store: Store, citekey: str) -> str:
    """Return the passes and notes of a work in words, empty if it has none."""
    record = store.reading_log.work(citekey)
    passes = [quantity(len(record.readings), "pass", "passes")] * bool(record.readings)
    notes = [quantity(len(record.notes), "note")] * bool(record.notes)
    parts = " and ".join(passes + notes)
    return f"what you did with it, {parts}" if parts else ""


def new_section(store: Store, title: str, parent: Branch | None = None) -> tuple[Change, str]:
    """Return the change that makes a section in another one, or a list, and its path.

    Without a parent ``LIST/TITLE`` is a section of an own list of that name. Raises Refused if
    the title is none, if there is one of that title beside it, or if there is no such list.
    """
    around, _, last = title.rpartition("/")
    if parent is None and around:
        if not sections_named(own_sections(store), around):
            if any(fold(branch.title) == fold(around) for branch in store.tree.sections()):
                raise ShippedList
            raise Refused(f"No list or section of yours is called {around!r}: make it first.")
        parent, title = find_section(store, around), last
    title = _title(title)
    if parent is None:
        beside = (branch for branch in store.tree.sections() if branch.parent is None)
        _check_free(title, beside, KEPT_LISTS.values())
        return _new_list(store, title)
    check_own(parent.path)
    _check_depth(parent.path)
    _check_free(title, (b for b in store.tree.sections() if b.parent == parent.id))
    path = path_of(title, parent.path, store.own_lists.taken())
    position = store.own_lists.end_beside(parent.path)
    return journal.make_section(path, title, position), path


def new_sections(store: Store, title: str) -> tuple[list[Change], str]:
    """Return the changes that make a list, or LIST/SECTION and the list too, and the last path.

    Raises Refused as `new_section` does, but for a list of which there is none.
    """
    around, _, last = title.rpartition("/")
    known = {title_key(branch.title) for branch in store.tree.sections()}
    if (
        not around.strip()
        or title_key(around) in known
        or sections_named(own_sections(store), around)
    ):
        change, path = new_section(store, title)
        return [change], path
    changes, parent = new_sections(store, around)
    _check_depth(parent)
    path = path_of(_title(last), parent, ())
    return [*changes, journal.make_section(path, _title(last), 0.0)], path


def _check_depth(parent: str) -> None:
    if parent.count("/") + 2 > MAX_LEVELS:
        raise Refused(f"A list has at most {MAX_LEVELS - 1} levels of sections.")


def _new_list(store: Store, title: str) -> tuple[Change, str]:
    taken = store.own_lists.taken()
    numbered = (title if n == 1 else f"{title} ({n})" for n in count(1))
    key = next(key for name in numbered if (key := list_key(name)) not in taken)
    return journal.make_section(key, title, store.own_lists.end_beside(None)), key


def renaming(store: Store, branch: Branch, title: str) -> Change | None:
    """Return the change that renames an own list or section, None if it is called so already."""
    check_own(branch.path)
    title = _title(title)
    if title == branch.title:
        return None
    beside = (b for b in store.tree.sections() if b.parent == branch.parent and b.id != branch.id)
    _check_free(title, beside, KEPT_LISTS.values() if branch.parent is None else ())
    return journal.rename_section(branch.path, title, branch.title)


def removing(branch: Branch) -> Change:
    """Return the change that removes an own list or section. Raises Refused for another one."""
    check_own(branch.path)
    return journal.remove_section(branch.path, branch.title)


def lost_with(store: Store, branch: Branch) -> int:
    """Return how many works leave the library with a list or section."""
    within = store.own_lists.imported_only_within(branch.path)
    return len(within - store.works.touched(within))


def moving_section(store: Store, branch: Branch, by: int) -> list[Change]:
    """Return the changes that move a section or list among those beside it, none at the end."""
    check_own(branch.path)
    beside = [b for b in store.tree.sections() if b.parent == branch.parent and is_own(b.path)]
    at = next(number for number, other in enumerate(beside) if other.id == branch.id)
    to = max(0, min(at + by, len(beside) - 1))
    if to == at:
        return []
    beside.insert(to, beside.pop(at))
    where = f"behind {beside[to - 1].title}" if to else f"before {beside[1].title}"
    return [
        journal.move_section(b.path, float(n), b.title, where if b.id == branch.id else "")
        for n, b in enumerate(beside)
    ]


def own_sections(store: Store) -> dict[str, str]:
    """Return the paths of all own lists and sections with their names: ``List › Section``."""
    sections = {section.id: section for section in store.tree.sections()}
    return {
        section.path: " › ".join(titles_down_to(sections, id_))
        for id_, section in sections.items()
        if is_own(section.path)
    }


def find_section(store: Store, name: str, *, whole: bool = False) -> Branch:
    """Return the own list or section that a reader names: by ``List/Section``, or by a part.

    A part is the beginnings of words; what is removed is named by a `whole` name. Raises Refused
    if none fits, or if several do.
    """
    names = own_sections(store)
    full = {path: title.replace(" › ", "/") for path, title in names.items()}
    paths = sections_named(full, name)
    holding = [] if paths else sections_begun(full, name)
    if whole and not paths and holding:
        have = ", ".join(safe_line(full[path]) for path in holding)
        raise Refused(f"Name the whole of what is removed: {have}.")
    paths = paths or holding
    if len(paths) == 1:
        return _section(store, paths[0])
    if not paths:
        have = ", ".join(n for n in names.values() if " › " not in n) or "none yet"
        raise Refused(f"No list or section of yours is called {name!r}; your lists: {have}.")
    lines = [f"  {safe_line(full[path])}" for path in paths]
    raise Refused("\n".join([f"Several sections fit {name!r}; name one:", *lines]))


def is_changeable(path: str) -> bool:
    """Return True if works can be taken out of a section: it is of no shipped list."""
    return is_own(path) or path in (ADDED_LIST, UNLISTED_LIST)


def _own_section(store: Store, path: str) -> Branch:
    check_own(path)
    return _section(store, path)


def _section(store: Store, path: str) -> Branch:
    """Return a section by its path. Raises Refused if it has gone."""
    for section in store.tree.sections():
        if section.path == path:
            return section
    raise Refused("That section is gone.")


def check_own(path: str) -> None:
    """Raise Refused for a list or section that is not the reader's own."""
    if path in (ADDED_LIST, UNLISTED_LIST):
        raise Refused("papertui keeps this list itself; works can be moved out of it.")
    if not is_own(path):
        raise ShippedList


def _check_free(title: str, beside: Iterable[Branch], kept: Iterable[str] = ()) -> None:
    if fold(title) in map(fold, (*(branch.title for branch in beside), *kept)):
        raise Refused(f"{title} is there already; give it another name.")


def _title(typed: str) -> str:
    title = safe_line(valid_unicode(typed)).strip()
    if not title_key(title):
        raise Refused("A name has at least one letter or digit.")
    if len(title) > MAX_TITLE:
        raise Refused(f"A name has at most {MAX_TITLE} letters.")
    return title
