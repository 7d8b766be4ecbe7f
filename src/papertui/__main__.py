"""The entry point: runs a command and turns what went wrong into one line and an exit code."""

import io
import os
import sys
from typing import NoReturn


def main() -> None:
    """Run papertui; exits 0 when done, 1 when refused or failed, 2 when misused."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    leave(run())


def run() -> int:
    """Run a command or the app and return the exit code."""
    try:
        # The app alone does without what reads command lines, and is there sooner.
        if len(sys.argv) == 1 and "_PAPERTUI_COMPLETE" not in os.environ:
            from papertui.starting import start

            return start()
        from papertui.cli import papertui

        papertui(prog_name="papertui")
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except Exception as error:
        from papertui.errors import EXPECTED
        from papertui.starting import NoTerminal

        if not isinstance(error, EXPECTED):
            raise
        print(f"papertui: {error}", file=sys.stderr)
        return 2 if isinstance(error, NoTerminal) else 1
    return 0


def leave(code: int) -> NoReturn:
    """End the process at once: all is saved and closed, nothing is left to be torn down."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = 1
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
