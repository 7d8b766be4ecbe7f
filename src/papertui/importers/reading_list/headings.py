"""Headings: their titles and tiers, and those that are works or about the list itself."""

import re
from collections.abc import Sequence

from papertui.importers.reading_list import inline
from papertui.importers.reading_list.line import Kind, Line, kind_of
from papertui.importers.reading_list.titles import clean_title
from papertui.importers.reading_list.vocabulary import TITLES, WORDS

MAX_SECTION_TITLE = 200
MAX_OPENER = 45
MAX_BOLD_HEADING = 120
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)*[.):]|\d+(?:\.\d+)+|[IVX]+[.)])\s+")
_COUNT = re.compile(
    r"\s*[(\[](?:[^()\[\]]{0,40}\bpapers?\b[^()\[\]]{0,40}"
    r"|\d{1,4}\s+(?:items?|entries|works|articles|books|videos|links)|\d{1,3})[)\]]$",
    re.IGNORECASE,
)
_ABOUT_LIST = ("contributing to ", "contribute to ", "how to contribute ")
_LINK_TO_TOP = re.compile(r"(?:\W|back|to|the|top|go|up|return|contents?|toc)*", re.IGNORECASE)


def title_of(lines: Sequence[Line]) -> str:
    """Return a heading without numbers, marks, badges, counts and links to the top."""
    heading = [span for line in lines for span in line.spans if not span.image]
    if len(heading) > 1:
        heading = [span for span in heading if not _is_link_to_top(span)]
    text = " ".join(inline.text_of(heading).split())
    for emptied in ("()", "( )", "[]", "[ ]"):
        text = text.replace(emptied, "")
    text = clean_title(inline.split_marks(text)[0])
    text = text[number.end() :] if (number := _NUMBER.match(text)) else text
    text = _COUNT.sub("", text[-2 * MAX_SECTION_TITLE :])
    if title := clean_title(inline.split_marks(text)[0]):
        return title
    # Marks only may be a title too.
    whole = inline.text_of(span for line in lines for span in line.raw if not span.image)
    return " ".join(whole.split())


def _is_link_to_top(span: inline.InlineSpan) -> bool:
    return (span.url or "").startswith("#") and bool(_LINK_TO_TOP.fullmatch(span.text))


def tier_of(title: str) -> int | None:
    """Return the tier that a heading names, None if it names none."""
    return inline.parse_tier(" ".join(title.replace(":", " ").split()[:2]))


def is_opener(title: str) -> bool:
    """Return True if the words to open a fold by do not name what is in it."""
    first = title.casefold().partition(" ")[0].strip(".:!")
    return len(title) <= MAX_OPENER and first in WORDS["openers"]


def is_about_list(title: str) -> bool:
    """Return True if a section is about the list itself, such as its licence."""
    name = title.strip(" .:!").casefold()
    return name in TITLES["about_list"] or name.startswith(_ABOUT_LIST)


def is_heading(lines: Sequence[Line]) -> bool:
    """Return True if a paragraph is a heading: in bold type, or the name of a tier."""
    text = "\n".join(line.text for line in lines).strip()
    if len(text) > MAX_BOLD_HEADING or "\n" in text or text[-1:] in "!.,":
        return False
    return all(line.is_bold for line in lines) or inline.parse_tier(text) is not None


def is_linked_title(lines: Sequence[Line]) -> bool:
    """Return True if a heading is a single title with a link."""
    parts = [span for line in lines for span in line.spans]
    linked = [span for span in parts if span.is_external and span.role is inline.Role.TITLE]
    return len(linked) == 1 and kind_of(lines) is Kind.WORK
