"""The sections of a list as it is being read, and what their titles say."""

import re
from dataclasses import dataclass, field

from papertui.importing import marks
from papertui.importing.blocks import Passage
from papertui.importing.titles import clean
from papertui.importing.works import Draft

MAX_DEPTH = 40
MAX_TITLE = 200
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)*[.):]|\d+(?:\.\d+)+|[IVX]+[.)])\s+")
_COUNT = re.compile(
    r"\s*[(\[](?:[^()\[\]]{0,40}\bpapers?\b[^()\[\]]{0,40}"
    r"|\d{1,4}\s+(?:items?|entries|works|articles|books|videos|links)|\d{1,3})[)\]]$",
    re.IGNORECASE,
)
_EMPTY = re.compile(r"\(\s*\)|\[\s*\]")
_TO_TOP = re.compile(r"(?:\W|back|to|the|top|go|up|return|contents?|toc)*", re.IGNORECASE)
_TIER = re.compile(r"\W*tier\s*(\d{1,2})\b", re.IGNORECASE)
_LEFT_OUT = re.compile(
    r"(?:table of )?contents?|toc|index|outline|overview of contents"
    r"|(?:how to )?contribut(?:e|ing|ions?|ors?)(?: guidelines?)?|contribution guidelines?"
    r"|licen[sc]e|copyright|acknowledge?ments?|citation|citing|cite(?: us)?|how to cite"
    r"|star history|change ?log|maintainers?|sponsors?|contact(?: us)?|disclaimer|credits|support"
    r"|news|latest news|updates?|recent updates?|to-?do|code of conduct|feedback|stargazers|legend",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"(?:click|show|expand|details|more|see|open|view|list)\b.{0,40}", re.IGNORECASE
)


@dataclass(slots=True)
class Node:
    """A section: its works with their tiers, its parts, and the words that stand in it.

    `place` is where it stands among its parent's works, should it turn out to
    be one itself; `linked` says that its heading leads somewhere.
    """

    title: str
    depth: int = 0
    heading: Passage | None = None
    linked: bool = False
    works: list["tuple[Draft, int | None] | Node"] = field(default_factory=list)
    parts: dict[str, "Node"] = field(default_factory=dict)
    lines: list[Passage] = field(default_factory=list)
    tier: int | None = None

    def part(self, title: str) -> "Node":
        """Return the part of that title, made where there is none; too deep a one is this."""
        if self.depth >= MAX_DEPTH:
            return self
        title = title[:MAX_TITLE].strip() or "Untitled"
        return self.parts.setdefault(title.casefold(), Node(title, self.depth + 1))


def title_of(passage: Passage) -> str:
    """Return a heading's words without numbers, signs, badges, counts and ways to the top."""
    spans = [span for span in passage.spans if not span.image]
    if len(spans) > 1:
        spans = [
            s for s in spans if not ((s.url or "").startswith("#") and _TO_TOP.fullmatch(s.text))
        ]
    text = "".join(span.text for span in spans)
    whole = " ".join(_EMPTY.sub("", text).split())
    text = clean(marks.split(clean(whole))[0])
    text = text[number.end() :] if (number := _NUMBER.match(text)) else text
    text = _COUNT.sub("", text[-2 * MAX_TITLE :])
    return clean(marks.split(text)[0]) or whole


def tier_of(title: str) -> int | None:
    """Return the tier a heading stands for."""
    return marks.tier_of(f"tier {found[1]}") if (found := _TIER.match(title)) else None


def is_left_out(title: str) -> bool:
    """Say whether a part is about the list itself, not of it."""
    return bool(_LEFT_OUT.fullmatch(title.strip(" .:!")))


def is_opener(title: str) -> bool:
    """Say whether words only tell that there is more to open."""
    return bool(_OPENER.fullmatch(title))
