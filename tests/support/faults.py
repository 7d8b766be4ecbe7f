"""Faults that really happen: full disks, folders nobody may write to, files with holes."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = 4096
_MAY_PASS_OVER_MODES = (1, 2, 3)
_DROP = 24


def papertui(
    *arguments: str, as_anyone: bool = False, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as a process; `as_anyone`, without what root may do to any file."""
    return subprocess.run(
        [sys.executable, "-m", "papertui", *arguments],
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        preexec_fn=without_powers if as_anyone else None,
        check=False,
    )


def without_powers() -> None:
    """Make the modes of files hold for root too, from the next program on."""
    libc = ctypes.CDLL(None)
    for power in _MAY_PASS_OVER_MODES:
        libc.prctl(_DROP, power, 0, 0, 0)


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    """Return the one line that a command failed with."""
    assert result.returncode == 1, result.stderr
    assert result.stderr.startswith("papertui: "), result.stderr
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """Mount a disk of its own at `folder`; skips the test where that is not allowed."""
    import pytest

    folder.mkdir()
    options = f"size={kilobytes}k,mode=0700"
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill_up(folder: Path) -> Path:
    """Leave no byte free on the disk of `folder`; deleting the file returned frees them."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (PAGE, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    return path


def overwrite(path: Path, at: int, content: bytes) -> None:
    """Put other bytes at a place of a file."""
    with path.open("r+b") as file:
        file.seek(at)
        file.write(content)
