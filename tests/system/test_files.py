"""Paths as a reader types them, or drops them on the terminal."""

import os
import shlex
from pathlib import Path

import pytest

from papertui.system.files import typed_path

NAMES = ("list.md", "my list (1).md", "O'Hara's.md", 'a "b".md', "a\\b.md")


@pytest.mark.parametrize("name", NAMES)
def test_a_path_that_is_dropped_on_the_terminal_is_the_file(tmp_path: Path, name: str) -> None:
    (path := tmp_path / name).touch()
    backslashed = "".join(c if c.isalnum() or c in "/._-" else f"\\{c}" for c in str(path))
    for typed in (str(path), shlex.quote(str(path)), backslashed, path.as_uri()):
        assert typed_path(typed) == path


def test_a_path_of_no_file_is_as_it_is_typed(tmp_path: Path) -> None:
    assert typed_path(f"{tmp_path}/it's new.md") == tmp_path / "it's new.md"
    assert typed_path("new.md") == Path(os.getcwd()) / "new.md"  # noqa: PTH109
