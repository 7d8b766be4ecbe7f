"""JSON from outside, read strictly: what Python would let pass in silence is refused."""

import json
from typing import Any

from papertui.errors import PapertuiError

MAX_BYTES = 20 * 1024 * 1024


class Unsound(PapertuiError):
    """Why a file is no sound JSON, in words for a reader."""


def decode(source: bytes) -> Any:
    """Return the data in `source`, JSON as UTF-8.

    Raises Unsound for what is too large, no UTF-8, no JSON, nested too deeply,
    or has a key twice in one object, NaN, Infinity or an endless number.
    """
    if len(source) > MAX_BYTES:
        raise Unsound(f"it is larger than {MAX_BYTES // 1024**2} MB")
    try:
        return parse(source.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unsound(f"it is not UTF-8 text (byte {error.start})") from None


def parse(text: str) -> Any:
    """Return the data in `text`. Raises Unsound as `decode` does; any length will do."""
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant)
    except json.JSONDecodeError as error:
        raise Unsound(f"it is not JSON (line {error.lineno}: {error.msg})") from None
    except RecursionError:
        raise Unsound("it is nested too deeply") from None
    except ValueError:
        raise Unsound("it holds a number that is too long") from None


def _pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(found)
    if len(result) < len(found):
        keys = [key for key, _ in found]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Unsound(f"{twice!r} stands twice in one object")
    return result


def _constant(word: str) -> Any:
    raise Unsound(f"{word} is no JSON number")
