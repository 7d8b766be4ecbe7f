"""The saved versions of a note: listed, compared with the text, restored."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import ClassVar

from textual import getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from papertui.core.labels import day_name, local_time, spelt_keys
from papertui.core.records import Note
from papertui.core.text import cells, quantity, safe_line, shorten
from papertui.pages.layout import DIM, GOOD, LINK, MIN_ROOM, STRONG, TITLE, Line, Span, Writer
from papertui.tui.base import PaperApp
from papertui.tui.command import command, fixed_keys
from papertui.tui.widgets.bars import Header, KeyBar
from papertui.tui.widgets.page import PagePane

# Equal lines that are shown beside a difference, and the least that are folded.
CONTEXT, MIN_FOLDED = 3, 4
EQUAL, FOLDED = " ", "…"


class VersionsPane(PagePane):
    """The list of versions, in which the arrow keys choose; a comparison scrolls."""

    BINDINGS: ClassVar[list[BindingType]] = [
        fixed_keys("down,j", "go(1)", "Next version, or scroll down a line"),
        fixed_keys("up,k", "go(-1)", "Previous version, or scroll up a line"),
    ]

    def action_go(self, by: int) -> None:
        """Go to another version, or scroll by a line."""
        if self.selected:
            self.action_select(by)
        else:
            self.scroll_relative(y=by, animate=False, force=True)


class VersionsScreen(Screen[str | None]):
    """Lists the versions of a note; returns the text of the restored one, or None."""

    BINDINGS: ClassVar[list[BindingType]] = [
        command("versions.back", "escape", "app.back", "Back", "back"),
        command("versions.restore", "r", "restore", "Restore this version", "restore"),
    ]

    papertui = getters.app(PaperApp)
    page = getters.query_one("#page", VersionsPane)

    def __init__(self, title: str, versions: Sequence[Note], current: str, now: datetime) -> None:
        super().__init__()
        self._title = title
        self._versions = {note.version: note for note in versions}
        self._current = current
        self._now = now
        self._shown: str | None = None

    def compose(self) -> ComposeResult:
        """Yield the page between the bars."""
        header = Header()
        header.left = "Versions · ", self._title, ""
        header.right = self.papertui.headlines()
        yield header
        yield VersionsPane(id="page")
        yield KeyBar()

    def on_mount(self) -> None:
        """Give the keys to the page and lay the list out."""
        self.page.focus()
        self.call_after_refresh(self._show_list)

    def _show_list(self) -> None:
        self.page.show(self._list, select=True)

    @property
    def key_labels(self) -> Mapping[str, str]:
        """What enter does to the selected version, and the keys that select one."""
        if self._shown:
            return {}
        return {"page.follow": "compare", "go(1)": "select", "go(-1)": "select", "page.next": ""}

    @property
    def key_sentences(self) -> Mapping[str, str]:
        """What the keys of links do here, in the help."""
        return {
            "page.follow": "Compare the selected version with the text",
            "page.next": "Next version",
            "page.previous": "Previous version",
        }

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to restore only while another version than the text is shown."""
        shown = self._versions.get(self._shown or "")
        return action != "restore" or bool(shown and shown.body != self._current)

    @on(PagePane.Followed)
    def _followed(self, event: PagePane.Followed) -> None:
        self._shown = event.target
        self.page.show(self._differences)
        self.refresh_bindings()

    def go_back(self) -> bool:
        """Go back to the list, or to the note."""
        if self._shown is None:
            self.dismiss(None)
        else:
            self._shown = None
            self._show_list()
            self.refresh_bindings()
        return True

    def action_restore(self) -> None:
        """Return the text of the version."""
        if self._shown:
            self.dismiss(self._versions[self._shown].body)

    def _list(self, width: int) -> list[Line]:
        page = Writer(width)
        compares = spelt_keys(self.papertui.key("page.follow"))
        page.text(f"The latest first; {compares} compares one with the text as it is now.", DIM)
        page.blank()
        heads = [
            f"{self._when(note)} · {self.papertui.length(note.body)}"
            for note in self._versions.values()
        ]
        size = max(map(cells, heads), default=0)
        texts = tells_apart([note.body for note in self._versions.values()])
        for (version, note), head, text in zip(self._versions.items(), heads, texts, strict=True):
            begins = "the text as it is" if note.body == self._current else safe_line(text)
            room = width - size - 2
            beside = shorten(begins, room) if room >= MIN_ROOM else ""
            page.line(Span(f"{head:<{size}}  ", LINK), Span(beside, DIM), target=version)
        return page.lines

    def _differences(self, width: int) -> list[Line]:
        page = Writer(width)
        note = self._versions[self._shown or ""]
        page.line(Span(f"From {self._when(note)} to the text as it is now", TITLE))
        if note.body == self._current:
            says = "There is no difference."
        else:
            says = "- is only in the version, + only in the text."
        page.text(says, DIM)
        page.blank()
        lines = differences(note.body, self._current)
        for sign, line in lines if note.body == self._current else folded(lines):
            page.text(line, {"+": GOOD, "-": STRONG}.get(sign, DIM), lead=f"{sign} ")
        return page.lines

    def _when(self, note: Note) -> str:
        local = local_time(note.saved, note.utc_offset)
        return f"{day_name(local.date(), self._now.date())} {local:%H:%M}"


def tells_apart(bodies: Sequence[str]) -> list[str]:
    """Return a line of each text, the latest first: the first that the one before it lacks.

    One that lacks no line but has lost some has the first of these after a minus; any other has
    its own first line.
    """
    lines = [body.split("\n") for body in bodies]
    return [
        _first_line(new, old)
        or (f"- {lost}" if (lost := _first_line(old, new)) else _first_line(new))
        for new, old in zip(lines, [*lines[1:], []], strict=False)
    ]


def _first_line(lines: Iterable[str], besides: Collection[str] = ()) -> str:
    """Return the first line that is not blank and not among others, "" for none."""
    others = set(besides)
    return next((line for line in lines if line.strip() and line not in others), "")


def differences(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield the lines of two texts, each with "-" or "+" if only one has it, else EQUAL."""
    from difflib import SequenceMatcher

    old, new = before.splitlines(), after.splitlines()
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        yield from ((EQUAL if tag == "equal" else "-", line) for line in old[a:b])
        yield from (("+", line) for line in new[c:d] if tag != "equal")


def folded(lines: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield lines of a comparison, long equal stretches of them as one with their number."""
    before = 0
    stretches = [[*stretch] for _, stretch in groupby(lines, key=lambda line: line[0] == EQUAL)]
    for number, stretch in enumerate(stretches, 1):
        after = CONTEXT if number < len(stretches) else 0
        hidden = len(stretch) - before - after
        if stretch[0][0] == EQUAL and hidden >= MIN_FOLDED:
            yield from stretch[:before]
            yield FOLDED, quantity(hidden, "line") + " equal"
            yield from stretch[len(stretch) - after :]
        else:
            yield from stretch
        before = CONTEXT
