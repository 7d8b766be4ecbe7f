"""Which backups stay when newer ones come: many of late, few of long ago."""

from collections.abc import Callable, Collection, Hashable
from datetime import datetime

from papertui.core.streaks import week_of

DAYS, WEEKS, MONTHS = 7, 4, 12


def kept(taken: Collection[datetime]) -> set[datetime]:
    """Return which of the moments that backups were taken at stay.

    They are all of the newest day, and the last of each of the latest seven
    days, four weeks and twelve months that have any. Days without backups do
    not count, so that a year away from papertui costs none.
    """
    newest = max(taken, default=None)
    return {
        *(moment for moment in taken if newest and moment.date() == newest.date()),
        *_last_of_each(taken, lambda moment: moment.date(), DAYS),
        *_last_of_each(taken, lambda moment: week_of(moment.date()), WEEKS),
        *_last_of_each(taken, lambda moment: (moment.year, moment.month), MONTHS),
    }


def _last_of_each(
    taken: Collection[datetime], span: Callable[[datetime], Hashable], limit: int
) -> list[datetime]:
    last = {span(moment): moment for moment in sorted(taken)}
    return list(last.values())[-limit:]
