"""An app that leaves in order, whatever ends it: a signal, a lost terminal, a fault of ours."""

import asyncio
import os
import signal
import sys

from textual import events
from textual.app import App
from textual.worker import WorkerFailed

from papertui.core.text import typed
from papertui.system.crash_log import report

LEAVE_WITHIN = 0.9
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)


class GuardedApp(App[int]):
    """Keeps what is open and restores the terminal before it is gone."""

    _crash: str | None = None

    def keep_all(self) -> bool:
        """Put what is being typed where it is found again; False where that failed."""
        return True

    def let_go(self) -> None:
        """Close what is open."""

    def guard(self) -> None:
        """Listen to signals."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            try:
                loop.add_signal_handler(number, self._leave_at_once, number)
            except (ValueError, RuntimeError, NotImplementedError):
                break

    def run_guarded(self) -> int:
        """Run until the reader leaves; returns the exit code."""
        self.run()
        if self._crash:
            print(f"papertui: {self._crash}", file=sys.stderr)
        return self.return_code or 0

    async def on_event(self, event: events.Event) -> None:
        """Keep control characters out of what is pasted, wherever it goes."""
        if isinstance(event, events.Paste):
            event.text = typed(event.text)
        await super().on_event(event)

    def _leave_at_once(self, number: signal.Signals) -> None:
        """Keep what is typed and be gone within a second of a signal.

        Textual waits for its output thread, which a terminal that has gone away
        can hold up for ever; and after a hang-up there is no screen to restore.
        """
        code = 128 + number
        signal.signal(signal.SIGALRM, lambda *_: os._exit(code))
        signal.setitimer(signal.ITIMER_REAL, LEAVE_WITHIN)
        self.keep_all()
        self.let_go()
        if number == signal.SIGHUP:
            os._exit(code)
        self.exit(code, return_code=code)

    def _handle_exception(self, error: Exception) -> None:
        cause = error.error if isinstance(error, WorkerFailed) else error
        self._crash = self._crash or report(cause, self.keep_all())
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()
