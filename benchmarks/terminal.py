"""A pseudo-terminal that keeps the time of everything a program writes to it."""

import os
import re
import select
import termios
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyte
from ptyprocess import PtyProcess

from benchmarks import process

COLUMNS, ROWS = 120, 40
# Seconds.
REST_TIMEOUT = EXIT_TIMEOUT = 60.0
# The answers of a terminal that has synchronized output and reports its size in band;
# if it has the latter, Textual switches on pixel reports of the mouse.
_ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;2$y",
    b"\x1b[?2048h": b"\x1b[48;%d;%d;%d;%dt" % (ROWS, COLUMNS, ROWS * 20, COLUMNS * 10),
}
_QUERY = re.compile(b"|".join(map(re.escape, _ANSWERS)))
_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_INITIALLY_ON = {"7", "25"}
# A process that writes nothing and uses less than this share of a CPU is at rest.
_REST_CPU_SHARE = 0.1


class Unresponsive(Exception):
    """A program did not do within its time what it should."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes written at once, and the time at which all of them had come."""

    at: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of the screen."""

    columns: range
    rows: range


class Screen:
    """The cells of a terminal, drawn by an emulator."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def feed(self, data: bytes) -> None:
        """Draw what a program has written."""
        # The emulator would print requests that begin like this, as for the keyboard protocol.
        self._stream.feed(data.replace(b"\x1b[>", b"\x1b[?"))

    @property
    def text(self) -> str:
        """All lines of the screen."""
        return "\n".join(self._screen.display)

    def cells(self, area: Area) -> list[Any]:
        """Return the characters of an area with their colours."""
        return [self._screen.buffer[y][x] for y in area.rows for x in area.columns]


class Terminal:
    """A program started in a terminal of its own.

    Nothing is emulated while the time is taken: the output is kept with its times and
    can be shown afterwards.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.started_at = time.perf_counter()
        self._process = PtyProcess.spawn(
            list(command), dimensions=(ROWS, COLUMNS), env=dict(environment)
        )
        self.fd: int = self._process.fd
        self.pid: int = self._process.pid
        self.written = b""
        self._attributes = termios.tcgetattr(self.fd)
        os.set_blocking(self.fd, False)

    def __enter__(self) -> "Terminal":
        return self

    def __exit__(self, *error: object) -> None:
        self._process.close(force=True)

    def send(self, keys: bytes) -> float:
        """Send keys and return when they were sent."""
        sent_at = time.perf_counter()
        os.write(self.fd, keys)
        return sent_at

    def read_until_quiet(self, silence: float) -> list[Chunk]:
        """Return all output until the program neither writes nor works for `silence` seconds.

        Raises Unresponsive if that takes longer than REST_TIMEOUT.
        """
        chunks: list[Chunk] = []
        deadline = time.perf_counter() + REST_TIMEOUT
        cpu_seconds = process.cpu_seconds(self.pid)
        while time.perf_counter() < deadline:
            if chunk := self.read_chunk(silence):
                chunks.append(chunk)
                continue
            cpu_before, cpu_seconds = cpu_seconds, process.cpu_seconds(self.pid)
            is_idle = cpu_seconds - cpu_before < silence * _REST_CPU_SHARE
            if is_idle and not process.is_running(self.pid):
                return chunks
        raise Unresponsive("never came to rest")

    def read_chunk(self, timeout: float) -> Chunk | None:
        """Return the next output, or None if there is none within `timeout` seconds."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return None
        data = bytearray()
        try:
            while part := os.read(self.fd, 65536):
                data += part
        except BlockingIOError:
            pass
        except OSError:  # On Linux, the program has closed the terminal.
            if not data:
                return None
        read_at = time.perf_counter()
        for query in _QUERY.findall(data):
            os.write(self.fd, _ANSWERS[query])
        self.written += data
        return Chunk(read_at, bytes(data))

    def wait_for_exit(self) -> float:
        """Return when the process ended. Raises Unresponsive after EXIT_TIMEOUT."""
        process_fd = os.pidfd_open(self.pid)
        deadline = time.perf_counter() + EXIT_TIMEOUT
        try:
            while time.perf_counter() < deadline:
                if process_fd in select.select([self.fd, process_fd], [], [], 1)[0]:
                    ended_at = time.perf_counter()
                    while self.read_chunk(0):
                        pass
                    return ended_at
                self.read_chunk(0)
        finally:
            os.close(process_fd)
        raise Unresponsive("did not end")

    def exit_code(self) -> int:
        """Return the exit code of the ended process, or the number of its signal, negated."""
        self._process.wait()
        code = self._process.exitstatus
        return int(code) if code is not None else -int(self._process.signalstatus)

    def left_behind(self) -> list[str]:
        """Return the names of the settings that the program changed and did not restore."""
        line_changed = termios.tcgetattr(self.fd) != self._attributes
        return [*changed_modes(self.written), *(["line settings"] if line_changed else [])]


def changed_modes(written: bytes) -> list[str]:
    """Return the modes that, after this output, are not as they were before it."""
    is_on = {
        mode: switch == b"h"
        for modes, switch in _MODE.findall(written)
        for mode in modes.decode().split(";")
    }
    return [f"?{mode}" for mode, on in is_on.items() if on != (mode in _INITIALLY_ON)]
