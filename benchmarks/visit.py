"""One visit to a program: started, used, left; and what each of that took."""

import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from benchmarks import process
from benchmarks.figures import percentile
from benchmarks.terminal import COLUMNS, ROWS, Area, Chunk, Screen, Silent, Terminal

DOWN, UP, ESCAPE, QUIT = b"\x1b[B", b"\x1b[A", b"\x1b", b"\x11"
STEPS = 48
HELD, HELD_PER_SECOND = 120, 30
SILENCE, LONG_SILENCE = 0.15, 0.3
IDLE_SECONDS = 5
_LEFT, _RIGHT = range(COLUMNS * 2 // 5), range(COLUMNS // 2, COLUMNS)
# Between papertui's bars; what is found stands below the search line.
TREE, FOUND = Area(_LEFT, range(1, ROWS - 2)), Area(_LEFT, range(3, ROWS - 2))
PANE = Area(_RIGHT, range(1, ROWS - 2))
EVERYTHING_LEFT = Area(_LEFT, range(ROWS))


@dataclass(frozen=True, slots=True)
class Program:
    """What is visited: a text of its usable main screen, the presses that lead to the rows.

    `tree` is where its rows are; `follows` says that its pane shows what the cursor
    is on; `searches` are typed one by one into its search line.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    shows: str
    go: Sequence[bytes] = ()
    tree: Area = TREE
    follows: bool = True
    searches: Sequence[str] = ()


def visit(program: Program, thorough: bool) -> dict[str, float]:
    """Start a program, use it where the visit is `thorough`, leave it; return the figures.

    Times are in ms, memory in MB. Raises Silent for a program that does not do
    what it should.
    """
    with Terminal(program.command, program.environment) as terminal:
        visitor = _Visitor(terminal, program)
        figures = visitor.start()
        if thorough:
            figures |= visitor.step() | visitor.hold()
            figures["peak memory"] = process.peak_memory(terminal.pid)
            if program.follows:
                figures |= visitor.search() | visitor.progress()
            figures |= visitor.idle()
            figures["peak memory, all screens"] = process.peak_memory(terminal.pid)
        return figures | visitor.leave()


class _Visitor:
    """Presses keys and takes the time; the screen is brought up to date between them."""

    def __init__(self, terminal: Terminal, program: Program) -> None:
        self._terminal = terminal
        self._program = program
        self._screen = Screen()

    def start(self) -> dict[str, float]:
        """Wait until the main screen is there and at rest."""
        painted = None
        chunks = self._terminal.quiet(SILENCE)
        for chunk in chunks:
            self._screen.feed(chunk.data)
            if painted is None and self._program.shows in self._screen.text:
                painted = chunk.at
        if painted is None:
            raise self._silent(f"shows no {self._program.shows!r}")
        started = self._terminal.started
        return {"start": _ms(painted - started), "settled": _ms(chunks[-1].at - started)}

    def step(self) -> dict[str, float]:
        """Press arrow keys one by one, each when the one before has had its full effect."""
        for keys in self._program.go:
            self._press(keys)
        cursor, done, moved, all_written = [], [], [], []
        for key in [DOWN] * STEPS + [UP] * STEPS:
            sent = self._terminal.send(key)
            chunks = self._terminal.quiet(SILENCE)
            in_tree, in_pane = self._changes(chunks, self._program.tree)
            if in_tree is None or (self._program.follows and in_pane is None):
                raise self._silent("did not follow an arrow key")
            cursor.append(_ms(in_tree - sent))
            done.append(_ms(chunks[-1].at - sent))
            moved.append(sum(len(chunk.data) for chunk in chunks if chunk.at <= in_tree))
            all_written.append(sum(len(chunk.data) for chunk in chunks))
        return {
            "key p50": percentile(cursor, 50),
            "key p95": percentile(cursor, 95),
            "slowest key": max(cursor),
            "done p50": percentile(done, 50),
            "done p95": percentile(done, 95),
            "cursor bytes": statistics.median(moved),
            "key bytes": statistics.median(all_written),
        }

    def hold(self) -> dict[str, float]:
        """Send a burst of arrow keys, then hold one down."""
        sent = self._terminal.send(DOWN * HELD)
        burst = self._all(self._terminal.quiet(LONG_SILENCE))[-1].at - sent
        self._press(UP * HELD)
        used = process.cpu_seconds(self._terminal.pid)
        chunks: list[Chunk] = []
        begin = time.perf_counter()
        for number in range(HELD):
            while (wait := begin + number / HELD_PER_SECOND - time.perf_counter()) > 0:
                if chunk := self._terminal.next(wait):
                    chunks.append(chunk)
            sent = self._terminal.send(DOWN)
        chunks += self._terminal.quiet(LONG_SILENCE)
        used = process.cpu_seconds(self._terminal.pid) - used
        return {
            "burst": _ms(burst),
            "held lag": _ms(self._all(chunks)[-1].at - sent),
            "held cpu": _ms(used) / HELD,
        }

    def search(self) -> dict[str, float]:
        """Type searches key by key and take the time until the rows are others."""
        painted = []
        for query in self._program.searches:
            self._press(b"/")
            for key in query:
                sent = self._terminal.send(key.encode())
                in_tree, _ = self._changes(self._terminal.quiet(SILENCE), FOUND)
                if in_tree is not None:
                    painted.append(_ms(in_tree - sent))
            self._press(ESCAPE)
        if not painted:
            raise self._silent("found nothing")
        return {"search p50": percentile(painted, 50), "search p95": percentile(painted, 95)}

    def progress(self) -> dict[str, float]:
        """Open Progress for the first time and go back."""
        sent = self._terminal.send(b"p")
        chunks = self._all(self._terminal.quiet(LONG_SILENCE))
        self._press(b"q")
        return {"progress": _ms(chunks[-1].at - sent)}

    def idle(self) -> dict[str, float]:
        """Leave the program alone."""
        pid = self._terminal.pid
        cpu, woken = process.cpu_seconds(pid), process.wake_ups(pid)
        time.sleep(IDLE_SECONDS)
        return {
            "idle cpu": _ms(process.cpu_seconds(pid) - cpu),
            "idle wake-ups": (process.wake_ups(pid) - woken) / IDLE_SECONDS,
        }

    def leave(self) -> dict[str, float]:
        """Quit, wait for the end, and see what is left in the terminal."""
        sent = self._terminal.send(QUIT)
        exit_ = self._terminal.gone() - sent
        if code := self._terminal.exit_code():
            raise self._silent(f"left with exit code {code}")
        return {"exit": _ms(exit_), "left behind": len(self._terminal.left_behind())}

    def _press(self, keys: bytes) -> None:
        self._terminal.send(keys)
        self._all(self._terminal.quiet(LONG_SILENCE))

    def _changes(self, chunks: list[Chunk], tree: Area) -> tuple[float | None, float | None]:
        """Show some chunks; return when the tree first changed, and when the pane last did."""
        in_tree = in_pane = None
        for chunk in chunks:
            before = self._screen.cells(tree), self._screen.cells(PANE)
            self._screen.feed(chunk.data)
            if in_tree is None and self._screen.cells(tree) != before[0]:
                in_tree = chunk.at
            if self._screen.cells(PANE) != before[1]:
                in_pane = chunk.at
        return in_tree, in_pane

    def _all(self, chunks: list[Chunk]) -> list[Chunk]:
        if not chunks:
            raise self._silent("did nothing at a key")
        for chunk in chunks:
            self._screen.feed(chunk.data)
        return chunks

    def _silent(self, why: str) -> Silent:
        return Silent(f"{self._program.name} {why}; it shows:\n{self._screen.text}")


def _ms(seconds: float) -> float:
    return seconds * 1000
