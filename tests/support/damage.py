"""Damaged files, made from real ones with a seed, and a time limit for parsers."""

import random
import signal
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from types import FrameType
from typing import Any

# Seconds of wall-clock time; a hundredth is enough to parse the largest of these inputs.
PARSE_TIMEOUT = 30.0
MAX_FAULTS = 5
ODD = (
    "\0", "\x1b[31m", "\x1b]52;c;Q0FO\x07", "\x9b", "\ufeff", "\ufffd", "\u202e", "\u200d",
    "\ud800", "🌲", "👩\u200d🔬", "é", "ﬁ", "İ", "ß", "١٢", "²", "½", "Ⅷ", "\u2028", "\r", "\r\n",
    "\n", "\n\n", "\t", " ", "\\", '"', "'", "`", "```", "~~~", "$", "%", "&", "#", "@", "|", "*",
    "[", "]", "(", ")", "{", "}", "<", ">", "---", "===", "<!--", "-->", "<details>", "{{", "}}",
    "-1", "0", "9" * 20, "9" * 5000, "1e999", "NaN", "null", "true", "[]", "{}", "''", '""',
    "2026-11-20", "2026-02-30", "0001-01-01", "9999-12-31", "24:00", "05:00+00:00", "-3d",
    "https://arxiv.org/abs/1706.03762", "10.1000/182", "javascript:alert(1)", "[@click=app.quit]",
    "- ", "* [ ] ", "1. ", "# ", "## ", "| a | b |", "[x](", "![x](", "&#x1f332;", "&amp;",
    "@article{", "@string{", "@comment{", "crossref = {", "{\\'e}", "\\textbf{", " # ",
)  # fmt: skip
DEEP = (
    "[", "{", "(", "> ", "- ", "{\\'", '{"a":', "[[", "<b>", "*", "_", "`", "a.", "#", "\\", " ",
)  # fmt: skip
NONSENSE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**63, 10**30, 1.5, 1e308, "", " ", "x", "\ud800",
    "\x1b[31m", "x" * 3000, "2026-11-20", "soon", "0001-01-01", [], [[]], [None], ["a", "a"], {},
    {"a": {"b": [1]}}, [["2026-11-20", 9]], {"": ""}, "undo", "pass", "note", "he2015deep",
)  # fmt: skip


class Hang(BaseException):
    """A parser did not finish within its time."""


@contextmanager
def time_limit(seconds: float = PARSE_TIMEOUT) -> Iterator[None]:
    """Raise Hang in the body after `seconds`; no `except Exception` can catch it."""

    def raise_hang(number: int, frame: FrameType | None) -> None:
        raise Hang

    previous_handler = signal.signal(signal.SIGALRM, raise_hang)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous_handler)


def damaged_text(chance: random.Random, text: str, others: Sequence[str]) -> str:
    """Return `text` with a few pieces cut, repeated, moved, or inserted from `others`."""
    for _ in range(chance.choice((1, 1, 2, 3, 5, 8))):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice((0, 1, 2, 5, 20, 200)))
        piece = text[start:end]
        match chance.randrange(8):
            case 0:
                piece = ""
            case 1:
                piece = piece * chance.choice((2, 3, 50))
            case 2:
                piece += chance.choice(ODD)
            case 3:
                piece = chance.choice(ODD)
            case 4:
                piece = "".join(chance.choices(ODD, k=chance.randint(1, 6)))
            case 5:
                other = chance.choice(others)
                other_start = chance.randint(0, len(other))
                piece = other[other_start : other_start + chance.choice((3, 30, 300))]
            case 6:
                piece = chance.choice(DEEP) * chance.choice((3, 30, 300, 3000))
            case 7:
                text = text[: chance.randint(0, len(text))]
        text = text[:start] + piece + text[end:]
    return text


def damaged_bytes(chance: random.Random, source: bytes) -> bytes:
    """Return `source` with random bytes in a few places."""
    content = bytearray(source)
    for _ in range(chance.choice((1, 2, 10))):
        start = chance.randint(0, len(content))
        content[start : start + chance.choice((0, 1, 1, 4))] = chance.randbytes(
            chance.choice((0, 1, 3))
        )
    return bytes(content)


def damaged_data(chance: random.Random, data: Any) -> Any:
    """Return a copy of JSON data in which nonsense replaces a few parts."""
    data = deepcopy(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        places = list(_places(data))
        parent, key = chance.choice(places)
        match chance.randrange(5):
            case 0:
                del parent[key]
            case 1:
                other_parent, other_key = chance.choice(places)
                parent[key] = deepcopy(other_parent[other_key])
            case 2 if isinstance(parent, dict):
                parent[str(chance.choice(ODD))] = parent.pop(key)
            case _:
                parent[key] = deepcopy(chance.choice(NONSENSE))
        if not data:
            break
    return data


def _places(data: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each part of JSON data, as the container that has it and its key or position."""
    keys = range(len(data)) if isinstance(data, list) else list(data)
    for key in keys:
        yield data, key
        if isinstance(data[key], dict | list):
            yield from _places(data[key])


def read_all(inputs: Iterator[Any], read: Callable[[Any], object]) -> tuple[int, float]:
    """Read every input; return the number of inputs and the seconds that the slowest took.

    Fails with the first few inputs on which `read` raises or hangs.
    """
    number, slowest = 0, 0.0
    faults: dict[str, str] = {}
    for source in inputs:
        number += 1
        started_at = time.monotonic()
        try:
            with time_limit():
                read(source)
        except (Exception, Hang) as error:
            faults.setdefault(f"{type(error).__name__} at {_place(error)}", repr(source)[:600])
            if len(faults) == MAX_FAULTS:
                break
        slowest = max(slowest, time.monotonic() - started_at)
    assert not faults, "\n".join(f"{fault} on {source}" for fault, source in faults.items())
    return number, slowest


def _place(error: BaseException) -> str:
    """Return the innermost line that ran when an error was raised, the time limit left out."""
    frames = traceback.extract_tb(error.__traceback__)
    frame = [frame for frame in frames if frame.name != "raise_hang"][-1]
    return f"{frame.filename}:{frame.lineno}: {error!s:.80}"
