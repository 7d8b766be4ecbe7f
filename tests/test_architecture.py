"""Imports point one way, and a command never pays for the app."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "papertui"
MODULES = {
    ".".join(("papertui", *path.relative_to(SOURCE).with_suffix("").parts)): path
    for path in SOURCE.rglob("*.py")
}
PURE = (
    "text",
    "links",
    "shape",
    "catalog",
    "catalog_check",
    "strictjson",
    "journal",
    "fold",
    "records",
    "weeks",
    "outline",
    "words",
    "session",
    "plan",
    "heatmap",
    "adding",
    "thinning",
    "salvage",
    "checkup",
    "facets",
    "importing.found",
    "importing.latex",
    "importing.groups",
    "importing.entries",
    "importing.bibtex",
    "importing.own",
    "exporting.bibtex",
    "exporting.holding",
    "exporting.markdown",
    "exporting.own",
    "exporting.page",
    "exporting.table",
    "identity",
    "imported",
    "indexed",
    "importing.comparing",
    "importing.matching",
    "importing.source",
    "importing.blocks",
    "importing.marks",
    "importing.spans",
    "importing.html_blocks",
    "importing.markdown_blocks",
    "importing.plain_blocks",
    "importing.lexicon",
    "importing.addresses",
    "importing.imprint",
    "importing.facts",
    "importing.fields",
    "importing.titles",
    "importing.works",
    "importing.roles",
    "importing.tables",
    "importing.paragraphs",
    "importing.sections",
    "importing.assembly",
    "importing.markdown",
)
HEAVY = (
    "textual", "rich", "asyncio", "sqlite_utils", "pyperclip", "httpx", "defusedxml",
    "bibtexparser", "pylatexenc",
)  # fmt: skip
NEEDED_BY_A_LIBRARY = (
    "sqlite3",
    "json",
    "papertui.storage.store",
    "papertui.core.catalog",
    "papertui.core.replay",
)


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("module", sorted(MODULES))
def test_only_the_app_knows_textual(module: str) -> None:
    if not module.startswith("papertui.tui"):
        assert not {name for name in imported(MODULES[module]) if name.startswith("textual")}


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_know_only_each_other(module: str) -> None:
    ours = {
        name.removeprefix("papertui.")
        for name in imported(MODULES[f"papertui.{module}"])
        if name in MODULES
    }
    names = imported(MODULES[f"papertui.{module}"])
    ours = {name.removeprefix("papertui.") for name in names & MODULES.keys()}
    assert ours <= set(PURE)
    assert not {"sqlite3", "os", "subprocess"} & imported(MODULES[f"papertui.{module}"])


@pytest.mark.parametrize("module", sorted(m for m in MODULES if not m.startswith("papertui.tui")))
def test_nothing_below_knows_the_app(module: str) -> None:
    if module != "papertui.cli.start":
        assert not {n for n in imported(MODULES[module]) if n.startswith("papertui.tui")}


@pytest.mark.parametrize("widget", ["outline_view", "page_view", "bars"])
def test_widgets_never_touch_the_store(widget: str) -> None:
    path = MODULES[f"papertui.tui.{widget}"]
    assert not {
        n
        for n in imported(path)
        if n in ("papertui.storage.store", "papertui.storage.reading_log", "sqlite3")
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["list"],
        ["stats"],
        ["log", "he2015deep", "--pass", "1", "--again"],
        ["add", "2401.12345", "--offline"],
        ["export", "--format", "json"],
        ["export", "--format", "bib"],
    ],
)
def test_a_command_loads_nothing_heavy(arguments: list[str]) -> None:
    # The first run makes the database, for which sqlite_utils is wanted once.
    loaded_by(arguments)
    assert not {*HEAVY} & loaded_by(arguments)


@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["--version"], ["log", "--help"], ["paths"], ["completion", "zsh"]],
)
def test_what_needs_no_library_loads_none(arguments: list[str]) -> None:
    assert not {*HEAVY, *NEEDED_BY_A_LIBRARY} & loaded_by(arguments)


def loaded_by(arguments: list[str]) -> set[str]:
    """Run papertui; returns the modules it came to load."""
    code = (
        "import sys\n"
        "from papertui.__main__ import run\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "code = run()\n"
        "print(*sys.modules, file=sys.stderr)\n"
        "sys.exit(code)"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    return set(run.stderr.splitlines()[-1].split())
