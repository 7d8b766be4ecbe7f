"""Checks of data that came out of a file: every fault with its place, none raised.

A check takes a value and yields faults; checks are put together into bigger ones.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, NamedTuple

from papertui.core.text import terminal_safe


class Fault(NamedTuple):
    """What is wrong, and where: `place` is a path such as ``works.x.year``."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}" if self.place else self.text

    def within(self, outer: str) -> "Fault":
        """Return the same fault with its place seen from one level further out."""
        joint = "" if not self.place or self.place.startswith("[") else "."
        return Fault(f"{outer}{joint}{self.place}", self.text)


Check = Callable[[Any], Iterator[Fault]]


def that(says: str, holds: Callable[[Any], bool]) -> Check:
    """Check a condition on one value; `says` completes the sentence "should be …"."""

    def check(value: Any) -> Iterator[Fault]:
        if not holds(value):
            shown = repr(value)
            yield Fault(
                "", f"should be {says}, is {shown[:60] + '…' if len(shown) > 60 else shown}"
            )

    return check


text = that(
    "a text, not empty and free of control characters",
    lambda v: isinstance(v, str) and bool(v.strip()) and terminal_safe(v) == v,
)
prose = that("a text", lambda v: isinstance(v, str))
flag = that("true or false", lambda v: isinstance(v, bool))


def number(low: int, high: int) -> Check:
    """Check for a whole number from `low` to `high`."""
    return that(
        f"a whole number from {low} to {high}",
        lambda v: isinstance(v, int) and not isinstance(v, bool) and low <= v <= high,
    )


def one_of(*choices: str) -> Check:
    """Check for one of a few words."""
    return that("one of " + ", ".join(choices), lambda v: isinstance(v, str) and v in choices)


def many(inner: Check) -> Check:
    """Check a list and all that is in it."""

    def check(value: Any) -> Iterator[Fault]:
        if not isinstance(value, list):
            yield Fault("", "should be a list")
            return
        for index, item in enumerate(value):
            for fault in inner(item):
                yield fault.within(f"[{index}]")

    return check


def table(inner: Check) -> Check:
    """Check an object whose keys are free and whose values are alike."""

    def check(value: Any) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault("", "should be an object")
            return
        for key, item in value.items():
            for fault in inner(item):
                yield fault.within(key)

    return check


def record(fields: Mapping[str, Check], needs: Collection[str] = ()) -> Check:
    """Check an object of known fields, of which `needs` must be there."""

    def check(value: Any) -> Iterator[Fault]:
        if not isinstance(value, dict):
            yield Fault("", "should be an object")
            return
        for name in needs:
            if name not in value:
                yield Fault("", f"lacks {name!r}")
        for name, item in value.items():
            if name not in fields:
                yield Fault(name, "is not a known field")
                continue
            for fault in fields[name](item):
                yield fault.within(name)

    return check
