"""The words of the library: the first ones, what waits, what is up next and from which list."""

from collections.abc import Sequence
from datetime import datetime

from papertui.core import labels
from papertui.core.text import quantity
from papertui.storage.drafts import Draft
from papertui.tui.base import PaperApp


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
    app: PaperApp, drafts: Sequence[Draft]
) -> tuple[tuple[str, str, str], tuple[str, ...]]:
    """Return the draft that waits, or else what is up next; why, and how long it takes."""
    if drafts:
        more = f" (and {len(drafts) - 1} more)" if len(drafts) > 1 else ""
        what, title, after = draft_text(app, drafts[0], more)
        return (f"Waiting ({app.key('waiting')}): {what}", title, after), ()
    if work := app.store.up_next.next(app.today()):
        remarks = tuple(f" · {text}" for text in (work.why, work.time) if text)
        return ("Up next: ", work.title, ""), remarks
    return ("papertui", "", ""), ()


def draft_text(app: PaperApp, draft: Draft, after: str) -> tuple[str, str, str]:
    """Return which note or session waits, how long it is and how old."""
    session = draft.session
    what = f"{labels.PASSES[session.depth].capitalize()} of " if session else "Unsaved note on "
    read = f"{labels.span(session.minutes)}, " if session and session.minutes else ""
    saved_at = datetime.fromisoformat(draft.saved).astimezone()
    day = labels.day_name(app.config.today(saved_at), app.today())
    return (
        what,
        app.store.works.title(draft.work),
        f": {read}{app.length(draft.body)}, {day}{after}",
    )


def draft_after(drafts: Sequence[Draft], work: str, offered: str) -> int:
    """Return the number of the draft after that of a work, at best after the `offered` id's."""
    of_work = [number for number, draft in enumerate(drafts) if draft.work == work]
    offered_now = [number for number in of_work if drafts[number].id == offered]
    return ([*offered_now, *of_work, -1][0] + 1) % len(drafts)


def draft_offer(
    app: PaperApp, drafts: Sequence[Draft], number: int, more: str
) -> tuple[str, str, str]:
    """Return which of the drafts waits, and which key goes on with it."""
    draft = drafts[number]
    if len(drafts) > 1:
        more = f" ({number + 1} of {len(drafts)}: {app.key('waiting')} goes to the next){more}"
    offer = app.offer("read" if draft.session else "write-note", "goes on with it")
    return draft_text(app, draft, f"{more}{offer}")


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
