"""The page of results: tables of ratios with their targets, then the measured values."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from benchmarks.peer import NEWSBOAT
from benchmarks.ratios import Round, Spread, Target, figure_spread, ratio_spread, verdict

BASELINE, SIZES = "baseline", ("153", "10,000", "100,000")
# Python with the modules that every command needs.
BARE_PYTHON = "bare Python"
BIBTEX = "7,000 entries"
TITLES = {
    "start": "first usable screen",
    "first key": "key typed at the start, answered",
    "settled": "start, until nothing changes any more",
    "key p50": "arrow key, cursor painted, p50",
    "key p95": "arrow key, cursor painted, p95",
    "slowest key": "slowest arrow key",
    "done p50": "arrow key, pane shows the work, p50",
    "done p95": "arrow key, pane shows the work, p95",
    "burst": "120 arrow keys at once",
    "held lag": "key held at 30 Hz, lag after the last",
    "held cpu": "key held at 30 Hz, CPU per key",
    "cursor bytes": "bytes until the cursor is painted",
    "key bytes": "bytes per key, pane included",
    "search p50": "key of a search, rows painted, p50",
    "search p95": "key of a search, rows painted, p95",
    "database p50": "key of a search, database only, p50",
    "database p95": "key of a search, database only, p95",
    "like p50": "the same with `LIKE '%…%'`, p50",
    "like p95": "the same with `LIKE '%…%'`, p95",
    "progress": "opening the progress screen",
    "peak memory": "peak memory after these keys",
    "peak memory, all screens": "peak memory after search and progress",
    "idle cpu": "CPU in 5 idle seconds",
    "idle wake-ups": "wake-ups per idle second",
    "exit": "quitting",
    "left behind": "modes left on in the terminal",
    "command": "a command in the shell",
    "dry run": "dry run of a BibTeX file",
    "plain split": "bibtexparser, entries split and not understood",
    "longest lock": "longest lock while it is imported",
    "reading list": "reading list of 1,300 table rows, parsed",
    "its Markdown": "markdown-it's parse of it",
}
UNITS = {
    "cursor bytes": "B",
    "key bytes": "B",
    "peak memory": "MB",
    "peak memory, all screens": "MB",
    "idle wake-ups": "",
    "left behind": "",
}
TO_BASELINE = (
    Target("start", "start", 1.0, 0.75),
    Target("first key", "first key", 0.8, 0.7),
    Target("settled", "settled", 1.0, 0.8),
    Target("key p50", "key p50", 1.1, 0.7),
    Target("key p95", "key p95", 1.2, 0.5),
    Target("slowest key", "key p95", 3, 1.5),
    Target("done p95", "key p95", 6, 3),
    Target("burst", "burst", 2.5, 1.5),
    Target("held lag", "held lag", 4, 2, max_ms=150),
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
KEPT_TO_BASELINE = (
    Target("start", "start", 0.5, 0.15),
    Target("first key", "first key", 0.8, 0.7),
    Target("exit", "exit", 0.8, 0.2),
)
TO_PEER = tuple(
    Target(figure, figure)
    for figure in (
        *("start", "key p50", "key p95", "burst", "held lag", "held cpu", "key bytes"),
        *("peak memory", "idle cpu", "exit"),
    )
)
TO_SMALLEST = (
    Target("start", "start", 1.25, 1.1),
    Target("first key", "first key", 1.1, 1.02),
    Target("settled", "settled", 1.25, 1.1),
    Target("key p95", "key p95", 1.3, 1.1),
    Target("done p95", "done p95", 1.3, 1.1),
    Target("search p95", "search p95"),
    Target("progress", "progress"),
    Target("peak memory", "peak memory", 1.15, 1.05),
    Target("command", "command", 1.1, 1.0),
)
TO_LIKE = Target("database p95", "like p95", 0.1, 0.03)
TO_SPLIT = Target("dry run", "plain split")
TO_MARKDOWN = Target("reading list", "its Markdown", goal=3)
TO_SECOND = Target("longest lock", "plain split", max_ms=1000)
TO_BARE_PYTHON = Target("command", "command", 1.5, 1.2)


def report(rounds: Sequence[Round], machine: Mapping[str, str], command: str) -> str:
    """Return the page: the method, the machine, the tables."""
    facts = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    return "\n\n".join(
        (
            _METHOD.format(
                rounds=len(rounds), thorough_rounds=_count_thorough(rounds), command=command
            ),
            f"## The machine\n\n{facts}",
            "## Against the baseline\n\n"
            + _ratio_table(rounds, TO_BASELINE, [(size, BASELINE) for size in SIZES]),
            "## With a kept screen, against the baseline\n\n"
            + _ratio_table(rounds, KEPT_TO_BASELINE, [(kept(size), BASELINE) for size in SIZES]),
            "## newsboat, a native reader of feeds, against the baseline\n\n"
            + _ratio_table(rounds, TO_PEER, [(NEWSBOAT, BASELINE), (SIZES[0], BASELINE)]),
            "## Against papertui's own 153 works\n\n"
            + _ratio_table(rounds, TO_SMALLEST, [(size, SIZES[0]) for size in SIZES[1:]]),
            "## A search in the database, against `LIKE '%…%'` in the same one\n\n"
            + _ratio_table(rounds, [TO_LIKE], [(size, size) for size in SIZES]),
            f"## `{command}`, against `python -c 'import sqlite3, click'`\n\n"
            + _ratio_table(rounds, [TO_BARE_PYTHON], [(size, BARE_PYTHON) for size in SIZES]),
            "## A BibTeX file, against bibtexparser's plain split of it\n\n"
            + _ratio_table(rounds, [TO_SPLIT, TO_SECOND], [(BIBTEX, BIBTEX)]),
            "## A reading list, against markdown-it's parse of it\n\n"
            + _ratio_table(rounds, [TO_MARKDOWN], [(BIBTEX, BIBTEX)]),
            "## As measured\n\n" + _value_table(rounds),
        )
    )


def kept(size: str) -> str:
    """Return the name of the program that has a kept screen of that many works."""
    return f"{size}, kept screen"


def _count_thorough(rounds: Sequence[Round]) -> int:
    return sum("key p95" in figures_of.get(BASELINE, {}) for figures_of in rounds)


def _ratio_table(
    rounds: Sequence[Round], targets: Iterable[Target], columns: Sequence[tuple[str, str]]
) -> str:
    head = ["", *(_column(size) for size, _ in columns), "limit", "goal"]
    body = [
        [
            _title(target),
            *(_ratio_cell(rounds, size, base, target) for size, base in columns),
            _bound(target.limit, target.max_ms),
            _bound(target.goal),
        ]
        for target in targets
    ]
    return _table(head, body)


def _ratio_cell(rounds: Sequence[Round], program: str, base: str, target: Target) -> str:
    ratio = ratio_spread(rounds, program, base, target)
    figure = figure_spread(rounds, program, target.figure)
    if ratio is None or figure is None:
        return ""
    return f"{_spread_cell(ratio)} {verdict(target, ratio, figure)}".strip()


def _value_table(rounds: Sequence[Round]) -> str:
    programs = list(dict.fromkeys(chain.from_iterable(rounds)))
    body = []
    for figure, title in TITLES.items():
        unit = UNITS.get(figure, "ms")
        spreads = [figure_spread(rounds, program, figure) for program in programs]
        body.append([f"{title}, {unit}" if unit else title, *map(_spread_cell, spreads)])
    return _table(["", *map(_column, programs)], body)


def _column(program: str) -> str:
    return f"{program} works" if program in SIZES else program


def _title(target: Target) -> str:
    title = TITLES[target.figure]
    if target.base_figure == target.figure:
        return title
    return f"{title} / {TITLES[target.base_figure]}"


def _bound(max_ratio: float | None, max_ms: float | None = None) -> str:
    if max_ratio is None:
        return ""
    return f"≤ {max_ratio:g}" + (f", ≤ {max_ms:g} ms" if max_ms else "")


def _spread_cell(spread: Spread | None) -> str:
    if spread is None:
        return ""
    return f"{_number(spread.median)} [{_number(spread.low)}–{_number(spread.high)}]"


def _number(value: float) -> str:
    """Return a number with three significant digits."""
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


_METHOD = """\
# How fast papertui is

`make bench` takes these measurements and writes this page; `make bench ROUNDS=3` is
quick and rough. It starts real processes in terminals of 120×40 and presses keys in
them: in every round first the *baseline*, then papertui with 153, 10,000 and 100,000
works. The baseline is the least that a Textual app does: a tree of 150 leaves in 15 open
sections beside a Markdown pane that never changes, without a key bar and without a
database. 153 works are those that papertui ships, with 200 events of reading; the larger
libraries are made up and have 10,000 events. In them the keys are pressed in a section
of 5,000 works.

Rounds: {rounds}. Start, quitting and the command are measured in each of them,
everything else in the first {thorough_rounds}. A ratio is taken within a round; a cell shows
its *median [least–greatest]* over the rounds, with `++` if the median meets the goal, `+`
if it is within the limit, `−` if it is not. A single start may differ from the next by a
quarter.

- *First usable screen*: from the start of the process until the first section is on the
  screen. Databases are indexed and files are compiled beforehand. It is drawn by the app
  but for the rows *with a kept screen*, in which the app was left once before.
- *Key typed at the start*: the down key, typed when the process starts; timed until the
  rows change no more.
- *Arrow key*: 48 times down and 48 times up, each sent when the program has neither
  written nor worked for 150 ms; timed until the rows change (*cursor painted*) and until
  the last byte that the key causes (*pane shows the work*). It is checked that the pane
  did change.
- *newsboat*, where it is installed, has 9 feeds of 17 entries; the keys are pressed in the
  list of all entries, beside which it has no pane.
- *Search*: one to three words of a title, chosen at random and typed key by key; timed
  until the rows change. *Database only* is the query that papertui makes for each of
  these texts; `LIKE` asks for the first 50 works whose fields contain every word.
- *Memory* is the peak of the process and of all that it started; *wake-ups* are
  voluntary context switches.
- *Modes left on* counts the modes that differ from their initial state after the program
  has ended, in a terminal that reports its size in band, where Textual turns on pixel
  reports of the mouse (?1016).
- `{command}` is timed five times in a round, and the median counts."""
