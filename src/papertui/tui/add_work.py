"""Works are added, and what services know of them is asked for while the reader goes on."""

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from papertui.core import labels
from papertui.core.identity import NewWork, Rule, parse_new_work
from papertui.core.new_paper import is_withdrawn_by
from papertui.errors import PapertuiError
from papertui.services import http_client
from papertui.storage import edits
from papertui.storage.work_queries import MAX_ALONG
from papertui.tui.base import PaperApp

if TYPE_CHECKING:
    from papertui.core.library_tree import Branch
    from papertui.sources.lookup import Fields, Found


async def add_work(
    app: PaperApp, section: "Branch | None", go_to: Callable[[str, int | None], str]
) -> None:
    """Ask for a work and add it, or go to it if it is known; call this in a background action.

    It is put into `section`, one of an own list. `go_to` goes to a work, at best in a branch,
    and returns what to say of that.
    """

    async def parse(typed: str) -> NewWork:
        return parse_new_work(typed)

    works = app.store.works
    hint = "a title, an arXiv id, a DOI, an ISBN, an address; or a title with one of these"
    label = ("Add a work to ", section.title, "") if section else "Add a work"
    new = await app.ask_until(parse, label, hint)
    if new is None:
        return
    if known := await app.retry_while_busy(lambda: works.known_as(new)):
        said, offer = "Known already", ""
        if named := await app.retry_while_busy(lambda: edits.naming(app.store, known, new)):
            await app.record(named)
            said, offer = "Known already, with your title now", app.takes_back
        if section and section.path not in app.store.own_lists.paths(known):
            await app.record(*edits.placing(app.store, known, section.path))
            said, offer = f"{said}, copied to {section.title}", app.takes_back
        cleared = go_to(known, section and section.id)
        app.show_message(f"{said}: ", works.title(known), f"{cleared}{offer}")
        if works.incomplete(known):
            app.say_later(_look_up(app, known, said))
        return
    rule, other = await app.retry_while_busy(lambda: works.closest(new.fields))
    changes = await app.retry_while_busy(lambda: edits.adding(app.store, new, section))
    await app.record(*changes)
    cleared = go_to(new.citekey, section and section.id)
    said = f"Added to {section.title}" if section else "Added"
    if rule is Rule.RIVAL:
        said += labels.BESIDE_NAMESAKE
    if rule is Rule.CONFLICT and other:
        said = f"{said} separately: its id is that of "
        app.show_message(said, works.title(other), f"{cleared}{app.takes_back}")
    elif works.incomplete(new.citekey):
        app.show_message(f"{said}: ", works.title(new.citekey), f"{cleared} · looking it up …")
        # Keys are not held back, as an answer may take a minute.
        app.say_later(_look_up(app, new.citekey, said))
    else:
        title = works.title(new.citekey)
        app.show_message(f"{said}: ", title, f"{new.how}{cleared}{app.takes_back}")


async def _look_up(app: PaperApp, citekey: str, said: str) -> tuple[str, str, str] | None:
    """Fill in a work of which only an id is known, and a few that were added offline before.

    Return a message in three parts, its middle a title; None if the work has gone meanwhile.
    """
    works = app.store.works
    incomplete = await app.retry_while_busy(works.incomplete)
    if citekey not in incomplete:
        return None
    along = dict(list(incomplete.items())[:MAX_ALONG])
    wanted: dict[str, Fields] = {citekey: incomplete[citekey], **along}
    known: Mapping[str, Fields] = {}
    try:
        found = await asyncio.to_thread(_ask, app, wanted)
    except PapertuiError as error:
        problem = str(error)
    else:
        known = found.fields
        problem = found.problem_of((citekey,)) or _not_found(wanted[citekey])
    if changes := await app.retry_while_busy(lambda: list(edits.completions(app.store, known))):
        await app.record(*changes)
    fields = works.own_fields(citekey)
    if fields is None:
        return None
    if citekey in known:
        withdrawn = " · withdrawn" if is_withdrawn_by(fields.get("summary", "")) else ""
        offer = app.offer("undo", "takes what was looked up back")
        return f"{said}: ", works.title(citekey), f"{withdrawn}{offer}"
    offer = app.takes_back if said.startswith("Added") and not changes else ""
    return f"{said}: ", works.title(citekey), f" · {problem} papertui asks again later{offer}"


def _ask(app: PaperApp, wanted: "Mapping[str, Fields]") -> "Found":
    from papertui.sources.lookup import look_up

    return look_up(wanted, http_client(app.config, app.clock))


def _not_found(fields: "Fields") -> str:
    from papertui.sources.lookup import services_of

    return f"Not found at {services_of([fields])}."
