"""The wheel and the source archive hold what a user needs, and the wheel starts."""

import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder

from papertui import __version__
from tests.test_documents import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = str(tmp_path_factory.mktemp("dist"))
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=folder, versions=["standard"])
    (source,) = SdistBuilder(str(ROOT)).build(directory=folder)
    return Path(wheel), Path(source)


def test_the_wheel_holds_every_file_of_the_package_and_the_manual_page(
    archives: tuple[Path, Path],
) -> None:
    names = set(zipfile.ZipFile(archives[0]).namelist())
    tracked = {
        str(path.relative_to(ROOT / "src"))
        for path in (ROOT / "src" / "papertui").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert tracked <= names
    information = f"papertui-{__version__}"
    assert f"{information}.data/data/share/man/man1/papertui.1" in names
    assert f"{information}.dist-info/licenses/LICENSE" in names
    assert f"{information}.dist-info/entry_points.txt" in names


def test_the_source_archive_holds_documents_scripts_and_tests(archives: tuple[Path, Path]) -> None:
    with tarfile.open(archives[1]) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames()}
    for name in (
        "README.md", "CHANGELOG.md", "LICENSE", "Makefile", "docs/keys.md", "docs/library-dark.svg",
        "docs/papertui.1", "scripts/setup", "scripts/pictures.py", "tests/test_package.py",
        "benchmarks/__main__.py", "src/papertui/cli/guide.md", ".ci/run",
    ):  # fmt: skip
        assert name in names
    assert not [name for name in names if name.startswith((".venv", "docs/screens", ".git/"))]


def test_the_installed_wheel_starts(archives: tuple[Path, Path], tmp_path: Path) -> None:
    zipfile.ZipFile(archives[0]).extractall(tmp_path / "installed")
    # The libraries are those of this environment; papertui itself comes from the wheel.
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    for arguments, says in (
        (["--version"], f"papertui {__version__}\n"),
        (["guide"], "# papertui for scripts"),
        (["find", "attention"], "Attention Is All You Need"),
    ):
        result = subprocess.run(
            [sys.executable, "-m", "papertui", *arguments],
            capture_output=True,
            encoding="utf-8",
            env=environment,
            cwd=tmp_path,
            check=True,
        )
        assert says in result.stdout
    where = "import papertui; print(papertui.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where], capture_output=True, encoding="utf-8", env=environment,
        cwd=tmp_path, check=True,
    )  # fmt: skip
    assert found.stdout.startswith(str(tmp_path))


def test_the_project_names_the_pythons_it_is_for() -> None:
    versions = [
        line.rpartition(" ")[2]
        for line in PROJECT["classifiers"]
        if line.startswith("Programming Language :: Python :: 3.")
    ]
    assert PROJECT["requires-python"] == f">={versions[0]}"
    running = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert running in versions
    assert PROJECT["license-files"] == ["LICENSE"]
