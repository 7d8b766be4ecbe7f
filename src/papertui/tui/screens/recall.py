"""The recall screen: one question after another, each answered, shown and rated."""

from collections.abc import Mapping
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from papertui.core import journal, recall
from papertui.core.text import quantity, safe_line, shorten
from papertui.errors import Refused
from papertui.pages.recall import (
    RecallDetails,
    answer_page,
    day_of_next,
    end_page,
    question_page,
    rating_choices,
    recall_details,
)
from papertui.storage.recall_cards import DueCard
from papertui.tui import links
from papertui.tui.background_action import background_action
from papertui.tui.command import command
from papertui.tui.paper_screen import PageScreen
from papertui.tui.screens.recall_state import RecallState
from papertui.tui.widgets.page import PagePane

# Columns from which on the ratings in the footer have their days, and its hints all words.
_DAYS_FROM = 80
_WORDS_FROM = 60
MAX_QUESTION = 40
_RATINGS = {f"recall.{name}": rating for rating, name in enumerate(recall.RATING_NAMES) if name}


class RecallScreen(PageScreen):
    """Asks the cards of a RecallState."""

    recall_command = None
    reopened_by = "app.recall"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("recall.show", "space,enter", "show", "Show the answer", "show the answer"),
        command("recall.again", "1", "rate(1)", "Forgotten: ask again soon", "again"),
        command("recall.hard", "2", "rate(2)", "Recalled, but hard", "hard"),
        command("recall.good", "3", "rate(3)", "Recalled", "good"),
        command("recall.easy", "4", "rate(4)", "Recalled at once", "easy"),
        command("recall.type", "t", "type", "Type the answer, to compare it", "type"),
        command("recall.stop", "x", "stop", "Stop asking this", "ask no more"),
        command("recall.go", "g", "go", "Go to the work in the library", "library"),
        command("recall.note", "n", "note", "Write a note on the work", "note"),
        command("recall.open", "o", "open", "Open the abstract page in the browser"),
        command("recall.down", "down,j,pagedown", "scroll(1)", "Scroll down"),
        command("recall.up", "up,k,pageup", "scroll(-1)", "Scroll up"),
        command("recall.more", "R", "more", "Go on with what is due", "go on"),
        command("recall.back", "escape", "app.back", "Go back", "back"),
    ]

    shown_acts = frozenset({journal.RECALLED, journal.CARD, journal.NOTE})

    def __init__(self, state: RecallState) -> None:
        super().__init__()
        self._state = state
        self._details: RecallDetails | None = None
        self._is_shown = False
        self._typed = ""
        self._choices: Mapping[int, str] = {}
        # Cards that are due besides those of the session.
        self._due = 0

    def compose_body(self) -> ComposeResult:
        """Yield the page; its keys, such as space for a page down, are the screen's."""
        pane = PagePane(id="page")
        pane.can_focus = False
        yield pane

    def on_mount(self) -> None:
        """Begin a session."""
        self.refresh_from_store(self._state.begin)

    # ── showing ─────────────────────────────────────────────────────────────

    def reload(self) -> None:
        """Show the card that is asked, or the end."""
        super().reload()
        store, today = self.papertui.store, self.papertui.today()
        self._state.refresh()
        asked, before = self._state.current, self._details
        if asked is None:
            self._due = store.reading_log.cards_due(today)
            following = store.recall.next_due(today)
            self._details = None
            layout = partial(end_page, self._state.rated, self._due, following, today)
            self.page.show(lambda width: layout(width=width, key=self.papertui.key))
        else:
            self._details = recall_details(store, asked, today)
            if before is None or _key(before.asked) != _key(asked):
                self._is_shown, self._typed = False, ""
            self._show_card(self._details)
        self._show_header()
        self.refresh_bindings()

    def _show_header(self) -> None:
        done = self._state.total - len(self._state.left)
        number = f" {done + 1} of {self._state.total}" if self._details else ""
        self.header.left = f"Recall{number}", "", ""

    def _show_card(self, details: RecallDetails) -> None:
        if self._is_shown:
            settings = self._state.settings
            self._choices = rating_choices(details.asked, self.papertui.today(), settings)
            self.page.show(partial(answer_page, details, self._typed, key=self.papertui.key))
        else:
            self.page.show(partial(question_page, details, key=self.papertui.key))

    @property
    def key_labels(self) -> Mapping[str, str]:
        """The ratings, with the day on which each brings the card back; more if more is due."""
        if not (self._details or self._due):
            return {"recall.more": ""}
        if not (self._details and self._is_shown):
            is_narrow = self._details and self.app.size.width < _WORDS_FROM
            return {"recall.show": "show answer"} if is_narrow else {}
        has_room = self.app.size.width >= _DAYS_FROM
        names = self._choices if has_room else recall.RATING_NAMES
        return {name: names[rating] for name, rating in _RATINGS.items()}

    def on_resize(self) -> None:
        """Show the days of the ratings if there is room for them."""
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys of a card if there is one, those of its answer once that is shown."""
        is_asking = self._details is not None
        if action == "rate":
            return is_asking and self._is_shown
        if action in ("show", "type"):
            return is_asking and not self._is_shown
        if action == "more":
            return not is_asking
        return is_asking or action not in ("stop", "note", "go", "open")

    def why_off(self, action: str) -> str:
        """Say which key shows the answer, before which nothing is rated."""
        is_asking = self._details is not None and not self._is_shown
        return f"{self.papertui.key('recall.show')} shows the answer" if is_asking else ""

    # ── the card ────────────────────────────────────────────────────────────

    @property
    def asked(self) -> DueCard:
        """The card that is asked. Raises Refused if there is none."""
        if self._details is None:
            raise Refused("There is no card to rate.")
        return self._details.asked

    def action_show(self) -> None:
        """Show the answer."""
        self._is_shown = True
        self.refresh_from_store(self.reload)

    @background_action
    async def action_type(self) -> None:
        """Ask for the answer, and show it beside the right one."""
        question = self.asked.card.question or recall.INSIGHT_QUESTION
        typed = await self.papertui.prompt(question, "your answer; just enter: show the right one")
        if typed is not None:
            self._typed = typed
            self.action_show()

    @background_action
    async def action_rate(self, rating: int) -> None:
        """Rate the card and go on to the next one."""
        app, asked = self.papertui, self.asked
        change = self._state.rate(asked, rating)
        await app.record(change)
        (card,) = await app.retry_while_busy(lambda: self._cards_of(asked))
        day = day_of_next(card.card.due, app.today())
        name = recall.RATING_NAMES[rating].capitalize()
        self.show_message(f"{name}: ", asked.title, f", back {day}{self.papertui.takes_back}")

    def _cards_of(self, asked: DueCard) -> list[DueCard]:
        cards = self.papertui.store.recall.of_work(asked.work, self.papertui.today())
        return [each for each in cards if _key(each) == _key(asked)]

    @background_action
    async def action_stop(self) -> None:
        """Ask this card no more."""
        asked = self.asked
        await self.papertui.record(self._state.stop(asked))
        question = shorten(safe_line(asked.card.question), MAX_QUESTION)
        what = f"{question!r} on " if question else ""
        self.show_message(f"Not asked any more: {what}", asked.title, self.papertui.takes_back)

    @background_action
    async def action_note(self) -> None:
        """Write a note on the work, or go on with a draft."""
        from papertui.tui.screens.note_editor import NoteScreen

        app, work = self.papertui, self.asked.work
        app.push_screen(await app.retry_while_busy(lambda: NoteScreen.of(app, work)))

    @background_action
    async def action_go(self) -> None:
        """Go to the work in the library."""
        self.papertui.go_to_work(self.asked.work)

    def action_scroll(self, by: int) -> None:
        """Scroll by some lines."""
        self.page.scroll_relative(y=by, animate=False, force=True)

    def action_open(self) -> None:
        """Open the page of the work."""
        if self._details:
            links.open_address(self.papertui, self._details.details.work.page, "address")

    def action_more(self) -> None:
        """Begin another session with what is due."""
        self.refresh_from_store(self.reload)
        if not self._due:
            self.show_message("No card is due")
            return
        self.refresh_from_store(self._state.begin)
        self.refresh_from_store(self.reload)
        self.show_message(f"{quantity(self._state.total, 'card')} due")


def _key(asked: DueCard) -> tuple[str, str]:
    return asked.work, asked.card.key
