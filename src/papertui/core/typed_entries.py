"""Minutes and log entries as a reader types them."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, time
from typing import NamedTuple, Protocol

from papertui.core.identifiers import complete_address
from papertui.core.journal import MAX_MINUTES
from papertui.core.labels import span
from papertui.core.text import clipped
from papertui.core.typed_days import dates_written, is_day, parse_day
from papertui.errors import Refused

MAX_SHOWN = 60  # letters of what was typed
PASS_FORMS = "day: yesterday, fri, -3d, 2026-11-14, before · minutes: 70, 1h10, 1:10"


# A comma within a number of hours is one of its digits.
_COMMA = r"\s*,(?![0-9] ?h\b)[\s,]*"
_HOURS_AND_TENTHS = r"([0-9]+)[.,]([0-9]) ?h(?:(?:ou)?rs?)?"
_HOURS_AND_MINUTES = (
    "(?:([0-9]+)(?: ?h(?:(?:ou)?rs?)? ?(?=[0-5]?[0-9](?![0-9])|$)|:(?=[0-5][0-9]$)))?"
    "(?:([0-9]{1,7}) ?(?:m(?:ins?|inutes?)?|'|′)?)?"
)
_IN_WORDS = {"an hour": 60, "half an hour": 30}


class Before(NamedTuple):
    """The pass, the day and the minutes of an entry before its correction."""

    depth: int
    day: date | None
    minutes: int | None


def parse_minutes(text: str) -> int:
    """Return the minutes that `text` names: 70, 70m, 1h10, 1:10, 1 h 10 min, 1.5h.

    Raises Refused for anything else and for more than MAX_MINUTES.
    """
    minutes = named_minutes(text)
    if minutes is None:
        raise _no_minutes(text)
    if minutes > MAX_MINUTES:
        raise Refused(f"{text!r} is too long: a pass takes at most {span(MAX_MINUTES)}.")
    return minutes


def _no_minutes(text: str) -> Refused:
    return Refused(f"{text!r} is not a number of minutes: write 70, 70m, 1h10 or 1:10.")


def named_minutes(text: str) -> int | None:
    """Return the minutes that `text` names, however many, None if it names none."""
    word = text.strip().lower().removeprefix("for ")
    if len(word) > 20:
        return None
    if word in _IN_WORDS:
        return _IN_WORDS[word]
    if tenths := re.fullmatch(_HOURS_AND_TENTHS, word):
        return int(tenths[1]) * 60 + int(tenths[2]) * 6
    parts = re.fullmatch(_HOURS_AND_MINUTES, word)
    if not word or not parts:
        return None
    hours, minutes = parts.groups()
    return int(hours or 0) * 60 + int(minutes or 0)


def parse_pass(
    text: str,
    today: date,
    latest: date | None = None,
    night_until: time | None = None,
    before: Before | None = None,
) -> tuple[int, date | None, int | None]:
    """Return pass, day and minutes of a line such as ``2 yesterday 62`` or ``2 1h10 sunday``.

    Day and minutes may be left out: they are those of `before`, the entry that the line
    corrects, or else today and None. Of an entry that is corrected the pass may, too. Raises
    Refused for anything else.
    """
    depth, *words = _with_commas(text) or [""]
    leaves_out_pass = before is not None and _leaves_out_pass([depth, *words], today)
    if before and leaves_out_pass:
        depth, words = str(before.depth), [depth, *words] if depth else []
    if (depth := depth.rstrip(",")) not in ("1", "2", "3"):
        raise _no_pass(depth)
    for written in dates_written(words):
        # Of a day that does not exist, the number is no minutes.
        parse_day(written, today, latest, night_until)
    if (parts := _split_entry(words, today)) is None:
        if leaves_out_pass and words[0].isdigit() and _split_entry(words[1:], today):
            raise _no_pass(words[0])
        raise _why_no_entry([word.rstrip(",") for word in words], today)
    day, minutes = parts
    if words and words[0].rstrip(",") == minutes and minutes in ("1", "2", "3"):
        which = f"{depth!r} or {minutes!r}, which" if depth != minutes else f"Which {depth!r}"
        raise Refused(f"{which} is the pass? For minutes write {minutes}m.")
    has_no_day = day == "before" or (before is not None and before.day is None and not day)
    if has_no_day and re.fullmatch("(?:19|20)[0-9]{2}", minutes):
        raise Refused(f"{minutes!r} looks like a year: write before alone, or {minutes}m.")
    day_before, minutes_before = before[1:] if before else (today, None)
    return (
        int(depth),
        parse_day(day, today, latest, night_until) if day else day_before,
        parse_minutes(minutes) if minutes else minutes_before,
    )


def _no_pass(written: str) -> Refused:
    wrong = f"{written!r} is no pass: write 1" if written else "Write the pass, 1"
    return Refused(f"{wrong}, 2 or 3, then the day, then the minutes.")


def _leaves_out_pass(words: Sequence[str], today: date) -> bool:
    """Return True if the line of a correction begins with its day or its minutes.

    Raises Refused if the first number is as well the pass as that of a day or of minutes.
    """
    first = words[0].rstrip(",")
    if first not in ("1", "2", "3"):
        return True
    line = " ".join(word.rstrip(",") for word in words)
    parts = _split_entry(words, today) or ("", "")
    if not any(part.startswith(f"{first} ") and line.startswith(part) for part in parts):
        return False
    if _split_entry(words[1:], today):
        written = clipped(" ".join(words), MAX_SHOWN)
        raise Refused(f"{written!r} begins with the pass or with a day: write that as 2026-11-14.")
    return True


_MAX_PART = 5  # words of a day or of minutes: Thu 26 Nov 2026, 1 h 10 min


def _split_entry(words: Sequence[str], today: date) -> tuple[str, str] | None:
    """Return the words that name the day and those that name minutes, None if others are left.

    Either may be none, "". Of two ways, one that parts them at a comma is meant, or else the
    one that begins with more words.
    """
    if len(words) > 2 * _MAX_PART:
        return None
    commas = [end for end in range(len(words) - 1, 0, -1) if words[end - 1].endswith(",")]
    plain = [word.rstrip(",") for word in words]
    for end in (len(words), *commas, *range(len(words) - 1, -1, -1)):
        begins, ends = " ".join(plain[:end]), " ".join(plain[end:])
        # 3m is minutes rather than months.
        for day, minutes in ((ends, begins), (begins, ends)):
            if (not day or is_day(day, today)) and (not minutes or _is_minutes(minutes)):
                return day, minutes
    return None


def _known_parts(words: Sequence[str], today: date) -> tuple[list[str], list[str], list[str]]:
    """Return the days and the minutes among words, the longest ones, and the other words."""
    days, minutes, others = list[str](), list[str](), list[str]()
    while words:
        parts = (" ".join(words[:end]) for end in range(_MAX_PART, 0, -1))
        part = next((p for p in parts if is_day(p, today) or _is_minutes(p)), words[0])
        kind = minutes if _is_minutes(part) else days if is_day(part, today) else others
        kind.append(part)
        words = words[len(part.split()) :]
    return days, minutes, others


def _why_no_entry(words: Sequence[str], today: date) -> Refused:
    """Return what to say of words of an entry that are not a day and minutes."""
    days, minutes, others = _known_parts(words, today)
    for parts, kind, hint in ((days, "days", "one"), (minutes, "minutes", "them once")):
        if parts[1:]:
            return Refused(f"{parts[0]!r} and {parts[1]!r} are both {kind}: write {hint}.")
    if days:
        return _no_minutes(clipped(" ".join(others or minutes), MAX_SHOWN))
    # A number before other words may belong to them, as in "3 days agoo".
    meant = others if others and words[0] == others[0] else words
    text, forms = clipped(" ".join(meant), MAX_SHOWN), "14 nov, fri or -3d, and 70, 70m or 1h10"
    return Refused(f"{text!r} is neither a day nor a number of minutes: write {forms}.")


def _is_minutes(text: str) -> bool:
    return named_minutes(text) is not None


class Resolve(Protocol):
    """A function that returns the work of a name, `whole` or in part, and raises Refused."""

    def __call__(self, name: str, *, whole: bool = False) -> str: ...  # noqa: D102


def parse_entry(
    text: str,
    resolve: Resolve,
    today: date,
    latest: date | None = None,
    night_until: time | None = None,
    *,
    unnamed: str | None,
    before: Before | None = None,
) -> tuple[str, int, date | None, int | None]:
    """Return work, pass, day and minutes of a line such as ``attention 2 yesterday 62``.

    `resolve` returns the work that a name means; a name may hold blanks and numbers: of
    several, the longest; days and minutes alone are one only as a whole. A line that begins with
    the pass is about the work `unnamed`. `before` is as in `parse_pass`. Raises Refused for
    anything else.
    """
    written = _words_of_entry(text)
    words = [word.rstrip(",") for word in written]
    of_known, of_pass, of_names = list[Refused](), list[Refused](), list[Refused]()
    if words[:1] in (["1"], ["2"], ["3"]):
        try:
            if unnamed is None:
                raise Refused("Write the work first, then the pass: 1, 2 or 3.")
            return unnamed, *parse_pass(text, today, latest, night_until, before)
        except Refused as refused:
            name = " ".join(words[1:])
            with suppress(Refused):
                resolve(name)
                of_pass.append(Refused(f"The work comes first: write {name} {words[0]}."))
            of_pass.append(refused)
    elif before and unnamed is not None and _split_entry(written, today):
        return unnamed, *parse_pass(text, today, latest, night_until, before)
    ends = [n for n, word in enumerate(words) if n and word in ("1", "2", "3")]
    # Of an entry that is corrected, the name may be all that is typed.
    for end in reversed(ends or range(1, len(words) + 1 if before else 2)):
        name = " ".join(words[:end])
        is_of_pass = _PASS_WORDS.issuperset(name.lower().split())
        # In "jan 2" the number is that of the day and not the pass.
        is_of_day = not all(_known_parts(words[:n], today)[2] for n in (end, end + 1))
        is_of_entry = is_of_pass or is_of_day
        try:
            if is_of_entry and not ends:
                raise _no_name(name)
            work = resolve(name, whole=is_of_entry)
        except Refused as refused:
            of_names.append(_no_name(name) if is_of_entry else refused)
            continue
        try:
            rest = " ".join(written[end:])
            return work, *parse_pass(rest, today, latest, night_until, before)
        except Refused as refused:
            of_known.append(refused)
    if not (ends or _known_parts(words, today)[2]):
        if unnamed is None:
            raise Refused("Write the work first, then the pass: 1, 2 or 3.")
        return unnamed, *parse_pass(text, today, latest, night_until, before)
    # That of a line whose work is known says most, then that of the shortest name.
    raise [*of_known, *of_pass, *of_names[::-1]][0]


def _no_name(words: str) -> Refused:
    return Refused(f"{words!r} is no work: write its name, then 1, 2 or 3, then the day.")


# Words for a pass, which titles hold too.
_PASS_WORDS = frozenset(("first", "second", "third", "pass", "full", "read", "skim"))


def _words_of_entry(text: str) -> list[str]:
    """Return the words of an entry, each with its comma, and an address that it is of whole."""
    name, _, rest = text.strip().partition(" ")
    if complete_address(name := name.rstrip(",")):
        return [name, *_with_commas(rest)]
    return _with_commas(text)


def _with_commas(text: str) -> list[str]:
    """Return the words of a text, which commas part too, each with the comma behind it."""
    return re.sub(_COMMA, ", ", text.lstrip(" ,")).split()
