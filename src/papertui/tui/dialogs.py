"""Small screens that ask one thing."""

from asyncio import Future, get_running_loop
from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.events import Key, Resize
from textual.screen import ModalScreen
from textual.widgets import Input

from papertui.core.text import cells, common_start, fold
from papertui.errors import Refused
from papertui.tui.command import fixed_keys
from papertui.tui.widgets.bars import MAX_QUESTION_LINES, MessageLine
from papertui.tui.widgets.inputs import LineInput

# Ways to go on that are shown when a line is completed.
MAX_OFFERED = 40
MAX_TURNS = 10
# Letters with which a line names a work; fewer are a pass, or the beginning of anything.
MIN_NAME = 3
# What escape does in a question: on a screen that has another way to leave, words of its own.
LEAVE = "leave"
# Nothing behind a question has the keys: those of help are its own.
HELP = fixed_keys("question_mark,f1", "app.help", "Show the keys that work here")
HELP_WHILE_TYPING = fixed_keys("f1", "app.help", "Show the keys that work here")
# Cells beside what is typed: one on each side, one for the cursor.
MARGIN = 3

T = TypeVar("T")


class Choose(ModalScreen[str]):
    """A question answered by one of some keys, "" if the reader leaves.

    Enter chooses the key `offered`, escape the key `refused`, and both are shown beside it;
    without `refused`, `leave` says what escape does. `title` is shortened if the line is too
    long, and the choices take lines of their own if they do not fit. Letters of a text that is
    typed without looking answer no yes or no: after one that is no answer, only escape is taken,
    if an answer `records` anything.
    """

    _is_doubted = False

    def __init__(
        self,
        before: str,
        title: str = "",
        after: str = "",
        *,
        choices: Mapping[str, str],
        offered: str = "",
        refused: str = "",
        leave: str = LEAVE,
        records: bool = True,
    ) -> None:
        super().__init__()
        self._question = (before, title, after)
        self._records = records
        keys = {offered: f"{offered}/enter", refused: f"{refused}/esc"}
        if offered == refused:
            keys = {offered: f"{offered}/enter/esc"}
        self._leave, self._refused = choices.get(refused, leave), refused
        self._choices = [f"{keys.get(key, key)} {label}" for key, label in choices.items()]
        if not refused:
            self._choices.append(f"esc {leave}")
        # Bindings, as a key that comes in the same write as the answer is not for this screen.
        answers = {key: key for key in choices} | ({"enter": offered} if offered else {})
        self._answers = answers.keys()
        bindings = [
            fixed_keys("escape", "leave", choices.get(refused, "Leave the question")),
            *(
                fixed_keys(key, f"dismiss({each!r})", choices[each])
                for key, each in answers.items()
            ),
        ]
        for binding in Binding.make_bindings([HELP, *bindings]):
            self._bindings.key_to_bindings.setdefault(binding.key, []).append(binding)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Take no answer once a letter was typed that is none."""
        return action != "dismiss" or not self._is_doubted

    async def action_leave(self) -> None:
        """Leave the question, with the key that says no."""
        await self.action_dismiss(self._refused)

    def compose(self) -> ComposeResult:
        """Yield the question."""
        yield question(*self._question, choices=self._choices)

    def on_key(self, event: Key) -> None:
        """Take no answer once a letter was typed that is none."""
        before, title, after = self._question
        line = self.query_one(MessageLine)
        is_letter = event.is_printable and not self._bindings_of(event)
        if self._is_doubted or is_letter:
            if is_letter or event.key in self._answers:
                event.stop()
            if not self._records:
                line.message = f"That is none of these keys. {before}", title, after
                return
            self._is_doubted = True
            line.choices = [f"esc {self._leave}"]
            says = "That was no answer: esc, then begin again."
            if not (title or after):
                before = before.rstrip(": ")
            line.message = before, title, f"{after.rstrip(': ')} · {says}"
        elif event.key == "enter" and "enter" not in self._answers:
            line.message = f"Press one of these keys. {before}", title, after

    def _bindings_of(self, event: Key) -> Sequence[Binding]:
        return self._bindings.key_to_bindings.get(event.key, ())


class Letters(ModalScreen[None]):
    """A question answered by letters without enter: `take` returns True once it has enough.

    It raises Refused for letters that are no answer. Leaving calls it with no letter.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        fixed_keys("escape", "leave", "Leave the question"),
        HELP_WHILE_TYPING,
    ]

    def __init__(self, before: str, after: str, take: Callable[[str], bool]) -> None:
        super().__init__()
        self._question = (before, "", after)
        self._take = take
        self._typed = ""

    def compose(self) -> ComposeResult:
        """Yield the question."""
        yield question(*self._question, choices=(f"esc {LEAVE}",))

    def on_key(self, event: Key) -> None:
        """Take a letter."""
        if event.is_printable and event.character and self.is_current:
            event.stop()
            self._typed += event.character
            try:
                if self._take(self._typed):
                    self.dismiss()
            except Refused as refused:
                self._typed = ""
                self._ask_again(str(refused))
        elif event.key == "enter":
            self._ask_again("A letter is wanted.")

    def _ask_again(self, why: str) -> None:
        before, title, after = self._question
        self.query_one(MessageLine).message = f"{why} {before}", title, after

    def action_leave(self) -> None:
        """Take no letter."""
        self._take("")
        self.dismiss()


# Returns what a text that is typed may become.
Completions = Callable[[str], Sequence[str]]

# The words before a title, the title, which is shortened if it is too long, the words after it.
Label = tuple[str, str, str]


class AnswerLine(LineInput):
    """The line of an answer."""

    BINDINGS: ClassVar[list[BindingType]] = [fixed_keys("enter", "submit", "Give this answer")]


class LineScreen(ModalScreen[T]):
    """A question that is answered by a line typed below it.

    Without a default that the hint names, an empty line is no answer. The hint is in the empty
    line, or above one that holds text already or is too short for it; `leave` says what escape
    does.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        fixed_keys("escape", "leave", "Leave the question"),
        HELP_WHILE_TYPING,
    ]

    def __init__(self, label: Label, hint: str, text: str = "", leave: str = LEAVE) -> None:
        super().__init__()
        self._ways_out = "enter done", f"esc {leave}"
        self.label = question(*label, choices=self._ways_out)
        self._asked = self.label.message
        self.line = AnswerLine(text, id="answer", select_on_focus=False)
        self._hint = hint
        self._hint_above = MessageLine(hint, id="hint")
        self._begins_with_text = bool(text)

    def compose(self) -> ComposeResult:
        """Yield the label, the hint and the line."""
        self._place_hint(self.app.size.width)
        yield self.label
        yield self._hint_above
        yield self.line

    def on_resize(self, event: Resize) -> None:
        """Show the hint where it fits now."""
        self._place_hint(event.size.width)

    def _place_hint(self, width: int) -> None:
        is_above = self._begins_with_text or cells(self._hint) > width - MARGIN
        self._hint_above.display = bool(self._hint) and is_above
        self.line.placeholder = "" if is_above else self._hint

    def refuse_blank(self) -> None:
        """Ask again, as enter alone is no answer."""
        before, title, after = self._asked
        self.label.message = f"Nothing is typed yet. {before}", title, after
        self._hint_again()

    def _hint_again(self) -> None:
        self._hint_above.message = self._hint, "", ""
        self._place_hint(self.app.size.width)


class Prompt(LineScreen[None]):
    """A line to type into; it stays open until its caller takes an answer, or the reader leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        fixed_keys("tab", "complete", "Complete what is typed")
    ]

    def __init__(
        self,
        label: Label,
        hint: str,
        text: str,
        completions: Completions | None = None,
        leave: str = LEAVE,
    ) -> None:
        super().__init__(label, hint, text, leave)
        self._completions = completions
        # The lines below the reason why an answer was not taken.
        self._listed: Sequence[str] = ()
        # The ways that tab puts in the line by turns, and what follows the name in each.
        self._turns: Sequence[str] = ()
        self._rest = ""
        self._answer: Future[str | None] | None = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to complete only what can be completed."""
        return action != "complete" or self._completions is not None

    def answer(self) -> Future[str | None]:
        """Return the next line that the reader will give, None if the reader leaves."""
        self._answer = get_running_loop().create_future()
        return self._answer

    def action_complete(self) -> None:
        """Complete what is before the cursor as far as it is certain; offer the ways to go on.

        Ways that do not begin with it take its place by turns.
        """
        assert self._completions
        line, at = self.line, self.line.cursor_position
        typed, after = line.value[:at], line.value[at:]
        if typed in self._turns:
            options = self._turns
            begun = options[(options.index(typed) + 1) % len(options)]
        else:
            options = self._completions(typed)
            begun = common_start(options)
            goes_on = fold(begun).startswith(fold(typed))
            # Those that a refusal lists by their titles.
            options = options if goes_on else options[:MAX_TURNS]
            self._turns = () if goes_on else options
            self._rest = "" if goes_on else _common_end(options)
            begun = begun if goes_on else next(iter(options), "")
        if begun:
            line.value, line.cursor_position = begun + after, len(begun)
        # Only what differs is shown: the names in a folder, the last words.
        start = 0 if self._turns else max(begun.rfind(sign) for sign in "/ ") + 1
        names = (each.removesuffix(self._rest) for each in options[:MAX_OFFERED])
        offered = "  ".join(name[start:].strip() for name in names)
        more = "  …" * bool(options[MAX_OFFERED:])
        self._hint_above.message = (offered + more if options[1:] else self._hint, "", "")
        self._hint_above.display = bool(options[1:])

    def _give(self, line: str | None) -> None:
        if self._answer and not self._answer.done():
            self._answer.set_result(line)

    def say(self, label: str) -> None:
        """Show another label, such as the reason why an answer is not taken."""
        self._listed = label.split("\n")[1:]
        may_choose = self._completions and self._listed
        self.label.choices = (("tab chooses",) if may_choose else ()) + self._ways_out
        self.label.message = (label, "", "")
        self._hint_again()

    def wait(self, may_leave: bool) -> None:
        """Say that an answer is being read, and offer only the keys that work meanwhile."""
        self.label.choices = self._ways_out[1:] if may_leave else ()
        self.label.message = ("One moment …", "", "")

    def close(self) -> None:
        """Close the prompt."""
        if self.is_current:
            self.dismiss()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask again once the answer is another, above the works offered that it still fits."""
        if self._turns and self.line.value[: self.line.cursor_position] not in self._turns:
            self._turns, self._rest = (), ""
            self._hint_above.display = False
        name = fold(event.value.removesuffix(self._rest).strip())
        is_name = len(name) >= MIN_NAME
        fitting = [line for line in self._listed if is_name and name in fold(line)]
        if not fitting:
            self.label.choices = self._ways_out
        before, title, after = self._asked
        self.label.message = (
            ("\n".join([f"{before}{title}{after}", *fitting]), "", "") if fitting else self._asked
        )

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the line to the caller."""
        self._give(event.value)

    def action_leave(self) -> None:
        """Give no line to the caller."""
        self._give(None)


def _common_end(lines: Sequence[str]) -> str:
    """Return the last words that all lines share, with the blank before them."""
    end = common_start([line[::-1] for line in lines])[::-1] if lines[1:] else ""
    return end[end.find(" ") :] if " " in end else ""


def question(*parts: str, choices: Sequence[str] = ()) -> MessageLine:
    """Return the line of a question, on as many lines as its choices take."""
    return MessageLine(*parts, choices=choices, max_lines=MAX_QUESTION_LINES, id="question")
