"""Imports point one way, and a command never pays for the app."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "papertui"
MODULES = {
    ".".join(("papertui", *path.relative_to(SOURCE).with_suffix("").parts)): path
    for path in sorted(SOURCE.rglob("*.py"))
}
APP = "papertui.tui"
PURE = ("papertui.core", "papertui.importers")
HEAVY = (
    "textual", "rich", "asyncio", "sqlite_utils", "pyperclip", "httpx", "defusedxml",
    "bibtexparser", "pylatexenc", "fsrs",
)  # fmt: skip
# What only a text with markup, or a service, is read with.
SELDOM = ("papertui.core.html_text", "papertui.core.tex", "papertui.sources")
NEEDED_BY_A_LIBRARY = ("sqlite3", "json", "papertui.storage", "papertui.core.catalog")


def test_imports_keep_the_contracts() -> None:
    linter = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run([linter], cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stdout


# The contracts name the packages; these tests name the module that breaks one.


@pytest.mark.parametrize("module", MODULES)
def test_only_the_app_knows_textual(module: str) -> None:
    assert module.startswith(APP) or not imports_of(module, "textual", "rich")


@pytest.mark.parametrize("module", [m for m in MODULES if not m.startswith(APP)])
def test_only_the_start_knows_the_app(module: str) -> None:
    assert module == "papertui.cli.start" or not imports_of(module, APP)


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith(PURE)])
def test_the_rules_and_the_importers_are_pure(module: str) -> None:
    assert not imports_of(module, "os", "sqlite3", "subprocess", "papertui.storage")


@pytest.mark.parametrize("module", [m for m in MODULES if m.startswith(f"{APP}.widgets")])
def test_widgets_know_no_store(module: str) -> None:
    assert not imports_of(module, "sqlite3", "papertui.storage")


def imports_of(module: str, *packages: str) -> set[str]:
    """Return what a module imports of some packages, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(MODULES[module].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if f"{name}.".startswith(tuple(f"{p}." for p in packages))}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--version"],
        ["next"],
        ["list"],
        ["find", "attention"],
        ["show", "he2015deep"],
        ["stats"],
        ["recall", "--json"],
        ["review"],
        ["note", "he2015deep"],
        ["log", "he2015deep", "--pass", "1", "--again"],
        ["add", "2401.12345", "--offline"],
        ["new", "--offline"],
        ["export", "--format", "json"],
        ["export", "--format", "bib"],
        ["backup"],
        ["restore"],
        ["paths"],
        ["queue"],
        ["park", "--json"],
        ["session"],
        ["goal"],
        ["year", "--json"],
        ["config"],
        ["guide"],
    ],
    ids=" ".join,
)
@pytest.mark.usefixtures("indexed")
def test_a_command_loads_nothing_heavy(arguments: list[str]) -> None:
    assert not {*HEAVY, *SELDOM} & loaded_by(arguments)


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["completion", "zsh"]], ids=" ".join
)
def test_what_needs_no_library_loads_none(arguments: list[str]) -> None:
    assert not {*HEAVY, *NEEDED_BY_A_LIBRARY} & loaded_by(arguments)


def test_the_help_loads_no_command() -> None:
    commands = {name for name in loaded_by(["--help"]) if name.startswith("papertui.cli.")}
    assert commands == {"papertui.cli.main"}


@pytest.mark.usefixtures("indexed")
def test_next_loads_no_other_command() -> None:
    loaded = loaded_by(["next"])
    assert {name for name in loaded if name.startswith("papertui.cli.")} == {
        f"papertui.cli.{name}" for name in ("completion", "context", "main", "up_next")
    }
    rooms = {name.split(".")[1] for name in loaded if name.startswith("papertui.")}
    assert not rooms & {"tui", "pages", "exporters", "importers", "sources", "doctor", "demo"}
    assert not {"papertui.storage.store", "json"} & loaded


def test_the_kept_screen_is_shown_before_the_app_is_loaded() -> None:
    code = "import sys, papertui.__main__, papertui.cli.start\nprint(*sys.modules, file=sys.stderr)"
    loaded = {name.split(".")[0] for name in modules_of(code)}
    assert not {"textual", "rich", "asyncio", "sqlite3", "click", "tomllib"} & loaded


def test_a_sync_with_nothing_new_loads_nothing_that_reads_events(tmp_path: Path) -> None:
    (folder := tmp_path / "shared").mkdir()
    loaded_by(["sync", "init", str(folder)])
    assert not {"papertui.core.journal_file", *HEAVY, *SELDOM} & loaded_by(["sync"])


def test_the_app_starts_without_what_only_commands_need() -> None:
    code = (
        "import sys, papertui.__main__, papertui.cli.start\n"
        "import papertui.tui.app, papertui.tui.keymap, papertui.tui.terminal_app\n"
        "print(*sys.modules, file=sys.stderr)"
    )
    assert not {
        "click", "sqlite_utils", "pyperclip", "httpx", "defusedxml", "bibtexparser",
        "pylatexenc", "fsrs", "papertui.importers.reading_list.parser", "papertui.core.new_paper",
        "papertui.core.recall", *SELDOM,
        "papertui.pages.new_papers", "papertui.storage.new_papers", "papertui.sources.http",
        "papertui.core.own_lists", "papertui.core.work_edits", "papertui.storage.edits",
        "papertui.storage.own_lists",
    } & modules_of(code)  # fmt: skip


def loaded_by(arguments: list[str]) -> set[str]:
    """Run papertui and return the modules that it loaded."""
    code = (
        "import sys\n"
        "from papertui.__main__ import run\n"
        f"sys.argv[1:] = {arguments!r}\n"
        "code = run()\n"
        "print(*sys.modules, file=sys.stderr)\n"
        "sys.exit(code)"
    )
    return modules_of(code)


def modules_of(code: str) -> set[str]:
    """Run Python code that prints modules as its last line on stderr, and return them."""
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )
    return set(run.stderr.splitlines()[-1].split())
