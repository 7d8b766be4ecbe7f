"""The entry point: runs a command and turns what went wrong into one line and an exit code."""

import io
import os
import sys


def main() -> None:
    """Run papertui; exits 0 when done, 1 when refused or failed, 2 when misused."""
    from papertui.cli import papertui

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        papertui(prog_name="papertui")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except Exception as error:
        from papertui.errors import EXPECTED

        if not isinstance(error, EXPECTED):
            raise
        print(f"papertui: {error}", file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
