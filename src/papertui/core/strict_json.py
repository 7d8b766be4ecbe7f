"""JSON from outside: read strictly, checked against the records it describes, made into them.

A record is a NamedTuple. The types of its fields say what its JSON must be, a
`Rule` beside a type says more; a field whose default is empty may be left out.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache, partial
from types import NoneType
from typing import Annotated, Any, NamedTuple, get_args, get_origin, get_type_hints

from papertui.core.text import safe_line, terminal_safe
from papertui.errors import PapertuiError

MAX_BYTES = 20 * 1024 * 1024
_MAX_SHOWN = 60


class Unsound(PapertuiError):
    """Why a file is no sound JSON, in words for a reader."""


def decode(source: bytes) -> Any:
    """Return the data in `source`, JSON as UTF-8.

    Raises Unsound if it is too large, not UTF-8, not JSON or nested too deeply,
    or if it has a key twice in one object, NaN, Infinity or an endless number.
    """
    if len(source) > MAX_BYTES:
        raise Unsound(f"it is larger than {MAX_BYTES // 1024**2} MB")
    try:
        return parse(source.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Unsound(f"it is not UTF-8 text (byte {error.start})") from None


def parse(text: str) -> Any:
    """Return the data in `text`, of any length. Raises Unsound as `decode` does."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Unsound(f"it is not JSON (line {error.lineno}: {error.msg})") from None
    except RecursionError:
        raise Unsound("it is nested too deeply") from None
    except ValueError:
        raise Unsound("it holds a number that is too long") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    fields = dict(pairs)
    if len(fields) < len(pairs):
        twice = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise Unsound(f"{twice!r} appears twice in one object")
    return fields


def _constant(word: str) -> Any:
    raise Unsound(f"{word} is no JSON number")


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant)


class Fault(NamedTuple):
    """A fault and its place, a path such as ``works.x.year``."""

    place: str
    text: str

    def __str__(self) -> str:
        return safe_line(f"{self.place}: {self.text}" if self.place else self.text)


_Check = Callable[[Any, str], Iterator[Fault]]


class Rule(NamedTuple):
    """A condition on a value of the right type; `words` complete "should be …"."""

    words: str
    holds: Callable[[Any], bool]


def between(low: int, high: int) -> Rule:
    """Return the rule for a whole number from `low` to `high`."""
    return Rule(f"a whole number from {low} to {high}", lambda v: low <= v <= high)


def one_of(choices: Collection[str]) -> Rule:
    """Return the rule for one of a few words."""
    return Rule("one of " + ", ".join(choices), lambda v: v in choices)


def _is_text(value: Any) -> bool:
    if not isinstance(value, str) or not value.strip():
        return False
    return (value.isascii() and value.isprintable()) or terminal_safe(value) == value


# The rule for a field that follows from other records and is never in JSON.
DERIVED = Rule("left out", lambda _: False)
_RULES = {
    Any: Rule("anything", lambda _: True),
    str: Rule("a text, not empty and free of control characters", _is_text),
    bool: Rule("true or false", lambda v: isinstance(v, bool)),
    int: Rule("a whole number", lambda v: type(v) is int),
    tuple[int, int]: Rule("a pair", lambda v: type(v) is list and [*map(type, v)] == [int, int]),
}


def faults(value: Any, kind: Any, place: str = "") -> Iterator[Fault]:
    """Yield every fault that keeps `value` from being a `kind`: a record, or the type of a field.

    `place` is the path of the value.
    """
    return _check(kind)(value, place)


@cache
def _check(kind: Any) -> _Check:
    origin, inner = get_origin(kind), get_args(kind)
    if kind in _RULES:
        return partial(_rule_faults, _RULES[kind])
    if origin is Annotated:
        base, rule = _RULES[inner[0]], inner[1]
        both = Rule(rule.words, lambda value: base.holds(value) and rule.holds(value))
        return partial(_rule_faults, both)
    if NoneType in inner:
        return _check(inner[0])
    if origin is tuple:
        return partial(_list_faults, _check(inner[0]))
    if origin is Mapping:
        return partial(_table_faults, _check(inner[1]))
    return partial(_record_faults, kind)


def _rule_faults(rule: Rule, value: Any, place: str) -> Iterator[Fault]:
    if not rule.holds(value):
        shown = repr(value)
        shown = f"{shown[:_MAX_SHOWN]}…" if len(shown) > _MAX_SHOWN else shown
        yield Fault(place, f"should be {rule.words}, is {shown}")


def _list_faults(check: _Check, value: Any, place: str) -> Iterator[Fault]:
    if not isinstance(value, list):
        yield Fault(place, "should be a list")
        return
    rule = check.args[0] if isinstance(check, partial) else None
    if isinstance(rule, Rule) and all(map(rule.holds, value)):
        return
    for index, item in enumerate(value):
        yield from check(item, f"{place}[{index}]")


def _table_faults(check: _Check, value: Any, place: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(place, "should be an object")
    elif check is not _check(Any):
        for key, item in value.items():
            yield from faults(key, str, place)
            yield from check(item, _within(place, key))


def _record_faults(record: Any, value: Any, place: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(place, "should be an object")
        return
    fields = _fields(record)
    for name in _needed(record):
        if name not in value:
            yield Fault(place, f"lacks {name!r}")
    for name, item in value.items():
        if name not in fields:
            yield Fault(_within(place, name), "is not a known field")
            continue
        kind, needed, check, holds = fields[name]
        # A library has tens of thousands of fields, and nearly all of them are sound.
        if holds and item is not None and holds(item):
            continue
        if not (item is None and needed and NoneType in get_args(kind)):
            yield from check(item, _within(place, name))


@cache
def _needed(record: Any) -> tuple[str, ...]:
    return tuple(name for name, (_, needed, *_) in _fields(record).items() if needed)


def _within(place: str, step: str) -> str:
    return f"{place}.{step}" if place else step


@cache
def _fields(record: Any) -> Mapping[str, tuple[Any, bool, _Check, Callable[[Any], bool] | None]]:
    """Return the type of each field of a record, whether its JSON must have it, and its check.

    The last of the four is the rule that the check is of, if it is of one.
    """
    return {
        name: (kind, bool(record._field_defaults.get(name, True)), _check(kind), _holds(kind))
        for name, kind in get_type_hints(record, include_extras=True).items()
        if DERIVED not in get_args(kind)
    }


def _holds(kind: Any) -> Callable[[Any], bool] | None:
    check = _check(kind)
    rule = check.args[0] if isinstance(check, partial) and check.args else None
    return rule.holds if isinstance(rule, Rule) else None


def build(value: Any, kind: Any) -> Any:
    """Return the `kind`, as in `faults`, that a value without faults describes."""
    inner = get_args(kind)
    if get_origin(kind) is Annotated or NoneType in inner:
        return build(value, inner[0])
    if isinstance(value, list):
        return tuple(build(item, inner[0]) for item in value)
    if not hasattr(kind, "_fields"):
        return value
    fields = _fields(kind)
    return kind(**{name: build(item, fields[name][0]) for name, item in value.items()})
