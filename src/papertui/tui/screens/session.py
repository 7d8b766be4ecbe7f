"""The session screen: a note, the checklist of the pass and a timer."""

import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from typing import ClassVar

from textual import events, getters, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, TextArea

from papertui.core import journal, labels
from papertui.core.catalog import PassMethod
from papertui.core.days import check_minutes
from papertui.core.identifiers import is_web_address
from papertui.core.note_templates import is_replaced
from papertui.core.reading_session import FALSE_START, Session, elapsed
from papertui.core.records import WorkRecord
from papertui.core.session_timer import SittingTimer, Timer, Written
from papertui.core.typed_entries import PASS_FORMS, parse_pass
from papertui.pages.checklist import checklist_page
from papertui.pages.work import work_details, work_pages
from papertui.storage.database import Busy
from papertui.storage.drafts import Draft
from papertui.storage.store import Store
from papertui.tui.background_action import background_action
from papertui.tui.base import BROAD
from papertui.tui.command import fixed_keys, typing_command
from papertui.tui.screens.note_editor import NoteEditor
from papertui.tui.widgets.page import PagePane

# Seconds between two drafts that have the time read so far.
TIME_INTERVAL = 10.0
# What leaving a question about the end of a session does, as its own key would leave that.
GO_ON = "go on reading"


class Checklist(PagePane):
    """The lines of a pass to tick: the keys select one, as they do in any list.

    `done` holds the lines that were ticked, or whose tick was taken away, in this order; `undone`
    what of that was taken back.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        fixed_keys("down,j", "select(1)", "Next line"),
        fixed_keys("up,k", "select(-1)", "Previous line"),
        fixed_keys("space,enter,x", "follow", "Tick the line, or take the tick away", "tick"),
    ]

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.done: list[int] = []
        self.undone: list[int] = []


_SETTLING = {"session.count": "count", "session.leave-out": "leave it out"}


class SessionScreen(NoteEditor):
    """A pass under way; it waits when the reader leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        typing_command("session.finish", "ctrl+l", "finish", "Log the pass", "log"),
        typing_command("session.pause", "ctrl+t", "pause", "Pause or go on", "pause"),
        typing_command(
            "session.checklist", "f4", "checklist", "To the checklist, the work, and back", "list"
        ),
        typing_command(
            "session.count", "f5", "settle_doubt(True)", "Count the time in question", "count"
        ),
        typing_command(
            "session.leave-out", "f6", "settle_doubt(False)", "Leave it out", "leave it out"
        ),
        typing_command("session.leave", "escape", "leave", "Leave; the session waits", "leave"),
        typing_command(
            "session.end", "f9", "end", "End the session without logging it; the note is saved"
        ),
    ]

    checklist = getters.query_one("#checklist", Checklist)
    # Earlier notes and related works, where there is room for them.
    around = getters.query_one("#around", PagePane)

    def __init__(
        self, store: Store, draft: Draft, instead_of: str | None, method: PassMethod
    ) -> None:
        super().__init__(store, draft, instead_of)
        self._was_waiting = instead_of is not None
        self._method = method
        self._time = SittingTimer(store.clock, lambda: self.papertui.today())
        self._time_saved_at = 0.0
        self._begun = store.clock()
        self._finishing = self._is_confirming = self._ended = self._has_kept_text = False

    def read_work(self, store: Store) -> None:
        """Read the claims of the work and how long its passes take, too."""
        super().read_work(store)
        self._work = store.works.work(self.draft.work)
        self._times = store.reading_times.of_work(self.draft.work)

    @property
    def session(self) -> Session:
        """The session: its sittings, pass and ticks."""
        assert self.draft.session is not None
        return self.draft.session

    @session.setter
    def session(self, session: Session) -> None:
        self.draft = self.draft._replace(session=session)

    @property
    def _timer(self) -> Timer | None:
        return self._time.timer

    def compose_body(self) -> ComposeResult:
        """Put the checklist beside the editor, and what else is known of the work beside that."""
        with Horizontal(id="desk"):
            yield from super().compose_body()
            yield Checklist(id="checklist")
            yield PagePane(id="around")

    def on_mount(self) -> None:
        """Begin a sitting; Textual calls the note editor's on_mount after this."""
        app = self.papertui
        self._taken_up_with = self.editor.text
        self.session = self._time.take_up(self.session, self._written, measures=app.config.timer)
        self.set_interval(1.0, self.tick)
        if self._instead_of:
            # It waited, and other papertui are to see that one goes on with it.
            self.call_later(self.try_to_save)
        self._fill_checklist()
        self.refresh_from_store(self._show_around)
        if self._timer and self.session.doubt:
            self._ask_about_doubt()
        elif not self.editor.text:
            template, log, end = map(app.key, ("note.template", "session.finish", "session.end"))
            self.show_message(
                f"{template} puts in the template, {log} logs the pass, {end} ends without"
                " logging it."
            )

    @property
    def heading(self) -> str:
        """Pass and work, on the left of the header."""
        return f"{labels.PASSES[self.session.depth].capitalize()} · {self.title_of_work}"

    def reload(self) -> None:
        """Show the time beside the week, and another work if this one was merged into it."""
        work = self._work
        super().reload()
        if self._work is not work:
            self._fill_checklist()
            self._show_around()
        self._show_time()

    def _show_time(self) -> None:
        # The line to log has the time at which it was asked for.
        if not self._timer or self._is_confirming:
            return
        depth = self.session.depth
        estimate = f" of {labels.span(self._times.minutes[depth - 1])}" if self._times else ""
        doubt = f" +{elapsed(self.session.doubt)}?" if self.session.doubt else ""
        paused = "" if self._timer.running else " paused"
        time_read = f"{elapsed(self.session.seconds)}{estimate}{paused}{doubt}"
        # Beside the time, a number of full reads without its words says too little.
        weeks = self.papertui.headlines()
        self.header.right = (
            *(f"{time_read} · {week}" for week in weeks[:2] + weeks[3:]),
            time_read,
        )

    def go_outside(self) -> None:
        """Count the time before the editor outside is opened."""
        self._count_time()

    def come_back(self) -> None:
        """Count the time in the editor outside, in which the timer did not tick."""
        self.tick(outside=True)

    def tick(self, *, outside: bool = False) -> None:
        """Count the time since the last tick, if it is measured, and now and then save it."""
        if self.app.return_code is not None:
            return
        before = self.session.doubt
        self.session = self._time.tick(self.session, self._written, outside=outside)
        if self.session.doubt and not before:
            self._ask_about_doubt()
        self.refresh_from_store(self._show_time)
        is_timed = self._timer is not None and self._timer.running
        if is_timed and time.monotonic() - self._time_saved_at > TIME_INTERVAL:
            self._time_saved_at = time.monotonic()
            self.try_to_save()

    def _count_time(self) -> None:
        self.session = self._time.tick(self.session, self._written)

    @property
    def _written(self) -> Written:
        return self.editor.text, self.session.ticks

    def _ask_about_doubt(self) -> None:
        count, leave_out = map(self.papertui.key, ("session.count", "session.leave-out"))
        says = f"{count} counts that time, {leave_out} leaves it out"
        self.show_message(f"You were away or idle: {says}")
        self.refresh_bindings()

    def catch_up(self, key: str) -> None:
        """Tell the timer of keys that are commands, but for those that settle time in question."""
        active = self.active_bindings.get(key)
        if not (active and active.binding.id in _SETTLING):
            self._notice_reader()

    @on(events.Key)
    @on(TextArea.Changed)
    @on(Input.Changed)
    def _notice_reader(self) -> None:
        """Tell the timer that the reader is there; a key that types does not come here itself."""
        if self._time.key():
            # The answer offered the other one.
            self.clear_message()
            self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys about time only if it is measured, or in question."""
        if action == "settle_doubt":
            (count,) = parameters
            return bool(self._timer) and self._time.can_settle(self.session, count=bool(count))
        return action != "pause" or self.papertui.config.timer

    def action_pause(self) -> None:
        """Stop the timer, or start it again."""
        if self._timer:
            self.session = self._time.pause(self.session, self._written)
            self.show_message(
                ""
                if self._timer.running
                else f"Paused: {self.papertui.key('session.pause')} goes on"
            )
            self.refresh_bindings()
            self._show_time()

    def action_settle_doubt(self, count: bool) -> None:
        """Count the time in question, or leave it out."""
        if self._timer:
            self.session = self._time.settle_doubt(self.session, count)
            other = self.papertui.key("session.leave-out" if count else "session.count")
            says = f"Counted · {other} leaves it out" if count else f"Left out · {other} counts it"
            self.show_message(f"{says} after all")
            self.refresh_bindings()
            self._show_time()

    def _fill_checklist(self) -> None:
        method, ticks, work = self._method, self.session.ticks, self._work
        layout = partial(checklist_page, method, ticks, work)
        self.checklist.show(layout, top=False, select=True)

    def _show_around(self) -> None:
        if self._work:
            app = self.papertui
            details = work_details(app.store, self._work.citekey, app.today())
            notes = tuple(note for note in details.record.notes if note.id != self.draft.note)
            record = details.record._replace(notes=notes)
            _, layout = work_pages(details._replace(record=record), app.glyphs)
            self.around.show(layout)

    @property
    def key_labels(self) -> Mapping[str, str]:
        """Keys about time in question, the session's own, those of a note; what they do now."""
        is_paused = self._timer is not None and not self._timer.running
        pause = {"session.pause": "go on"} if is_paused else {}
        first = _SETTLING if self._timer and self.session.doubt else {}
        if not self._is_beside:
            own = {"session.finish": "log", "session.checklist": "list"}
            return {**first, **({} if self._finder else own), **super().key_labels, **pause}
        following = "note" if self.focused is self._panes[-1] else "work"
        return {**first, "session.checklist": following, "session.leave": "note", **pause}

    @property
    def key_sentences(self) -> Mapping[str, str]:
        """What the keys of the session do beside the note, in the help."""
        if not self._is_beside:
            return super().key_sentences
        lines = {"page.next": "Next line", "page.previous": "Previous line"}
        own = lines if self.focused is self.checklist else {}
        return {**own, "session.leave": "Back to the note"}

    @property
    def _is_beside(self) -> bool:
        """True while a pane beside the note has the keys."""
        return self.focused in (self.checklist, self.around)

    @property
    def _panes(self) -> list[Widget]:
        """The panes that a key goes through: the note, the checklist and, if shown, the work."""
        note = self.preview if self.is_previewing else self.editor
        around = [self.around] if self.app.size.width >= BROAD else []
        return [note, self.checklist, *around]

    def action_checklist(self) -> None:
        """Go from the note to the checklist, from there to the work, and back."""
        panes = self._panes
        at = panes.index(self.focused) if self.focused in panes else 0
        self._go_to_pane((at + 1) % len(panes))

    def _go_to_pane(self, number: int) -> None:
        self.set_class(number > 0, "-checking")
        self._panes[number].focus()

    def go_on_writing(self) -> None:
        """Show the text, which other panes may hide."""
        if self._is_beside:
            self._go_to_pane(0)
        super().go_on_writing()

    def action_preview(self) -> None:
        """Show the note laid out, or go back to writing, from any pane."""
        if self._is_beside:
            self._go_to_pane(0)
        super().action_preview()

    def on_resize(self) -> None:
        """Take the keys back to the note from a pane for which there is no room any more."""
        if self._is_beside and self.focused not in self._panes:
            self._go_to_pane(0)
        # The keys say which pane is next.
        self.refresh_bindings()

    def follow(self, target: str) -> None:
        """Tick a line of the checklist; leave for another work, or open an address."""
        if target.isdecimal():
            self.checklist.undone.clear()
            self._tick(int(target))
        elif is_web_address(target):
            super().follow(target)
        else:
            self._leave_for(target)

    @background_action
    async def _leave_for(self, work: str) -> None:
        await self._leave()
        self.papertui.go_to_work(work)

    def undo_here(self) -> bool:
        """Take the latest tick back in the checklist; without one, as in any note."""
        if not self._is_of_ticks("undo", self.checklist.done):
            return super().undo_here()
        line = self.checklist.done.pop()
        self.checklist.undone.append(line)
        self._toggle(line)
        self.show_message("Ticked again" if line in self.session.ticks else "Tick taken back")
        return True

    def redo_here(self) -> bool:
        """Bring the tick back that was taken back last in the checklist, else as in any note."""
        if not self._is_of_ticks("redo", self.checklist.undone):
            return super().redo_here()
        line = self.checklist.undone.pop()
        self._tick(line)
        self.show_message("Ticked again" if line in self.session.ticks else "Tick taken away again")
        return True

    def _is_of_ticks(self, command: str, ticks: list[int]) -> bool:
        """Return True if there are ticks, and the message in view offers to do it to no act."""
        name, _ = self.papertui.offered or ("", "")
        return bool(ticks) and self.checklist.has_focus and name != command

    def _tick(self, line: int) -> None:
        self.checklist.done.append(line)
        self._toggle(line)

    def _toggle(self, line: int) -> None:
        self.session = self.session.toggle(line)
        self._fill_checklist()
        self.try_to_save()

    def save_state(self) -> None:
        """Save a draft until the session has ended. Raises DatabaseError."""
        if not self._ended:
            super().save_state()

    @property
    def _is_false_start(self) -> bool:
        """True if the reader leaves at once, with nothing written, ticked or taken over."""
        away = (self.papertui.clock() - self._begun).total_seconds()
        draft = self.draft._replace(body=self.editor.text)
        return away < FALSE_START and not (draft.holds_anything or self._was_waiting)

    def prepare_to_quit(self) -> None:
        """Save time and text: the session waits, unless it was begun by mistake."""
        self._count_time()
        if self._is_false_start:
            self.finish()
        else:
            self._keep_former_text()
            self.session = self._settled()
            self.save_state()

    @background_action
    async def action_leave(self) -> None:
        """Leave; the session waits with text, ticks and time."""
        if self.close_finder():
            return
        if self._is_beside:
            self._go_to_pane(0)
        else:
            await self._leave()

    async def _leave(self) -> None:
        app = self.papertui
        is_false_start = self._is_false_start
        await app.retry_while_busy(self.prepare_to_quit)
        await app.retry_while_busy(lambda: app.store.drafts.release(self.draft.id))
        self._ended = is_false_start
        app.pop_screen()
        app.changed()
        title = self.title_of_work
        if is_false_start:
            app.show_message("Left within a minute, so no session waits on ", title)
        else:
            drafts, draft = app.store.drafts, self.draft.id
            kept = ", its former text as a version" if self._has_kept_text else ""
            app.show_message(
                "The session on ", title, f" waits{kept} · {app.key('read')} goes on with it",
                holds=lambda: drafts.waits(draft),
            )  # fmt: skip

    @background_action
    async def action_end(self) -> None:
        """End the session without logging it, after a question; what is written is saved."""
        app = self.papertui
        self._count_time()
        minutes = self.session.minutes if self._timer else 0
        read = f"{labels.span(minutes)} will not count" if minutes else ""
        kept = "the note is saved" if self.editor.text.strip() else ""
        kept = kept or "the note is removed" * bool(self.draft.bases)
        losses = f" ({', '.join(filter(None, [read, kept]))})" if read or kept else ""
        after = f" without logging it{losses}?"
        if await app.confirm("End the session on ", self.title_of_work, after):
            ending = self.draft._replace(body=self.editor.text).end()
            await app.retry_while_busy(lambda: self.finish(*ending))
            self._ended = True
            app.pop_screen()
            app.changed()
            takes_back = app.takes_back if ending else ""
            app.show_message("Ended, not logged: ", self.title_of_work, takes_back)

    async def save(self) -> str:
        """Save the note; the session goes on with it."""
        message = await super().save()
        self.try_to_save()
        return message

    @background_action
    async def action_finish(self) -> None:
        """Log pass, minutes and note as one act, after a line to confirm."""
        if self._finishing:
            return
        self._finishing = True
        try:
            await self._finish()
        finally:
            self._finishing = False

    async def _finish(self) -> None:
        app = self.papertui
        self._count_time()
        left_out: dict[int, float] = {}
        while asked := self.session.doubt:
            self._show_time()
            answer = await app.choose(
                f"Count the {elapsed(asked)} without a key?",
                choices={"y": "yes", "n": "no, leave it out"}, offered="n", leave=GO_ON,
            )  # fmt: skip
            if not answer:
                return
            before = self.session
            self.session = self._time.settle_doubt(before, answer == "y", asked)
            for number, seconds in before.settled_in(self.session).items():
                left_out[number] = left_out.get(number, 0.0) + seconds * (answer == "n")
            self._show_time()
        # An undo asks again about what was left out.
        waits = self.session
        for number, seconds in left_out.items():
            waits = waits.question(seconds, number)
        # A look is no reading of the pass, but goes on as one if that is not logged.
        read = self._settled()
        record = await app.retry_while_busy(lambda: app.store.reading_log.work(self.draft.work))
        self._is_confirming = True
        try:
            entry = await self._confirm(read, record)
        finally:
            self._is_confirming = False
        if entry is None:
            return
        depth, day, minutes = entry
        days = read.minutes_by_day(day, minutes)
        # The time of the question itself is none of reading.
        self.session = waits if any(left_out.values()) else read
        logged = journal.log_pass(self.draft.work, depth, day, minutes, days, self.draft.made_in)

        def log() -> bool:
            noted = self.finish(logged, depth=depth)
            self._ended = True
            return noted

        noted = await app.retry_while_busy(log)
        app.pop_screen()
        app.changed()
        duration = f", {labels.span(minutes)}" if minutes else ""
        if minutes == read.minutes and any(left_out.values()):
            duration += f", {elapsed(sum(left_out.values()))} left out"
        note = ", with note" if noted else ""
        after = (
            f", {app.counts_for(day)}{duration}{note}{labels.ended_by_pass(record.on(app.today()))}"
        )
        after += app.takes_back
        app.show_message(f"Logged: {labels.PASSES[depth]} of ", self.title_of_work, after)

    def _keep_former_text(self) -> None:
        """Save the text that was taken up as a version if most of its words are gone."""
        former = self._taken_up_with
        templates = self.papertui.config.templates
        if former == self._saved or not is_replaced(former, self.editor.text, templates):
            return
        draft = self.draft
        saved = journal.save_note(draft.work, draft.note, former, draft.bases, self.session.depth)
        act = self.papertui.store.record(saved)
        self.draft = draft._replace(bases=(*draft.bases, *act.versions))
        self._saved, self._has_kept_text = former, True

    def _settled(self) -> Session:
        return self._time.settle_sittings(self.session, self._written)

    async def _confirm(
        self, session: Session, record: WorkRecord
    ) -> tuple[int, date | None, int | None] | None:
        """Return pass, day and minutes of a session as the reader confirms or corrects them."""
        app = self.papertui
        logged = await app.retry_while_busy(app.store.reading_log.minutes)
        known = await app.retry_while_busy(app.latest_day)
        latest = max(known, *(sitting.day for sitting in session.sittings))
        measured = labels.span(session.minutes) if session.minutes else ""
        minutes = f"{measured} unless typed, 0: none" if measured else "0: none"
        label = f"Log: pass, day, minutes ({minutes})"
        text, recorded = f"{session.depth} {session.day.isoformat()} ", record

        async def parse(typed: str) -> tuple[int, date | None, int | None]:
            nonlocal recorded
            depth, day, given = parse_pass(typed, app.today(), latest, app.night_until())
            if given is None:
                given = session.minutes
            if day and given:
                check_minutes(session.minutes_by_day(day, given) or [(day, given)], logged)
            # What is typed while another papertui writes is for the note.
            with suppress(Busy):
                recorded = app.store.reading_log.work(self.draft.work)
            if recorded.has(depth, day):
                await app.check_pass(self.draft.work, depth, day)
            return depth, day, given or None

        return await app.ask_until(parse, label, PASS_FORMS, text, leave=GO_ON)
