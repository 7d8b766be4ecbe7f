"""Syncs of the app: by a key, on start, every few minutes and on quit, each in a child process.

No key, no start and no way out waits for one. On quit the child is left behind: a remote that
is slow or out of reach is its business, and its failure is told at the next start.
"""

import json
from collections.abc import Callable
from contextlib import suppress

from papertui.core.text import quantity, safe_line
from papertui.storage.database import DatabaseError
from papertui.sync.sync import NOT_SET_UP, Outcome, is_gone
from papertui.system import own_commands
from papertui.tui.base import PaperApp

_SYNCING, _ALREADY = "Syncing …", "Syncing already …"
_SAYS_NO_MORE = ("", _SYNCING, _ALREADY)
_NOT_BEGUN = "Not synced: "


class BackgroundSync:
    """The syncs of an app; at most one runs."""

    def __init__(self, app: PaperApp, notice_changes: Callable[[], None]) -> None:
        self._app = app
        self._notice_changes = notice_changes
        self._runs = False
        self._last_failure = ""

    async def sync(self, by_key: bool) -> None:
        """Sync; by a key the outcome is shown, else only what is new, and a failure once."""
        app = self._app
        if self._runs:
            if by_key:
                app.show_message(_ALREADY)
            return
        if not self._is_set_up():
            if by_key:
                app.show_message(NOT_SET_UP)
            return
        self._runs = True
        if by_key:
            app.show_message(_SYNCING)
        try:
            outcome = await self._outcome()
        finally:
            self._runs = False
        self._notice_changes()
        is_news = (
            outcome.received
            or outcome.remarks
            or (outcome.failure and outcome.failure != self._last_failure)
        )
        self._last_failure = outcome.failure
        if outcome.failure.startswith(_NOT_BEGUN) and not by_key:
            # What keeps a sync from beginning, such as a wrong config, is said at the start.
            is_news = app.message_shown in _SAYS_NO_MORE
        # Nothing new takes no newer message away.
        if is_news or (by_key and app.message_shown in _SAYS_NO_MORE):
            first, others = outcome.remarks[:1], outcome.remarks[1:]
            more = [f"and {quantity(len(others), 'remark')} more"] if others else []
            failures = self._failures()
            app.show_message(
                " · ".join((outcome.words, *first, *more)),
                holds=lambda: not outcome.failure or self._failures() == failures,
            )

    async def _outcome(self) -> Outcome:
        try:
            data, said = await own_commands.run(self._app.store.path, "sync", "--json")
        except OSError as error:
            return Outcome("", failure=f"Cannot sync: {error.strerror}.")
        with suppress(TypeError, ValueError):
            return Outcome(**json.loads(data))
        lines = said.strip().splitlines() or ["it ended without a word."]
        return Outcome("", failure=f"{_NOT_BEGUN}{lines[-1].removeprefix('papertui: ')}")

    def _failures(self) -> list[str]:
        """Return the failures of the last syncs of any papertui here, as they are kept."""
        with suppress(DatabaseError):
            store = self._app.store
            kept = [state.outcome() for state in (store.sync_state, store.group_state)]
            return [str(outcome.get("failure")) for outcome in kept if outcome]
        return []

    def leave_behind(self) -> str:
        """Start a sync that goes on after the app is left; return why it will come to nothing."""
        places = self._places()
        gone = list(filter(is_gone, places))
        if len(gone) < len(places):
            with suppress(OSError):
                own_commands.leave_behind(self._app.store.path, "sync")
        where = " and ".join(map(safe_line, gone))
        return f"{_NOT_BEGUN}{where} is gone: is the disk there?" if gone else ""

    def _is_set_up(self) -> bool:
        return bool(self._places())

    def _places(self) -> list[str]:
        with suppress(DatabaseError):
            store = self._app.store
            places = (state.place() for state in (store.sync_state, store.group_state))
            return [place for place in places if place]
        return []
