"""Files written whole or not at all, for their owner only, and over another only if asked to."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

from papertui.core.text import file_safe
from papertui.errors import Refused


@contextmanager
def whole_file(path: Path, force: bool = False) -> Iterator[Path]:
    """Yield an empty file for its owner only, which gets the name `path` once it is on the disk.

    If anything is raised, `path` is as it was and no other file is left. Raises
    OSError, and FileExistsError if `path` is there already, unless with `force`, which
    replaces a plain file, but no link, device or pipe.
    """
    if force and not is_replaceable(path):
        raise OSError(errno.EPERM, "it is not a plain file")
    partial = path.with_name(f"{path.name[:40]}.{uuid4().hex[:8]}.partial")
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        yield partial
        flush(partial)
        _rename(partial, path, force)
    finally:
        partial.unlink(missing_ok=True)
    flush(path.parent)


def is_replaceable(path: Path) -> bool:
    """Return True if there is nothing of that name, or a plain file."""
    return not os.path.lexists(path) or stat.S_ISREG(path.lstat().st_mode)


def flush(path: Path) -> None:
    """Wait until a file, or the list of a folder's files, is on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, content: str | bytes, force: bool = False) -> None:
    """Write a whole file: bytes as they are, text as UTF-8 that cannot steer a terminal.

    With `force`, the file may take the place of one that is there. Raises Refused, with
    what to do, and leaves everything as it was.
    """
    if isinstance(content, str):
        content = file_safe(content).encode()
    try:
        with whole_file(path, force) as partial:
            partial.write_bytes(content)
    except FileExistsError:
        raise Refused(f"{path} is there already; name a new file.") from None
    except OSError as error:
        raise Refused(f"Cannot write {path}: {error.strerror}.") from error


def typed_path(typed: str) -> Path:
    """Return the absolute path that the reader typed, or dropped on the terminal.

    Terminals put quotes around a path that is dropped, or backslashes before its signs, and file
    managers copy it as an address. Raises Refused for the home of nobody.
    """
    try:
        path, dropped = (Path(each).expanduser().absolute() for each in (typed, _as_dropped(typed)))
        return dropped if not os.path.lexists(path) and os.path.lexists(dropped) else path
    except RuntimeError:
        home = typed.partition("/")[0]
        raise Refused(f"{home} is nobody's home folder here: type the path in full.") from None


def _as_dropped(typed: str) -> str:
    """Return the path in quotes, with backslashes or as an address; any other one as it is."""
    # Few paths are dropped, and no command but an import needs it.
    import shlex
    from urllib.parse import unquote, urlsplit

    if typed.startswith("file://"):
        return unquote(urlsplit(typed).path)
    if typed[:1] in "'\"" or "\\" in typed:
        with suppress(ValueError):
            words = shlex.split(typed)
            return words[0] if len(words) == 1 else typed
    return typed


def completions_of_paths(typed: str) -> list[str]:
    """Return the paths that a path may become, as it is typed, a slash behind those of folders.

    Hidden files are among them only if the dot is typed; there are none in a folder that
    cannot be read.
    """
    head, name = os.path.split(typed)
    before = typed[: len(typed) - len(name)]
    try:
        entries = sorted(Path(head).expanduser().iterdir(), key=lambda entry: entry.name)
        return [
            f"{before}{entry.name}{'/' * entry.is_dir()}"
            for entry in entries
            if entry.name.startswith(name) and entry.name.startswith(".") == name.startswith(".")
        ]
    except (OSError, RuntimeError, ValueError):
        return []


def folder(path: Path) -> None:
    """Make a folder for its owner only if there is none. Raises Refused if it cannot be made."""
    try:
        path.mkdir(mode=0o700, exist_ok=True)
    except FileExistsError:
        raise Refused(f"{path} is not a folder; name another.") from None
    except OSError as error:
        raise Refused(f"Cannot make {path}: {error.strerror}.") from error


def _rename(partial: Path, path: Path, force: bool) -> None:
    if not force:
        # Only a link refuses to take the place of a file that was made meanwhile.
        try:
            path.hardlink_to(partial)
        except FileExistsError:
            raise
        except (OSError, NotImplementedError):  # no links on this disk
            if path.exists():
                raise FileExistsError(path) from None
        else:
            return
    partial.replace(path)
