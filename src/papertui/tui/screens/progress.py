"""The progress screen: the week, the year, the log."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from papertui.core import journal, labels
from papertui.core.days import check_minutes, period
from papertui.core.goals import GOAL_FORMS, goal_change, goal_words, parse_goal
from papertui.core.journal import Change
from papertui.core.records import Sittings
from papertui.core.text import quantity, shorten
from papertui.core.typed_entries import PASS_FORMS, Before, parse_entry
from papertui.errors import Refused
from papertui.exporters import review as reviews
from papertui.pages.progress import DAY, progress_page, why_page
from papertui.pages.progress_summary import LATEST, LogEntry, Summary, day_log, summarise
from papertui.pages.weeks import week_rules
from papertui.storage.acts import Act
from papertui.system import desktop
from papertui.tui import links
from papertui.tui.act_on_works import completions_of_works
from papertui.tui.background_action import background_action
from papertui.tui.command import command
from papertui.tui.paper_screen import PageScreen
from papertui.tui.widgets.page import MAX_WIDTH

MAX_LOG = 100_000
# Entries for which there may be room beside the other columns.
BESIDE = 60
_OF_THE_DAY = ("look", "remove", "all", "rest", "goal", "review", "year")


class ProgressScreen(PageScreen):
    """Shows the summary and the day that is looked at; corrects the log."""

    max_width = MAX_WIDTH
    recall_command = "progress.recall"
    shown_acts = frozenset(
        {journal.PASS, journal.CORRECTION, journal.REST, journal.GOAL, journal.SCANNED,
         journal.SEEN, journal.SHARED, journal.RECALLED, journal.CARD, journal.IMPORT}
    )  # fmt: skip

    TITLE = "Progress"
    BINDINGS: ClassVar[list[BindingType]] = [
        command("progress.back", "escape,p", "app.back", "Back to the library", "back"),
        command("progress.earlier", "left,h", "look(-1)", "Look at the day before", "day", "← →"),
        command("progress.later", "right,l", "look(1)", "Look at the day after"),
        command("progress.week-back", "shift+left,H", "look(-7)", "Look a week back"),
        command("progress.week-on", "shift+right,L", "look(7)", "Look a week on"),
        command("progress.remove", "delete,backspace", "remove", "Take the selected entry out"),
        command("progress.all", "a", "all", "Show the whole log, or the latest entries"),
        command("progress.why", "y", "why", "Why the streak is as long as it is", "why"),
        command("progress.rest", "r", "rest", "Make the week a rest week, or not", "rest"),
        command(
            "progress.goal",
            "t",
            "goal",
            "Set a goal: full reads, titles scanned, works explained …",
            "goal",
        ),
        command("progress.recall", "R", "app.recall", "Recall what you read", "recall"),
        command("progress.review", "w", "review", "Copy the week's review as Markdown", "review"),
        command("progress.month", "W", "review('month')", "Copy the month's review as Markdown"),
        command("progress.year", "Y", "year", "Write the year as a picture or a page", "year"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._cursor: date | None = None
        self._summary: Summary | None = None
        self._why = False
        self._latest = LATEST

    @property
    def looked_at(self) -> date:
        """The day under the cursor of the heatmap."""
        return self._cursor or self.papertui.today()

    @property
    def key_labels(self) -> Mapping[str, str]:
        """What enter does to an entry of the log, and where the key of the streak leads back."""
        return {"progress.why": "day and log"} if self._why else {"page.follow": "correct"}

    @property
    def key_sentences(self) -> Mapping[str, str]:
        """What the keys of links do with the entries of the log, in the help."""
        if self._why:
            return {"progress.why": "Back to the day and the log"}
        return {
            "page.next": "Select the next entry of the log",
            "page.previous": "Select the entry before it",
            "page.follow": "Correct the selected entry",
        }

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the keys of the day and the log beside them, and that of a streak in view."""
        if action == "why":
            return self.papertui.config.streak
        return not (self._why and action in _OF_THE_DAY)

    def why_off(self, action: str) -> str:
        """Say how to go back to what the key acts on, or how to show the streak."""
        if action == "why":
            return 'The streak is hidden: streak = "on" in the config file shows it'
        is_off = self._why and action in _OF_THE_DAY
        return f"{self.papertui.key('progress.why')} goes back to the days" if is_off else ""

    def reload(self) -> None:
        """Gather the numbers again."""
        super().reload()
        app = self.papertui
        entries = max(self._latest, BESIDE)
        self._summary = summarise(app.store, app.config, app.today(), entries, self.looked_at)
        self._show(top=False)

    def _show(self, top: bool) -> None:
        summary, app = self._summary, self.papertui
        if summary is None:
            return
        # Of a day without entries the first one would be of another day, and out of view.
        log = summary.day_log
        self.page.follows_first = bool(log.week.get(log.day) or log.parts)
        if self._why and summary.streak:
            streak = summary.streak
            works = {
                work for week in (*streak.gap, *streak.run, streak.current) for work in week.works
            }
            titles = {work: app.store.works.title(work) for work in works}
            self.page.show(lambda width: why_page(streak, titles, width), top)
        else:
            ascii_, key = app.config.ascii, app.key
            entries, selected = self._latest, self.page.selected or ""
            self.page.show(lambda width: progress_page(summary, width, ascii_, key, entries), top)
            # An entry that was corrected to another day is in the log yet.
            if selected and self.page.selected is None and not top:
                self._select(selected.partition(":")[2])
        self.refresh_bindings()

    def go_back(self) -> bool:
        """Go back from the explanation to the page."""
        explaining, self._why = self._why, False
        if explaining:
            self._show(top=True)
        return explaining

    def action_look(self, days: int) -> None:
        """Look at another day of the year, or of the weeks to come."""
        if self._summary:
            grid = self._summary.heatmap
            self._look_at(max(grid.first, min(grid.last, self.looked_at + timedelta(days=days))))

    def _look_at(self, day: date) -> None:
        # The cursor stays on today when the day turns.
        self._cursor = None if day == self.papertui.today() else day
        # What was selected may be in view no longer.
        self.page.deselect()
        self.refresh_from_store(self._show_day)

    def _show_day(self) -> None:
        if summary := self._summary:
            app, day = self.papertui, self.looked_at
            log = day_log(app.store, app.config, summary.today, day)
            self._summary = replace(summary, day_log=log)
            self._show(top=False)
            self.page.reveal(labels.full_date(day))

    def action_all(self) -> None:
        """Show every entry of the log, or the latest ones again."""
        self._latest = MAX_LOG if self._latest == LATEST else LATEST
        self.refresh_from_store(self._show_log)

    def _show_log(self) -> None:
        self.reload()
        if self._summary:
            logged = sum(self._summary.passes.values())
            entries = quantity(logged, "entry", "entries")
            part = f"the latest of {entries}" if self._latest < logged else f"all {entries}"
            few = ("No pass is logged yet", "The log has one entry")
            self.show_message(few[logged] if logged < 2 else f"The log shows {part}")

    def action_why(self) -> None:
        """Explain the streak."""
        self._why = not self._why
        self.refresh_from_store(lambda: self._show(top=True))

    @background_action
    async def action_rest(self) -> None:
        """Make the week of the day looked at a rest week, or take that back."""
        app, day = self.papertui, self.looked_at
        rules = await app.retry_while_busy(lambda: week_rules(app.store, app.config))
        week = rules.week_of(day)
        resting = rules.rest_days(week)
        if resting:
            await app.record(*[journal.rest(rest_day, on=False) for rest_day in resting])
        else:
            await app.record(journal.rest(day, on=True))
        now = "no longer a rest week" if resting else "a rest week"
        self.show_message(f"The week of {labels.full_date(week)} is {now}{app.takes_back}")

    @background_action
    async def action_goal(self) -> None:
        """Set the number of full reads that a week needs, or another goal, from this week on."""
        app = self.papertui
        rules = await app.retry_while_busy(lambda: week_rules(app.store, app.config))

        async def parse(typed: str) -> tuple[str, Change | None]:
            metric, target = parse_goal(typed)
            own = rules.own_target(metric, app.today())
            return goal_words(metric, target), goal_change(metric, target, app.today(), own)

        now = rules.target(rules.week_of(app.today()))
        label = f"Full reads a week, from this week on ({now} now)"
        words, change = await app.ask_until(parse, label, GOAL_FORMS) or ("", None)
        if change:
            await app.record(change)
            week = labels.full_date(rules.week_of(app.today()))
            self.show_message(f"Goal: {words}, from the week of {week} on{app.takes_back}")

    @background_action
    async def action_review(self, period_name: str = "week") -> None:
        """Copy the review of the week or the month that is looked at."""
        app = self.papertui
        start, _ = period(period_name, self.looked_at, app.config.week_start)
        if start > await app.retry_while_busy(app.latest_day):
            raise Refused(f"That {period_name} is still to come.")
        review = await app.retry_while_busy(
            lambda: reviews.review_of(
                app.store, app.config, period_name, self.looked_at, app.today()
            )
        )
        links.copy(app, reviews.dumps(review), f"review of the {period_name}")

    @background_action
    async def action_year(self) -> None:
        """Write the year of the day that is looked at to a file, and open it in the browser."""
        from papertui.exporters import year as years
        from papertui.exporters import year_picture
        from papertui.system.files import completions_of_paths, typed_path

        app, number = self.papertui, self.looked_at.year
        year = await app.retry_while_busy(
            lambda: years.year_of_reading(app.store, app.config, number, app.today())
        )

        async def write(typed: str) -> Path:
            path = typed_path(typed)
            year_picture.write(path, year)
            return path

        label = f"Write the year {number} to a new file"
        path = await app.ask_until(
            write, label, ".svg, .html or .md", f"papertui-{number}.html",
            complete=completions_of_paths,
        )  # fmt: skip
        if path:
            is_shown = path.suffix != ".md" and await desktop.open_in_browser(path.as_uri())
            done = "Written, and opened in the browser: " if is_shown else "Written: "
            self.show_message(f"{done}{path}")

    @property
    def _entries(self) -> list[LogEntry]:
        """The entries on the page: the latest ones, and those of the day."""
        if self._summary is None:
            return []
        log = self._summary.day_log
        of_day = [*log.week.get(log.day, ()), *(entry for entry, _ in log.parts)]
        return [*self._summary.latest, *of_day]

    def _entry(self, target: str | None) -> LogEntry:
        entries = self._entries
        selected = (target or "").partition(":")[2]
        entry = next((entry for entry in entries if entry.reading.id == selected), None)
        if entry is None:
            if not entries:
                raise Refused("No pass is logged yet: the library has the keys that log one.")
            raise Refused("Select an entry of the log first", offers={"page.next": "selects one"})
        return entry

    def _has_note(self, entry: LogEntry) -> bool:
        """Return True if a note on the pass of an entry is there, and no other such pass."""
        record, reading = self.papertui.store.reading_log.work(entry.work), entry.reading
        others = (each for each in record.readings if each.id != reading.id)
        return any(note.depth == reading.depth for note in record.notes) and all(
            each.depth != reading.depth for each in others
        )

    def _check_logged(self, entry: LogEntry) -> None:
        """Raise Refused if an entry has left the log, as another papertui took it out."""
        store = self.papertui.store
        # The work may have been merged into another.
        readings = store.reading_log.work(store.works.current(entry.work) or entry.work).readings
        if all(reading.id != entry.reading.id for reading in readings):
            raise Refused("That entry is not in the log any more.")

    def follow(self, target: str) -> None:
        """Look at a day of the calendar, or correct an entry of the log."""
        if target.startswith(DAY):
            self._look_at(date.fromisoformat(target.removeprefix(DAY)))
        else:
            self._correct(target)

    @background_action
    async def _correct(self, target: str) -> None:
        app, entry = self.papertui, self._entry(target)
        reading = entry.reading
        day = reading.read_on.isoformat() if reading.read_on else "before"
        name = await app.retry_while_busy(lambda: app.store.bib_entries.name(entry.work))
        text = f"{name} {reading.depth} {day} {reading.minutes or ''}"
        before = Before(reading.depth, reading.read_on, reading.minutes)

        def parse_line(typed: str) -> tuple[str, int, date | None, int | None]:
            def resolve(name: str, *, whole: bool = False) -> str:
                # The work may have left the library.
                names = app.store.names
                return name if name == entry.work else names.resolve_in_line(name, whole=whole)

            self._check_logged(entry)
            days = app.today(), app.latest_day(), app.night_until()
            work, depth, read_on, minutes = parse_entry(
                typed, resolve, *days, unnamed=entry.work, before=before
            )
            if read_on and minutes and (read_on, minutes) != (reading.read_on, reading.minutes):
                log = app.store.reading_log
                is_another = work != entry.work and read_on != reading.read_on
                moved = reading._replace(read_on=read_on, minutes=minutes)
                parts = [(read_on, minutes)] if is_another else log.shared_out(moved, reading)
                check_minutes(parts, log.minutes(without=reading.id))
            return work, depth, read_on, minutes or None

        async def parse(typed: str) -> tuple[str, int, date | None, int | None]:
            corrected = await app.retry_while_busy(lambda: parse_line(typed))
            work, depth, read_on, _ = corrected
            is_same = (work, depth, read_on) == (entry.work, reading.depth, reading.read_on)
            if not is_same:
                _, kind = app.store.works.about(work)
                await app.check_pass(work, depth, read_on, kind, besides=reading.id)
            return corrected

        label = "Correct ", entry.title, ": work, pass, day, minutes"
        complete = completions_of_works(app)
        corrected = await app.ask_until(parse, label, PASS_FORMS, text, complete=complete)
        if corrected is None:
            return
        work, depth, read_on, minutes = corrected
        if corrected == (entry.work, reading.depth, reading.read_on, reading.minutes or None):
            self.show_message("Nothing has changed: what you leave out stays, 0 is no minutes")
            return
        title, kind = app.store.works.about(work)
        stays = ""
        if (entry.work, reading.depth) != (work, depth) and self._has_note(entry):
            former = (
                "the former work" if work != entry.work else f"the {labels.PASSES[reading.depth]}"
            )
            stays = f"; its note stays with {former}"
        record = app.store.reading_log.work(work).on(app.today())
        ended = labels.ended_by_pass(record) if work != entry.work else ""
        sittings = app.store.reading_log.sittings_of(reading)
        removal = await self._removal(entry) if work != entry.work else ()
        await app.record(*_correction(entry, sittings, removal, work, depth, read_on, minutes))
        known_ids = {each.id for each in record.readings}
        now = await app.retry_while_busy(lambda: app.store.reading_log.work(work))
        self._select(next((each.id for each in now.readings if each.id not in known_ids), ""))
        duration = f", {labels.span(minutes)}" if minutes else ""
        former_pass = labels.pass_of(reading.depth)
        was = f"; it was the {former_pass} {shorten(entry.title, 30)}" if work != entry.work else ""
        was += _back(removal)
        after = f", {app.counts_for(read_on)}{duration}{ended}{was}{stays}{app.takes_back}"
        self.show_message(f"Corrected: {labels.pass_of(depth, kind)} ", title, after)

    async def _removal(self, entry: LogEntry) -> list[Change]:
        from papertui.storage.edits import pass_removal

        app = self.papertui
        return await app.retry_while_busy(
            lambda: pass_removal(app.store, entry.work, entry.reading.id, app.today())
        )

    @property
    def keys_shown(self) -> frozenset[str]:
        """The entries of the log that are on the page."""
        return frozenset(self.page.links)

    def go_to_brought_back(self, act: Act, known_keys: frozenset[str]) -> bool:
        """Select the entry of the log that an undone act brought back."""
        came_back = {each.partition(":")[2] for each in self.page.links if each not in known_keys}
        entries = (e for e in self._entries if e.reading.id in came_back and e.work in act.works)
        entry = next(entries, None)
        if entry:
            self._select(entry.reading.id)
        return entry is not None

    def _select(self, reading: str) -> None:
        """Select a reading on the page, among those of its day if it is there."""
        targets = (f"{part}:{reading}" for part in ("read", "log"))
        if target := next((each for each in targets if each in self.page.links), None):
            self.page.select(target)

    @background_action
    async def action_remove(self) -> None:
        """Take the selected entry out of the log."""
        entry = self._entry(self.page.selected)
        await self.papertui.retry_while_busy(lambda: self._check_logged(entry))
        stays = "; its note stays" if self._has_note(entry) else ""
        removal = await self._removal(entry)
        await self.papertui.record(*removal)
        done = labels.pass_of(entry.reading.depth, entry.kind)
        counts = self.papertui.counts_for(entry.reading.read_on)
        after = f", {counts}{_back(removal)}{stays}{self.papertui.takes_back}"
        self.show_message(f"Taken out: {done} ", entry.title, after)


def _back(removal: Sequence[Change]) -> str:
    """Return where a work is again once a pass of it is taken out, in words after others."""
    places = [change.data.get("state") or "in the queue" for change in removal[1:]]
    return f", {' and '.join(places)} again" if places else ""


def _correction(
    entry: LogEntry,
    sittings: Sittings,
    removal: Sequence[Change],
    work: str,
    depth: int,
    day: date | None,
    minutes: int | None,
) -> list[Change]:
    """Return the changes that correct an entry; its sittings go with it to another work.

    Not to another day of another work, which is another entry. The changes begin with the
    `removal` of this one.
    """
    if work == entry.work:
        return [journal.correct_reading(work, entry.reading.id, depth, day, minutes)]
    sittings = sittings if minutes and day == entry.reading.read_on else ()
    return [*removal, journal.log_pass(work, depth, day, minutes, sittings)]
