"""The base of the app: store, clock, messages, questions, clipboard and browser."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from datetime import time as time_of_day
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

from textual.binding import Binding, BindingType
from textual.dom import DOMNode
from textual.driver import Driver
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import get_current_worker

from papertui.config import Config
from papertui.core import labels
from papertui.core.journal import Change
from papertui.core.note_templates import own_words
from papertui.core.text import quantity
from papertui.errors import Refused
from papertui.pages.weeks import current_streak
from papertui.storage.acts import Act
from papertui.storage.database import (
    BUSY_TIMEOUT,
    Busy,
    Damaged,
    DatabaseError,
    Moved,
    stored_values,
)
from papertui.storage.store import Store
from papertui.tui.command import DECLARED, command
from papertui.tui.key_names import with_ctrl
from papertui.tui.terminal_app import TerminalApp
from papertui.tui.themes import chosen_theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.actions import ActionParseResult
    from textual.binding import ActiveBinding

    from papertui.tui.dialogs import Completions, Label

    Holds = Callable[[], bool]

    class OpenScreen(Protocol):
        """The part of a screen with header and message line that the app knows."""

        @property
        def active_bindings(self) -> dict[str, ActiveBinding]:
            """The commands that work, by their keys."""

        offered: tuple[str, str] | None

        @property
        def message(self) -> str:
            """The message that is shown."""

        def show_message(
            self, before: str, title: str = "", after: str = "", *, holds: Holds | None = None
        ) -> None:
            """Show a message while it `holds`; if it is too long, `title` is shortened."""

        def mark_message(self) -> None:
            """Mark the message as one that something was not done."""

        def clear_message(self, by_move: bool = False) -> None:
            """Take the message away; that of an act stays through a few moves of the cursor."""

        def show_changes(self) -> None:
            """Bring the screen up to date with the store."""

        def save_state(self) -> None:
            """Save what would be lost if papertui ended now. Raises DatabaseError."""


# The store's setting of the theme that was chosen in the palette.
THEME = "theme"
# Columns from which on two panes are side by side, and three.
WIDE, BROAD = 100, 160
# Lines from which on there is room for the titles of panes.
TALL = 30
# Seconds between two tries while another program is writing.
RETRY_INTERVAL = 0.05

T = TypeVar("T")


def takes_text(widget: Widget | None) -> bool:
    """Return True for a text field: letters are text there."""
    return getattr(widget, "takes_text", False)


class PaperApp(TerminalApp):
    """An app with a store; its methods serve every screen."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012
        (0, "-narrow"),
        (WIDE, "-wide"),
        (BROAD, "-broad"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (TALL, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        command("undo", "u", "undo", "Undo the latest act"),
        command("redo", "ctrl+r", "redo", "Redo what was undone"),
        command("help", "question_mark,f1", "help", "Show the keys that work here", "help", "?"),
        command("palette", "ctrl+p", "command_palette", "Find a command by name; change the theme"),
        command("quit", "q", "back", "Go back; from the library, quit"),
        command("quit-now", "ctrl+q", "quit", "Save and quit", always=True),
        command("suspend", "ctrl+z", "suspend_process", "Go to the shell; fg comes back"),
    ]

    def __init__(self, store: Store, config: Config, driver: type[Driver] | None = None) -> None:
        super().__init__(chosen_theme(config.theme, store.setting(THEME)), driver)
        self.store = store
        self.config = config
        self.own_keys = [key for keys in config.keys.values() for key in keys.split(",")]
        self.clock = store.clock
        self.has_plain_signs = config.ascii
        self.glyphs = labels.ASCII if config.ascii else labels.Glyphs()
        self.damage: Damaged | None = None
        # What the message in view offered when the command that runs was given.
        self.offered: tuple[str, str] | None = None

    @property
    def paper_screens(self) -> "Sequence[OpenScreen]":
        """The open screens with header and message line, the one in front last."""
        raise NotImplementedError

    @property
    def is_typing(self) -> bool:
        """True while a text field has the keys."""
        return takes_text(self.focused)

    def length(self, note: str) -> str:
        """Return how many words of a note are the reader's own."""
        return quantity(own_words(note, self.config.templates), "word")

    def today(self) -> date:
        """Return the reading day."""
        return self.config.today(self.clock())

    def night_until(self) -> time_of_day | None:
        """Return when the clock's day begins as a reading day, None if it has begun."""
        return self.config.night_until(self.clock())

    def latest_day(self) -> date:
        """Return the last day that is not to come: today, or a later one that was read on.

        A flight over the date line brings an earlier day back.
        """
        return max(self.today(), self.store.reading_log.last_day() or date.min)

    def counts_for(self, day: date | None) -> str:
        """Return the day for which a pass that is logged now counts, in words."""
        return labels.counts_for(day, self.clock(), self.config.day_start)

    async def wants_pass(
        self, work: str, depth: int, day: date | None, kind: str = "paper", besides: str = ""
    ) -> bool:
        """Return True if a pass is not logged for that day yet, or if the reader wants it twice."""
        record = await self.retry_while_busy(lambda: self.store.reading_log.work(work))
        if not record.has(depth, day, besides):
            return True
        title = self.store.works.title(work)
        question = "Keep both?" if besides else "Log it twice?"
        after = f" is logged already, {self.counts_for(day)}. {question}"
        if await self.confirm(f"{labels.pass_of(depth, kind).capitalize()} ", title, after):
            return True
        if not besides:
            follows = labels.spelt_keys(self.key("page.follow"))
            corrects = self.offer("show-progress", f"lists it: select it, {follows} corrects it")
            self.show_message(f"Not logged again{corrects}")
        return False

    async def check_pass(
        self, work: str, depth: int, day: date | None, kind: str = "paper", besides: str = ""
    ) -> None:
        """Raise Refused, for a line being typed, unless the reader wants to log that pass."""
        if not await self.wants_pass(work, depth, day, kind, besides):
            raise Refused("That pass is logged already: type another pass or day.")

    def offer(self, name: str, does: str) -> str:
        """Return words that offer a command by its key, none if it does not work in front."""
        # An action in the background may end when the app is left and no screen is open.
        in_front = self.paper_screens[-1:]
        for active in (each for screen in in_front for each in screen.active_bindings.values()):
            if active.binding.id == name and active.enabled:
                return f" · {with_ctrl(self.get_key_display(active.binding))} {does}"
        return ""

    def keys_of(self, name: str) -> str:
        """Return the keys of a command, as the reader has set them."""
        if name not in DECLARED:
            self.declare_commands()
        return self.config.keys.get(name, DECLARED[name].key)

    def key(self, name: str) -> str:
        """Return the sign of a command's first key, as the reader has set it."""
        binding = Binding(self.keys_of(name).split(",")[0].strip(), "")
        return with_ctrl(self.get_key_display(binding))

    @property
    def takes_back(self) -> str:
        """Words that offer to undo what was just done, none if that key does not work in front."""
        return self.offer("undo", "takes it back")

    @property
    def brings_back(self) -> str:
        """Words that offer to redo what was just undone, none if that key does not work here."""
        return self.offer("redo", "brings it back")

    def headlines(self, recall: str | None = "") -> tuple[str, ...]:
        """Return the progress of the week in one line, and in shorter ones, and what is to recall.

        `recall` is the name of the command that recalls, where it works, None where it runs.
        Without streak and cards there are none.
        """
        today = self.today()
        streak = current_streak(self.store, self.config, today)
        week = streak.headlines if streak else ()
        is_told = self.config.recall and recall is not None
        due = self.store.reading_log.cards_due(today) if is_told else 0
        if not due:
            return week
        key = f" ({self.key(recall)})" if recall else ""
        to_recall = f"{due:,} to recall{key}"
        # The last form but one leaves out what the week still needs, the last the cards too.
        short = [f"{due:,} due{key} · {form.removeprefix('week ')}" for form in week[-1:]]
        return (*(f"{to_recall} · {form}" for form in week), *short, *(week[-1:] or (to_recall,)))

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Take the messages of earlier commands away and run one; typing is none."""
        if not getattr(default_namespace, "takes_text", False):
            moves = getattr(default_namespace, "MOVES", ())
            self.offered = next((each.offered for each in reversed(self.paper_screens)), None)
            for screen in self.paper_screens:
                screen.clear_message(str(action).startswith(moves))
        return await super().run_action(action, default_namespace, namespaces)

    def show_message(
        self, before: str, title: str = "", after: str = "", *, holds: "Holds | None" = None
    ) -> None:
        """Show a message on the screen in front; if it is too long, `title` is shortened.

        A message that speaks of what others may change goes once it no longer `holds`.
        """
        for screen in self.paper_screens[-1:]:
            screen.show_message(before, title, after, holds=holds)

    def say_later(self, saying: "Awaitable[Label | None]") -> None:
        """Show what becomes of something that begins now, unless a newer message stands then."""
        before = self.message_shown

        async def say() -> None:
            try:
                message = await saying
            except DatabaseError as error:
                self.show_error(error)
            else:
                if message and self.message_shown in ("", before):
                    self.show_message(*message)

        self.run_worker(say())

    @property
    def message_shown(self) -> str:
        """The message on the screen in front, "" for none."""
        return "".join(screen.message for screen in self.paper_screens[-1:])

    def show_error(self, error: DatabaseError | Refused) -> None:
        """Show why something was not done; leave if the database must be mended first."""
        if isinstance(error, Damaged):
            self.leave_damaged(error)
        else:
            says = error.in_app(self.key) if isinstance(error, Refused) else str(error)
            self.show_message(says)
            for screen in self.paper_screens[-1:]:
                screen.mark_message()

    def is_explained(self, error: Exception) -> bool:
        """Leave because of a damaged database if that is behind an error."""
        try:
            with stored_values(self.store.path):
                raise error
        except Damaged as damage:
            self.leave_damaged(damage)
            return True
        except Exception:
            return False

    def leave_damaged(self, damage: Damaged) -> None:
        """Save what is being typed beside the damaged database and leave."""
        self.save_all()
        if isinstance(damage, Moved):
            self.store.keep_copy(damage)
        self.damage = damage
        self.exit(1)

    def changed(self) -> None:
        """Bring every screen up to date with the store."""
        for screen in self.paper_screens:
            screen.show_changes()

    def save_all(self) -> bool:
        """Save the state of every screen; return False if one of them failed."""
        saved = True
        for screen in self.paper_screens:
            try:
                screen.save_state()
            except Exception:
                saved = False
        return saved

    async def retry_while_busy(self, ask: Callable[[], T]) -> T:
        """Call `ask` in a worker until no other program is writing; the screen stays responsive.

        Raises Busy if that takes too long, and the store's other errors at once.
        """
        deadline, waiting = time.monotonic() + BUSY_TIMEOUT, False
        while True:
            try:
                answer = ask()
            except Busy:
                if time.monotonic() > deadline:
                    raise
                waiting = True
                self.show_message("Waiting for another program that is writing …")
                await self.wait_to_retry()
            else:
                if waiting:
                    self.show_message("")
                return answer

    def why_off(self, action: str) -> str:
        """Return why an action of the app is off now, "" if there is nothing to say of it."""
        is_off = action == "recall" and not self.config.recall
        return 'Recall is off: recall = "on" in the config file brings it back' if is_off else ""

    async def wait_to_retry(self) -> None:
        """Wait a moment in a background action; keys go on meanwhile if text is typed."""
        if self.is_typing:
            self.keys.release(get_current_worker())
        await asyncio.sleep(RETRY_INTERVAL)

    async def in_thread(self, ask: Callable[[Store], T]) -> T:
        """Run what takes long in a thread with a store of its own."""

        def run() -> T:
            week_start = self.store.week_start
            with Store(self.store.path, clock=self.clock, week_start=week_start) as own:
                return ask(own)

        return await asyncio.to_thread(run)

    async def record(self, *changes: Change) -> Act:
        """Append to the journal and show the effect."""
        return await self.write(lambda store: store.record(*changes))

    async def write(self, ask: Callable[[Store], T], takes_long: bool = False) -> T:
        """Write to the store, in a thread if it takes long, and show the effect."""
        if takes_long:
            answer = await self.in_thread(ask)
        else:
            answer = await self.retry_while_busy(lambda: ask(self.store))
        self.changed()
        return answer

    async def ask(self, question: Screen[T]) -> T | None:
        """Show a question and return the answer; call this only in a background action."""
        return await self._answer(self.push_screen(question, wait_for_dismiss=True))

    async def _answer(self, answer: asyncio.Future[T]) -> T:
        """Wait for the reader, while keys go on."""
        self.keys.asks(get_current_worker(), answer)
        # A worker that is cancelled must not cancel the screen.
        return await asyncio.shield(answer)

    async def choose(
        self,
        before: str,
        title: str = "",
        after: str = "",
        *,
        choices: Mapping[str, str],
        offered: str = "",
        refused: str = "",
        leave: str = "leave",
        records: bool = True,
    ) -> str:
        """Ask a question and return the key of the choice, "" if the reader leaves it.

        `offered` is the key that enter chooses, `refused` the one that escape does; without
        it, `leave` says what escape does. If no answer `records` anything, a wrong key is
        passed over.
        """
        from papertui.tui.dialogs import Choose

        question = Choose(
            before, title, after, choices=choices, offered=offered, refused=refused, leave=leave,
            records=records,
        )  # fmt: skip
        return await self.ask(question) or ""

    async def confirm(self, before: str, title: str = "", after: str = "") -> bool:
        """Ask a question and return True if the answer is yes; escape means no."""
        choices = {"y": "yes", "n": "no"}
        answer = await self.choose(before, title, after, choices=choices, offered="y", refused="n")
        return answer == "y"

    async def prompt(self, label: "str | Label", hint: str) -> str | None:
        """Return the line that the reader types, None if the reader leaves it.

        It may be empty: `hint` says what enter alone does.
        """

        async def parse(typed: str) -> str:
            return typed

        return await self.ask_until(parse, label, hint, blank=True)

    async def ask_until(
        self,
        parse: Callable[[str], Awaitable[T]],
        label: "str | Label",
        hint: str = "",
        text: str = "",
        *,
        blank: bool = False,
        complete: "Completions | None" = None,
        may_leave: bool = False,
        leave: str = "leave",
    ) -> T | None:
        """Ask for a line until `parse` takes it; return what it returns, None if the reader leaves.

        The line stays open meanwhile, and the reason of each Refused is its next label.
        An empty line is asked for again, unless `blank` ones are parsed: `hint` says then what
        enter alone does. Tab completes the line with what `complete` returns. If a `parse` that
        changes nothing `may_leave`, escape ends it too. `leave` says what escape does.
        """
        from papertui.tui.dialogs import Prompt

        asked = (label, "", "") if isinstance(label, str) else label
        prompt = Prompt(asked, hint, text, complete, leave)
        self.push_screen(prompt)
        try:
            while (line := await self._answer(prompt.answer())) is not None:
                typed = line.strip()
                if not (typed or blank):
                    prompt.refuse_blank()
                    continue
                prompt.wait(may_leave)
                try:
                    parsing = parse(typed)
                    return await (self.keys.unless_left(parsing) if may_leave else parsing)
                except Refused as refused:
                    prompt.say(refused.in_app(self.key))
            return None
        finally:
            prompt.close()

    def declare_commands(self) -> None:
        """Have the commands of screens declared that were not opened yet."""
        raise NotImplementedError

    def go_to_work(self, citekey: str) -> None:
        """Close every screen but the library and go to a work there."""
        raise NotImplementedError

    def show_list(self, key: str) -> None:
        """Open a list in the library."""
        raise NotImplementedError
