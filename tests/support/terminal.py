"""papertui as a process in a terminal of its own."""

import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pyte
from ptyprocess import PtyProcess

SIZE = (24, 80)
START_WITHIN = 20.0
# Seconds; a key's answer begins sooner.
QUIET = 0.08
Start = Callable[[], "Terminal"]


class Terminal:
    """papertui in a pseudo-terminal whose screen can be read."""

    def __init__(
        self,
        database: Path,
        *arguments: str,
        size: tuple[int, int] = SIZE,
        before: Callable[[], None] | None = None,
        **environment: str,
    ) -> None:
        """Start papertui or, with `arguments`, what Python is given, once `before` has run."""
        usual = {**os.environ, "TERM": "xterm-256color", "PAPERTUI_DB": str(database)}
        self.process = PtyProcess.spawn(
            [sys.executable, *(arguments or ("-m", "papertui"))],
            dimensions=size,
            env={**usual, **environment},
            preexec_fn=before,
        )
        self.received = b""
        self._screen = pyte.Screen(max(size[1], 1), max(size[0], 1))
        self._stream = pyte.ByteStream(self._screen)
        os.set_blocking(self.process.fd, False)

    @property
    def text(self) -> str:
        """What the terminal shows now."""
        try:
            while data := os.read(self.process.fd, 65536):
                self.received += data
                # The emulator does not know the query for pixel sizes and its kin.
                self._stream.feed(data.replace(b"\x1b[>", b"\x1b[?"))
        except (BlockingIOError, OSError):
            pass
        return "\n".join(self._screen.display)

    def wait_for(self, text: str, shown: bool = True) -> None:
        """Wait until the terminal shows `text` or, where `shown` is false, no longer does."""
        deadline = time.monotonic() + START_WITHIN
        while (text in self.text) is not shown:
            assert time.monotonic() < deadline, f"{text!r} never came or went:\n{self.text}"
            time.sleep(0.02)

    def settle(self) -> str:
        """Wait until nothing is drawn any more, or a second, and return what is shown."""
        deadline = time.monotonic() + 1.0
        before = -1
        while before != len(self.received) and time.monotonic() < deadline:
            before = len(self.received)
            time.sleep(QUIET)
            _ = self.text
        return self.text

    def find(self, words: str, row: str) -> None:
        """Search for a work, and go to it once its `row` is there."""
        self.wait_for("? help")
        self.type("/")
        self.wait_for("title, author")
        self.type(words)
        self.wait_for(" found")
        self.wait_for(row)
        self.type("\r")
        self.wait_for(" found", shown=False)

    def type(self, keys: str) -> None:
        """Send keys."""
        os.write(self.process.fd, keys.encode())

    def gone_within(self, seconds: float) -> int:
        """Wait for the end and return the exit code, negative for a signal's."""
        deadline = time.monotonic() + seconds
        while self.process.isalive():
            assert time.monotonic() < deadline, "still running"
            _ = self.text
            time.sleep(0.01)
        _ = self.text
        code = self.process.exitstatus
        return -int(self.process.signalstatus or 0) if code is None else int(code)

    def end(self) -> None:
        """Kill the process, if it still runs, and give the terminal back."""
        self.process.kill(signal.SIGKILL)
        self.process.wait()
        self.process.fileobj.close()
