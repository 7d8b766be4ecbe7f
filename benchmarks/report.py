"""The tables: ratios with their targets, then what was measured."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from benchmarks.figures import Round, Spread, Target, measured, ratio, verdict

FLOOR, SIZES = "floor", ("153", "10,000", "100,000")
BARE = "bare"
TITLES = {
    "start": "first usable screen",
    "settled": "start until nothing changes any more",
    "key p50": "arrow key, cursor painted, p50",
    "key p95": "arrow key, cursor painted, p95",
    "slowest key": "the slowest arrow key",
    "done p50": "arrow key, pane shows the work, p50",
    "done p95": "arrow key, pane shows the work, p95",
    "burst": "120 arrow keys at once",
    "held lag": "key held at 30 Hz: lag after the last",
    "held cpu": "key held at 30 Hz: CPU a key",
    "cursor bytes": "bytes until the cursor is painted",
    "key bytes": "bytes a key, pane included",
    "search p50": "key of a search, rows painted, p50",
    "search p95": "key of a search, rows painted, p95",
    "database p50": "key of a search, database alone, p50",
    "database p95": "key of a search, database alone, p95",
    "like p50": "the same by `LIKE '%…%'`, p50",
    "like p95": "the same by `LIKE '%…%'`, p95",
    "progress": "opening Progress",
    "peak memory": "peak memory after these keys",
    "peak memory, all screens": "peak memory after search and Progress",
    "idle cpu": "CPU in 5 idle seconds",
    "idle wake-ups": "wake-ups an idle second",
    "exit": "quitting",
    "left behind": "modes left on in the terminal",
    "command": "a command in the shell",
}
UNITS = {
    "cursor bytes": "B",
    "key bytes": "B",
    "peak memory": "MB",
    "peak memory, all screens": "MB",
    "idle wake-ups": "",
    "left behind": "",
}
TO_FLOOR = (
    Target("start", "start", 1.0, 0.75),
    Target("settled", "settled", 1.0, 0.8),
    Target("key p50", "key p50", 1.1, 0.7),
    Target("key p95", "key p95", 1.2, 0.5),
    Target("slowest key", "key p95", 3, 1.5),
    Target("done p95", "key p95", 6, 3),
    Target("burst", "burst", 2.5, 1.5),
    Target("held lag", "held lag", 4, 2, most=150),
    Target("held cpu", "held cpu", 1.7, 1.4),
    Target("cursor bytes", "cursor bytes", 1.2, 1.06),
    Target("key bytes", "key bytes"),
    Target("search p95", "key p95", 3, 2),
    Target("progress", "key p95"),
    Target("peak memory", "peak memory", 1.0, 0.85),
    Target("peak memory, all screens", "peak memory, all screens"),
    Target("idle cpu", "idle cpu", 1.2, 0.3),
    Target("idle wake-ups", "idle wake-ups", 1.2, 0.3),
    Target("exit", "exit", 0.8, 0.2),
)
TO_SMALLEST = (
    Target("start", "start", 1.25, 1.1),
    Target("settled", "settled", 1.25, 1.1),
    Target("key p95", "key p95", 1.3, 1.1),
    Target("done p95", "done p95", 1.3, 1.1),
    Target("search p95", "search p95"),
    Target("progress", "progress"),
    Target("peak memory", "peak memory", 1.15, 1.05),
    Target("command", "command", 1.1, 1.0),
)
TO_LIKE = Target("database p95", "like p95", 0.1, 0.03)
TO_BARE = Target("command", "command", 1.5, 1.2)


def report(rounds: Sequence[Round], machine: Mapping[str, str], command: str) -> str:
    """Return the page: how it was measured, the machine, the tables."""
    about = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    return "\n\n".join(
        (
            _ABOUT.format(rounds=len(rounds), thorough=_thorough(rounds), command=command),
            f"## The machine\n\n{about}",
            "## Against the floor\n\n"
            + _ratios(rounds, TO_FLOOR, [(size, FLOOR) for size in SIZES]),
            "## Against papertui's own 153 works\n\n"
            + _ratios(rounds, TO_SMALLEST, [(size, SIZES[0]) for size in SIZES[1:]]),
            "## A search in the database, against `LIKE '%…%'` there\n\n"
            + _ratios(rounds, [TO_LIKE], [(size, size) for size in SIZES]),
            f"## `{command}`, against `python -c 'import sqlite3, click'`\n\n"
            + _ratios(rounds, [TO_BARE], [(size, BARE) for size in SIZES]),
            "## As measured\n\n" + _values(rounds),
        )
    )


def _thorough(rounds: Sequence[Round]) -> int:
    return sum("key p95" in of_round.get(FLOOR, {}) for of_round in rounds)


def _ratios(
    rounds: Sequence[Round], targets: Iterable[Target], columns: Sequence[tuple[str, str]]
) -> str:
    head = ["", *(f"{size} works" for size, _ in columns), "must", "aim"]
    body = [
        [
            _title(target),
            *(_ratio_cell(rounds, size, base, target) for size, base in columns),
            _bound(target.must, target.most),
            _bound(target.aim),
        ]
        for target in targets
    ]
    return _table(head, body)


def _ratio_cell(rounds: Sequence[Round], program: str, base: str, target: Target) -> str:
    found = ratio(rounds, program, base, target)
    value = measured(rounds, program, target.figure)
    if found is None or value is None:
        return ""
    return f"{_spread(found)} {verdict(target, found, value)}".strip()


def _values(rounds: Sequence[Round]) -> str:
    programs = list(dict.fromkeys(chain.from_iterable(rounds)))
    names = {size: f"{size} works" for size in SIZES}
    body = []
    for figure, title in TITLES.items():
        unit = UNITS.get(figure, "ms")
        found = [measured(rounds, program, figure) for program in programs]
        body.append([f"{title}, {unit}" if unit else title, *map(_cell, found)])
    return _table(["", *(names.get(program, program) for program in programs)], body)


def _title(target: Target) -> str:
    title = TITLES[target.figure]
    other = target.base_figure
    return title if other == target.figure else f"{title} / {TITLES[other]}"


def _bound(ratio: float | None, most: float | None = None) -> str:
    if ratio is None:
        return ""
    return f"≤ {ratio:g}" + (f", ≤ {most:g} ms" if most else "")


def _cell(found: Spread | None) -> str:
    return _spread(found) if found else ""


def _spread(found: Spread) -> str:
    return f"{_number(found.middle)} [{_number(found.low)}–{_number(found.high)}]"


def _number(value: float) -> str:
    """Return a number with three digits that count."""
    if value >= 100 or value == 0:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _table(head: Sequence[str], body: Iterable[Sequence[str]]) -> str:
    rows = [head, *body]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    lines = [
        "| " + " | ".join(map(str.ljust, row, widths)) + " |"
        for row in [rows[0], ["-" * width for width in widths], *rows[1:]]
    ]
    return "\n".join(lines)


_ABOUT = """\
# How fast papertui is

`make bench` measures this and writes this page; `make bench ROUNDS=3` is quick and
rough. It starts real processes in terminals of 120×40 and presses keys there: in
every round the *floor*, then papertui with 153, 10,000 and 100,000 works. The floor
is the least a Textual app does: a tree of 150 leaves in 15 open sections and a
Markdown pane that stays, without key bar and without a database. 153 works are what
papertui ships, with 200 events of reading; the larger libraries are made up, with
10,000 events. Their keys are pressed in a section of 5,000 works.

Rounds: {rounds}; start, quitting and the command are measured in each, all else in
the first {thorough}. A ratio is taken within a round; a cell is its *median
[least–greatest]* over the rounds, with `++` where the median reaches the aim, `+`
where it reaches what must be, `−` where it does not. A single start may differ from
the next by a quarter.

- *First usable screen*: from the start of the process until the first section is on the
  screen. Databases are indexed and files compiled before.
- *Arrow key*: 48 down, 48 up, each sent when the program has neither written nor
  worked for 150 ms; until the rows change (*cursor painted*), and until the last byte
  it causes (*pane shows the work*). That the pane did change is checked.
- *Search*: made-up queries of one to three words of a title, typed key by key; until
  the rows differ. *Database alone* is the question papertui asks for each of these
  texts, `LIKE` asks for the first 50 works that hold every word in their fields.
- *Memory* is the peak of the process and all it started; *wake-ups* are voluntary
  context switches.
- *Modes left on* counts what is not as it was when the program had gone, in a terminal
  that reports sizes in band, where Textual turns on pixel reports of the mouse (?1016).
- `{command}` is timed five times a round, of which the median counts."""
