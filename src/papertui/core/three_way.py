"""Texts that were edited apart, made into one if no change touches another."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import NamedTuple

# Lines that differ between two texts: to compare more of them may take seconds.
MAX_LINES = 2_000


class _Edit(NamedTuple):
    """Lines that take the place of those of the base from `first` up to `end`."""

    first: int
    end: int
    lines: tuple[str, ...]


def merged_text(base: str, one: str, other: str) -> str | None:
    """Return the text with the changes of both, None if they touch, or are too many to compare.

    Changes are of whole lines. The order of the two does not matter.
    """
    if one == other or other == base:
        return one
    if one == base:
        return other
    lines = base.split("\n")
    edits = []
    for text in (one, other):
        found = _edits(lines, text.split("\n"))
        if found is None:
            return None
        edits += found
    edits = sorted(set(edits))
    for before, after in pairwise(edits):
        if after.first <= before.end:
            return None
    for first, end, replacement in reversed(edits):
        lines[first:end] = replacement
    return "\n".join(lines)


def _edits(base: Sequence[str], text: Sequence[str]) -> list[_Edit] | None:
    start, shorter = 0, min(len(base), len(text))
    while start < shorter and base[start] == text[start]:
        start += 1
    end = 0
    while end < shorter - start and base[-1 - end] == text[-1 - end]:
        end += 1
    old, new = base[start : len(base) - end], text[start : len(text) - end]
    if max(len(old), len(new)) > MAX_LINES:
        return None
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    changes = [places for tag, *places in codes if tag != "equal"]
    return [_Edit(start + a, start + b, tuple(new[c:d])) for a, b, c, d in changes]
