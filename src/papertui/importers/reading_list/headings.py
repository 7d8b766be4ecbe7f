"""Headings: their titles and tiers, and those that are works or about the list itself."""

import re
from collections.abc import Sequence

from papertui.importers.reading_list import spans
from papertui.importers.reading_list.line import Kind, Line, kind_of
from papertui.importers.reading_list.titles import clean_title

MAX_SECTION_TITLE = 200
MAX_OPENER = 45
_BOX = re.compile(r"\[[ xX]\]\s+")
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)*[.):]|\d+(?:\.\d+)+|[IVX]+[.)])\s+")
_COUNT = re.compile(
    r"\s*[(\[](?:[^()\[\]]{0,40}\bpapers?\b[^()\[\]]{0,40}"
    r"|\d{1,4}\s+(?:items?|entries|works|articles|books|videos|links)|\d{1,3})[)\]]$",
    re.IGNORECASE,
)
_LINK_TO_TOP = re.compile(r"(?:\W|back|to|the|top|go|up|return|contents?|toc)*", re.IGNORECASE)
_ABOUT_LIST = re.compile(
    r"(?:table of )?contents?|toc|index|outline|overview of contents"
    r"|(?:how to |other )?contribut(?:e|ing|ions?|ors?)(?: guidelines?| to\b.*)?"
    r"|contribution guidelines?|licen[sc]e|copyright|acknowledge?ments?|citations?|citing"
    r"|cite(?: us)?|how to cite|star history|change ?log|maintainers?|sponsors?|sharing|share"
    r"|contact(?: us)?(?: (?:&|and) feedback)?|disclaimer|credits|support|news|latest news"
    r"|updates?|update log|recent updates?|to-?do|code of conduct|feedback|stargazers|legend",
    re.IGNORECASE,
)
_OPENERS = {"click", "show", "expand", "details", "more", "see", "open", "view", "list"}


def heading_title(lines: Sequence[Line]) -> str:
    """Return a heading without numbers, marks, badges, counts and links to the top."""
    heading = [span for line in lines for span in line.raw if not span.image]
    if len(heading) > 1:
        heading = [span for span in heading if not _is_link_to_top(span)]
    text = " ".join(spans.text_of(heading).split())
    text = text[box.end() :] if (box := _BOX.match(text)) else text
    for emptied in ("()", "( )", "[]", "[ ]"):
        text = text.replace(emptied, "")
    whole = text.strip()
    text = clean_title(spans.split_marks(clean_title(whole))[0])
    text = text[number.end() :] if (number := _NUMBER.match(text)) else text
    text = _COUNT.sub("", text[-2 * MAX_SECTION_TITLE :])
    return clean_title(spans.split_marks(text)[0]) or whole


def _is_link_to_top(span: spans.InlineSpan) -> bool:
    return (span.url or "").startswith("#") and bool(_LINK_TO_TOP.fullmatch(span.text))


def heading_tier(title: str) -> int | None:
    """Return the tier that a heading names, None if it names none."""
    return spans.parse_tier(" ".join(title.replace(":", " ").split()[:2]))


def is_opener(title: str) -> bool:
    """Return True if the words to open a fold by do not name what is in it."""
    return len(title) <= MAX_OPENER and title.casefold().split()[0].strip(".:!") in _OPENERS


def is_about_list(title: str) -> bool:
    """Return True if a section is about the list itself, such as its licence."""
    return bool(_ABOUT_LIST.fullmatch(title.strip(" .:!")))


def is_linked_title(lines: Sequence[Line]) -> bool:
    """Return True if a heading is a single title with a link."""
    parts = [span for line in lines for span in line.spans]
    linked = [span for span in parts if span.is_external and span.role is spans.Role.TITLE]
    return len(linked) == 1 and kind_of(lines) is Kind.WORK
