"""The reader's own editor: a text handed over in a file and taken back.

Nothing that goes wrong there loses a word: the text before is the caller's, the
file is kept whenever it could not be taken back whole.
"""

import os
import shlex
import shutil
import stat
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from papertui.core.text import valid_unicode
from papertui.errors import Refused

LARGEST = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Edited:
    """What came back: the text, its file, and a question to ask before it is taken, if any.

    The file is the caller's to delete once the text is kept.
    """

    text: str
    path: Path
    question: str = ""


def command() -> list[str]:
    """Return the reader's editor from `VISUAL` or `EDITOR`. Raises Refused without one."""
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(os.environ.get(name, ""))
        except ValueError as error:
            raise Refused(f"{name} cannot be read: {error}.") from error
        if words:
            if shutil.which(words[0]) is None:
                raise Refused(f"{name} is {words[0]!r}, which is no program here.")
            # Text may hold Vim modelines; they must not be obeyed.
            vim = Path(words[0]).name in ("vi", "vim", "nvim", "gvim")
            return [*words, *(["--cmd", "set nomodeline"] if vim else [])]
    raise Refused("Set VISUAL or EDITOR to your editor to write there.")


def edit(argv: list[str], text: str, folder: Path) -> Edited:
    """Run the editor on `text` in a private file in `folder` and return what came back.

    Raises Refused, saying where the file is kept, when it cannot be taken back.
    """
    path = _handed_over(text, folder)
    try:
        code = subprocess.run([*argv, str(path)], check=False).returncode  # noqa: S603
    except OSError as error:
        path.unlink()
        raise Refused(f"{argv[0]} could not be started: {error.strerror}.") from error
    source = _taken_back(path)
    if len(source) > LARGEST:
        raise Refused(f"The text is larger than 1 MB and was not taken; it is kept in {path}.")
    found = source.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    if "\ufffd" in found and "\ufffd" not in text:
        return Edited(found, path, "Not all of it is UTF-8. Take what can be read?")
    # Many editors end a file with a line end that nobody typed.
    if found.endswith("\n") and not text.endswith("\n"):
        found = found[:-1]
    if code:
        return Edited(found, path, f"The editor failed (exit {code}). Take its text?")
    if text.strip() and not found.strip():
        return Edited(found, path, "The editor left nothing. Empty the note?")
    return Edited(found, path)


def _handed_over(text: str, folder: Path) -> Path:
    """Write the text into a new file that only the reader can reach."""
    try:
        handle, name = tempfile.mkstemp(prefix="note-", suffix=".md", dir=folder)
    except OSError as error:
        raise Refused(f"Cannot write in {folder}: {error.strerror}.") from error
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(valid_unicode(text))
    except OSError as error:
        Path(name).unlink()
        raise Refused(f"Cannot write in {folder}: {error.strerror}.") from error
    return Path(name)


def _taken_back(path: Path) -> bytes:
    """Read what the editor left, unless that is a link, a pipe or somebody else's."""
    try:
        read = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Refused("The editor left no file behind; the note is as it was.") from error
    try:
        found = os.fstat(read)
        if not stat.S_ISREG(found.st_mode) or found.st_uid != os.getuid():
            raise Refused("The editor left no plain file of yours; the note is as it was.")
        with os.fdopen(read, "rb", closefd=False) as file:
            return file.read(LARGEST + 1)
    finally:
        os.close(read)
