"""A program in a pseudo-terminal that keeps the time of everything it writes."""

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
PATIENCE = 60.0
# What a terminal answers that knows synchronized output and sizes reported in band;
# one with the second is where Textual switches pixel reports of the mouse on.
_ANSWERS = {
    b"\x1b[?2026$p": b"\x1b[?2026;2$y",
    b"\x1b[?2048$p": b"\x1b[?2048;2$y",
    b"\x1b[?2048h": b"\x1b[48;%d;%d;%d;%dt" % (ROWS, COLUMNS, ROWS * 20, COLUMNS * 10),
}
_QUERY = re.compile(b"|".join(map(re.escape, _ANSWERS)))
_MODE = re.compile(rb"\x1b\[\?([\d;]+)([hl])")
_ON_AT_FIRST = {"7", "25"}
# A process that uses less of a CPU than this while it writes nothing is at rest.
_AT_REST = 0.1


class Silent(Exception):
    """A program that did not show what was waited for."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes written at once, and when they had all come."""

    at: float
    data: bytes


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the screen: columns and rows, the last ones excluded."""

    columns: range
    rows: range


class Screen:
    """What the terminal shows."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)

    def feed(self, data: bytes) -> None:
        """Show what a program has written."""
        # The emulator does not know the request for the keyboard protocol and its kin.
        self._stream.feed(data.replace(b"\x1b[>", b"\x1b[?"))

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self._screen.display)

    def cells(self, area: Area) -> list[Any]:
        """Return characters and colours in an area."""
        return [self._screen.buffer[y][x] for y in area.rows for x in area.columns]


class Terminal:
    """A program started in a terminal of its own.

    Nothing is emulated while the clock runs: what comes is kept with its time
    and shown afterwards.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.started = time.perf_counter()
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
        """Type keys and return when."""
        at = time.perf_counter()
        os.write(self.fd, keys)
        return at

    def quiet(self, silence: float) -> list[Chunk]:
        """Return what comes until the program neither writes nor works for `silence` seconds.

        Raises Silent when that takes a minute.
        """
        chunks: list[Chunk] = []
        deadline = time.perf_counter() + PATIENCE
        used = process.cpu_seconds(self.pid)
        while time.perf_counter() < deadline:
            if chunk := self.next(silence):
                chunks.append(chunk)
                continue
            before, used = used, process.cpu_seconds(self.pid)
            if used - before < silence * _AT_REST and not process.is_running(self.pid):
                return chunks
        raise Silent("never came to rest")

    def next(self, within: float) -> Chunk | None:
        """Return what is written next, None for nothing within so many seconds."""
        if not select.select([self.fd], [], [], within)[0]:
            return None
        data = bytearray()
        try:
            while part := os.read(self.fd, 65536):
                data += part
        except BlockingIOError:
            pass
        except OSError:  # Linux says so when the program has closed the terminal.
            if not data:
                return None
        at = time.perf_counter()
        for query in _QUERY.findall(data):
            os.write(self.fd, _ANSWERS[query])
        self.written += data
        return Chunk(at, bytes(data))

    def gone(self) -> float:
        """Wait until the process has ended and return when that was. Raises Silent."""
        ended = os.pidfd_open(self.pid)
        deadline = time.perf_counter() + PATIENCE
        try:
            while time.perf_counter() < deadline:
                if ended in select.select([self.fd, ended], [], [], 1)[0]:
                    at = time.perf_counter()
                    while self.next(0):
                        pass
                    return at
                self.next(0)
        finally:
            os.close(ended)
        raise Silent("did not end")

    def exit_code(self) -> int:
        """Return the exit code of a process that has ended, negative for a signal's."""
        self._process.wait()
        code = self._process.exitstatus
        return int(code) if code is not None else -int(self._process.signalstatus)

    def left_behind(self) -> list[str]:
        """Return what the program changed in the terminal and did not change back."""
        changed = termios.tcgetattr(self.fd) != self._attributes
        return [*left_on(self.written), *(["line settings"] if changed else [])]


def left_on(written: bytes) -> list[str]:
    """Return the modes that are not as they were when the terminal was opened."""
    last = {
        mode: switch == b"h"
        for modes, switch in _MODE.findall(written)
        for mode in modes.decode().split(";")
    }
    return [f"?{mode}" for mode, on in last.items() if on != (mode in _ON_AT_FIRST)]
