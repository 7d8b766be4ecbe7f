"""A folder of Markdown files in which the reader writes too: found again, and refreshed."""

import os
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import NamedTuple

from papertui.core.text import safe_line
from papertui.errors import Refused
from papertui.exporters import markdown
from papertui.exporters.bibtex import free_key
from papertui.exporters.exported_work import ExportedWork, exported_works
from papertui.storage.store import Store
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


def _written_pages(folder: Path) -> tuple[dict[Path, str], dict[Path, str]]:
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
    store: Store, today: date, folder: Path, named: Collection[str], all_: bool, force: bool
) -> Refreshed:
    """Renew the files of works in a folder; without names, also of those that have one there.

    The works without a name are those of `exported_works`. A file that papertui did not
    write is left alone, or replaced with `force`. Raises Refused if a file cannot be written.
    """
    files.folder(folder)
    citekeys, unread = _written_pages(folder)
    current = {former: store.works.current(former) for former in citekeys.values()}
    exported = exported_works(store, today, named, all_)
    # Of a work that is gone there is less to write than the file has.
    works = {each.work.citekey: each for each in exported if current.get(each.work.citekey, True)}
    if not named and (others := [key for key in current.values() if key and key not in works]):
        works |= {work.work.citekey: work for work in exported_works(store, today, others)}
    kept = _kept_files(citekeys, current)
    by_former = {citekeys[path]: works[key] for key, path in kept.items() if key in works}
    done = _write_again(folder, works | by_former, citekeys, force)
    doubles = {
        path: f"{safe_line(former)!r} was merged: now {kept[key].relative_to(folder)}"
        for path, former in citekeys.items()
        if (key := current[former]) in works and former not in by_former
    }
    gone = {
        path: f"papertui no longer has a work {safe_line(key)!r}"
        for path, key in citekeys.items()
        if not (named or current[key])
    }
    return done._replace(left={**done.left, **gone, **doubles, **unread})


def _kept_files(citekeys: Mapping[Path, str], current: Mapping[str, str | None]) -> dict[str, Path]:
    """Return the file of each work: its own, else the first of a work that was merged into it."""
    kept: dict[str, Path] = {}
    for path, former in citekeys.items():
        if (key := current[former]) and (key not in kept or former == key != citekeys[kept[key]]):
            kept[key] = path
    return kept


def _write_again(
    folder: Path, works: Mapping[str, ExportedWork], citekeys: Mapping[Path, str], force: bool
) -> Refreshed:
    """Write the files of works again, with what the reader wrote in them, and those of new works.

    `works` are by their citekeys, former ones too.
    """
    made = changed = same = 0
    left: dict[Path, str] = {}
    for path, citekey in citekeys.items():
        if exported := works.get(citekey):
            try:
                content = path.read_bytes()
                renewed = markdown.refreshed(content, exported, citekey)
            except (OSError, Refused) as error:
                left[path] = f"it cannot be renewed: {getattr(error, 'strerror', None) or error}"
                continue
            if renewed == content:
                same += 1
            else:
                files.write(path, renewed, force=True)
                changed += 1
    for path, exported in new_pages(folder, works, citekeys).items():
        if not files.is_replaceable(path):
            left[path] = "it is not a plain file"
        elif path.exists() and not force:
            left[path] = "it has no citekey, or no line of papertui's; --force replaces it"
        else:
            files.write(path, markdown.dumps(exported), force)
            made += 1
    return Refreshed(made, changed, same, left)


def new_pages(
    folder: Path, works: Mapping[str, ExportedWork], citekeys: Mapping[Path, str]
) -> dict[Path, ExportedWork]:
    """Return the works that have no file yet with the paths of those they get.

    A file is named by the reader's own key, as citations are, and keeps its name.
    """
    with_file = {works[key].work.citekey for key in citekeys.values() if key in works}
    taken = {path.stem.lower() for path in citekeys if path.parent == folder}
    missing = {x.work.citekey: x for x in works.values() if x.work.citekey not in with_file}
    return {
        folder / markdown.file_name(free_key(exported.key, taken)): exported
        for exported in missing.values()
    }


def _markdown_files(folder: Path) -> Iterator[Path]:
    def fail(error: OSError) -> None:
        raise Refused(f"Cannot read {error.filename}: {error.strerror}.") from error

    for inner, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(inner, name)
            if name.endswith(".md") and path.is_file() and not path.is_symlink():
                yield path
