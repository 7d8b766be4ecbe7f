"""Commands of a reading session: a timed pass, which waits until it is logged, here or in the app.

The shell notes when the timer began; nothing runs until the next command.
"""

from collections.abc import Sequence
from typing import Any

import click

from papertui.cli.arguments import (
    Minutes,
    Number,
    parse_day_argument,
    refuse_twice,
    text_or_stdin,
)
from papertui.cli.completion import citekeys
from papertui.cli.context import (
    Settings,
    as_json,
    decoded,
    named_work,
    pass_settings,
    print_json,
    resolve,
    say_done,
)
from papertui.core import journal, labels
from papertui.core.days import check_minutes
from papertui.core.journal import Change
from papertui.core.reading_session import FALSE_START, Session, whole_minutes
from papertui.core.text import safe_line
from papertui.errors import Refused
from papertui.storage.drafts import Draft, new_note
from papertui.storage.store import Store

_waiting_work = click.argument("work", required=False, shell_complete=citekeys)


@click.group(invoke_without_command=True, epilog="Example: papertui session start resnet --pass 2")
@as_json
@pass_settings
@click.pass_context
def session_command(invoked: click.Context, settings: Settings, as_json: bool) -> None:
    """Read with a timer: start, pause, log; or print what is under way.

    A session is one pass of one work, in as many sittings as you like. The app goes on with
    it (s on its work), and so does the shell with one that you left in the app.
    """
    if invoked.invoked_subcommand is not None:
        return
    with settings.store() as store:
        sessions = [(each, each.session) for each in store.drafts.waiting() if each.session]
        open_elsewhere = {draft.id for draft in _open_elsewhere(store)}
        titles = store.works.titles([draft.work for draft, _ in sessions])
        keys = store.bib_entries.keys([draft.work for draft, _ in sessions])
    if as_json:
        print_json(
            [
                _session_json(draft, session, titles, settings)
                | {"open_elsewhere": draft.id in open_elsewhere}
                for draft, session in sessions
            ]
        )
        return
    for draft, session in sessions:
        began = session.since and session.since.astimezone(settings.now.tzinfo)
        since = f", the timer runs since {labels.full_time(began)}" if began else ""
        time_read = session.stop(settings.now).time_read
        title = (
            f"{safe_line(titles.get(draft.work, draft.work))}  [{keys.get(draft.work, draft.work)}]"
        )
        is_open = ", open in another papertui" * (draft.id in open_elsewhere)
        click.echo(f"{labels.PASSES[session.depth]} of {title}: {time_read}{since}{is_open}")
    if not sessions:
        click.echo("No session waits; papertui session start WORK begins one.", err=True)


@session_command.command("start", epilog="Example: papertui session start resnet --pass 2")
@named_work
@click.option("--pass", "depth", type=Number(1, 3), help="Which pass; by default the next one.")
@pass_settings
def _start(settings: Settings, work: str, depth: int | None) -> None:
    """Start a session on a WORK, or go on with one that waits."""
    with settings.store() as store:
        citekey = resolve(store, work)
        title = safe_line(store.works.title(citekey))
        if store.drafts.busy_elsewhere(citekey):
            raise Refused(f"Another papertui is reading or writing on {title}.")
        waiting = _waiting(store)
        for draft, session in waiting:
            if session.since:
                running = safe_line(store.works.title(draft.work))
                raise Refused(f"The timer runs on {running}; papertui session pause stops it.")
        if settings.config.timer and (elsewhere := _open_elsewhere(store)):
            title = safe_line(store.works.title(elsewhere[0].work))
            raise Refused(
                f"Another papertui has a session on {title}: leave it there with esc first."
            )
        here = [each for each in waiting if each[0].work == citekey]
        # Of several on one work, that of the pass.
        here.sort(key=lambda each: each[1].depth != depth)
        next_pass = min(3, store.reading_log.work(citekey).depth + 1)
        draft, session = here[0] if here else (new_note(citekey), Session(depth or next_pass))
        was = session.depth
        session = session._replace(depth=depth or session.depth).sit_down(settings.today)
        session = session._replace(since=settings.now if settings.config.timer else None)
        store.drafts.save(draft._replace(session=session))
    done = "Going on with the" if here else "Started: the"
    if session.depth != was:
        done = f"Going on with the {labels.PASSES[was]} that waits, now as the"
    stops = "papertui session pause stops the timer, session log" if settings.config.timer else ""
    then = f"{stops or 'papertui session log'} logs the pass"
    click.echo(f"{done} {labels.PASSES[session.depth]} of {title}; {then}.", err=True)


@session_command.command("pause", epilog="Example: papertui session pause")
@_waiting_work
@pass_settings
def _pause(settings: Settings, work: str | None) -> None:
    """Stop the timer; the session waits."""
    with settings.store() as store:
        running = [each for each in _named(store, work) if each[1].since]
        if not running and not settings.config.timer:
            raise Refused('No timer runs: the config file says timer = "off".')
        if not running:
            raise Refused("No timer of the shell runs; papertui session start WORK starts it.")
        draft, session = running[0]
        session = session.stop(settings.now)
        store.drafts.save(draft._replace(session=session))
        title = safe_line(store.works.title(draft.work))
    what = f"{labels.PASSES[session.depth]} of {title}"
    click.echo(f"Paused at {session.time_read}: {what}.", err=True)


@session_command.command("log", epilog='Example: papertui session log --note "Depth helps."')
@_waiting_work
@click.option("--pass", "depth", type=Number(1, 3), help="Log it as another pass.")
@click.option("--minutes", type=Minutes(), help="How long it took, if not as timed.")
@click.option("--on", help="Which day, if not that of the last sitting: yesterday, 2026-11-14.")
@click.option("--note", help="Add this to the note of the session; - reads it from stdin.")
@click.option("--again", is_flag=True, help="Log it even if that day has this pass already.")
@pass_settings
def _log(
    settings: Settings,
    work: str | None,
    depth: int | None,
    minutes: int | None,
    on: str | None,
    note: str | None,
    again: bool,
) -> None:
    """Log the pass of a session with its minutes and its note.

    Name the WORK if several sessions wait.
    """
    with settings.store() as store:
        draft, session = _only(store, work, depth)
        title = safe_line(store.works.title(draft.work))
        # One that is begun only to log the pass, with nothing new, is no sitting.
        is_look = bool(session.since) and session.running(settings.now) < FALSE_START and not note
        session = session.stop(settings.now)
        if session.doubt >= FALSE_START and minutes is None:
            read = session.time_read
            raise Refused(f"{read} on {title}: give the --minutes that you read, all of them.")
        if not minutes or minutes <= session.minutes:
            session = (session.looked_at() if is_look else session).without_looks()
        day = parse_day_argument(on, settings, store) if on else session.day
        depth = depth or session.depth
        record = store.reading_log.work(draft.work)
        if not again:
            refuse_twice(record, depth, day, settings)
        minutes = (session.minutes if minutes is None else minutes) or None
        by_day = session.minutes_by_day(day, minutes)
        if day and minutes:
            check_minutes(by_day or [(day, minutes)], store.reading_log.minutes())
        body = "\n\n".join(filter(None, [draft.body.rstrip(), text_or_stdin(note)]))
        draft = draft._replace(body=body if note else draft.body, session=session)
        logged = journal.log_pass(draft.work, depth, day, minutes, by_day, draft.made_in)
        counts = settings.counts_for(day)
        ended = labels.ended_by_pass(record.on(settings.today))
        act = store.finish([draft.id], logged, *_note_changes(store, draft, depth))
    took = f", {labels.span(minutes)}" if minutes else ""
    say_done(f"Logged: {act.words}, {counts}{took}{ended}", act)


@session_command.command("end", epilog="Example: papertui session end resnet")
@_waiting_work
@click.option("--pass", "depth", type=Number(1, 3), help="Which pass, if several of it wait.")
@pass_settings
def _end(settings: Settings, work: str | None, depth: int | None) -> None:
    """End a session without logging it; its note is saved.

    Name the WORK if several sessions wait.
    """
    with settings.store() as store:
        draft, session = _only(store, work, depth, is_of_pass=True)
        draft = draft._replace(session=session.stop(settings.now))
        noted, ending, act = _note_changes(store, draft), draft.end(), None
        if ending or noted:
            act = store.finish([draft.id], *ending, *noted)
        else:
            store.forget(draft.id)
        title = _what(store, draft, session)
    saved = "; its note is saved" if noted else ""
    if act:
        say_done(f"Ended, not logged: {title}{saved}", act)
    else:
        click.echo(f"Ended, not logged: {title}.", err=True)


def _waiting(store: Store) -> list[tuple[Draft, Session]]:
    """Return the sessions that no running papertui has open, the latest first."""
    return [(draft, draft.session) for draft in store.drafts.left() if draft.session]


def _open_elsewhere(store: Store) -> list[Draft]:
    """Return the drafts of the sessions that a running papertui has open."""
    left = {draft.id for draft in store.drafts.left()}
    return [d for d in store.drafts.waiting() if d.session and d.id not in left]


def _named(store: Store, work: str | None) -> list[tuple[Draft, Session]]:
    """Return the sessions that wait, or that on a work; a name means the one work that has one."""
    waiting = _waiting(store)
    if work is None:
        return waiting
    fitting = store.names.named(decoded(work))
    with_session = {draft.work for draft, _ in waiting}.intersection(fitting)
    citekey = with_session.pop() if len(with_session) == 1 else resolve(store, work)
    return [each for each in waiting if each[0].work == citekey]


def _only(
    store: Store, work: str | None, depth: int | None, *, is_of_pass: bool = False
) -> tuple[Draft, Session]:
    """Return the session on a work, or the only one; of several that of a pass.

    With `is_of_pass` it can be that of the pass only. Raises Refused if none or several wait.
    """
    named = _named(store, work)
    of_pass = [each for each in named if each[1].depth == depth]
    if depth and is_of_pass and named and not of_pass:
        raise Refused(f"No {labels.PASSES[depth]} waits, but {_what(store, *named[0])}.")
    if not named:
        on = "on that work" if work else "here"
        open_on = {draft.work for draft in _open_elsewhere(store)}
        if open_on and (work is None or resolve(store, work) in open_on):
            raise Refused("The session is open in another papertui: leave it there with esc first.")
        raise Refused(f"No session waits {on}; papertui session start WORK begins one.")
    if len(named) > 1:
        named = of_pass or named
    if len(named) > 1:
        lines = [f"  {_what(store, *each)}" for each in named]
        raise Refused("\n".join(["Several sessions wait; name the WORK, or its --pass:", *lines]))
    return named[0]


def _what(store: Store, draft: Draft, session: Session) -> str:
    """Return which pass of which work a session is."""
    return f"{labels.PASSES[session.depth]} of {safe_line(store.works.title(draft.work))}"


def _note_changes(store: Store, draft: Draft, depth: int | None = None) -> Sequence[Change]:
    saved = store.reading_log.note_body(draft.bases[-1]) if draft.bases else None
    return draft.changes(saved or "", depth)


def _session_json(
    draft: Draft, session: Session, titles: dict[str, str], settings: Settings
) -> dict[str, Any]:
    stopped = session.stop(settings.now)
    return {
        "work": draft.work,
        "title": titles.get(draft.work, draft.work),
        "pass": session.depth,
        "minutes": stopped.minutes,
        "minutes_in_question": whole_minutes(stopped.doubt),
        "running_since": session.since and session.since.isoformat(timespec="seconds"),
        "note": draft.body,
    }
