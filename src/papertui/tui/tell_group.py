"""What the reader tells the reading group about a work or a list: a promise, notes, an offer."""

from datetime import date

from papertui.core import journal, labels
from papertui.core.group import NO_GROUP
from papertui.core.labels import day_name
from papertui.core.records import Note, notes_for_others
from papertui.core.text import safe_line, shorten
from papertui.core.typed_days import a_day_ahead, parse_day_ahead
from papertui.errors import Refused
from papertui.exporters.offered_list import offered_list
from papertui.tui.base import PaperApp

MAX_NAME = 24  # cells of the name of a list among the choices


async def tell_group(app: PaperApp, work: str | None, list_key: str) -> None:
    """Ask what to tell, and tell it. Raises Refused outside a group."""
    group = app.store.group
    if not group.name():
        raise Refused(NO_GROUP)
    choices = {}
    shown: list[str] = []
    if work:
        promised = work in group.own_promises()
        choices["e"] = "take the promise back" if promised else "I explain it"
        shown = [id_ for id_, of in group.shown_notes().items() if of == work]
        if _notes(app, work):
            choices["n"] = f"show my notes{' as they are now' if shown else ''}"
        if shown:
            choices["b"] = "take my notes back"
    facts = app.store.works.list_facts(list_key) if list_key else None
    offer = next(
        (each for each in group.offered_lists() if each["list"].get("key") == list_key), None
    )
    if facts:
        name = f" {shorten(safe_line(facts.title), MAX_NAME)}" if work else " the list"
        choices["l"] = f"offer{name}{' as it is now' if offer else ''}"
    if offer:
        choices["t"] = "take the offer back"
    if not choices:
        raise Refused("Go to a work or a list first: that is what the group is told about.")
    title = app.store.works.title(work) if work else facts.title if facts else ""
    first = next(iter(choices))
    match await app.choose("Tell the group: ", title, choices=choices, offered=first):
        case "e" if work:
            await _promise(app, work, title, on=work not in group.own_promises())
        case "n" if work:
            notes = _notes(app, work)
            await app.record(*[journal.show_note(work, n.id, n.body, n.depth) for n in notes])
            kept_back = labels.kept_back(len(app.store.reading_log.work(work).notes) - len(notes))
            seen = "your notes" if notes[1:] else "your note"
            app.show_message(f"The group sees {seen} on ", title, kept_back + app.takes_back)
        case "b" if work:
            await app.record(*[journal.show_note(work, id_, "", None, on=False) for id_ in shown])
            app.show_message("No longer shown: your notes on ", title, app.takes_back)
        case "l":
            content = await app.retry_while_busy(
                lambda: offered_list(app.store, list_key, app.today())
            )
            await app.record(journal.show_list(content))
            app.show_message("Offered to the group: ", content["title"], app.takes_back)
        case "t" if offer:
            await app.record(journal.show_list(offer, on=False))
            app.show_message("No longer offered: ", offer["title"], app.takes_back)


async def _promise(app: PaperApp, work: str, title: str, on: bool) -> None:
    day: date | None = None
    if on:

        async def parse(typed: str) -> tuple[date | None]:
            return (parse_day_ahead(typed, app.today()) if typed else None,)

        hint = f"tomorrow, fri, 10d, {a_day_ahead(app.today())}; just enter: some day"
        answer = await app.ask_until(parse, ("Explain ", title, " on which day?"), hint, blank=True)
        if answer is None:
            return
        (day,) = answer
    await app.record(journal.promise(work, day, on))
    when = f" {day_name(day, app.today())}" if day else ""
    before = f"You explain it{when}: " if on else "Not promised any more: "
    app.show_message(before, title, app.takes_back)


def _notes(app: PaperApp, work: str) -> list[Note]:
    """Return the notes on a work that are not private."""
    return notes_for_others(app.store.reading_log.work(work).notes, app.store.private_notes())
