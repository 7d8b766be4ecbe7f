"""papertui as a process in a pseudo-terminal."""

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pyte
from ptyprocess import PtyProcess

# Rows and columns.
SIZE = (24, 80)
# Seconds.
TEXT_TIMEOUT = 20.0
SETTLE_TIMEOUT = 10.0
EXIT_TIMEOUT = 20.0
# Seconds; the answer to a key begins sooner.
QUIET_INTERVAL = 0.08
Start = Callable[[], "Terminal"]


class Terminal:
    """A program in a pseudo-terminal, with the screen that it draws."""

    def __init__(
        self,
        database: Path,
        *arguments: str,
        size: tuple[int, int] = SIZE,
        before: Callable[[], None] | None = None,
        **environment: str,
    ) -> None:
        """Start papertui or, with `arguments`, Python; `before` runs first in the new process."""
        usual_environment = {**os.environ, "TERM": "xterm-256color", "PAPERTUI_DB": str(database)}
        self.process = PtyProcess.spawn(
            [sys.executable, *(arguments or ("-m", "papertui"))],
            dimensions=size,
            env={**usual_environment, **environment},
            preexec_fn=before,
        )
        self.received = b""
        self._screen = pyte.Screen(max(size[1], 1), max(size[0], 1))
        self._stream = pyte.ByteStream(self._screen)
        os.set_blocking(self.process.fd, False)

    @property
    def text(self) -> str:
        """The text that the terminal shows now."""
        try:
            while data := os.read(self.process.fd, 65536):
                self.received += data
                # The emulator would print queries that begin like this, as for pixel sizes.
                self._stream.feed(data.replace(b"\x1b[>", b"\x1b[?"))
        except (BlockingIOError, OSError):
            pass
        return "\n".join(self._screen.display)

    def wait_for(self, text: str, shown: bool = True) -> None:
        """Wait until the terminal shows `text` or, if not `shown`, no longer shows it."""
        deadline = time.monotonic() + TEXT_TIMEOUT
        while (text in self.text) is not shown:
            assert time.monotonic() < deadline, (
                f"{text!r} did not appear or disappear:\n{self.text}"
            )
            time.sleep(0.02)

    def settle(self) -> str:
        """Wait until nothing is drawn and nothing runs any more; return the text.

        After SETTLE_TIMEOUT the program counts as settled whatever it does.
        """
        deadline = time.monotonic() + SETTLE_TIMEOUT
        length_before, is_busy = -1, True
        while (is_busy or length_before != len(self.received)) and time.monotonic() < deadline:
            length_before = len(self.received)
            time.sleep(QUIET_INTERVAL)
            is_busy = self._runs()
            _ = self.text
        return self.text

    def _runs(self) -> bool:
        """Return True while a thread of the program runs, or would if there were a processor."""
        states = Path(f"/proc/{self.process.pid}/task").glob("*/stat")
        with suppress(OSError):
            return any(path.read_bytes().rpartition(b")")[2][1:2] != b"S" for path in states)
        return False

    def find(self, words: str, row: str) -> None:
        """Search for a work and go to it once its `row` is shown."""
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

    def resize(self, rows: int, columns: int) -> None:
        """Give the terminal another size."""
        _ = self.text
        self._screen.resize(rows, columns)
        self.process.setwinsize(rows, columns)

    def wait_for_exit(self, timeout: float = EXIT_TIMEOUT) -> int:
        """Wait at most `timeout` seconds for the end; return the exit code, or minus the signal."""
        deadline = time.monotonic() + timeout
        while self.process.isalive():
            assert time.monotonic() < deadline, "still running"
            _ = self.text
            time.sleep(0.01)
        _ = self.text
        code = self.process.exitstatus
        return -int(self.process.signalstatus or 0) if code is None else int(code)

    def end(self) -> None:
        """Kill the process if it still runs, and close the terminal."""
        self.process.kill(signal.SIGKILL)
        self.process.wait()
        self.process.fileobj.close()
