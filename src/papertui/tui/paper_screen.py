"""The bases of the screens: bars around what each shows, its messages, its way to the store."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import ClassVar

from textual import getters, on
from textual.actions import parse
from textual.app import ComposeResult
from textual.binding import ActiveBinding, Binding
from textual.events import Key
from textual.keys import key_to_character
from textual.screen import Screen

from papertui.errors import Refused
from papertui.storage.acts import Act
from papertui.storage.database import Busy, DatabaseError
from papertui.tui import links
from papertui.tui.background_action import background_action
from papertui.tui.base import BROAD, TALL, WIDE, PaperApp, takes_text
from papertui.tui.compositor import LineCompositor
from papertui.tui.key_names import with_ctrl
from papertui.tui.widgets.bars import Header, KeyBar, MessageLine
from papertui.tui.widgets.page import MAX_PROSE, PagePane

# Moves of the cursor through which the message of an act stays.
MOVES_AFTER_AN_ACT = 3


class PaperScreen(Screen[None]):
    """A screen between header and key bar; `reload` brings it up to date with the store.

    Its `TITLE` is on the left of the header until something else is.
    """

    papertui = getters.app(PaperApp)
    header = getters.query_one(Header)
    # The name of the command that recalls what is due, where there is one; None where that is done.
    recall_command: ClassVar[str | None] = ""
    # The kinds of acts whose effect is in view here, None for all: others are not undone unseen.
    shown_acts: ClassVar[frozenset[str] | None] = frozenset()
    # The action that opens it from the library again, for the way back of a link to a work.
    reopened_by: ClassVar[str] = ""
    # The command by which the message offers to undo or redo an act, and the act's id.
    offered: tuple[str, str] | None = None
    _says_something = False
    # Whether the message is still true, None if it says nothing that could change.
    _holds: Callable[[], bool] | None = None
    # Moves of the cursor that the message stays through yet.
    _moves_left = 0

    def __init__(self) -> None:
        super().__init__()
        self._compositor = LineCompositor()

    def compose(self) -> ComposeResult:
        """Put the bars around the widgets of `compose_body`."""
        # Textual's breakpoints set it too, but only after the first frame.
        self.set_class(self.app.size.width < WIDE, "-narrow")
        self.set_class(self.app.size.width >= BROAD, "-broad")
        is_tall = self.app.size.height >= TALL
        self.set_class(is_tall, "-tall")
        self.set_class(not is_tall, "-low")
        header = Header()
        header.left = self.TITLE or "papertui", "", ""
        yield header
        yield from self.compose_body()
        yield MessageLine()
        yield KeyBar()

    def compose_body(self) -> ComposeResult:
        """Yield the widgets between the bars."""
        yield from ()

    def reload(self) -> None:
        """Show the present state of the store; take a message away that holds no longer."""
        if not self._message_holds():
            self.show_message("")
        self.show_header()

    def show_header(self) -> None:
        """Show how the week stands, and what is to recall."""
        self.header.right = self.papertui.headlines(self.recall_command)

    def show_changes(self) -> None:
        """Bring the screen up to date with the store, unless it is being opened or closed."""
        if self._is_whole:
            self.refresh_from_store(self.reload)

    @property
    def _is_whole(self) -> bool:
        # A screen that is being closed has lost some of its widgets, and is not displayed.
        return self.display and bool(self.query(Header))

    def refresh_from_store(self, read_and_show: Callable[[], None]) -> None:
        """Call what reads the store and shows it, again later while another program writes."""
        # A screen that is being left has no widgets to show it.
        if self._pruning:
            return
        try:
            read_and_show()
        except Busy:
            self._refresh_later(read_and_show)
        except (DatabaseError, Refused) as error:
            self.papertui.show_error(error)

    @background_action
    async def _refresh_later(self, read_and_show: Callable[[], None]) -> None:
        def show() -> None:
            # The screen may have been left meanwhile.
            if self._is_whole:
                read_and_show()

        await self.papertui.wait_to_retry()
        if self.papertui.keys.holds_keys:
            await self.papertui.retry_while_busy(show)
        else:
            self.refresh_from_store(show)

    @property
    def active_bindings(self) -> dict[str, ActiveBinding]:
        """The keys that work here: none that a text field takes, the reader's own ones neither."""
        active, field = super().active_bindings, self.focused
        if field is None or not takes_text(field):
            return active
        return {
            key: each
            for key, each in active.items()
            if each.binding.priority
            or each.node is field
            or not field.check_consume_key(key, key_to_character(key))
        }

    @property
    def key_labels(self) -> Mapping[str, str]:
        """Words in the footer, by the names of commands, that differ from the declared ones.

        A command without any is not shown: it would do nothing now.
        """
        return {}

    @property
    def key_sentences(self) -> Mapping[str, str]:
        """Sentences in the help, by the names of commands, that differ from the declared ones."""
        return {}

    def on_screen_suspend(self) -> None:
        """Show the line of messages as it is behind another screen, or in front again."""
        # There is none on a screen that is being left.
        self.query(MessageLine).refresh()

    on_screen_resume = on_screen_suspend

    def why_off(self, action: str) -> str:
        """Return why an action of this screen is off now, "" if there is nothing to say of it."""
        return ""

    def on_key(self, event: Key) -> None:
        """Say why the command of a key is off, or that it is one of the library."""
        if command := self._command_of_library(event.key):
            sign = with_ctrl(self.papertui.get_key_display(command))
            self.show_message(f"{sign} is a key of the library")
            event.stop()
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            namespace, name, parameters = parse(binding.action)
            target = self.papertui if namespace == "app" else self
            if target.check_action(name, parameters) is False and (why := target.why_off(name)):
                self.show_message(why)
                event.stop()

    def _command_of_library(self, key: str) -> Binding | None:
        """Return the command of the library that has a key which does nothing on this screen."""
        library = next(each for each in self.app.screen_stack if isinstance(each, PaperScreen))
        commands = library._bindings.key_to_bindings.get(key)
        is_typed = self.focused is not None and takes_text(self.focused)
        is_known = key in self._bindings.key_to_bindings or key in self.active_bindings
        return None if library is self or is_typed or is_known or not commands else commands[0]

    @on(PagePane.Followed)
    def _followed(self, event: PagePane.Followed) -> None:
        self.follow(event.target)

    def follow(self, target: str) -> None:
        """Follow a link of a page of this screen."""
        links.follow(self.papertui, target)

    def catch_up(self, key: str) -> None:
        """Show what was to follow later, as a key, or a paste, "", may act on it."""

    @property
    def is_behind(self) -> bool:
        """True while something is to follow later."""
        return False

    def save_state(self) -> None:
        """Save what would be lost if papertui ended now. Raises DatabaseError."""

    def prepare_to_quit(self) -> None:
        """Finish what is open before papertui is left. Raises DatabaseError."""
        self.save_state()

    def go_back(self) -> bool:
        """Go back within the screen; return False if there is nothing to go back to."""
        return False

    def undo_here(self) -> bool:
        """Take back what the reader did here and is not yet an act; return False if nothing was."""
        return False

    def redo_here(self) -> bool:
        """Bring back what `undo_here` took, or refuse what is not shown here; True for both."""
        return False

    @property
    def keys_shown(self) -> frozenset[str]:
        """The keys of the rows in which an undone act may bring something back."""
        return frozenset()

    def go_to_brought_back(self, act: Act, known_keys: frozenset[str]) -> bool:
        """Put the cursor on a row that an undone act brought back, unless its key is known.

        Return whether the cursor moved.
        """
        return False

    @property
    def message(self) -> str:
        """The message that is shown, "" on a screen that is being opened or closed."""
        return "".join(part for line in self.query(MessageLine) for part in line.message)

    def show_message(
        self,
        before: str,
        title: str = "",
        after: str = "",
        *,
        holds: Callable[[], bool] | None = None,
    ) -> None:
        """Show a message on the message line; if it is too long, `title` is shortened.

        It goes once it no longer `holds`, or once the act that it offers to undo or redo is not
        the one that this would concern.
        """
        self.forget_message()
        self._says_something = bool(before or title or after)
        self._holds = holds
        self.offered = self._offered_by(f"{before}{after}")
        self._moves_left = MOVES_AFTER_AN_ACT if self.offered else 0
        if lines := self.query(MessageLine):
            lines.first().message = (before, title, after)
        else:
            # The screen is in front, but not composed yet.
            self.call_after_refresh(self.show_message, before, title, after, holds=holds)

    def forget_message(self) -> None:
        """Forget what a screen knows of the message in view, as another takes its place."""

    def _offered_by(self, words: str) -> tuple[str, str] | None:
        """Return the command that words offer, undo or redo, and the act that it concerns."""
        for command in ("undo", "redo"):
            if words and (offer := self.papertui.offer(command, "")) and offer in words:
                with suppress(DatabaseError):
                    return command, self._act_of(command)
        return None

    def _act_of(self, command: str) -> str:
        """Return the id of the act that undo or redo concerns now, "" for none."""
        store = self.papertui.store
        return (store.latest_act_id() if command == "undo" else store.redoable_act_id()) or ""

    def _message_holds(self) -> bool:
        if self.offered and self.offered != (self.offered[0], self._act_of(self.offered[0])):
            return False
        return self._holds is None or self._holds()

    def mark_message(self) -> None:
        """Mark the message as one that something was not done."""
        self.query(MessageLine).add_class("-wrong")

    def clear_message(self, by_move: bool = False) -> None:
        """Take the message away, as the reader goes on with another command.

        One that offers to undo or redo stays through a few moves of the cursor: a number typed
        to go so many rows may have logged a pass.
        """
        if by_move and self._moves_left:
            self._moves_left -= 1
        elif self._says_something:
            self.show_message("")


class PageScreen(PaperScreen):
    """A screen with one page between the bars."""

    page = getters.query_one("#page", PagePane)
    max_width = MAX_PROSE

    def compose_body(self) -> ComposeResult:
        """Yield the page."""
        page = PagePane(id="page")
        page.max_width = self.max_width
        yield page

    def on_mount(self) -> None:
        """Give the keys to the page and fill it; Textual calls this after a subclass's own."""
        self.page.focus()
        self.refresh_from_store(self.reload)
