"""Imports: a BibTeX file's dry run and locks, and what a reading list costs beside its Markdown."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ENTRIES = 7_000
ROWS = 1_300
_LISTS = {
    "word": [
        "deep",
        "made-up",
        "sparse",
        "{Bayesian}",
        "robust",
        "{Gau{\\ss}ian}",
        "causal",
        "fast",
    ],
    "thing": ["examples", "gradients", "{Graphs}", "networks", "proofs", "{COVID-19}", "queries"],
    "given": ["Ada", "Bea", "Carl", "D. E.", 'Bj{\\"o}rn', "Jos{\\'e}"],
    "family": ["Clark", "Deen", "van der Berg", "Garc{\\'i}a M{\\'a}rquez", "King, Jr."],
}


def library(entries: int, seed: int) -> str:
    """Return an invented BibTeX file in the manner of Zotero and Google Scholar."""
    chance = random.Random(seed)

    def pick(of: str, count: int) -> str:
        return " ".join(chance.choices(_LISTS[of], k=count))

    def entry(number: int) -> str:
        names = [f"{pick('family', 1)}, {pick('given', 1)}" for _ in range(chance.randint(1, 7))]
        fields = {
            "title": f"{pick('word', 4)} {pick('thing', 2)} -- number {number}",
            "author": " and ".join(names),
            "journal": f"Journal of {pick('thing', 1)} \\& {pick('thing', 1)}",
            "volume": str(chance.randint(1, 99)),
            "pages": f"{number}--{number + 9}",
            "year": str(chance.randint(1970, 2025)),
            "doi": f"10.1000/made\\_up.{number}",
            "abstract": f"{pick('word', 40)} $x_{{{number}}}$ {pick('thing', 60)}",
            "keywords": f"{pick('word', 1)}, {pick('thing', 1)}",
        }
        lines = [f"\t{name} = {{{text}}}," for name, text in fields.items()]
        return "\n".join([f"@article{{deen{number},", *lines, "}"])

    return "\n\n".join(map(entry, range(entries))) + "\n"


def table_of_papers(rows: int, seed: int) -> str:
    """Return an invented list of papers of the week: tables of names, sentences and links."""
    chance = random.Random(seed)
    things = [thing.strip("{}") for thing in _LISTS["thing"]]

    def sentence() -> str:
        words = " ".join(chance.choices(["shows", "that", "a", "model", "of", *things], k=24))
        return f"Introduces a way to {words}, and (again) {chance.choice(things)}."

    lines = ["# Papers of the week"]
    for number in range(rows):
        if number % 10 == 0:
            lines += ["", f"## Week {number // 10}", "", "| **Paper** | **Links** |", "|---|---|"]
        name = f"{chance.choice(things).title()} {number}"
        text = " ".join(sentence() for _ in range(4))
        paper = f"[Paper](https://arxiv.org/abs/2401.{number:05})"
        lines.append(f"| {number % 10 + 1}) {name}  {text} | {paper}, [Code](https://a.example/) |")
    return "\n".join(lines) + "\n"


def time_import(file: Path, papertui: str, environment: Mapping[str, str]) -> dict[str, float]:
    """Return figures in ms: of a BibTeX file, and of a reading list beside its Markdown."""
    started_at = time.perf_counter()
    command = [papertui, "import", str(file), "--dry-run"]
    subprocess.run(command, env=environment, capture_output=True, check=True)
    figures = {"dry run": (time.perf_counter() - started_at) * 1000}
    # In another process: this one must not grow, or it takes longer to start programs.
    measured = subprocess.run(
        [sys.executable, "-m", "benchmarks.imports", str(file), environment["PAPERTUI_DB"]],
        stdout=subprocess.PIPE,
        check=True,
    )
    return {**figures, **json.loads(measured.stdout)}


def _measure(file: Path, database: Path) -> dict[str, float]:
    from bibtexparser.splitter import Splitter

    from papertui.importers import formats
    from papertui.importers.plan import plan_import
    from papertui.storage.store import Store

    data = file.read_bytes()
    started_at = time.perf_counter()
    Splitter(data.decode()).split()
    split = time.perf_counter() - started_at
    parsed = formats.parse_file(data, file.name)
    assert not isinstance(parsed, list)
    locks: list[float] = []
    with Store(database) as store:
        plan = plan_import(parsed, store.works, file.name)
        lock = store._db.writing

        @contextmanager
        def timed() -> Iterator[None]:
            with lock():
                locked_at = time.perf_counter()
                yield
            locks.append(time.perf_counter() - locked_at)

        store._db.writing = timed  # type: ignore[method-assign]
        store.record(plan.change)
        for _ in store.catch_up():
            pass
    return {"plain split": split * 1000, "longest lock": max(locks) * 1000, **_measure_list()}


def _measure_list() -> dict[str, float]:
    from markdown_it import MarkdownIt

    from papertui.importers.reading_list.parser import parse_reading_list

    text = table_of_papers(ROWS, ROWS)
    started_at = time.perf_counter()
    MarkdownIt("commonmark").enable("table").parse(text)
    markdown = time.perf_counter() - started_at
    parse_reading_list(text, "week.md")
    whole = time.perf_counter() - started_at - markdown
    return {"its Markdown": markdown * 1000, "reading list": whole * 1000}


if __name__ == "__main__":
    print(json.dumps(_measure(Path(sys.argv[1]), Path(sys.argv[2]))))
