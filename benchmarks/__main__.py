"""Measure, print the tables, and write them into docs/benchmarks.md."""

import compileall
import os
import platform
import sqlite3
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import click

import papertui
from benchmarks import beside, corpus
from benchmarks.figures import Round
from benchmarks.report import BARE, FLOOR, SIZES, report
from benchmarks.visit import DOWN, EVERYTHING_LEFT, UP, Program, visit

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
# The command that stands for all: it opens the database and asks it.
COMMAND = ("next",)
PAPERTUI = str(Path(sys.executable).with_name("papertui"))
EVENTS = {"153": 200, "10,000": 10_000, "100,000": 10_000}
THOROUGH_ROUNDS = 5
SEARCHES = 3
# To the first work of the large section, which then stands at the top of the screen.
TO_LARGE_SECTION = (b"/", corpus.FIRST_ARXIV.encode(), b"\r", DOWN * 40, UP * 36)


class Bench:
    """The programs, with their databases in a folder."""

    def __init__(self, folder: Path) -> None:
        self._environment = {
            **{k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES", "NO_COLOR")},
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LC_ALL": "C.UTF-8",
            "PAPERTUI_CONFIG": str(folder / "config.toml"),
        }
        self._databases = {size: folder / f"{size}.db" for size in SIZES}

    def prepare(self) -> None:
        """Make the databases, compile papertui, and start everything once."""
        for size, path in self._databases.items():
            _say(f"making a library of {size} works")
            # Made in another process, since a large one takes longer to start children.
            made = [str(path), size.replace(",", ""), str(EVENTS[size])]
            subprocess.run([sys.executable, "-m", "benchmarks.corpus", *made], check=True)
        compileall.compile_dir(Path(papertui.__file__).parent, quiet=1)
        self._visits(0, thorough=False)

    def round(self, number: int) -> Round:
        """Measure everything once, one program after the other."""
        thorough = number < THOROUGH_ROUNDS
        found = self._visits(number, thorough)
        if thorough:
            for size, path in self._databases.items():
                found[size] |= beside.search(path, number)
        bare = [sys.executable, "-c", "import sqlite3, click"]
        lines = {BARE: (bare, self._environment)}
        lines |= {size: ([PAPERTUI, *COMMAND], self._with(size)) for size in SIZES}
        for name, figures in beside.commands(lines).items():
            found.setdefault(name, {}).update(figures)
        return found

    def _visits(self, number: int, thorough: bool) -> dict[str, dict[str, float]]:
        floor = Program(
            FLOOR,
            (sys.executable, str(Path(__file__).with_name("floor.py"))),
            self._environment,
            shows="Section 1",
            tree=EVERYTHING_LEFT,
            follows=False,
        )
        found = {FLOOR: visit(floor, thorough)}
        for size, path in self._databases.items():
            corpus.rewind(path)
            program = Program(
                size,
                (PAPERTUI,),
                self._with(size),
                shows="Foundations",
                go=() if size == SIZES[0] else TO_LARGE_SECTION,
                searches=corpus.queries(path, SEARCHES, number),
            )
            found[size] = visit(program, thorough)
        return found

    def _with(self, size: str) -> dict[str, str]:
        return {**self._environment, "PAPERTUI_DB": str(self._databases[size])}


def machine() -> dict[str, str]:
    """Return what the figures depend on."""
    return {
        "System": f"{platform.system()} on {platform.machine()}, {os.cpu_count()} CPUs",
        "Python": platform.python_version(),
        "Textual": version("textual"),
        "SQLite": sqlite3.sqlite_version,
        "papertui": papertui.__version__,
    }


@click.command()
@click.argument("rounds", type=click.IntRange(min=1))
def main(rounds: int) -> None:
    """Measure in so many ROUNDS."""
    if platform.system() != "Linux":
        raise click.UsageError("the benchmarks read /proc and so need Linux.")
    with TemporaryDirectory(prefix="papertui-bench-") as folder:
        bench = Bench(Path(folder))
        bench.prepare()
        found = []
        for number in range(rounds):
            _say(f"round {number + 1} of {rounds}")
            found.append(bench.round(number))
    page = report(found, machine(), f"papertui {' '.join(COMMAND)}") + "\n"
    PAGE.write_text(page, encoding="utf-8")
    click.echo(page)


def _say(what: str) -> None:
    click.echo(f"{what} …", err=True)


if __name__ == "__main__":
    main()
