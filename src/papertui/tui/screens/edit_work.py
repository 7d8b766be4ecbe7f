"""The form that edits the fields of a work."""

import json
from collections.abc import Iterable
from typing import ClassVar

from textual import getters
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widgets import Label

from papertui.core.text import shorten
from papertui.core.work_edits import FIELDS, Field, shown_value
from papertui.storage.edits import FieldRefused, twin, work_edit
from papertui.storage.store import Store
from papertui.tui.background_action import background_action
from papertui.tui.command import fixed_keys, typing_command
from papertui.tui.paper_screen import PaperScreen
from papertui.tui.widgets.inputs import LineInput

# Before a citekey: the setting that keeps what was typed and not saved.
UNSAVED = "unsaved-edit:"
# Seconds until it is kept.
KEEP_INTERVAL = 0.3
_LABELS = {field.name: field.label for field in FIELDS}


class FieldLine(LineInput):
    """The line of a field."""

    BINDINGS: ClassVar[list[BindingType]] = [
        fixed_keys("up,shift+tab", "screen.go(-1)", "Go to the field above"),
        fixed_keys("down,tab", "screen.go(1)", "Go to the field below", "next field"),
        fixed_keys("enter", "screen.save", "Save the changes", "save"),
    ]

    def __init__(self, field: Field, text: str) -> None:
        super().__init__(text, placeholder=field.hint, id=field.name, select_on_focus=False)
        self._hint = field.hint

    def on_resize(self) -> None:
        """Shorten the hint with a sign."""
        self.placeholder = shorten(self._hint, max(1, self.content_size.width - 1))


class EditScreen(PaperScreen):
    """Shows every field of a work as a line; raise Refused for a work that came with papertui."""

    BINDINGS: ClassVar[list[BindingType]] = [
        typing_command("edit.save", "ctrl+s", "save", "Save the changes"),
        typing_command("edit.leave", "escape", "leave", "Leave the form", "leave"),
    ]

    form = getters.query_one("#form", VerticalScroll)

    def __init__(self, store: Store, citekey: str) -> None:
        super().__init__()
        self._citekey = citekey
        self._title = store.works.title(citekey)
        fields = store.works.editable_fields(citekey)
        self._before = {field.name: shown_value(field.name, fields) for field in FIELDS}
        self._unsaved = _unsaved_edit(store, citekey)
        self._keep_pending = False
        self._is_left = False

    def compose_body(self) -> ComposeResult:
        """Yield a line for each field."""
        with VerticalScroll(id="form", can_focus=False):
            for field in FIELDS:
                with Horizontal(classes="field"):
                    yield Label(field.label, classes="label")
                    text = self._unsaved.get(field.name, self._before[field.name])
                    yield FieldLine(field, text)

    def on_mount(self) -> None:
        """Begin at the first field."""
        self.query(FieldLine).first().focus()
        self.refresh_from_store(self.reload)
        if self._unsaved:
            self.show_message("What you typed last time and did not save is here again")

    def reload(self) -> None:
        """Name the work."""
        super().reload()
        self.header.left = ("Edit · ", self._title, "")

    @property
    def _typed(self) -> dict[str, str]:
        """The text of each field that was changed."""
        lines = {str(line.id): line.value for line in self.query(FieldLine)}
        return {name: text for name, text in lines.items() if text != self._before[name]}

    def action_go(self, by: int) -> None:
        """Go to another field."""
        names = [field.name for field in FIELDS]
        at = names.index(str(self.focused.id)) if self.focused else 0
        self.query_one(f"#{names[(at + by) % len(names)]}", FieldLine).focus()

    def on_input_changed(self) -> None:
        """Keep what is typed, in case papertui ends before it is saved."""
        if not self._keep_pending:
            self._keep_pending = True
            self.set_timer(KEEP_INTERVAL, lambda: self.refresh_from_store(self.save_state))

    def save_state(self) -> None:
        """Keep what is typed and not saved. Raises DatabaseError."""
        self._keep_pending = False
        if not self._is_left and self.query(FieldLine):
            self._keep(self._typed)

    def _forget(self) -> None:
        """Keep nothing of what is typed, now and until the form is gone."""
        self._keep({})
        self._is_left = True

    def _keep(self, typed: dict[str, str]) -> None:
        store = self.papertui.store
        unsaved = json.dumps(typed, ensure_ascii=False) if typed else None
        store.set_setting(f"{UNSAVED}{self._citekey}", unsaved)

    @background_action
    async def action_save(self) -> None:
        """Save the changes, or show why a field is not taken."""
        await self._save()

    async def _save(self) -> None:
        app, typed = self.papertui, self._typed
        if changed := await app.retry_while_busy(lambda: self._changed_elsewhere(typed)):
            name, text = changed
            self._before[name] = text
            self.query_one(f"#{name}", FieldLine).focus()
            says = f"{_LABELS[name]}, changed elsewhere, is now "
            self.show_message(says, text or "empty", ": save again to put yours in its place")
            return
        try:
            change = await app.retry_while_busy(lambda: work_edit(app.store, self._citekey, typed))
        except FieldRefused as refused:
            self.query_one(f"#{refused.name}", FieldLine).focus()
            self.show_message(_in_one_line(str(refused)))
            return
        if change:
            await app.record(change)
        await app.retry_while_busy(self._forget)
        self.dismiss()
        title = app.store.works.title(self._citekey)
        if change:
            other = await app.retry_while_busy(lambda: twin(app.store, self._citekey))
            merges = app.offer("merge", "merges them")
            hint = f" · another work has the same id{merges}" if other else ""
            app.paper_screens[0].show_message("Edited: ", title, hint + app.takes_back)

    def _changed_elsewhere(self, typed: Iterable[str]) -> tuple[str, str] | None:
        """Return the first of the fields typed into that is no longer as it was, and its text."""
        fields = self.papertui.store.works.editable_fields(self._citekey)
        now = ((name, shown_value(name, fields)) for name in typed)
        return next(((name, text) for name, text in now if text != self._before[name]), None)

    @background_action
    async def action_leave(self) -> None:
        """Leave the form; ask first what becomes of changes."""
        if self._typed:
            choices = {"y": "yes", "n": "no, forget them"}
            answer = await self.papertui.choose(
                "Save the changes to ", self._title, "?",
                choices=choices, offered="y", leave="go on editing",
            )  # fmt: skip
            if answer == "y":
                await self._save()
            if answer != "n":
                return
        await self.papertui.retry_while_busy(self._forget)
        self.dismiss()


def _in_one_line(reason: str) -> str:
    """Return a reason with the citekeys of the works that it lists."""
    first, *works = reason.splitlines()
    keys = ", ".join(work.split()[0] for work in works)
    return f"{first.partition(';')[0]}: {keys}" if keys else first


def _unsaved_edit(store: Store, citekey: str) -> dict[str, str]:
    """Return what was typed for a work and not saved, by the names of its fields."""
    try:
        kept = json.loads(store.setting(f"{UNSAVED}{citekey}") or "{}")
        return {str(name): str(text) for name, text in kept.items()}
    except (AttributeError, ValueError):
        return {}
