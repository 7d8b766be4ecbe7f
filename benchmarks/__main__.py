"""The command behind `make bench`: measures, prints the page, and writes it into docs/."""

import compileall
import os
import platform
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import click

import papertui
from benchmarks import corpus
from benchmarks.headless import time_commands, time_searches
from benchmarks.imports import ENTRIES, library, time_import
from benchmarks.interactive import DOWN, LEFT_HALF, UP, Program, measure_app
from benchmarks.peer import newsboat
from benchmarks.ratios import Round
from benchmarks.report import BARE_PYTHON, BASELINE, BIBTEX, SIZES, kept, report

PAGE = Path(__file__).parent.parent / "docs" / "benchmarks.md"
# It stands for all commands: it opens the database and queries it.
COMMAND = ("next",)
PAPERTUI = str(Path(sys.executable).with_name("papertui"))
EVENTS = {"153": 200, "10,000": 10_000, "100,000": 10_000}
MAX_THOROUGH_ROUNDS = 7
SEARCHES = 3
# Seconds in which the screen of the next start is drawn, behind the back of the reader.
DRAWING = 4.0
# Keys that lead to the first work of the large section, at the top of the screen.
TO_LARGE_SECTION = (b"/", corpus.FIRST_ARXIV.encode(), b"\r", DOWN * 40, UP * 36)


class Bench:
    """The programs to measure, with their databases in a folder."""

    def __init__(self, folder: Path) -> None:
        self._environment = {
            **{
                name: value
                for name, value in os.environ.items()
                if name not in ("COLUMNS", "LINES", "NO_COLOR")
            },
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "LC_ALL": "C.UTF-8",
            "PAPERTUI_CONFIG": str(folder / "config.toml"),
            "PAPERTUI_CACHE": str(folder / "cache"),
            "PAPERTUI_KEEP_SCREEN": "off",
        }
        self._databases = {size: folder / f"{size}.db" for size in SIZES}
        self._folder = folder
        self._peer = newsboat(folder, self._environment)

    def prepare(self) -> None:
        """Make the databases, compile papertui, and start every program once."""
        for size, path in self._databases.items():
            _print_step(f"making a library of {size} works")
            # In another process: if this one grew, it would take longer to start programs.
            arguments = [str(path), size.replace(",", ""), str(EVENTS[size])]
            subprocess.run([sys.executable, "-m", "benchmarks.corpus", *arguments], check=True)
        compileall.compile_dir(Path(papertui.__file__).parent, quiet=1)
        self._measure_apps(0, thorough=False)

    def measure_round(self, number: int) -> Round:
        """Measure every program once, one after the other."""
        thorough = number < MAX_THOROUGH_ROUNDS
        figures_of = self._measure_apps(number, thorough)
        if thorough:
            for size, path in self._databases.items():
                figures_of[size] |= time_searches(path, number)
            figures_of[BIBTEX] = self._time_import(number)
        bare_python = [sys.executable, "-c", "import sqlite3, click"]
        command_lines = {BARE_PYTHON: (bare_python, self._environment)}
        for size in SIZES:
            command_lines[size] = ([PAPERTUI, *COMMAND], self._environment_for(size))
        for program, figures in time_commands(command_lines).items():
            figures_of.setdefault(program, {}).update(figures)
        return figures_of

    def _time_import(self, number: int) -> dict[str, float]:
        """Import a BibTeX file into a database without one."""
        file, database = self._folder / "library.bib", self._folder / f"bibtex-{number}.db"
        file.write_text(library(ENTRIES, number), encoding="utf-8")
        environment = {**self._environment, "PAPERTUI_DB": str(database)}
        subprocess.run([PAPERTUI, *COMMAND], env=environment, stdout=subprocess.DEVNULL, check=True)
        return time_import(file, PAPERTUI, environment)

    def _measure_apps(self, number: int, thorough: bool) -> dict[str, dict[str, float]]:
        baseline = Program(
            BASELINE,
            (sys.executable, str(Path(__file__).with_name("baseline.py"))),
            self._environment,
            ready_text="Section 1",
            tree=LEFT_HALF,
            pane_follows=False,
        )
        figures_of = {BASELINE: measure_app(baseline, thorough)}
        if self._peer:
            figures_of[self._peer.name] = measure_app(self._peer, thorough)
        for size, path in self._databases.items():
            corpus.rewind(path)
            program = Program(
                size,
                (PAPERTUI,),
                self._environment_for(size),
                ready_text="Foundations",
                approach=() if size == SIZES[0] else TO_LARGE_SECTION,
                searches=corpus.queries(path, SEARCHES, number),
            )
            figures_of[size] = measure_app(program, thorough)
            figures_of[kept(size)] = self._measure_kept(program)
        return figures_of

    def _measure_kept(self, program: Program) -> dict[str, float]:
        """Leave a program, and measure the next start once a screen is kept for it."""
        program = replace(program, environment={**program.environment, "PAPERTUI_KEEP_SCREEN": ""})
        measure_app(program, thorough=False)
        time.sleep(DRAWING)
        figures = measure_app(program, thorough=False)
        time.sleep(DRAWING)
        return figures

    def _environment_for(self, size: str) -> dict[str, str]:
        return {**self._environment, "PAPERTUI_DB": str(self._databases[size])}


def machine() -> dict[str, str]:
    """Return the versions and the hardware that the figures depend on."""
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
    """Measure ROUNDS times and write the page of results."""
    if platform.system() != "Linux":
        raise click.UsageError("the benchmarks read /proc, so they need Linux.")
    with TemporaryDirectory(prefix="papertui-bench-") as folder:
        bench = Bench(Path(folder))
        bench.prepare()
        measured_rounds = []
        for number in range(rounds):
            _print_step(f"round {number + 1} of {rounds}")
            measured_rounds.append(bench.measure_round(number))
    page = report(measured_rounds, machine(), f"papertui {' '.join(COMMAND)}") + "\n"
    PAGE.write_text(page, encoding="utf-8")
    click.echo(page)


def _print_step(step: str) -> None:
    click.echo(f"{step} …", err=True)


if __name__ == "__main__":
    main()
