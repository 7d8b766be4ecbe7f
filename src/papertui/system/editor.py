"""The reader's own editor: a text is written to a file, edited, and read back.

No failure loses a word: the caller has the text from before, and the file is
kept if it could not be read back whole.
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
from papertui.system.programs import folders_of_programs

MAX_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Edited:
    """The edited text, its file, and a question to ask before the text is used, if any.

    The caller deletes the file once the text is saved; one with nothing in it is gone already.
    """

    text: str
    path: Path
    question: str = ""


def command() -> list[str]:
    """Return the command of the editor in `VISUAL` or `EDITOR`. Raises Refused if none is set."""
    for name in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(os.environ.get(name, ""))
        except ValueError as error:
            raise Refused(f"{name} cannot be read: {error}.") from error
        if words:
            if shutil.which(words[0], path=folders_of_programs()) is None:
                raise Refused(f"{name} is {words[0]!r}, which is not a program on this machine.")
            # The editor is started in another folder.
            program = words[0] if "/" not in words[0] else str(Path(words[0]).absolute())
            # A text may contain Vim modelines, which must not run.
            vim = Path(program).name in ("vi", "vim", "nvim", "gvim")
            options = ["--cmd", "set nomodeline"] if vim else []
            return [program, *words[1:], *options]
    raise Refused("Set VISUAL or EDITOR to your editor to write there.")


def edit(argv: list[str], text: str, folder: Path) -> Edited:
    """Run the editor on `text` in a private file in `folder` and return the result.

    The editor runs in `folder`, so that it obeys no file of the current one. Raises
    Refused, which names the kept file, if it cannot be read back.
    """
    # A file of text ends with a line end, behind which programs write more.
    path = _write(f"{text}\n" if text and not text.endswith("\n") else text, folder)
    try:
        code = subprocess.run([*argv, str(path)], cwd=folder, check=False).returncode  # noqa: S603
    except OSError as error:
        path.unlink()
        raise Refused(f"{argv[0]} could not be started: {error.strerror}.") from error
    source = _read_back(path)
    if len(source) > MAX_BYTES:
        raise Refused(f"The text is larger than 1 MB and was not taken; it is kept in {path}.")
    edited = source.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    if "\ufffd" in edited and "\ufffd" not in text:
        return Edited(edited, path, "Not all of it is UTF-8. Take what can be read?")
    # Many editors add a line end at the end of the file.
    if not text.endswith("\n"):
        edited = edited.removesuffix("\n")
    if code:
        return Edited(edited, path, f"The editor failed (exit {code}). Take its text?")
    if text.strip() and not edited.strip():
        path.unlink()
        return Edited(edited, path, "The editor left nothing. Empty the note?")
    return Edited(edited, path)


def _write(text: str, folder: Path) -> Path:
    """Write the text to a new file that only the reader can read."""
    name = None
    try:
        handle, name = tempfile.mkstemp(prefix="note-", suffix=".md", dir=folder)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(valid_unicode(text))
    except OSError as error:
        if name:
            Path(name).unlink()
        raise Refused(f"Cannot write in {folder}: {error.strerror}.") from error
    return Path(name)


def _read_back(path: Path) -> bytes:
    """Read the file from the editor. Raises Refused for a link, a pipe or another user's file."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise Refused("The editor left no file behind; the note is as it was.") from error
    try:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid():
            raise Refused("The editor left no plain file of yours; the note is as it was.")
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(MAX_BYTES + 1)
    finally:
        os.close(handle)
