"""Text set in Markdown or HTML as spans: what is bold, what leads where."""

import re
from collections.abc import Iterator
from html import unescape

from markdown_it.token import Token

from papertui.importing.blocks import Span, merged
from papertui.importing.marks import is_mark, with_signs

# Comments first; an unclosed one takes the rest, so that nothing is read twice.
TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)([A-Za-z][A-Za-z0-9]*)([^<>]*)>", re.DOTALL)
_ATTRIBUTE = re.compile(r"""\b(href|src|alt)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.I)
_FOOTNOTE = re.compile(r"\[\^[^\[\]\s]{1,30}\]")
_STRONG, _SLANTED = ("b", "strong"), ("i", "em")


class SpanWriter:
    """Takes text and tags in order and gives back spans."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._strong = self._slanted = 0
        self._url: str | None = None

    def text(self, text: str) -> None:
        """Add words."""
        strong, slanted = self._strong > 0, self._slanted > 0
        text = with_signs(_FOOTNOTE.sub("", text))
        self._spans.append(Span(text, self._url, strong, slanted))

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
            self._spans.append(Span(alt.strip() or "image", self._url, image=True))

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

    def take(self) -> tuple[Span, ...]:
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


def spans_of(tokens: list[Token]) -> tuple[Span, ...]:
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
