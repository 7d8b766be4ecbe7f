"""The words and glyphs a reader sees, the same on every screen and in every command."""

import re
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from papertui.core.journal import DROPPED, PARKED
from papertui.core.text import quantity

if TYPE_CHECKING:
    from papertui.core.records import Note, Triage, WorkRecord

KINDS = ("paper", "article", "video", "book", "course")
DIFFICULTIES = ("Beginner", "Intermediate", "Advanced", "Expert")
STATUSES = ("to read", "skimmed", "read", "reproduced")
PASSES = ("", "first pass", "second pass", "third pass")
_VIDEO = ("", "watched", "watched with notes", "rebuilt what it shows")
_BOOK = ("", "looked through", "read", "worked through")
PASSES_BY_KIND = {"video": _VIDEO, "book": _BOOK, "course": _BOOK}
ORDER_RULES = {
    "section": "Read each section from the top: later works build on earlier ones.",
    "tier": "Read tier 1 of every topic first, then tier 2 of every topic, and so on.",
    "list": "No order is asked for: works stand as they were put there.",
}
# Signs for the levels of a day.
LEVEL_GLYPHS, ASCII_LEVEL_GLYPHS = "·░▒▓█", ".1234"
# Days that are often named by a word such as yesterday or fri.
_NEAR = timedelta(days=7)
# The state of a new paper that was looked at and is no work of the reader's.
LOOKED_AT = "looked at"
BESIDE_NAMESAKE = " beside another work of its title"


class Glyphs(NamedTuple):
    """Signs for a work's status and for the branches of the tree."""

    status: tuple[str, str, str, str] = ("○", "◔", "◑", "●")
    parked: str = "◌"
    dropped: str = "✕"
    unidentified: str = "?"
    seen: str = "·"
    followed: str = "◆"
    opened: str = "▾"
    closed: str = "▸"
    marked: str = "▌"
    starred: str = "★"
    noted: str = "✎"
    queued: str = "≡"
    waiting: str = "‖"
    # What is around the signs behind a title, where they are letters.
    around: str = ""

    def of(self, depth: int, aside: str | None, unidentified: bool = False) -> str:
        """Return the glyph of a work's status, or of a new paper that was looked at."""
        if aside == LOOKED_AT:
            return self.seen
        if aside in (PARKED, DROPPED):
            return self.parked if aside == PARKED else self.dropped
        return self.unidentified if unidentified and not depth else self.status[depth]

    def behind_title(self, signs: str) -> str:
        """Return signs as they stand behind a title: ``★✎``, in ASCII ``[*n]``."""
        return f"{self.around[:1]}{signs}{self.around[1:]}" if signs else ""


# The plain twin of each sign on a screen, as wide as the sign; Textual's own signs included.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("·╌─–—‐‑−▔", "-"),
        **dict.fromkeys("█▓", "#"),
        **dict.fromkeys("▒░━", "="),
        **dict.fromkeys("│┃▌▐▊▎▏▕|", "|"),
        **dict.fromkeys("▁▂▃▄▅▆▇", "_"),
        **dict.fromkeys("“”", '"'),
        **dict.fromkeys("‘’", "'"),
        **dict.fromkeys("›▸→", ">"),
        **dict.fromkeys("•◆★", "*"),
        "☑": "x",
        "☐": "_",
        "×": "x",
        "∕": "/",
        "←": "<",
        "↑": "^",
        "↓": "v",
        "▾": "v",
        "○": ".",
        "◔": "1",
        "◑": "2",
        "●": "3",
        "◌": "p",
        "✕": "x",
        "✨": "**",
        "🔎": "? ",
    }
)
# The words of keys that are named by signs.
_KEY_WORDS = {"↑": "up", "↓": "down", "←": "left", "→": "right", "⌫": "backspace", "⏎": "enter"}
ASCII = Glyphs(
    (".", "1", "2", "3"), "p", "x", "?", "-", "*", "v", ">", "|", "*", "n", "q", "w", around="[]"
)


def plain_signs(line: str) -> str:
    """Return a line with plain twins in the place of signs, as wide as it was.

    The one that cuts a word has its own; an ellipsis by itself takes blanks behind it.
    """
    if line.isascii():
        return line
    if "…" in line:
        line = re.sub(r"(?<= )…  ", "...", line).replace("…", "~")
    return line.translate(_PLAIN)


def spelt_keys(keys: str) -> str:
    """Return keys with words in the place of signs: ``ctrl+left``."""
    return "".join(_KEY_WORDS.get(sign, sign) for sign in keys)


def pass_name(depth: int, kind: str = "paper") -> str:
    """Return the name of a pass of a work of some kind."""
    return PASSES_BY_KIND.get(kind, PASSES)[depth]


def pass_of(depth: int, kind: str = "paper") -> str:
    """Return a pass so that a title can follow: ``second pass of``, ``watched:``."""
    name = pass_name(depth, kind) or "pass"
    return f"{name}:" if kind in PASSES_BY_KIND and depth else f"{name} of"


def triage_words(triage: "Triage") -> str:
    """Return what became of new papers: ``15 scanned, 2 queued, 1 skimmed``."""
    return f"{triage.scanned} scanned, {triage.queued} queued, {triage.skimmed} skimmed"


def tier_name(tier: int) -> str:
    """Return a tier as its list writes it."""
    return "tier 4+" if tier == 4 else f"tier {tier}"


def local_time(wall: str, utc_offset: int) -> datetime:
    """Return the reader's local time of an instant in UTC, `utc_offset` in minutes."""
    return datetime.fromisoformat(wall).replace(tzinfo=None) + timedelta(minutes=utc_offset)


def full_date(day: date) -> str:
    """Return a day with its weekday and year: ``Fri 20 Nov 2026``."""
    return f"{_day_and_month(day)} {day.year}"


def full_time(moment: datetime) -> str:
    """Return a moment with its day: ``Fri 20 Nov 2026, 14:05``."""
    return f"{full_date(moment)}, {moment:%H:%M}"


def _day_and_month(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b}"


def day_name(day: date | None, today: date) -> str:
    """Return the name of a day, "before papertui" for None."""
    if day is None:
        return "before papertui"
    back = (today - day).days
    if back in (0, 1):
        return ("today", "yesterday")[back]
    return _day_and_month(day) if day.year == today.year else full_date(day)


def counts_for(day: date | None, now: datetime, day_start: time) -> str:
    """Return the day for which a pass logged at `now` counts, in words.

    Before the day starts, a day such as yesterday is not the one that the calendar names.
    """
    if day is None:
        return "before papertui"
    name = _day_and_month(day) if day.year == now.year else full_date(day)
    today = now.date() - timedelta(days=1)
    if now.time() >= day_start or abs(today - day) > _NEAR:
        return f"for {name}"
    still = "" if day == today else f" it is still {_day_and_month(today)}"
    return f"for {name} (before {day_start:%H:%M}{still})"


def note_time(note: "Note") -> datetime:
    """Return the local time of a note: when it was saved, or begun if on an earlier day."""
    saved = local_time(note.saved, note.utc_offset)
    return note.begun if note.begun and note.begun.date() < saved.date() else saved


def ended_by_pass(record: "WorkRecord") -> str:
    """Return what a pass of a work ends besides, in words that follow others, "" for nothing."""
    queued = ", out of the queue" if record.rank is not None else ""
    return queued + (f", no longer {record.aside}" if record.aside else "")


def changed_by_merge(before: "WorkRecord", after: "WorkRecord") -> str:
    """Return how another work's passes, and where it stood, changed where this one stands."""
    rank = before.rank if after.rank is None else None
    aside = before.aside if after.aside is None else None
    ended = ended_by_pass(before._replace(rank=rank, aside=aside))
    stands = [after.aside] if after.aside and not before.aside else []
    stands += ["in the queue"] if after.rank is not None and before.rank is None else []
    return ended + (f", which is now {' and '.join(stands)}" if stands else "")


def span(minutes: int) -> str:
    """Return a number of minutes as hours and minutes."""
    hours, rest = divmod(minutes, 60)
    return f"{rest} min" if not hours else f"{hours} h {rest} min" if rest else f"{hours} h"


def kept_back(private: int) -> str:
    """Return what follows if so many private notes did not go with the others, in words."""
    return f"; {quantity(private, 'private note')} kept back" if private else ""


def privacy(private: bool, sent: int | None, was_shown: bool = False) -> str:
    """Return what follows for a note that is private from now on, or no longer, in words.

    So many of its versions were `sent` to other devices before, None if that is not known;
    `was_shown` is True if it is taken back from the group.
    """
    if not private:
        return "goes to your other devices with the next sync"
    versions = (
        "what was" if sent is None else "the version" if sent == 1 else f"the {sent} versions"
    )
    stays = f"; {versions} sent before {'stay' if sent and sent > 1 else 'stays'} with the others"
    group = "; the group sees it no longer, but keeps what it has been sent" if was_shown else ""
    return f"is private: no sync sends it{'' if sent == 0 else stays}{group}"
