"""How long the passes of works take, given the minutes that the reader logged."""

from papertui.core.reading_time import (
    MAX_TIMED,
    Paces,
    PassTimes,
    TimedPass,
    pace,
    pass_times,
)
from papertui.storage.database import Database

# The latest passes of a depth are found by an index; few of them need have minutes.
_TIMED = """
select minutes, kind, json_extract(fields, '$.length') as length
from (select work, minutes from reading where depth = ? order by read_on desc limit ?) as latest
join work on citekey = latest.work join detail on detail.work = number
where minutes is not null"""


class ReadingTimes:
    """Estimates of passes."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._paces: tuple[object, Paces] | None = None

    def of(self, kind: str, length: str | None) -> PassTimes | None:
        """Return how long the passes of a work take, None if that is unknown."""
        return pass_times(kind, length, self.paces())

    def of_work(self, citekey: str) -> PassTimes | None:
        """Return how long the passes of the work with a citekey take, None if that is unknown."""
        row = self._db.row(
            "select kind, json_extract(fields, '$.length') from work"
            " join detail on detail.work = number where citekey = ?",
            citekey,
        )
        return self.of(*row) if row else None

    def paces(self) -> Paces:
        """Return the reader's own paces beside what is usual, None for passes seldom timed.

        They are the same until something is written, here or by another program.
        """
        state = self._db.connection.total_changes, self._db.row("pragma data_version")
        if self._paces is None or self._paces[0] != state:
            first, second, third = (
                pace(self._db.records(TimedPass, _TIMED, depth, MAX_TIMED), depth)
                for depth in (1, 2, 3)
            )
            self._paces = state, (first, second, third)
        return self._paces[1]
