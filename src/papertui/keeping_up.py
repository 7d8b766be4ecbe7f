"""What the page for keeping up needs, and the shipped catalogue's own advice."""

from datetime import date

from papertui.config import Config
from papertui.core.streaks import week_of
from papertui.pages.keep_up import KeepUpView, Standing
from papertui.storage.store import Store, shipped_catalog
from papertui.views import neighbours

MOST_TO_SHARE = 5


def keep_up_view(store: Store, config: Config, today: date) -> KeepUpView:
    """Gather everything the page for keeping up shows."""
    whole = shipped_catalog()
    week = week_of(today, config.week_start)
    since = {"week": week, "month": today.replace(day=1)}
    to_share = store.reader.to_share(MOST_TO_SHARE)
    known = neighbours(store, to_share)
    return KeepUpView(
        [
            Standing(advice, store.reader.between(advice.metric, since[advice.period], today))
            for advice in whole.strategy
        ],
        whole.sources,
        whole.categories,
        whole.method,
        [known[key] for key in to_share if key in known],
    )
