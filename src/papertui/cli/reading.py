"""Commands that record reading and look back on it: passes, notes, undo, progress, reviews."""

import sys
from pathlib import Path
from uuid import uuid4

import click

from papertui.cli import context
from papertui.cli.context import Settings, as_json, named_work, pass_settings
from papertui.core import journal, labels
from papertui.core.streaks import parse_day
from papertui.errors import Refused


@click.command(epilog="Example: papertui log resnet --pass 2 --minutes 62 --on yesterday")
@named_work
@click.option("--pass", "depth", type=click.IntRange(1, 3), required=True, help="Which pass.")
@click.option("--minutes", type=click.IntRange(1, 6000), help="How many minutes it took.")
@click.option("--on", default="today", help="Which day: 2026-11-14, yesterday, -3d, before.")
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
    now = settings.now
    day = parse_day(on, settings.today, now.date())
    with settings.store() as store:
        citekey = context.resolve(store, work)
        if store.reading_log.work(citekey).has(depth, day) and not again:
            raise Refused("That pass is logged for that day already; --again logs it twice.")
        changes = [journal.log_pass(citekey, depth, day, minutes)]
        if body := context.text_or_stdin(note):
            changes.append(journal.save_note(citekey, uuid4().hex, body, depth=depth))
        act = store.record(*changes)
    when = labels.counts_for(day, now, settings.config.day_start)
    click.echo(f"Logged: {act.words}, {when}.", err=True)


@click.command(
    context_settings={"ignore_unknown_options": True},
    epilog='Example: papertui note resnet "Why does depth hurt?"',
)
@named_work
@click.argument("text", required=False)
@as_json
@pass_settings
def note_command(settings: Settings, work: str, text: str | None, as_json: bool) -> None:
    """Save a note on a WORK, or print its notes.

    With TEXT, save it; - reads it from stdin. Without, print the notes.
    """
    with settings.store() as store:
        citekey = context.resolve(store, work)
        if text is not None:
            if not (body := context.text_or_stdin(text)):
                raise Refused("The note is empty; nothing was saved.")
            act = store.record(journal.save_note(citekey, uuid4().hex, body))
            click.echo(f"Saved: {act.words}.", err=True)
            return
        notes = store.reading_log.work(citekey).notes
    if as_json:
        context.print_json(context.notes_json(notes))
    else:
        # Completion of citekeys loads this file, and does without pages and exports.
        from papertui.pages.layout import Writer
        from papertui.pages.work import write_notes

        page = Writer(1_000_000)
        write_notes(page, notes, settings.today)
        context.print_lines(page.lines)


@click.command(epilog="Example: papertui undo --yes")
@click.option("--yes", is_flag=True, help="Undo without asking.")
@pass_settings
def undo_command(settings: Settings, yes: bool) -> None:
    """Undo the latest act: a pass, a note, anything.

    It asks before it undoes a note, or an act of an earlier day.
    """
    with settings.store() as store:
        act = store.last_act()
        earlier = settings.config.today(act.moment) != settings.today
        if not yes and (act.is_note or earlier):
            done = f"{act.words}, done on {act.moment:%Y-%m-%d}"
            if not sys.stdin.isatty():
                raise Refused(f"Not undone: {done}. Give --yes to undo it.")
            click.confirm(f"Undo {done}?", abort=True, err=True)
        store.undo(act)
    click.echo(f"Undone: {act.words}.", err=True)


@click.command(epilog="Example: papertui redo")
@pass_settings
def redo_command(settings: Settings) -> None:
    """Redo the act that was undone last.

    Once something else was done, there is nothing to redo.
    """
    with settings.store() as store:
        act = store.redo()
    click.echo(f"Done again: {act.words}.", err=True)


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
        summary = summarise(store, config, context.parse_day_argument(as_of, settings))
    if as_json:
        context.print_json(summary.as_json())
    else:
        context.print_lines(progress_page(summary, context.WIDTH, ascii_=config.ascii))


@click.command(epilog="Example: papertui review --week -7d --out week.md")
@click.option("--week", default="today", help="A day of the week: 2026-11-14, -7d.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it to a new file."
)
@pass_settings
def review_command(settings: Settings, week: str, out: Path | None) -> None:
    """Print a week's reading as Markdown.

    It holds the works, passes, time, notes and the streak.
    """
    from papertui.exporters import review
    from papertui.system import files

    day = context.parse_day_argument(week, settings)
    with settings.store() as store:
        text = review.dumps(review.week_review(store, settings.config, day, settings.today))
    if out is None:
        click.echo(text, nl=False)
        return
    files.write(out, text)
    click.echo(f"Written: {out}", err=True)
