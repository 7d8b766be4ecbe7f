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
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    leave(run())


def run() -> int:
    """Run a command or the app and return the exit code."""
    try:
        # The app alone does without what reads command lines, and is there sooner.
        if len(sys.argv) == 1 and "_PAPERTUI_COMPLETE" not in os.environ:
            from papertui.cli.start import start

            return start()
        return _command()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:
        from papertui.cli.start import NoTerminal
        from papertui.core.text import terminal_safe

        print(f"papertui: {terminal_safe(_explained(error))}", file=sys.stderr)
        return 2 if isinstance(error, NoTerminal) else 1


def leave(code: int) -> NoReturn:
    """End the process at once: all is saved and closed, nothing is left to be torn down."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:
        code = 1
    finally:
        os._exit(code)


def _command() -> int:
    import click

    from papertui.cli.main import papertui

    try:
        code = papertui.main(prog_name="papertui", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort as error:
        # Whoever answers no to a question is not interrupted.
        return _INTERRUPTED if isinstance(error.__context__, KeyboardInterrupt) else 1
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _explained(error: Exception) -> str:
    from papertui.errors import PapertuiError

    if isinstance(error, PapertuiError):
        return str(error)
    if isinstance(error, OSError) and error.filename is None:
        return f"Cannot write what was asked for: {error.strerror}."
    from papertui.system.crash_log import report

    return report(error)


def _open_missing_streams() -> None:
    """Put nothing in the place of streams that were closed, lest a file take their number."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(number, mode, closefd=False))


if __name__ == "__main__":
    main()
