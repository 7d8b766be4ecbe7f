"""The commands. Data go to stdout, everything else to stderr; the app starts only when asked."""

import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from papertui import __version__

if TYPE_CHECKING:
    from papertui.config import Config
    from papertui.fold import Note
    from papertui.pages.layout import Line
    from papertui.store import Store

WIDTH = 80
MOST_NAMED = 10


@dataclass(frozen=True)
class Settings:
    """What the options before the command ask for."""

    database: Path
    config: "Config"

    @contextmanager
    def store(self) -> Iterator["Store"]:
        """Open the reader's database."""
        from papertui.store import Store

        with Store(self.database) as store:
            yield store


as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
named_work = click.argument("work")


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="papertui", message="%(prog)s %(version)s")
@click.option(
    "--db",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Use this database file instead of the usual one.",
)
@click.option("--demo", is_flag=True, help="Open the app on a made-up year of reading.")
@click.pass_context
def papertui(context: click.Context, db: Path | None, demo: bool) -> None:
    """Track your reading of papers. Without a command, the app starts.

    A WORK is named by its citekey, its arXiv id or address, or a part of its title.
    """
    from papertui import config

    if db and not db.parent.is_dir():
        raise click.UsageError(f"there is no folder {db.parent}; make it first.")
    context.obj = Settings(db or config.database_path(), config.load(config.config_path()))
    if demo:
        if db or context.invoked_subcommand:
            raise click.UsageError("--demo goes alone: it has a database of its own.")
        _start_demo(context.obj)
    if context.invoked_subcommand is None:
        _start(context.obj)


def _start_demo(settings: Settings) -> None:
    from tempfile import TemporaryDirectory

    from papertui.demo import fill
    from papertui.store import Store

    with TemporaryDirectory(prefix="papertui-") as folder:
        database = Path(folder) / "demo.db"
        with Store(database) as store:
            fill(store, settings.config.today())
        _start(Settings(database, settings.config))


def _start(settings: Settings) -> None:
    # The app draws on stderr, so all three must be the terminal.
    if not all(map(os.isatty, (0, 1, 2))) or os.environ.get("TERM") == "dumb":
        raise click.UsageError(
            "the app needs a terminal; in a script use a command, see papertui --help."
        )
    from papertui.tui.app import run

    sys.exit(run(settings.database, settings.config))


@papertui.command("list")
@click.argument("words", nargs=-1)
@as_json
@click.pass_obj
def list_(settings: Settings, words: tuple[str, ...], as_json: bool) -> None:
    """Print lists, sections and works; with WORDS, those that have them."""
    from papertui.journal import Refused
    from papertui.outline import Branch, rows, within
    from papertui.text import fold, safe_line
    from papertui.words import ASCII, Glyphs

    wanted = _argument(" ".join(words)).strip()
    with settings.store() as store:
        branches = store.library.branches()
        named = {branch.id for branch in branches if fold(wanted) in fold(branch.title)}
        for branch in branches:
            if branch.parent in named:
                named.add(branch.id)
        leaves = store.library.leaves(named)
        if wanted:
            leaves = {**store.library.matches(wanted), **leaves}
    branches = within(branches, [*named, *leaves])
    if not branches:
        raise Refused(f"No list, section or work has {safe_line(wanted)!r}.")
    found = rows(branches, leaves, {branch.path for branch in branches})
    if as_json:
        _print_json([_row_json(row.node) for row in found])
        return
    glyphs = ASCII if settings.config.ascii else Glyphs()
    for row in found:
        node = row.node
        if isinstance(node, Branch):
            click.echo(f"{'  ' * row.level}{safe_line(node.title)}  {node.done}/{node.total}")
        else:
            sign = glyphs.of(node.depth, node.aside, node.unidentified)
            click.echo(f"{'  ' * row.level}{sign} {safe_line(node.title)}  [{node.work}]")


def _row_json(node: Any) -> dict[str, Any]:
    from papertui.outline import Branch
    from papertui.words import STATUSES

    if isinstance(node, Branch):
        return {"section": node.path, "title": node.title, "done": node.done, "total": node.total}
    return {
        "work": node.work,
        "title": node.title,
        "kind": node.kind,
        "tier": node.tier,
        "status": node.aside or STATUSES[node.depth],
    }


@papertui.command()
@named_work
@as_json
@click.pass_obj
def show(settings: Settings, work: str, as_json: bool) -> None:
    """Print what is known of a WORK: summary, places, passes, notes."""
    from papertui.catalog import fields_of
    from papertui.pages.work import work_page
    from papertui.views import work_view
    from papertui.words import ASCII, STATUSES, Glyphs

    with settings.store() as store:
        citekey = _resolve(store, work)
        view = work_view(store, citekey, settings.config.today())
    if as_json:
        _print_json(
            {
                "work": citekey,
                **fields_of(view.work),
                "status": view.record.aside or STATUSES[view.record.depth],
                "places": [list(place.titles) for place in view.places],
                "passes": [
                    {
                        "pass": reading.depth,
                        "read_on": reading.read_on and reading.read_on.isoformat(),
                        "minutes": reading.minutes,
                    }
                    for reading in view.record.readings
                ],
                "notes": _notes_json(view.record.notes),
            }
        )
        return
    # In a pipe nothing is wrapped, so that addresses stay whole.
    width = WIDTH if sys.stdout.isatty() else 1_000_000
    _print(work_page(view, width, ASCII if settings.config.ascii else Glyphs()))


@papertui.command()
@named_work
@click.option("--pass", "depth", type=click.IntRange(1, 3), required=True, help="Which pass.")
@click.option("--minutes", type=click.IntRange(1, 1440), help="How long it took.")
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

    from papertui import journal, words
    from papertui.weeks import day_named

    now = datetime.now()
    day = day_named(on, settings.config.today(now), now.date())
    with settings.store() as store:
        citekey = _resolve(store, work)
        if store.reader.work(citekey).has(depth, day) and not again:
            raise journal.Refused(
                "That pass is logged for that day already; --again logs it twice."
            )
        changes = [journal.log_pass(citekey, depth, day, minutes)]
        if body := _text(note):
            changes.append(journal.save_note(citekey, uuid4().hex, body, depth=depth))
        act = store.record(*changes)
    when = words.counts_for(day, now, settings.config.day_start)
    click.echo(f"Logged: {act.words}, {when}.", err=True)


@papertui.command(context_settings={"ignore_unknown_options": True})
@named_work
@click.argument("text", required=False)
@as_json
@click.pass_obj
def note(settings: Settings, work: str, text: str | None, as_json: bool) -> None:
    """Save a note on a WORK; - reads it from stdin; without TEXT, print the notes."""
    from uuid import uuid4

    from papertui import journal
    from papertui.pages.layout import Writer
    from papertui.pages.work import write_notes

    with settings.store() as store:
        citekey = _resolve(store, work)
        if text is None:
            notes = store.reader.work(citekey).notes
            if as_json:
                _print_json(_notes_json(notes))
            page = Writer(1_000_000)
            write_notes(page, () if as_json else notes, settings.config.today())
            _print(page.lines)
            return
        if not (body := _text(text)):
            raise journal.Refused("The note is empty; nothing was saved.")
        act = store.record(journal.save_note(citekey, uuid4().hex, body))
    click.echo(f"Saved: {act.words}.", err=True)


@papertui.command()
@click.option("--yes", is_flag=True, help="Do not ask, whatever it takes back.")
@click.pass_obj
def undo(settings: Settings, yes: bool) -> None:
    """Take the latest act back: a pass, a note, anything."""
    from papertui.journal import Refused

    with settings.store() as store:
        act = store.last_act()
        config = settings.config
        if not yes and (act.is_note or config.today(act.moment) != config.today()):
            done = f"{act.words}, done on {act.moment:%Y-%m-%d}"
            if not sys.stdin.isatty():
                raise Refused(f"Not undone: {done}. Give --yes to undo it.")
            click.confirm(f"Undo {done}?", abort=True, err=True)
        store.undo(act)
    click.echo(f"Undone: {act.words}.", err=True)


@papertui.command()
@click.pass_obj
def redo(settings: Settings) -> None:
    """Bring back what the last undo took, unless something was done since."""
    with settings.store() as store:
        act = store.redo()
    click.echo(f"Done again: {act.words}.", err=True)


@papertui.command()
@click.option("--as-of", default="today", help="The picture of another day: 2026-11-14, -3d.")
@as_json
@click.pass_obj
def stats(settings: Settings, as_of: str, as_json: bool) -> None:
    """Print the week, the streak, the year and how far the lists have come."""
    from papertui.pages.progress import progress_page
    from papertui.stats import summarise

    config = settings.config
    with settings.store() as store:
        summary = summarise(store, config, _day(as_of, config))
    if as_json:
        _print_json(summary.as_json())
        return
    _print(progress_page(summary, WIDTH, ascii_=config.ascii))


@papertui.command()
@click.option("--week", default="today", help="A day of the week: 2026-11-14, -7d.")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write it into a new file."
)
@click.pass_obj
def review(settings: Settings, week: str, out: Path | None) -> None:
    """Print a week's reading as Markdown: works, passes, time, notes, the streak."""
    from papertui.exporting.review import markdown
    from papertui.journal import Refused
    from papertui.text import safe
    from papertui.views import week_review

    config = settings.config
    with settings.store() as store:
        text = markdown(week_review(store, config, _day(week, config)))
    if out is None:
        click.echo(safe(text), nl=False)
        return
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise Refused(f"{out} is there already; name a new file.") from None
    except OSError as error:
        raise Refused(f"Cannot write {out}: {error.strerror}.") from error
    click.echo(f"Written: {out}", err=True)


def _day(text: str, config: "Config") -> date:
    """Return the day that `text` names. Raises Refused for none."""
    from papertui.journal import Refused
    from papertui.weeks import day_named

    day = day_named(text, config.today(), datetime.now().date())
    if day is None:
        raise Refused("Name a day, such as 2026-11-14 or -7d.")
    return day


@papertui.command()
@click.option("--catalog", "check_catalog", is_flag=True, help="Check the catalogue, or FILE.")
@click.option("--rebuild", is_flag=True, help="Derive all tables from the journal again.")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.pass_obj
def doctor(settings: Settings, check_catalog: bool, rebuild: bool, file: Path | None) -> None:
    """Check a catalogue's relations, links, prose and grades; rebuild the tables."""
    if not (check_catalog or rebuild) or (file and not check_catalog):
        raise click.UsageError("say what to do: --catalog [FILE] or --rebuild.")
    if rebuild:
        with settings.store() as store:
            click.echo(f"Derived again from {store.rebuild()} events.", err=True)
    if check_catalog:
        _check_catalog(file)


def _check_catalog(file: Path | None) -> None:
    from papertui import catalog
    from papertui.catalog_check import check, review
    from papertui.journal import Refused

    path = file or catalog.SHIPPED
    try:
        data = catalog.decode(path.read_bytes(), path.name)
    except OSError as error:
        raise Refused(f"Cannot read {path}: {error.strerror}.") from error
    faults = list(check(data)) or list(review(data))
    for fault in faults:
        click.echo(fault)
    if faults:
        raise Refused(f"{path.name} has {len(faults)} faults.")
    click.echo(f"{path.name}: {len(data['works'])} works, nothing to mend.", err=True)


@papertui.command()
@as_json
@click.pass_obj
def paths(settings: Settings, as_json: bool) -> None:
    """Print where papertui's files lie."""
    from papertui.config import config_path

    found = {"database": str(settings.database), "config": str(config_path())}
    if as_json:
        _print_json(found)
        return
    for name, path in found.items():
        click.echo(f"{name:<10}{path}")


def _resolve(store: "Store", name: str) -> str:
    """Return the one work that `name` means; raises Refused for none and for several."""
    from papertui.journal import Refused
    from papertui.text import safe_line

    name = _argument(name)
    found = store.library.named(name)
    if not found:
        raise Refused(f"No work fits {safe_line(name)!r}; papertui list shows them all.")
    if len(found) > 1:
        listed = [f"  {key}  {safe_line(store.library.title(key))}" for key in found[:MOST_NAMED]]
        if len(found) > MOST_NAMED:
            listed.append(f"  and {len(found) - MOST_NAMED} more")
        raise Refused(f"Several works fit {safe_line(name)!r}; name one:\n" + "\n".join(listed))
    return found[0]


def _text(given: str | None) -> str:
    if given == "-":
        return sys.stdin.buffer.read().decode("utf-8-sig", "replace").strip()
    return _argument(given or "").strip()


def _argument(text: str) -> str:
    """Return an argument with the bytes that are no UTF-8 replaced."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _notes_json(notes: Iterable["Note"]) -> list[dict[str, Any]]:
    return [{"saved": note.saved, "pass": note.depth, "body": note.body} for note in notes]


def _print(lines: Iterable["Line"]) -> None:
    for line in lines:
        click.echo(line.text)


def _print_json(data: Any) -> None:
    from papertui.text import escaped

    click.echo(escaped(json.dumps(data, ensure_ascii=False, indent=2)))
