"""What a list is made of before it means anything: headings, paragraphs, entries, tables."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from html import unescape
from typing import NamedTuple

from markdown_it.token import Token

_WITHIN = re.compile(r"#|(?![a-z][a-z0-9+.-]*:|//)[^?#]*\.(?:md|markdown)(?:#|$)", re.IGNORECASE)


class InlineSpan(NamedTuple):
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

    spans: tuple[InlineSpan, ...]
    line: int
    end: int

    @property
    def text(self) -> str:
        """All its words."""
        return "".join(span.text for span in self.spans)

    def lines(self) -> list["Passage"]:
        """Return the lines it is written in, each by itself."""
        rows: list[list[InlineSpan]] = [[]]
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
class ListEntry:
    """A bullet or a numbered entry with its paragraphs and the entries below it."""

    line: int
    passages: list[Passage] = field(default_factory=list)
    entries: list["ListEntry"] = field(default_factory=list)


@dataclass(slots=True)
class BulletList:
    """Bullets or numbered entries that belong together."""

    entries: list[ListEntry] = field(default_factory=list)


@dataclass(slots=True)
class Table:
    """A table's header and rows of cells."""

    header: list[str] = field(default_factory=list)
    rows: list[list[Passage]] = field(default_factory=list)


@dataclass(slots=True)
class Details:
    """A part that opens at a click, from its summary to its DetailsEnd."""

    passage: Passage


@dataclass(slots=True)
class DetailsEnd:
    """The end of the last Details."""


Block = Heading | Passage | BulletList | Table | Details | DetailsEnd


def merged(spans: Iterable[InlineSpan]) -> Iterator[InlineSpan]:
    """Yield `spans` with neighbours of one link, or set alike, made one, and no empty ones."""
    last: InlineSpan | None = None
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


def _joined(one: InlineSpan, other: InlineSpan) -> InlineSpan:
    if one.image != other.image:
        return other if one.image else one
    strong, slanted = one.strong or other.strong, one.slanted or other.slanted
    return one._replace(text=one.text + other.text, strong=strong, slanted=slanted)


# Comments first; an unclosed one takes the rest, so that nothing is read twice.
TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)([A-Za-z][A-Za-z0-9]*)([^<>]*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""\b(href|src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,30}\]")
_STRONG, _SLANTED = ("b", "strong"), ("i", "em")


class SpanWriter:
    """Takes text and tags in order and gives back spans."""

    def __init__(self) -> None:
        self._spans: list[InlineSpan] = []
        self._strong = self._slanted = 0
        self._url: str | None = None

    def text(self, text: str) -> None:
        """Add words."""
        strong, slanted = self._strong > 0, self._slanted > 0
        text = with_signs(_FOOTNOTE.sub("", text))
        self._spans.append(InlineSpan(text, self._url, strong, slanted))

    def strong(self, step: int) -> None:
        """Begin (1) or end (-1) bold words."""
        self._strong = max(0, self._strong + step)

    def slanted(self, step: int) -> None:
        """Begin (1) or end (-1) slanted words."""
        self._slanted = max(0, self._slanted + step)

    def link(self, url: str | None) -> None:
        """Begin a link, or end it with None."""
        self._url = url

    def image(self, alt: str) -> None:
        """Add a picture: words only where it is a sign or leads somewhere."""
        if is_mark(with_signs(alt)):
            self.text(alt)
        elif self._url:
            self._spans.append(InlineSpan(alt.strip() or "image", self._url, image=True))

    def tag(self, closing: bool, name: str, attributes: str) -> None:
        """Take an HTML tag; one that says nothing about its text is passed over."""
        step = -1 if closing else 1
        if name in _STRONG:
            self.strong(step)
        elif name in _SLANTED:
            self.slanted(step)
        elif name == "br":
            self.text("\n")
        elif name == "a" and closing:
            self.link(None)
        elif name == "a" and (url := attribute(attributes, "href")):
            self.link(url)
        elif name == "img":
            self.image(attribute(attributes, "alt") or "")

    def take(self) -> tuple[InlineSpan, ...]:
        """Return what was written since the last call, white space at the ends left out."""
        spans, self._spans = list(merged(self._spans)), []
        while spans and not spans[0].text.strip():
            spans.pop(0)
        while spans and not spans[-1].text.strip():
            spans.pop()
        return tuple(spans)


def attribute(attributes: str, name: str) -> str | None:
    """Return the value of an attribute of an HTML tag."""
    for found in _ATTRIBUTE.finditer(attributes[:4000]):
        if found[1].lower() == name:
            return unescape(next(filter(None, found.groups()[1:]), "")).strip()
    return None


def spans_of(tokens: list[Token]) -> tuple[InlineSpan, ...]:
    """Return the spans of the inline tokens of one block."""
    writer = SpanWriter()
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                writer.strong(token.nesting)
            case "em_open" | "em_close":
                writer.slanted(token.nesting)
            case "link_open":
                writer.link(str(token.attrs.get("href", "")))
            case "link_close":
                writer.link(None)
            case "image":
                writer.image(token.content)
            case "softbreak" | "hardbreak":
                writer.text("\n")
            case "html_inline":
                for closing, name, attributes in tags_of(token.content):
                    writer.tag(closing, name, attributes)
            case _:
                writer.text(token.content)
    return writer.take()


def tags_of(html: str) -> Iterator[tuple[bool, str, str]]:
    """Yield whether it closes, the name and the attributes of each tag in `html`."""
    for found in TAG.finditer(html):
        if found[2]:
            yield bool(found[1]), found[2].lower(), found[3]


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
