"""What a list is made of before it means anything: headings, paragraphs, entries, tables."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

_WITHIN = re.compile(r"#|(?![a-z][a-z0-9+.-]*:|//)[^?#]*\.(?:md|markdown)(?:#|$)", re.IGNORECASE)


class Span(NamedTuple):
    """A stretch of text set in one way; `url` is where it leads, just as the file has it.

    `image` says that the text stands for a picture that leads there, such as a badge.
    """

    text: str
    url: str | None = None
    strong: bool = False
    slanted: bool = False
    image: bool = False

    @property
    def outward(self) -> bool:
        """Whether it leads out of the list, which may be several files of Markdown."""
        return bool(self.url) and not _WITHIN.match(self.url or "")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, a heading's text or a table's cell; `line` to `end`, which is not part of it."""

    spans: tuple[Span, ...]
    line: int
    end: int

    @property
    def text(self) -> str:
        """All its words."""
        return "".join(span.text for span in self.spans)

    def lines(self) -> list["Passage"]:
        """Return the lines it is written in, each by itself."""
        rows: list[list[Span]] = [[]]
        for span in self.spans:
            first, *others = span.text.split("\n") if span.url is None else [span.text]
            rows[-1].append(span._replace(text=first))
            rows.extend([span._replace(text=other)] for other in others)
        found = (replace(self, spans=tuple(merged(row))) for row in rows)
        return [passage for passage in found if passage.text.strip()]


@dataclass(slots=True)
class Heading:
    """A heading, 1 being the highest level."""

    level: int
    passage: Passage


@dataclass(slots=True)
class Entry:
    """A bullet or a numbered entry with its paragraphs and the entries below it."""

    line: int
    passages: list[Passage] = field(default_factory=list)
    entries: list["Entry"] = field(default_factory=list)


@dataclass(slots=True)
class Listing:
    """Bullets or numbered entries that belong together."""

    entries: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table's header and rows of cells."""

    header: list[str] = field(default_factory=list)
    rows: list[list[Passage]] = field(default_factory=list)


@dataclass(slots=True)
class Fold:
    """A part that opens at a click, from its summary to its FoldEnd."""

    passage: Passage


@dataclass(slots=True)
class FoldEnd:
    """The end of the last Fold."""


Block = Heading | Passage | Listing | Table | Fold | FoldEnd


def merged(spans: Iterable[Span]) -> Iterator[Span]:
    """Yield `spans` with neighbours of one link, or set alike, made one, and no empty ones."""
    last: Span | None = None
    for span in spans:
        if not span.text:
            continue
        if last and last.url == span.url and (span.url or last[2:] == span[2:]):
            last = _joined(last, span)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last


def _joined(one: Span, other: Span) -> Span:
    if one.image != other.image:
        return other if one.image else one
    strong, slanted = one.strong or other.strong, one.slanted or other.slanted
    return one._replace(text=one.text + other.text, strong=strong, slanted=slanted)
