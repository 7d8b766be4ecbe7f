"""Files written for the reader: whole or not at all, and never over another one unasked."""

import os
from pathlib import Path
from tempfile import mkstemp

from papertui.core.text import valid_unicode
from papertui.errors import Refused


def write(path: Path, text: str, force: bool = False) -> None:
    """Write `text` as UTF-8 for its owner alone; with `force`, in the place of what is there.

    Raises Refused, with what to do, and leaves everything as it was.
    """
    try:
        descriptor, partial = mkstemp(prefix=".papertui-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(valid_unicode(text).encode())
                file.flush()
                os.fsync(file.fileno())
            _put(Path(partial), path, force)
        finally:
            Path(partial).unlink(missing_ok=True)
    except FileExistsError:
        raise Refused(f"{path} is there already; name a new file.") from None
    except OSError as error:
        raise Refused(f"Cannot write {path}: {error.strerror}.") from error


def folder(path: Path) -> None:
    """Make a folder for its owner alone where there is none. Raises Refused where none can be."""
    try:
        path.mkdir(mode=0o700, exist_ok=True)
    except FileExistsError:
        raise Refused(f"{path} is no folder; name another.") from None
    except OSError as error:
        raise Refused(f"Cannot make {path}: {error.strerror}.") from error


def _put(partial: Path, path: Path, force: bool) -> None:
    if not force:
        # Only a link refuses to take the place of a file that came up meanwhile.
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
