"""The words of the library: the first ones, and those of the marks."""

from collections.abc import Sequence

from papertui.core import labels
from papertui.core.text import quantity
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


def marks_text(app: PaperApp, number: int, unseen: int, *, is_reading: bool) -> Sequence[str]:
    """Return how many works are marked and which keys act on all of them, as parts of lines.

    Those `unseen` are in no row. The keys that are most often wanted come first. The way back
    takes the marks off, but from a page that the reader is reading it leads to the tree.
    """
    acts = {
        "queue": "queue", "log-first": "logs a pass", "move": "moves", "copy-citation": "BibTeX",
        "export": "export", "tag": "tag", "star": "star", "set-aside": "park or drop",
        "log-before": "before papertui",
    }  # fmt: skip
    return (
        f"{quantity(number, 'work')} marked{f', {unseen:,} out of view' if unseen else ''}",
        *[f"{app.key('back')} takes {'it' if number == 1 else 'them'} off"] * (not is_reading),
        *(f"{app.key(name)} {does}" for name, does in acts.items()),
    )
