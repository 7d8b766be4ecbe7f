"""What services know of works that were added, asked for while the reader goes on."""

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING

from papertui.config import cache_folder
from papertui.core.new_paper import is_withdrawn_by
from papertui.errors import PapertuiError
from papertui.storage.store import completions
from papertui.storage.work_queries import MAX_ALONG
from papertui.tui.base import PaperApp

if TYPE_CHECKING:
    from papertui.sources.lookup import Fields, Found


async def look_up(app: PaperApp, citekey: str) -> tuple[str, str, str] | None:
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
        problem = " ".join(found.problems) or _not_found(wanted[citekey])
    if changes := await app.retry_while_busy(lambda: list(completions(app.store, known))):
        await app.record(*changes)
    fields = works.own_fields(citekey)
    if fields is None:
        return None
    if citekey in known:
        withdrawn = " · withdrawn" if is_withdrawn_by(fields.get("summary", "")) else ""
        offer = app.offer("undo", "takes what was looked up back")
        return "Added: ", works.title(citekey), f"{withdrawn}{offer}"
    return "Added: ", works.title(citekey), f" · {problem} It is asked for again later."


def _ask(app: PaperApp, wanted: "Mapping[str, Fields]") -> "Found":
    from papertui.sources.http import HttpClient
    from papertui.sources.lookup import look_up

    return look_up(wanted, HttpClient(cache_folder(), app.clock, app.config.mailto))


def _not_found(fields: "Fields") -> str:
    from papertui.sources.lookup import services_of

    return f"Not found at {services_of([fields])}."
