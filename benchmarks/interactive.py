"""Measurements in a terminal: an app is started, used with keys, and quit."""

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks import process
from benchmarks.ratios import percentile
from benchmarks.terminal import COLUMNS, ROWS, Area, Chunk, Screen, Terminal, Unresponsive

DOWN, UP, ESCAPE, QUIT = b"\x1b[B", b"\x1b[A", b"\x1b", b"\x11"
STEPS = 48
HELD_KEYS, HELD_KEYS_PER_SECOND = 120, 30
SILENCE, LONG_SILENCE = 0.15, 0.3
IDLE_SECONDS = 5
_LEFT, _RIGHT = range(COLUMNS * 2 // 5), range(COLUMNS // 2, COLUMNS)
# Between papertui's bars; the works that a search finds are listed below the search line.
TREE, SEARCH_RESULTS = Area(_LEFT, range(1, ROWS - 2)), Area(_LEFT, range(3, ROWS - 2))
PANE = Area(_RIGHT, range(1, ROWS - 2))
LEFT_HALF = Area(_LEFT, range(ROWS))


@dataclass(frozen=True, slots=True)
class Program:
    """An app to measure.

    `ready_text` is on its main screen as soon as that can be used; `approach` are the
    keys that lead to the rows to move through, which are in the area `tree`. If
    `pane_follows`, the pane shows the row under the cursor. `searches` are typed one by
    one into the search line.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    ready_text: str
    approach: Sequence[bytes] = ()
    tree: Area = TREE
    pane_follows: bool = True
    searches: Sequence[str] = ()
    # What the arrow keys send.
    down: bytes = DOWN
    up: bytes = UP


def measure_app(program: Program, thorough: bool) -> dict[str, float]:
    """Start a program, use it if `thorough`, quit it; return times in ms and memory in MB.

    Raises Unresponsive if the program does not do what it should.
    """
    with Terminal(program.command, program.environment) as terminal:
        driver = _Driver(terminal, program)
        figures = driver.start()
        if thorough:
            figures |= driver.step() | driver.hold()
            figures["peak memory"] = process.peak_memory(terminal.pid)
            if program.pane_follows:
                figures |= driver.search() | driver.progress()
            figures |= driver.idle()
            figures["peak memory, all screens"] = process.peak_memory(terminal.pid)
        return figures | driver.leave()


class _Driver:
    """Presses keys and measures; the screen is brought up to date between two keys."""

    def __init__(self, terminal: Terminal, program: Program) -> None:
        self._terminal = terminal
        self._program = program
        self._screen = Screen()

    def start(self) -> dict[str, float]:
        """Type a key at once, and wait until it is answered and nothing changes any more."""
        self._terminal.send(self._program.down)
        painted_at = answered_at = None
        chunks = self._terminal.read_until_quiet(SILENCE)
        for chunk in chunks:
            before = self._screen.cells(self._program.tree)
            self._screen.feed(chunk.data)
            if self._screen.cells(self._program.tree) != before:
                answered_at = chunk.at
            if painted_at is None and self._program.ready_text in self._screen.text:
                painted_at = chunk.at
        if painted_at is None or answered_at is None:
            raise self._unresponsive(f"does not show {self._program.ready_text!r}")
        started_at = self._terminal.started_at
        return {
            "start": _ms(painted_at - started_at),
            "first key": _ms(answered_at - started_at),
            "settled": _ms(chunks[-1].at - started_at),
        }

    def step(self) -> dict[str, float]:
        """Press arrow keys, each after the one before has had its full effect."""
        for keys in self._program.approach:
            self._press(keys)
        cursor_times, pane_times, cursor_bytes, key_bytes = [], [], [], []
        for key in [self._program.down] * STEPS + [self._program.up] * STEPS:
            sent_at = self._terminal.send(key)
            chunks = self._terminal.read_until_quiet(SILENCE)
            tree_at, pane_at = self._show(chunks, self._program.tree)
            if tree_at is None or (self._program.pane_follows and pane_at is None):
                raise self._unresponsive("did not follow an arrow key")
            cursor_times.append(_ms(tree_at - sent_at))
            pane_times.append(_ms(chunks[-1].at - sent_at))
            cursor_bytes.append(sum(len(chunk.data) for chunk in chunks if chunk.at <= tree_at))
            key_bytes.append(sum(len(chunk.data) for chunk in chunks))
        return {
            "key p50": percentile(cursor_times, 50),
            "key p95": percentile(cursor_times, 95),
            "slowest key": max(cursor_times),
            "done p50": percentile(pane_times, 50),
            "done p95": percentile(pane_times, 95),
            "cursor bytes": statistics.median(cursor_bytes),
            "key bytes": statistics.median(key_bytes),
        }

    def hold(self) -> dict[str, float]:
        """Send a burst of arrow keys, then hold one down."""
        sent_at = self._terminal.send(self._program.down * HELD_KEYS)
        chunks = self._terminal.read_until_quiet(LONG_SILENCE)
        burst_seconds = self._show_effect(chunks) - sent_at
        self._press(self._program.up * HELD_KEYS)
        cpu_before = process.cpu_seconds(self._terminal.pid)
        chunks = []
        held_from = time.perf_counter()
        for number in range(HELD_KEYS):
            due_at = held_from + number / HELD_KEYS_PER_SECOND
            while (wait := due_at - time.perf_counter()) > 0:
                if chunk := self._terminal.read_chunk(wait):
                    chunks.append(chunk)
            sent_at = self._terminal.send(self._program.down)
        chunks += self._terminal.read_until_quiet(LONG_SILENCE)
        cpu_seconds = process.cpu_seconds(self._terminal.pid) - cpu_before
        return {
            "burst": _ms(burst_seconds),
            "held lag": _ms(self._show_effect(chunks) - sent_at),
            "held cpu": _ms(cpu_seconds) / HELD_KEYS,
        }

    def search(self) -> dict[str, float]:
        """Type searches key by key, each until the rows change."""
        times = []
        for query in self._program.searches:
            self._press(b"/")
            for key in query:
                sent_at = self._terminal.send(key.encode())
                chunks = self._terminal.read_until_quiet(SILENCE)
                results_at, _ = self._show(chunks, SEARCH_RESULTS)
                if results_at is not None:
                    times.append(_ms(results_at - sent_at))
            self._press(ESCAPE)
        if not times:
            raise self._unresponsive("found nothing")
        return {"search p50": percentile(times, 50), "search p95": percentile(times, 95)}

    def progress(self) -> dict[str, float]:
        """Open the progress screen for the first time and go back."""
        seconds = self._press(b"p")
        self._press(b"q")
        return {"progress": _ms(seconds)}

    def idle(self) -> dict[str, float]:
        """Press nothing for a while."""
        pid = self._terminal.pid
        cpu_before, wake_ups_before = process.cpu_seconds(pid), process.wake_ups(pid)
        time.sleep(IDLE_SECONDS)
        return {
            "idle cpu": _ms(process.cpu_seconds(pid) - cpu_before),
            "idle wake-ups": (process.wake_ups(pid) - wake_ups_before) / IDLE_SECONDS,
        }

    def leave(self) -> dict[str, float]:
        """Quit, wait for the end, and count the modes that are left on in the terminal."""
        sent_at = self._terminal.send(QUIT)
        exit_seconds = self._terminal.wait_for_exit() - sent_at
        if code := self._terminal.exit_code():
            raise self._unresponsive(f"left with exit code {code}")
        return {"exit": _ms(exit_seconds), "left behind": len(self._terminal.left_behind())}

    def _press(self, keys: bytes) -> float:
        """Send keys, show their whole effect, and return how many seconds it took."""
        sent_at = self._terminal.send(keys)
        return self._show_effect(self._terminal.read_until_quiet(LONG_SILENCE)) - sent_at

    def _show(self, chunks: list[Chunk], tree: Area) -> tuple[float | None, float | None]:
        """Show chunks; return when the tree first changed and when the pane last did."""
        tree_at = pane_at = None
        for chunk in chunks:
            before = self._screen.cells(tree), self._screen.cells(PANE)
            self._screen.feed(chunk.data)
            if tree_at is None and self._screen.cells(tree) != before[0]:
                tree_at = chunk.at
            if self._screen.cells(PANE) != before[1]:
                pane_at = chunk.at
        return tree_at, pane_at

    def _show_effect(self, chunks: list[Chunk]) -> float:
        """Show what a key caused and return when the last of it came."""
        if not chunks:
            raise self._unresponsive("did not react to a key")
        for chunk in chunks:
            self._screen.feed(chunk.data)
        return chunks[-1].at

    def _unresponsive(self, why: str) -> Unresponsive:
        return Unresponsive(f"{self._program.name} {why}; it shows:\n{self._screen.text}")


def _ms(seconds: float) -> float:
    return seconds * 1000
