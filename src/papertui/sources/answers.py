"""Answers of services as XML and JSON: bounded in depth and size, plain text in one line."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from papertui.core import strict_json
from papertui.core.text import safe_line
from papertui.sources.service import SourceError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_DEPTH = 50
MAX_ELEMENTS = 150_000


def parse_xml(body: bytes, name: str) -> "Element":
    """Return the root of XML that the service `name` sent. Raises SourceError if it is none."""
    # Both cost milliseconds that a command does without.
    from xml.etree.ElementTree import TreeBuilder

    from defusedxml.ElementTree import DefusedXMLParser, ParseError

    class BoundedTree(TreeBuilder):
        depth = elements = 0

        def start(self, tag: Any, attrs: Any, /) -> "Element":
            self.depth += 1
            self.elements += 1
            if self.depth > MAX_DEPTH or self.elements > MAX_ELEMENTS:
                raise ValueError("nested too deeply, or too much of it")
            return super().start(tag, attrs)

        def end(self, tag: Any, /) -> "Element":
            self.depth -= 1
            return super().end(tag)

    parser = DefusedXMLParser(target=BoundedTree(), forbid_dtd=True)
    try:
        parser.feed(body)
        root: Element = parser.close()
    except (ParseError, LookupError, ValueError) as error:
        raise makes_no_sense(name) from error
    return root


def parse_json(body: bytes, name: str) -> dict[str, Any]:
    """Return the JSON object that the service `name` sent. Raises SourceError if it is none."""
    try:
        data = strict_json.decode(body)
    except strict_json.Unsound as error:
        raise makes_no_sense(name) from error
    if not isinstance(data, dict):
        raise makes_no_sense(name)
    return data


def objects_of(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects in a list of an answer, none if it is no list."""
    values = data.get(name)
    return [each for each in values if isinstance(each, dict)] if isinstance(values, list) else []


def makes_no_sense(name: str) -> SourceError:
    """Return the error for an answer that cannot be read."""
    return SourceError(f"{name}'s answer makes no sense.")


def child_text(parent: "Element", path: str) -> str:
    """Return the text of a child of an element as one safe line, empty if there is none."""
    return safe_line(parent.findtext(path) or "")
