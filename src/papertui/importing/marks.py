"""A list's own signs: emojis and stars beside its items, and what it says they mean."""

import re
from collections.abc import Iterator

_SHORTCODES = {
    "star": "⭐",
    "star2": "🌟",
    "sparkles": "✨",
    "fire": "🔥",
    "white_check_mark": "✅",
    "heart": "❤️",
    "trophy": "🏆",
    "new": "🆕",
    "thumbsup": "👍",
    "+1": "👍",
    "bulb": "💡",
    "rocket": "🚀",
    "boom": "💥",
    "exclamation": "❗",
}
_SHORTCODE = re.compile(r":([a-z0-9_+-]{2,30}):")
# Symbols and pictographs; letters, arrows of formulas and box drawings are none.
_SIGN = (
    r"(?:[\u203c\u2049\u231a-\u23ff\u25a0-\u27bf\u2b00-\u2bff\u3030\u303d"
    r"\U0001f000-\U0001faff])(?:[\ufe0e\ufe0f\u20e3\U0001f3fb-\U0001f3ff]"
    r"|\u200d[\u2640\u2642\u2600-\u27bf\U0001f000-\U0001faff])*"
)
_MARK = re.compile(rf"({_SIGN})(?:\s*\1)*")
_LONGEST = 20
_AROUND = " \t\n"
_BETWEEN = " \t\n=:-–—,;|/.*`"
_LEGEND = re.compile(r"\s*(?:legend|key|marks|symbols|emojis?|icons?)\s*:", re.IGNORECASE)
_EXPLAINED = re.compile(r"\b(?:marked|marks?|denotes?|indicates?|means?|stands? for)\b")


def with_signs(text: str) -> str:
    """Return `text` with the well-known shortcodes, such as ``:star:``, as the signs they name."""
    if ":" not in text:
        return text
    return _SHORTCODE.sub(lambda found: _SHORTCODES.get(found[1], found[0]), text)


def is_mark(text: str) -> bool:
    """Say whether `text` is signs alone."""
    return bool(text.strip()) and not split(text)[0]


def split(text: str) -> tuple[str, tuple[str, ...]]:
    """Return `text` without the marks at its two ends, and those marks in order."""
    text, front, back = text.strip(_AROUND), [], []
    while found := _MARK.match(text):
        front.append(_sign(found[0]))
        text = text[found.end() :].lstrip(_AROUND)
    while found := _last(text):
        back.append(_sign(found[0]))
        text = text[: found.start()].rstrip(_AROUND)
    return text, tuple(front + back[::-1])


def _last(text: str) -> re.Match[str] | None:
    """Return the mark that `text` ends in; no run of signs is longer than what is looked at."""
    if not text or text[-1].isalnum() or text[-1].isascii():
        return None
    found = next(reversed(list(_MARK.finditer(text, max(0, len(text) - 40)))), None)
    return found if found and found.end() == len(text) else None


def _sign(mark: str) -> str:
    return "".join(mark.split()).replace("\ufe0e", "")[:_LONGEST]


def legend(text: str) -> Iterator[tuple[str, str]]:
    """Yield the marks that `text` explains, with what it says of each."""
    found = list(_MARK.finditer(text[:2000]))
    if not found:
        return
    if len(found) == 1 and _EXPLAINED.search(text):
        yield _sign(found[0][0]), " ".join(text.split())
    elif not _LEGEND.sub("", text[: found[0].start()], count=1).strip(_BETWEEN + "("):
        ends = [*(each.start() for each in found[1:]), len(text)]
        for each, end in zip(found, ends, strict=True):
            if meaning := " ".join(text[each.end() : end].split()).strip(_BETWEEN + "()"):
                yield _sign(each[0]), meaning


_TIER = re.compile(r"\W*tier\s*(\d{1,2})\s*\+?\W*", re.IGNORECASE)
_HIGHEST = 4


def tier_of(text: str) -> int | None:
    """Return the tier that `text` names and nothing else, 4 standing for all from there on."""
    found = _TIER.fullmatch(text[:40]) if len(text) <= 40 else None
    return min(int(found[1]), _HIGHEST) if found and int(found[1]) else None
