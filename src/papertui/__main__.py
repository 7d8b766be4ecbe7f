"""The entry point: runs a command and turns what went wrong into one line and an exit code."""

import io
import os
import signal
import sys
from typing import NoReturn

_INTERRUPTED = 128 + signal.SIGINT


def main() -> NoReturn:
    """Run papertui; exits 0 when done, 1 when refused or failed, 2 when misused.

    Whoever interrupts a command gets 128 and the number of the signal.
    """
    _open_missing_streams()
    try:
        _run()
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _run() -> NoReturn:
    import click

    from papertui.cli import papertui
    from papertui.errors import EXPECTED

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = papertui.main(prog_name="papertui", standalone_mode=False)
        sys.stdout.flush()
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort as error:
        # Whoever answers no to a question is not interrupted.
        sys.exit(_INTERRUPTED if isinstance(error.__context__, KeyboardInterrupt) else 1)
    except EXPECTED as error:
        _fail(str(error))
    except OSError as error:
        if error.filename is None:
            _no_more_output()
            sys.exit(1) if isinstance(error, BrokenPipeError) else _fail(
                f"Cannot write what was asked for: {error.strerror}."
            )
        _crash(error)
    except Exception as error:
        _crash(error)


def _fail(says: str) -> NoReturn:
    from papertui.text import safe

    print(f"papertui: {safe(says)}", file=sys.stderr)
    sys.exit(1)


def _crash(error: Exception) -> NoReturn:
    from papertui.crash import report

    _fail(report(error))


def _open_missing_streams() -> None:
    """Put nothing in the place of streams that were closed, lest a file take their number."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(number, mode, closefd=False))


def _no_more_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
