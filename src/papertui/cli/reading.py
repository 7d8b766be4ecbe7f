"""Commands that record reading and look back on it: passes, notes, undo, progress, reviews."""

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from papertui.cli import arguments, context
from papertui.cli.context import Settings, as_json, named_work, pass_settings, say_done
from papertui.core import journal, labels
from papertui.core.days import check_minutes
from papertui.core.text import quantity, safe_line
from papertui.errors import Refused

if TYPE_CHECKING:
    from papertui.core.records import Note
    from papertui.storage.store import Store


@click.command(epilog="Example: papertui log resnet --pass 2 --minutes 62 --on yesterday")
@named_work
@click.option("--pass", "depth", type=arguments.Number(1, 3), required=True, help="Which pass.")
@click.option("--minutes", type=arguments.Minutes(), help="How long it took: 70, 70m, 1h10, 1:10.")
@click.option("--on", default="today", help="Which day: 2026-11-14, yesterday, -3d, fri, before.")
@click.option("--note", help="Save a note with it; - reads the note from stdin.")
@click.option("--again", is_flag=True, help="Log it even if that day has this pass already.")
@pass_settings
def log_command(
    settings: Settings,
    work: str,
    depth: int,
    minutes: int | None,
    on: str,
    note: str | None,
    again: bool,
) -> None:
    """Log a pass of a WORK."""
    with settings.store() as store:
        log, citekey = store.reading_log, context.resolve(store, work)
        day = arguments.parse_day_argument(on, settings, store)
        record = log.work(citekey)
        if not again:
            arguments.refuse_twice(record, depth, day, settings)
        if day and minutes:
            check_minutes([(day, minutes)], log.minutes(day, day))
        changes = [journal.log_pass(citekey, depth, day, minutes or None)]
        if body := arguments.text_or_stdin(note):
            changes.append(journal.save_note(citekey, uuid4().hex, body, depth=depth))
        act = store.record(*changes)
        waiting = [draft.session for draft in store.drafts.waiting() if draft.work == citekey]
    took = f", {labels.span(minutes)}" if minutes else ""
    ended = labels.ended_by_pass(record.on(settings.today))
    if any(session and session.depth == depth for session in waiting):
        ended += "; its session waits on"
    say_done(f"Logged: {act.words}, {settings.counts_for(day)}{took}{ended}", act)


@click.command(
    context_settings={"ignore_unknown_options": True},
    epilog='Example: papertui note resnet "Why does depth hurt?"',
)
@named_work
@click.argument("text", required=False)
@click.option("--private/--not-private", default=None, help="Keep it, or the latest, from sync.")
@as_json
@pass_settings
def note_command(
    settings: Settings, work: str, text: str | None, private: bool | None, as_json: bool
) -> None:
    """Save a note on a WORK, or print its notes.

    With TEXT, save it; - reads it from stdin. Without, print the notes: laid out in a
    terminal, as their Markdown in a pipe or file, several with their days. A note that is
    private stays on the devices that have it: papertui sync sends no version of it.
    """
    with settings.store() as store:
        citekey = context.resolve(store, work)
        if text is not None:
            if re.fullmatch("--[a-z][a-z-]*", text):
                says = f"No such option: {text}. A note that is one such word comes from stdin: -."
                raise click.UsageError(says)
            if not (body := arguments.text_or_stdin(text)):
                raise Refused("The note is empty; nothing was saved.")
            earlier = {note.id for note in store.reading_log.work(citekey).notes}
            beside = f", beside {quantity(len(earlier), 'earlier note')}" if earlier else ""
            note = uuid4().hex
            kept = [journal.keep_private(citekey, note, True)] if private else []
            act = store.record(journal.save_note(citekey, note, body), *kept)
            from_sync = ", private: no sync sends it" if private else ""
            say_done(f"Saved: {act.words}{from_sync}{beside}", act)
            return
        notes = store.reading_log.work(citekey).notes
        if private is not None:
            _keep_private(store, citekey, notes, private)
            return
        private_notes, kind = store.private_notes(), store.works.about(citekey)[1]
    if as_json:
        context.print_json(context.notes_json(notes, private_notes))
    elif not notes:
        click.echo("No note on this work yet; papertui note WORK TEXT saves one.", err=True)
    elif not sys.stdout.isatty():
        from papertui.exporters.markdown import note_parts

        parts = note_parts(notes, kind) if len(notes) > 1 else [notes[0].body.strip()]
        context.print_data("\n\n".join(parts) + "\n")
    else:
        # Completion of citekeys loads this file, and does without pages and exports.
        from papertui.pages.layout import Writer
        from papertui.pages.work import write_notes

        page = Writer(1_000_000)
        write_notes(page, notes, settings.today, private_notes)
        context.print_lines(page.lines)


def _keep_private(store: "Store", work: str, notes: "Sequence[Note]", private: bool) -> None:
    if not notes:
        raise Refused("There is no note on this work yet; papertui note WORK TEXT saves one.")
    from papertui.storage.edits import privacy
    from papertui.sync.sync import sent_versions

    latest = max(notes, key=lambda note: note.saved)
    changes = privacy(store, work, latest, private)
    store.record(*changes)
    says = labels.privacy(private, sent_versions(store, latest.id), len(changes) > 1)
    say_done(f"The latest note {says}")


@click.command(epilog="Example: papertui explain resnet --on yesterday")
@named_work
@click.option("--on", default="today", help="Which day you explain it: today, fri, 2026-11-14.")
@click.option("--dry-run", is_flag=True, help="Print it, and mark nothing.")
@pass_settings
def explain_command(settings: Settings, work: str, on: str, dry_run: bool) -> None:
    """Print a WORK's explanation to send, and mark it as explained.

    It is Markdown: the idea, the insight and your notes but private ones. It counts for the
    goal explained, and for the group if you promised it there.
    """
    # Completion of citekeys loads this file, and does without pages and exports.
    from papertui.exporters.markdown import explanation
    from papertui.pages.work import work_details

    with settings.store() as store:
        citekey = context.resolve(store, work)
        details = work_details(store, citekey, settings.today)
        day = arguments.parse_begun_day(on, settings, store)
        if not dry_run:
            store.record(journal.share(citekey, day))
    context.print_data(explanation(details.work, details.notes_for_others))
    title, kept_back = safe_line(details.work.title), labels.kept_back(details.kept_back)
    if not dry_run:
        say_done(f"Explained: {title}, {settings.counts_for(day)}{kept_back}")
    elif kept_back:
        click.echo(f"Explanation of {title}{kept_back}.", err=True)


@click.command(epilog="Example: papertui undo --yes")
@click.option("--yes", is_flag=True, help="Undo without asking.")
@pass_settings
def undo_command(settings: Settings, yes: bool) -> None:
    """Undo the latest act: a pass, a note, anything.

    It asks before it undoes a note, or an act of an earlier day.
    """
    with settings.store(settings.config.week_start) as store:
        act = store.last_act()
        acted_on = settings.config.today(act.moment)
        if not yes and (act.is_note or acted_on != settings.today):
            logged = "logged " if act.for_day else ""
            when = "" if act.says_when else f" ({logged}{labels.full_date(acted_on)})"
            done = f"{''.join(act.parts_with_day)}{act.waits}{when}"
            if not sys.stdin.isatty():
                raise Refused(f"Not undone: {done}. Give --yes to undo it.")
            click.confirm(f"Undo {done}?", abort=True, err=True)
        act = store.undo(act)
    click.echo(f"Undone: {''.join(act.parts_with_day)}.", err=True)


@click.command(epilog="Example: papertui redo")
@click.option("--yes", is_flag=True, help="As for undo; redo never asks.")
@pass_settings
def redo_command(settings: Settings, yes: bool) -> None:
    """Redo the act that was undone last.

    Once something else was done, there is nothing to redo.
    """
    with settings.store(settings.config.week_start) as store:
        act = store.redo()
    click.echo(f"Done again: {''.join(act.parts_with_day)}.", err=True)


@click.command(epilog="Example: papertui stats --as-of 2026-11-14")
@click.option("--as-of", default="today", help="Show it as of a day: 2026-11-14, -3d.")
@as_json
@pass_settings
def stats_command(settings: Settings, as_of: str, as_json: bool) -> None:
    """Print the week, the streak, the year and the lists' progress."""
    from papertui.pages.progress import progress_page
    from papertui.pages.progress_summary import summarise

    config = settings.config
    with settings.store() as store:
        day = arguments.parse_begun_day(as_of, settings, store)
        summary = summarise(store, config, day)
    if as_json:
        context.print_json(summary.as_json())
    else:
        if summary.streak and not summary.begins:
            click.echo(summary.streak.headline)
        context.print_lines(progress_page(summary, context.WIDTH, ascii_=config.ascii))


@click.command(epilog="Example: papertui goal titles 15")
@click.argument("goal", nargs=-1)
@as_json
@pass_settings
def goal_command(settings: Settings, goal: tuple[str, ...], as_json: bool) -> None:
    """Set a goal from this week on, or print the goals.

    GOAL is a number of full reads a week; or titles and the number of titles scanned a week,
    reproduced and the number of works a month, explained and the number of works explained a week.
    0 is no goal, but for full reads.
    """
    from papertui.core.goals import FULL_READS, GOALS, goal_change, goal_words, parse_goal
    from papertui.pages.weeks import week_rules

    if goal and as_json:
        raise click.UsageError("--json prints the goals: set none.")
    with settings.store() as store:
        rules = week_rules(store, settings.config)
        if not goal:
            this_week = rules.week_of(settings.today)
            targets = {metric: rules.target(this_week, metric) for metric in GOALS}
            if as_json:
                kinds = [(GOALS[metric], target) for metric, target in targets.items()]
                context.print_json(
                    [{"name": kind.name, "target": n, "per": kind.period} for kind, n in kinds]
                )
                return
            for metric, target in targets.items():
                is_advice = target and metric != FULL_READS and not rules.is_set(metric, this_week)
                advice = ", as the lists advise" if is_advice else ""
                words = goal_words(metric, target) if target else "no goal"
                click.echo(f"{GOALS[metric].name:<10}  {words}{advice}")
            return
        metric, target = parse_goal(context.decoded(" ".join(goal)))
        own = rules.own_target(metric, settings.today)
        store.record(goal_change(metric, target, settings.today, own))
    week = labels.full_date(rules.week_of(settings.today))
    say_done(f"Goal: {goal_words(metric, target)}, from the week of {week} on")


@click.command(
    context_settings={"ignore_unknown_options": True},
    epilog="Example: papertui rest 2026-12-24",
)
@click.argument("date", required=False)
@click.option("--off", is_flag=True, help="Make it an ordinary week again.")
@as_json
@pass_settings
def rest_command(settings: Settings, date: str | None, off: bool, as_json: bool) -> None:
    """Make the week of a DATE a rest week, or print the rest weeks.

    DATE is a day of that week, past or future: 2026-12-24, today, 2w, fri, -7d.
    """
    from papertui.core.typed_days import parse_rest_day
    from papertui.pages.weeks import week_rules

    if (date is None and off) or (date is not None and as_json):
        raise click.UsageError("--off goes with a DATE, --json without one.")
    with settings.store() as store:
        rules = week_rules(store, settings.config)
        if date is None:
            first_days = sorted(rules.rest_weeks())
            if as_json:
                context.print_json([first_day.isoformat() for first_day in first_days])
                return
            for first_day in first_days:
                click.echo(f"The week of {labels.full_date(first_day)}")
            if not first_days:
                click.echo("There is no rest week; papertui rest DATE makes one.", err=True)
            return
        day = parse_rest_day(date, settings.today)
        week = rules.week_of(day)
        name, resting = f"The week of {labels.full_date(week)}", rules.rest_days(week)
        if bool(resting) is not off:
            raise Refused(f"{name} is {'not a rest week' if off else 'a rest week already'}.")
        store.record(*[journal.rest(day, on=not off) for day in resting or [day]])
    say_done(f"{name} is {'no longer a rest week' if off else 'a rest week'}")


class _ReviewCommand(click.Command):
    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take ``-1m`` behind --month as its value; click takes it for an option."""
        spelled: list[str] = []
        for arg in args:
            if re.fullmatch("-[0-9]+[dwm]", arg) and spelled[-1:] == ["--month"]:
                spelled[-1] = f"--month= {arg}"
            else:
                spelled.append(re.sub("^--month=(?=-)", "--month= ", arg))
        return super().parse_args(ctx, spelled)


@click.command(cls=_ReviewCommand, epilog="Example: papertui review --week last --out week.md")
@click.option("--week", help="The week, by default this one: last, -3w, or a day of it.")
@click.option(
    "--month",
    is_flag=False,
    flag_value="this",
    help="The month instead, by default this one: 2026-11, nov, last, -1m, or a day of it.",
)
@click.option(
    "--out", type=arguments.NewFile(path_type=Path, dir_okay=False), help="Write it to a new file."
)
@as_json
@pass_settings
def review_command(
    settings: Settings, week: str | None, month: str | None, out: Path | None, as_json: bool
) -> None:
    """Print a week's or a month's reading as Markdown.

    It holds the works, passes, time and notes, what was new, what you explained, the streak
    and what comes next. Of a private note it says only that there is one.
    """
    from papertui.exporters import review
    from papertui.system import files

    if week is not None and month is not None:
        raise click.UsageError("Give a day of a week or of a month, not both.")
    if out and as_json:
        raise click.UsageError("--json prints: leave --out out.")
    period_name = "week" if month is None else "month"
    named = next((each for each in (month, week) if each is not None), "this")
    with settings.store() as store:
        day = arguments.parse_begun_period(period_name, named, settings, store)
        reading = review.review_of(store, settings.config, period_name, day, settings.today)
    if as_json:
        context.print_json(review.as_json(reading))
        return
    text = review.dumps(reading)
    if out is None:
        context.print_data(text)
        return
    files.write(out, text)
    click.echo(f"Written: {out}", err=True)


@click.command(
    epilog="Example: papertui year last --out year.svg",
    # A number of years back, such as -1y, is no option.
    context_settings={"ignore_unknown_options": True},
)
@click.argument("year", default="this")
@click.option(
    "--out",
    type=arguments.NewFile(path_type=Path, dir_okay=False),
    help="Write it to a new file: .svg a picture, .html a page, .md Markdown.",
)
@click.option(
    "--theme",
    type=click.Choice(["auto", "light", "dark"]),
    default="auto",
    show_default=True,
    help="The colours of the picture; auto follows the program that shows it.",
)
@as_json
@pass_settings
def year_command(
    settings: Settings, year: str, out: Path | None, theme: str, as_json: bool
) -> None:
    """Print a year of reading, or draw it as a picture or a page.

    YEAR is by default this one: 2025, last, -1y, or a day of it.
    It holds the works by month and depth, the hours, the days, the longest streak, the lists
    finished, the works most returned to, and a sentence a month from your own notes.
    """
    from papertui.core.typed_days import parse_year
    from papertui.exporters import year as years
    from papertui.exporters import year_picture

    if theme != "auto" and (out is None or out.suffix == ".md"):
        raise click.UsageError("--theme is for a picture or a page: give --out with .svg or .html.")
    if out and as_json:
        raise click.UsageError("--json prints: leave --out out.")
    number = parse_year(context.decoded(year), settings.today)
    with settings.store() as store:
        reading = years.year_of_reading(store, settings.config, number, settings.today)
    if as_json:
        context.print_json(years.as_json(reading))
    elif out is None:
        context.print_data(years.dumps(reading))
    else:
        year_picture.write(out, reading, theme)
        click.echo(f"Written: {out}", err=True)
