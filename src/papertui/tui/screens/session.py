"""The session screen: an hour of notes beside the paper."""

import time
from datetime import date
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal

from papertui.core import journal, labels
from papertui.core.catalog import PassMethod
from papertui.core.reading_session import Session, Timer, clock_time, minutes_by_day, parse_pass
from papertui.errors import Refused
from papertui.pages.layout import DIM, GOOD, HEADING, LINK, Line, Span, Writer
from papertui.storage.database import DatabaseError
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from papertui.tui.base import background_action
from papertui.tui.command import writing
from papertui.tui.screens.dialogs import Ask
from papertui.tui.screens.note_editor import WritingScreen, saved_text
from papertui.tui.widgets.bars import Header
from papertui.tui.widgets.page import PagePane

KEEP_TIME_EVERY = 10.0
WIDE = 100


class SessionScreen(WritingScreen):
    """A pass under way: note, checklist and timer; left, it waits."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (WIDE, "-wide")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        writing("session.finish", "ctrl+l", "finish", "Log the pass", "log"),
        writing("session.pause", "ctrl+t", "pause", "Pause or go on", "pause"),
        writing("session.checklist", "f4", "checklist", "To the checklist and back", "list"),
        writing("session.count", "f5", "settle_doubt(True)", "Count the time in question", "count"),
        writing("session.leave-out", "f6", "settle_doubt(False)", "Leave it out", "leave it out"),
        writing("session.leave", "escape", "leave", "Leave; the session waits", "leave"),
    ]

    def __init__(
        self, draft: Draft, method: PassMethod, title: str, saved: str, instead_of: str | None
    ) -> None:
        super().__init__(draft, title, saved, instead_of)
        self._method = method
        self._timer: Timer | None = None
        self._kept_at = 0.0
        self._finishing = False
        self._kept_session: Session | None = None

    @classmethod
    def of(
        cls, store: Store, draft: Draft, method: PassMethod, instead_of: str | None
    ) -> "SessionScreen":
        """Open the session that a draft holds."""
        saved = saved_text(store, draft)
        return cls(draft, method, store.works.title(draft.work), saved, instead_of)

    @property
    def session(self) -> Session:
        """The session as it stands."""
        assert self.draft.session is not None
        return self.draft.session

    def compose_body(self) -> ComposeResult:
        """Put the checklist beside the editor."""
        self.set_class(self.app.size.width < WIDE, "-narrow")
        with Horizontal(id="desk"):
            yield from super().compose_body()
            yield PagePane(id="checklist")

    def on_mount(self) -> None:
        """Sit down: the timer runs."""
        app = self.papertui
        self.draft = self.draft._replace(session=self.session.sit_down(app.today()))
        if app.config.timer:
            self._timer = Timer(app.clock)
            self.set_interval(1.0, self.tick)
        super().on_mount()
        self.query_one("#checklist", PagePane).show(self._checklist, select=True)
        if not self.editor.text:
            self.show_message(
                "Write as you read. f7 puts in the template, ctrl+l logs the pass at the end."
            )

    @property
    def heading(self) -> str:
        """The pass and the work."""
        return f"{labels.PASSES[self.session.depth].capitalize()} · {self.title_of_work}"

    def reload(self) -> None:
        """Show the time beside the week."""
        super().reload()
        if self._timer:
            self._show_time()

    def _show_time(self) -> None:
        assert self._timer is not None
        longest = labels.span(self._method.minutes[1])
        doubt = f" +{int(self._timer.doubt / 60 + 0.5)} min?" if self._timer.doubt else ""
        paused = "" if self._timer.running else " paused"
        shown = f"{clock_time(self.session.seconds)} of {longest}{paused}{doubt}"
        week = self.papertui.headline()
        if self.has_class("-narrow"):
            week = week.partition(" · ")[0]
        self.query_one(Header).right = f"{shown} · {week}".rstrip(" ·")

    # ── time ────────────────────────────────────────────────────────────────

    def tick(self) -> None:
        """Count the time since the last tick and, now and then, keep it."""
        assert self._timer is not None
        in_question = self._timer.doubt
        self._add(self._timer.tick())
        if self._timer.doubt and not in_question:
            self.show_message("You were away or still: f5 counts that time, f6 leaves it out")
            self.refresh_bindings()
        self.refresh_from_store(self._show_time)
        if time.monotonic() - self._kept_at > KEEP_TIME_EVERY and self._timer.running:
            self._kept_at = time.monotonic()
            self._keep_time()

    def _keep_time(self) -> None:
        try:
            self.keep_now(self.editor.text)
        except DatabaseError as error:
            self.show_message(f"Not kept yet, trying again. {error}")

    def _add(self, seconds: float) -> None:
        if seconds:
            self.draft = self.draft._replace(session=self.session.read_for(seconds))

    def on_key(self, event: events.Key) -> None:
        """Note that the reader is there."""
        del event
        if self._timer:
            self._timer.key()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Ask about time only where some is in question, and keep none where none is wanted."""
        if action == "settle_doubt":
            return bool(self._timer and self._timer.doubt)
        return action != "pause" or self.papertui.config.timer

    def action_pause(self) -> None:
        """Stop the timer, or let it go on."""
        if self._timer:
            self._add(self._timer.pause())
            self.show_message("" if self._timer.running else "Paused: ctrl+t goes on")
            self._show_time()

    def action_settle_doubt(self, count: bool) -> None:
        """Count the time in question, or leave it out."""
        if self._timer:
            self._add(self._timer.settle(count))
            self.show_message("Counted" if count else "Left out")
            self.refresh_bindings()
            self._show_time()

    # ── checklist ───────────────────────────────────────────────────────────

    def _checklist(self, width: int) -> list[Line]:
        page = Writer(width)
        page.text(f"{self._method.name}: {self._method.goal}", HEADING)
        page.blank()
        for number, line in enumerate(self._method.checklist):
            ticked = number in self.session.ticks
            box = Span("☑ " if ticked else "☐ ", GOOD if ticked else DIM)
            page.text(line, DIM if ticked else LINK, lead=box, target=str(number))
        page.blank()
        page.text("enter ticks, f4 goes back to the note", DIM)
        return page.lines

    def action_checklist(self) -> None:
        """Go from the note to the checklist, or back."""
        checklist = self.query_one("#checklist", PagePane)
        there = not checklist.has_focus
        self.set_class(there, "-checking")
        (checklist if there else self.editor).focus()

    @on(PagePane.Followed)
    def _ticked(self, event: PagePane.Followed) -> None:
        checklist = self.query_one("#checklist", PagePane)
        self.draft = self.draft._replace(session=self.session.toggle(int(event.target)))
        checklist.show(self._checklist, top=False, select=True)
        self._keep_time()

    # ── leaving ─────────────────────────────────────────────────────────────

    def keep(self) -> None:
        """Keep the text, and the time and ticks with it."""
        if self.editor.text != self._kept or self.session != self._kept_session:
            self.keep_now(self.editor.text)

    def keep_now(self, body: str) -> None:
        """Keep the draft as it is now. Raises DatabaseError when nothing takes it."""
        super().keep_now(body)
        self._kept_session = self.draft.session

    def prepare_to_quit(self) -> None:
        """Let the session wait, as papertui is being left."""
        if self._timer:
            self._add(self._timer.tick())
        self.keep_now(self.editor.text)

    @background_action
    async def action_leave(self) -> None:
        """Leave: text, ticks and time stay, the session waits."""
        if self.close_finder():
            return
        if self.query_one("#checklist", PagePane).has_focus:
            self.action_checklist()
            return
        await self.papertui.retry_while_busy(self.prepare_to_quit)
        self.papertui.pop_screen()
        self.papertui.changed()
        self.papertui.show_message(
            "The session on ", self.title_of_work, " waits · s goes on with it"
        )

    async def save(self) -> str:
        """Save the note; the session goes on with it."""
        said = await super().save()
        self._keep_time()
        return said

    @background_action
    async def action_finish(self) -> None:
        """Log pass, minutes and note as one entry, after a line to confirm."""
        if self._finishing:
            return
        self._finishing = True
        try:
            await self._finish()
        finally:
            self._finishing = False

    async def _finish(self) -> None:
        app = self.papertui
        if self._timer:
            self._add(self._timer.tick())
            if self._timer.doubt:
                asked = Ask(f"Count the {labels.span(round(self._timer.doubt / 60))} in question?")
                self._add(self._timer.settle(await app.push_screen_wait(asked)))
        entry = await self._confirm()
        if entry is None:
            return
        depth, day, minutes = entry
        noted = await app.retry_while_busy(lambda: self._log(depth, day, minutes))
        app.pop_screen()
        app.changed()
        when = labels.counts_for(day, app.clock(), app.config.day_start)
        took = f", {labels.span(minutes)}" if minutes else ""
        also = ", with note" if noted else ""
        end = f", {when}{took}{also} · u undoes it"
        app.show_message(f"Logged: {labels.PASSES[depth]} of ", self.title_of_work, end)

    async def _confirm(self) -> tuple[int, date | None, int | None] | None:
        """Return pass, day and minutes as the reader confirms or corrects them."""
        app, session = self.papertui, self.session
        label = "Log: pass, day, minutes (0: none); enter logs, escape goes back"
        minutes = f" {session.minutes}" if app.config.timer and session.minutes else ""
        typed = f"{session.depth} {session.sittings[-1].day.isoformat()}{minutes}"
        while True:
            typed = await self.typed(label, "2 2026-11-20 62", typed)
            if not typed:
                return None
            try:
                depth, day, given = parse_pass(typed, app.today(), app.clock().date())
            except Refused as refused:
                label = str(refused)
                continue
            if given is None and app.config.timer:
                given = session.minutes
            return depth, day, given or None

    def _log(self, depth: int, day: date | None, minutes: int | None) -> bool:
        """Log the pass with the note as it is now; returns whether there was one."""
        session, draft = self.session, self.draft
        timed = minutes and day and session.seconds
        days = minutes_by_day(session.sittings, minutes or 0) if timed else []
        made_in = {**session.as_json(), "note": draft.note, "bases": list(draft.bases)}
        return self.finish(journal.log_pass(draft.work, depth, day, minutes, days, made_in))
