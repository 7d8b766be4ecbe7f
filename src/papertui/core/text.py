"""Text from outside: made safe to show, compared without accents, measured in cells."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator

# A pattern that `re` compiles when it is first used: most commands never need it.
_UNSAFE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters, C1 ones included
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # direction marks and overrides
    "\u2028\u2029\ud800-\udfff\ufff9-\ufffb"  # line separators, surrogates, annotations
    "\U000e0000-\U000e007f]"  # tags
)
_CONTROL = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]"
_NOT_IN_A_LINE = "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]"
# Cells of a title: the fewest that say anything, and those that tell most titles apart.
MIN_TITLE, TOLD_APART = 12, 30
NO_BREAK = "\u00a0"
# Cells of an id that tell all of it.
MAX_ID = 40
# Letters of a word that is cut which are left out, so that a title ends with a whole word.
MAX_HALF_WORD = 9
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"}
)


def valid_unicode(text: str) -> str:
    """Return `text` with lone surrogates, which no UTF-8 file can hold, replaced by U+FFFD."""
    if text.isascii():
        return text
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _is_plain(text: str) -> bool:
    """Return True if `text` is lines of printable characters, which are safe everywhere."""
    return text.replace("\n", "").isprintable()


def terminal_safe(text: str) -> str:
    """Return `text` with each character that could steer a terminal replaced by U+FFFD.

    Tabs become four spaces and every line end a line feed; all else is kept.
    """
    if _is_plain(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", "    ")
    return re.sub(_UNSAFE, "\ufffd", text)


def strip_controls(text: str) -> str:
    """Return `text` without characters that could steer a terminal; tabs and line feeds stay."""
    return text if _is_plain(text) else re.sub(_UNSAFE, "", text)


def replace_controls(text: str) -> str:
    """Return `text` as a field may hold it: each control character replaced by U+FFFD.

    Tabs, line ends and the direction marks that some scripts need are kept.
    """
    return text if _is_plain(text) else re.sub(_CONTROL, "\ufffd", text)


def file_safe(text: str) -> str:
    """Return `text` as a file for reading may hold it.

    Control characters are replaced by U+FFFD and lone carriage returns by line feeds;
    tabs, both kinds of line end, and direction marks are kept.
    """
    return "\r\n".join(line.replace("\r", "\n") for line in replace_controls(text).split("\r\n"))


def cell_safe(text: str) -> str:
    """Return `text` as a part of one line of the screen: each control character is U+FFFD."""
    if text.isprintable():
        return text
    return re.sub(_NOT_IN_A_LINE, "\ufffd", text)


def escaped(json_text: str) -> str:
    """Return JSON with characters that could steer a terminal written as escapes."""
    return re.sub(
        _UNSAFE, lambda found: "".join(f"\\u{u:04x}" for u in _utf16(found[0])), json_text
    )


def _utf16(char: str) -> list[int]:
    units = char.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2)]


def safe_line(text: str) -> str:
    """Return `text` as one safe line, runs of white space folded into one blank."""
    if text.isprintable() and "  " not in text:
        return text.strip()
    return terminal_safe(" ".join(text.split()))


def beginning(text: str, length: int = 200) -> str:
    """Return the first line of `text` that has words, as safe text without signs before it."""
    lines = (line.strip().lstrip("#>*-+ ") for line in text.split("\n") if count_words(line))
    return clipped(next(lines, ""), length)


def clipped(text: str, length: int) -> str:
    """Return `text` as one safe line of at most `length` characters, with an ellipsis if cut."""
    line = safe_line(text)
    return line if len(line) <= length else f"{line[: length - 1].rstrip()}…"


def fold(text: str) -> str:
    """Return `text` for comparing: without case and accents, blanks run together.

    >>> fold("  Łukasz Ørsted ")
    'lukasz orsted'
    """
    if text.isascii():
        return " ".join(text.lower().split())
    plain = unicodedata.normalize("NFKD", valid_unicode(text).casefold().translate(_UNDECOMPOSED))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def title_key(title: str) -> str:
    """Return `title` folded and without punctuation: two lists name one work if these agree."""
    return " ".join(re.findall(r"[^\W_]+", title.lower() if title.isascii() else fold(title)))


# Signs of one cell each that join with nothing: Latin, Greek and Cyrillic letters, punctuation,
# arrows, mathematics, keys, the glyphs of the tree, ticks, boxes. wcwidth, which knows all others,
# takes 40 ms and five megabytes, which papertui's own screens and lists do without.
_RANGES = (
    (0x20, 0x7F), (0xA1, 0xAD), (0xAE, 0x300), (0x370, 0x483), (0x2010, 0x2028), (0x2030, 0x205F),
    (0x2070, 0x2072), (0x2074, 0x208F), (0x2190, 0x231A), (0x232B, 0x23E9), (0x2500, 0x25FD),
    (0x2610, 0x2613), (0x270C, 0x2728),
)  # fmt: skip
_SINGLE_CELLS = frozenset[str]().union(*(map(chr, range(*ends)) for ends in _RANGES))

# The one wide sign of the shipped lists.
_WIDE = "✨"
_SIMPLE = _SINGLE_CELLS | {_WIDE}


def has_single_cells(text: str) -> bool:
    """Return True if it is known at once that each character of `text` fills one cell."""
    return text.isascii() or _SINGLE_CELLS.issuperset(text)


def cells(text: str) -> int:
    """Return how many terminal cells `text` fills."""
    if has_single_cells(text):
        return len(text)
    if _SIMPLE.issuperset(text):
        return len(text) + text.count(_WIDE)
    from wcwidth import width

    return width(text, control_codes="ignore")


def _clusters(text: str) -> Iterable[str]:
    """Return the parts of `text` that a terminal shows as one sign each."""
    if _SIMPLE.issuperset(text):
        return text
    from wcwidth import iter_graphemes

    return iter_graphemes(text)


def wrap(text: str, width: int) -> Iterator[str]:
    """Break one paragraph into lines of at most `width` cells, at blanks if possible."""
    measure = len if has_single_cells(text) else cells
    line, used = "", 0
    for word in text.split(" "):
        for piece in (word,) if measure(word) <= width else chop(word, width):
            size = measure(piece)
            if line and used + 1 + size > width:
                yield line
                line, used = piece, size
            else:
                line, used = (f"{line} {piece}", used + 1 + size) if line else (piece, size)
    yield line


def chop(word: str, width: int) -> Iterator[str]:
    """Cut text into pieces of at most `width` cells.

    Letters and their accents, joined emoji and flags stay whole, if need be in a wider piece.
    """
    if cells(word) <= width:
        yield word
        return
    piece, used = "", 0
    for cluster in _clusters(word):
        size = cells(cluster)
        if piece and used + size > width:
            yield piece
            piece, used = "", 0
        piece, used = piece + cluster, used + size
    yield piece


def shorten(text: str, width: int) -> str:
    """Return `text` cut to `width` cells, at the end of a word if one is near, with an ellipsis."""
    if cells(text) <= width:
        return text
    beginning = next(chop(text, max(1, width - 1)))
    words, _, half = beginning.rpartition(" ")
    is_cut = text[len(beginning) : len(beginning) + 1].strip()
    if is_cut and words and len(half) <= MAX_HALF_WORD and len(words) >= len(half):
        beginning = words
    return f"{beginning.rstrip(' ,;:·')}…" if cells(beginning) < width else "…"


def fitted(before: str, title: str, after: str, width: int, max_lines: int) -> list[str]:
    """Return three texts that follow each other as lines of at most `width` cells.

    `title` is shortened before a line more is taken, to no less than `TOLD_APART` cells; if
    `max_lines` are not enough, to `MIN_TITLE`, or `MAX_ID` if it is an id or a word by itself.
    If they still are not, the middle is left out: the end, which names a key, stays. What is
    offered last, behind two blanks or a point, begins a line rather than be parted.
    """
    start = after.rfind("  ") + 2 if "  " in after else after.rfind(" · ") + 1
    if start and cells(after[start:]) <= width // 2:
        after = after[:start] + after[start:].replace(" ", NO_BREAK)
    least = min(MIN_TITLE if " " in title.strip() else MAX_ID, cells(title))
    for shortest in (min(TOLD_APART, cells(title)), least):
        for lines in range(1, max_lines + 1):
            room = lines * width - cells(before) - cells(after)
            for size in range(min(room, cells(title)), shortest - 1, -1):
                fitting = list(wrap(f"{before}{shorten(title, size)}{after}", width))
                if len(fitting) <= lines:
                    return [line.replace(NO_BREAK, " ") for line in fitting]
    after = after.replace(NO_BREAK, " ")
    *words, last = f"{before}{shorten(title, least)}{after}".split(" ")
    end = [*chop(last, max(1, width - 2))][-1]
    while words and cells(f"… {words[-1]} {end}") <= width:
        end = f"{words.pop()} {end}"
    return [*list(wrap(" ".join(words), width))[: max_lines - 1], shorten(f"… {end}", width)]


def packed(parts: Iterable[str], width: int, between: str = " · ") -> list[str]:
    """Return lines of whole parts, as many in each as fit into `width` cells."""
    lines: list[str] = []
    for part in parts:
        if lines and cells(longer := f"{lines[-1]}{between}{part}") <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    return lines


def common_start(texts: Collection[str]) -> str:
    """Return the letters with which all texts begin."""
    first, last = min(texts, default=""), max(texts, default="")
    pairs = enumerate(zip(first, last, strict=False))
    return first[: next((at for at, (one, other) in pairs if one != other), len(first))]


def count_words(text: str) -> int:
    """Return the number of words in a text; signs by themselves are not words."""
    return sum(any(map(str.isalnum, word)) for word in text.split())


def whole_number(text: str) -> int | None:
    """Return the whole number that `text` is, None for other texts and ten digits or more."""
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def quantity(number: int, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun: ``1 week``, ``6 weeks``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
