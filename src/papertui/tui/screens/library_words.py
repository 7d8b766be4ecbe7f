"""The words of the library: the first ones, what is up next and from which list."""

from collections.abc import Sequence

from papertui.core import labels
from papertui.core.text import quantity
from papertui.storage.drafts import Draft
from papertui.tui.base import PaperApp
from papertui.tui.screens.waiting_drafts import WaitingDrafts


def first_words(app: PaperApp) -> tuple[Sequence[str], ...]:
    """Return what a reader needs to know who has logged no pass yet, as parts of lines."""
    if not app.store.reading_log.is_empty():
        return ()
    keys = [*map(app.key, ("log-first", "log-second", "log-third"))]
    passes = "logs a first pass (10 min)", "a second (an hour)", "a third (rebuild it)"
    return (
        [*map("{} {}".format, keys, passes)],
        [
            *map("{} {}".format, app.glyphs.status, labels.STATUSES),
            f"{app.key('help')} explains all signs",
        ],
    )


def marks_text(app: PaperApp, number: int) -> Sequence[str]:
    """Return how many works are marked and which keys act on all of them, as parts of lines.

    The keys that are most often wanted come first.
    """
    acts = {
        "queue": "queue", "log-first": "logs a pass", "copy-citation": "BibTeX",
        "export": "export", "tag": "tag", "star": "star", "set-aside": "park or drop",
        "log-before": "before papertui",
    }  # fmt: skip
    return (
        f"{quantity(number, 'work')} marked",
        f"{app.key('back')} takes them off",
        *(f"{app.key(name)} {does}" for name, does in acts.items()),
    )


def header_text(
    app: PaperApp, waiting: WaitingDrafts
) -> tuple[tuple[str, str, str], tuple[str, ...]]:
    """Return the draft that waits, or else what is up next; why, and how long it takes."""
    if waiting.drafts:
        return waiting.headline, ()
    if work := app.store.up_next.next(app.today()):
        remarks = tuple(f" · {text}" for text in (work.why, work.time) if text)
        return ("Up next: ", work.title, ""), remarks
    return ("papertui", "", ""), ()


def when_listed(app: PaperApp, key: str, drafts: Sequence[Draft]) -> tuple[str, str]:
    """Return words around the title of a list: when up next comes from it."""
    work = app.store.up_next.next(app.today())
    if work is None:
        return "Nothing is left to read in ", " or in any other list"
    if work.list not in (None, key):
        return "Nothing is left to read in ", "; up next goes on with the other lists"
    if work.list:
        return "Up next comes from ", ""
    waits = "the session that waits" if any(draft.session for draft in drafts) else ""
    queue = "your queue" if app.store.reading_log.queue() else ""
    return "Up next comes from ", f", after {' and '.join(filter(None, (waits, queue)))}"
