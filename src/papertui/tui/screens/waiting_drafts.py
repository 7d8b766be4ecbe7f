"""The notes and sessions that wait, and the one that the next key goes on with."""

from collections.abc import Sequence
from datetime import datetime

from papertui.core import labels
from papertui.errors import Refused
from papertui.storage.drafts import Draft
from papertui.tui.base import PaperApp


class WaitingDrafts:
    """The drafts that wait, in words, and the one that was offered last."""

    def __init__(self, app: PaperApp) -> None:
        self._app = app
        self.drafts: Sequence[Draft] = ()
        # The id of the draft that was offered last.
        self.offered = ""
        # The work of the offered draft if the cursor is elsewhere, and the key of its row there.
        self.work: str | None = None
        self._row: str | None = None
        self._is_session = False

    def load(self) -> None:
        """Read the drafts that no other running papertui writes on. Raises DatabaseError."""
        self.drafts = self._app.store.drafts.left()
        if self.work is not None:
            # It may have been merged since it was offered.
            self.work = self._app.store.works.current(self.work) or self.work

    def waits(self, draft: Draft) -> bool:
        """Return True if a draft waits yet."""
        return any(each.id == draft.id for each in self.drafts)

    def headline(self, *, named: bool) -> tuple[tuple[str, str, str], tuple[str, ...]]:
        """Return which note or session waits, of how many; what is for a wide header.

        The key that goes there is `named` where it works.
        """
        what, title, facts = self._words(self.drafts[0], "")
        key = f" ({self._app.key('waiting')})" if named else ""
        number = len(self.drafts)
        before = f"{f'{number} waiting' if number > 1 else 'Waiting'}{key}: {what}"
        # The cards that are due have their room beside it.
        gives_way = number > 1 or (
            self._app.config.recall and self._app.store.reading_log.cards_due(self._app.today())
        )
        return ((before, title, ""), (facts,)) if gives_way else ((before, title, facts), ())

    def after(self, work: str) -> Draft:
        """Return the draft after that of a work: of several, after the one offered last.

        Raises Refused if none waits, DatabaseError.
        """
        self.load()
        if not self.drafts:
            raise Refused("No note and no session is waiting.")
        of_work = [number for number, draft in enumerate(self.drafts) if draft.work == work]
        offered = [number for number in of_work if self.drafts[number].id == self.offered]
        return self.drafts[([*offered, *of_work, -1][0] + 1) % len(self.drafts)]

    def offer(self, draft: Draft, more: str) -> tuple[str, str, str]:
        """Return the message that a draft waits, and which key goes on with it."""
        self.offered = draft.id
        if len(self.drafts) > 1:
            number, key = self.drafts.index(draft) + 1, self._app.key("waiting")
            more = f" ({number} of {len(self.drafts)}: {key} goes to the next){more}"
        goes_on = self._app.offer("read" if draft.session else "write-note", "goes on with it")
        return self._words(draft, f"{more}{goes_on}")

    def hold(self, draft: Draft, row: str | None) -> None:
        """Have the key that is offered go on with a draft, while the cursor is on a row."""
        self.work, self._is_session, self._row = draft.work, bool(draft.session), row

    def has_left(self, row: str | None) -> bool:
        """Return True if the cursor has left the row where the offer holds."""
        return self.work is not None and row != self._row

    def take(self, *, session: bool) -> str | None:
        """Return the work of the note or session that is offered, if one is, and end the offer."""
        work, self.work = self.work, None
        return work if session is self._is_session else None

    def _words(self, draft: Draft, after: str) -> tuple[str, str, str]:
        """Return which note or session waits, how long it is and how old."""
        app, session = self._app, draft.session
        what = f"{labels.PASSES[session.depth].capitalize()} of " if session else "Unsaved note on "
        read = ""
        if session and (stopped := session.stop(app.clock())).seconds + stopped.doubt >= 60:
            read = f"{stopped.time_read}, "
        runs = "the timer runs, " if session and session.since else ""
        saved_at = datetime.fromisoformat(draft.saved).astimezone()
        written_on = session.day if session else app.config.today(saved_at)
        day = labels.day_name(written_on, app.today())
        title = app.store.works.title(draft.work)
        return what, title, f": {runs}{read}{app.length(draft.body)}, {day}{after}"
