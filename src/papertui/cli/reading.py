"""Commands that write: passes and notes, and taking them back."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from papertui.cli.context import (
    WIDTH,
    Settings,
    as_json,
    given_day,
    given_text,
    named_work,
    notes_json,
    print_json,
    print_lines,
    resolve,
)

if TYPE_CHECKING:
    pass


@click.command(epilog="Example: papertui log resnet --pass 2 --minutes 62 --on yesterday")
@named_work
@click.option("--pass", "depth", type=click.IntRange(1, 3), required=True, help="Which pass.")
@click.option("--minutes", type=click.IntRange(1, 6000), help="How long it took.")
@click.option("--on", default="today", help="Which day: 2026-11-14, yesterday, -3d, before.")
@click.option("--note", help="A note to save with it; - reads it from stdin.")
@click.option("--again", is_flag=True, help="Log it even if that day has this pass already.")
@click.pass_obj
def log(
    settings: Settings,
    work: str,
    depth: int,
    minutes: int | None,
    on: str,
    note: str | None,
    again: bool,
) -> None:
    """Log a pass of a WORK."""
    from uuid import uuid4

    from papertui import errors
    from papertui.core import journal, labels
    from papertui.core.streaks import parse_day

    now = settings.now
    day = parse_day(on, settings.today, now.date())
    with settings.store() as store:
        citekey = resolve(store, work)
        if store.reading_log.work(citekey).has(depth, day) and not again:
            raise errors.Refused("That pass is logged for that day already; --again logs it twice.")
        changes = [journal.log_pass(citekey, depth, day, minutes)]
        if body := given_text(note):
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
@click.pass_obj
def note(settings: Settings, work: str, text: str | None, as_json: bool) -> None:
    """Save a note on a WORK; - reads it from stdin; without TEXT, print the notes."""
    from uuid import uuid4

    from papertui import errors
    from papertui.core import journal
    from papertui.pages.layout import Writer
    from papertui.pages.work import write_notes

    with settings.store() as store:
        citekey = resolve(store, work)
        if text is None:
            notes = store.reading_log.work(citekey).notes
            if as_json:
                print_json(notes_json(notes))
            page = Writer(1_000_000)
            write_notes(page, () if as_json else notes, settings.today)
            print_lines(page.lines)
            return
        if not (body := given_text(text)):
            raise errors.Refused("The note is empty; nothing was saved.")
        act = store.record(journal.save_note(citekey, uuid4().hex, body))
    click.echo(f"Saved: {act.words}.", err=True)


@click.command(epilog="Example: papertui undo --yes")
@click.option("--yes", is_flag=True, help="Do not ask, whatever it takes back.")
@click.pass_obj
def undo(settings: Settings, yes: bool) -> None:
    """Take the latest act back: a pass, a note, anything."""
    from papertui.errors import Refused

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
@click.pass_obj
def redo(settings: Settings) -> None:
    """Bring back what the last undo took, unless something was done since."""
    with settings.store() as store:
        act = store.redo()
    click.echo(f"Done again: {act.words}.", err=True)


@click.command(epilog="Example: papertui stats --as-of 2026-11-14")
@click.option("--as-of", default="today", help="The picture of another day: 2026-11-14, -3d.")
@as_json
@click.pass_obj
def stats(settings: Settings, as_of: str, as_json: bool) -> None:
    """Print the week, the streak, the year and how far the lists have come."""
    from papertui.pages.progress import progress_page
    from papertui.pages.progress_summary import summarise

    config = settings.config
    with settings.store() as store:
        summary = summarise(store, config, given_day(as_of, settings))
    if as_json:
        print_json(summary.as_json())
        return
    print_lines(progress_page(summary, WIDTH, ascii_=config.ascii))


@click.command(epilog="Example: papertui review --week -7d --out week.md")
@click.option("--week", default="today", help="A day of the week: 2026-11-14, -7d.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it into a new file."
)
@click.pass_obj
def review(settings: Settings, week: str, out: Path | None) -> None:
    """Print a week's reading as Markdown: works, passes, time, notes, the streak."""
    from papertui.core.text import terminal_safe
    from papertui.exporters.review import markdown, week_review
    from papertui.system import files

    config = settings.config
    with settings.store() as store:
        text = markdown(week_review(store, config, given_day(week, settings), settings.today))
    if out is None:
        click.echo(terminal_safe(text), nl=False)
        return
    files.write(out, text)
    click.echo(f"Written: {out}", err=True)
