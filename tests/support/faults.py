"""Real faults: full disks, files and folders without permission, overwritten bytes."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = 4096
# CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER of Linux; see capabilities(7).
_CAPABILITIES_OVER_MODES = (1, 2, 3)
# See prctl(2).
_PR_CAPBSET_DROP = 24


def papertui(
    *arguments: str, as_anyone: bool = False, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a command as a process; with `as_anyone`, file modes hold for root too."""
    return subprocess.run(
        [sys.executable, "-m", "papertui", *arguments],
        capture_output=True,
        encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env={**os.environ, **environment},
        preexec_fn=drop_capabilities if as_anyone else None,
        check=False,
    )


def drop_capabilities() -> None:
    """Make file modes hold for root too, in the next program that this process executes."""
    libc = ctypes.CDLL(None)
    for capability in _CAPABILITIES_OVER_MODES:
        libc.prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)


def one_line(result: subprocess.CompletedProcess[str]) -> str:
    """Return the only line that a failed command wrote to stderr."""
    assert result.returncode == 1, result.stderr
    assert result.stderr.startswith("papertui: "), result.stderr
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """Mount a new disk at `folder`; skip the test if that is not allowed."""
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
    """Fill the disk of `folder` to the last byte; return the file to delete to free it."""
    path = folder / "filler"
    with path.open("wb", buffering=0) as file:
        for size in (PAGE, 1):
            try:
                while file.write(b"x" * size) == size:
                    pass
            except OSError:
                continue
    return path


def overwrite(path: Path, offset: int, content: bytes) -> None:
    """Overwrite the bytes of a file at `offset`."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(content)
