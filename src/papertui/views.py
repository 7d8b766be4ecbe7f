"""What a page needs, gathered from the store."""

from datetime import date

from papertui.journal import Refused
from papertui.pages.work import Neighbour, WorkView
from papertui.store import Store


def work_view(store: Store, citekey: str, today: date) -> WorkView:
    """Gather everything the page of a work shows. Raises Refused for an unknown work."""
    work = store.library.work(citekey)
    if work is None:
        raise Refused(f"No work has the citekey {citekey!r}.")
    near = {*work.requires, *work.see_also}
    depths = store.reader.depths(near)
    titles = store.library.titles(near)
    return WorkView(
        work,
        store.reader.work(citekey),
        store.library.places(citekey),
        {key: Neighbour(key, title, depths.get(key, 0)) for key, title in titles.items()},
        today,
    )
