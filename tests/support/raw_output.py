"""The bytes that a command sends to a terminal or into a pipe, without a process for each."""

import io
import re
import sys
from unittest.mock import patch

from papertui.__main__ import run
from papertui.system.output import SafeOutput

CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\r(?!\n)")


class _Bytes(io.BytesIO):
    def __init__(self, is_terminal: bool) -> None:
        super().__init__()
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def fileno(self) -> int:
        raise io.UnsupportedOperation


def raw_output(*arguments: str, is_terminal: bool = False) -> tuple[int, str]:
    """Run a command through the entry point; return exit code and all that it wrote."""
    out = _Bytes(is_terminal)
    stream = SafeOutput(io.TextIOWrapper(out, encoding="utf-8", write_through=True))
    with (
        patch.object(sys, "argv", ["papertui", *arguments]),
        patch.object(sys, "stdout", stream),
        patch.object(sys, "stderr", stream),
        patch.object(sys, "stdin", io.StringIO()),
    ):
        code = run()
        stream.flush()
    return code, out.getvalue().decode()
