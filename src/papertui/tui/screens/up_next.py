"""Up next, as the library says it: the work, the way to it, and the list that it comes from."""

from collections.abc import Callable

from papertui.core.text import shorten
from papertui.pages.branch import list_facts
from papertui.storage.up_next import UpNext
from papertui.tui.base import PaperApp
from papertui.tui.screens.library_state import LibraryState
from papertui.tui.screens.waiting_drafts import WaitingDrafts

MAX_TITLE = 30  # cells of a list that is put off


def headline(
    app: PaperApp, waiting: WaitingDrafts, *, named: bool
) -> tuple[tuple[str, str, str], tuple[str, ...]]:
    """Return the draft that waits, or else what is up next; why, and how long it takes.

    The key that goes to a draft is `named` where it works.
    """
    if waiting.drafts:
        return waiting.headline(named=named)
    if work := app.store.up_next.next(app.today()):
        remarks = tuple(f" · {text}" for text in (work.why, work.time) if text)
        return ("Up next: ", work.title, ""), remarks
    return ("papertui", "", ""), ()


async def go_to_next(app: PaperApp, go_to: Callable[[UpNext], str]) -> None:
    """Go to what is up next and show the reason."""
    work = await app.retry_while_busy(lambda: app.store.up_next.next(app.today()))

    def holds() -> bool:
        return app.store.up_next.next(app.today()) == work

    if work is None:
        says = "Nothing is left to read: every work is read, parked or dropped."
        app.show_message(says, holds=holds)
        return
    cleared = await app.retry_while_busy(lambda: go_to(work))
    app.show_message("Up next: ", work.title, f" · {work.why}{cleared}", holds=holds)


async def take_from_list(
    app: PaperApp, state: LibraryState, key: str, reload: Callable[[], None]
) -> None:
    """Take up next from a list, or from the one before again; `reload` shows it."""
    if not key:
        app.show_message(f"Go to a list first: {app.key('view')} then l shows the lists.")
        return
    # A list that has gone is refused before anything is set.
    chosen = await app.retry_while_busy(lambda: list_facts(app.store, key))
    focus = await app.retry_while_busy(lambda: state.focus_on(key))
    facts = await app.retry_while_busy(lambda: list_facts(app.store, focus))
    reload()
    said = await app.retry_while_busy(lambda: _when_listed(app, focus))
    before, after = said
    after += app.takes_back if state.focus_before != focus else ", as before"
    if focus != key:
        before = (
            f"No longer from {shorten(chosen.title, MAX_TITLE)}; {before[0].lower()}{before[1:]}"
        )
    app.show_message(before, facts.title, after, holds=lambda: _when_listed(app, focus) == said)


def back_to_list_before(app: PaperApp, state: LibraryState, reload: Callable[[], None]) -> bool:
    """Take up next from the list before and return True, if that is what was done last."""
    if focus := state.unfocus():
        reload()
        title = list_facts(app.store, focus).title
        app.show_message("Undone: up next comes from ", title, f" again{app.brings_back}")
    return focus is not None


def back_to_list_after(app: PaperApp, state: LibraryState, reload: Callable[[], None]) -> bool:
    """Take up next from the list that was taken back and return True, if that was undone last."""
    if focus := state.refocus():
        reload()
        title = list_facts(app.store, focus).title
        app.show_message("Done again: up next comes from ", title, app.takes_back)
    return focus is not None


def _when_listed(app: PaperApp, key: str) -> tuple[str, str]:
    """Return words around the title of a list: when up next comes from it."""
    work = app.store.up_next.next(app.today())
    if work is None:
        return "Nothing is left to read in ", " or in any other list"
    if work.list not in (None, key):
        return "Nothing is left to read in ", "; up next goes on with the other lists"
    if work.list:
        return "Up next comes from ", ""
    waits = "the session that waits" if any(d.session for d in app.store.drafts.left()) else ""
    queue = "your queue" if app.store.reading_log.queue() else ""
    return "Up next comes from ", f", after {' and '.join(filter(None, (waits, queue)))}"
