"""A folder of Markdown files in which the reader writes too: found again, and refreshed."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from papertui.errors import Refused
from papertui.exporters import markdown
from papertui.exporters.exported_work import ExportedWork
from papertui.system import files


class Refreshed(NamedTuple):
    """What a refresh has done: the numbers of files made, changed, and found as they are.

    `left` are the files left alone, each with the reason.
    """

    made: int
    changed: int
    same: int
    left: dict[Path, str]

    @property
    def total(self) -> int:
        """The number of files that are up to date now."""
        return self.made + self.changed + self.same


def written_pages(folder: Path) -> tuple[dict[Path, str], dict[Path, str]]:
    """Return papertui's files in a folder, at any depth and of any name, with their citekeys.

    The second result are those that cannot be read, with the reason. Hidden folders,
    links and the files of others are passed over. Raises Refused if a folder cannot be read.
    """
    citekeys: dict[Path, str] = {}
    left: dict[Path, str] = {}
    for path in _markdown_files(folder):
        try:
            if citekey := markdown.written_citekey(path.read_bytes()):
                citekeys[path] = citekey
        except Refused as refused:
            left[path] = str(refused)
        except OSError as error:
            left[path] = f"it cannot be read: {error.strerror}"
    return citekeys, left


def refresh(
    folder: Path,
    works: Mapping[str, ExportedWork],
    citekeys: Mapping[Path, str],
    force: bool = False,
) -> Refreshed:
    """Write the files of works again, with what the reader wrote in them, and those of new works.

    `works` are by their citekeys, former ones too. A file that papertui did not write is
    left alone, or replaced with `force`. Raises Refused if a file cannot be written.
    """
    made = changed = same = 0
    left: dict[Path, str] = {}
    with_file = set()
    for path, citekey in citekeys.items():
        if exported := works.get(citekey):
            with_file.add(exported.work.citekey)
            try:
                content = path.read_bytes()
                renewed = markdown.refreshed(content, exported)
            except (OSError, Refused) as error:
                left[path] = f"it cannot be renewed: {getattr(error, 'strerror', None) or error}"
                continue
            if renewed == content:
                same += 1
            else:
                files.write(path, renewed, force=True)
                changed += 1
    for citekey in dict.fromkeys(exported.work.citekey for exported in works.values()):
        path = folder / markdown.file_name(citekey)
        if citekey in with_file:
            continue
        if not files.is_replaceable(path):
            left[path] = "it is not a plain file"
        elif path.exists() and not force:
            left[path] = "it has no citekey, or no line of papertui's; --force replaces it"
        else:
            files.write(path, markdown.dumps(works[citekey]), force)
            made += 1
    return Refreshed(made, changed, same, left)


def _markdown_files(folder: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise Refused(f"Cannot read {error.filename}: {error.strerror}.") from error

    for inner, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(inner, name)
            if name.endswith(".md") and path.is_file() and not path.is_symlink():
                yield path
