"""The words and glyphs a reader sees, the same on every screen and in every command."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from papertui.journal import DROPPED, PARKED

STATUSES = ("to read", "skimmed", "read", "reproduced")
PASSES = ("", "first pass", "second pass", "third pass")
_VIDEO = ("", "watched", "watched with notes", "rebuilt what it shows")
_BOOK = ("", "looked through", "read", "worked through")
PASSES_BY_KIND = {"video": _VIDEO, "book": _BOOK, "course": _BOOK}
ORDER_RULES = {
    "section": "Read each section from the top: later works build on earlier ones.",
    "tier": "Read tier 1 of every topic first, then tier 2 of every topic, and so on.",
    "list": "No order is asked for; the list stands as its maker wrote it.",
}


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Signs for a work's status and for the branches of the tree."""

    status: tuple[str, str, str, str] = ("○", "◔", "◑", "●")
    parked: str = "◌"
    dropped: str = "✕"
    unidentified: str = "?"
    opened: str = "▾"
    closed: str = "▸"

    def of(self, depth: int, aside: str | None, unidentified: bool = False) -> str:
        """Return the glyph for how a work stands."""
        if aside in (PARKED, DROPPED):
            return self.parked if aside == PARKED else self.dropped
        return self.unidentified if unidentified and not depth else self.status[depth]


ASCII = Glyphs((".", "1", "2", "3"), "p", "x", "?", "v", ">")


def pass_name(depth: int, kind: str = "paper") -> str:
    """Return what a pass of a kind of work is called."""
    return PASSES_BY_KIND.get(kind, PASSES)[depth]


def tier_name(tier: int) -> str:
    """Return a tier as its list writes it."""
    return "tier 4+" if tier == 4 else f"tier {tier}"


def day_name(day: date | None, today: date) -> str:
    """Return a day as a reader says it; no day is before papertui."""
    if day is None:
        return "before papertui"
    back = (today - day).days
    if back in (0, 1):
        return ("today", "yesterday")[back]
    return f"{day:%a} {day.day} {day:%b}" + ("" if day.year == today.year else f" {day.year}")


def counts_for(day: date | None, now: datetime, day_start: time) -> str:
    """Return what a pass logged at `now` counts for."""
    if day is None:
        return "before papertui"
    year = "" if day.year == now.year else f" {day.year}"
    late = f" (before {day_start:%H:%M})" if now.date() == day + timedelta(days=1) else ""
    return f"for {day:%a} {day.day} {day:%b}{year}{late if now.time() < day_start else ''}"


def span(minutes: int) -> str:
    """Return a number of minutes as hours and minutes."""
    hours, rest = divmod(minutes, 60)
    return f"{rest} min" if not hours else f"{hours} h {rest} min" if rest else f"{hours} h"
