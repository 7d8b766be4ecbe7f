"""The entry point: runs a command or the app; every error is one line and an exit code."""

import io
import os
import signal
import sys
from typing import NoReturn

from papertui.errors import PapertuiError
from papertui.system.output import SafeOutput

_INTERRUPTED = 128 + signal.SIGINT


def main() -> NoReturn:
    """Run papertui; exit with 0 when done, 1 when refused or failed, 2 when misused.

    An interrupted command exits with 128 plus the number of the signal.
    """
    _open_missing_streams()
    _make_output_safe()
    leave(run())


def run() -> int:
    """Run a command or the app and return the exit code."""
    try:
        # Without click, the app starts 45 ms sooner.
        if len(sys.argv) == 1 and "_PAPERTUI_COMPLETE" not in os.environ:
            from papertui.cli.start import start

            return start()
        return _command()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except Exception as error:
        return _report(error)


def leave(code: int) -> NoReturn:
    """End the process at once: all is saved and closed, nothing needs to be torn down."""
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
        # A question that is answered with no is not an interruption.
        return _INTERRUPTED if isinstance(error.__context__, KeyboardInterrupt) else 1
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _report(error: Exception) -> int:
    """Print an error in one line and return its exit code."""
    code = 1
    if isinstance(error, PapertuiError):
        line, code = str(error), error.exit_code
    elif isinstance(error, OSError) and error.filename is None:
        line = f"Cannot write the output: {error.strerror}."
    else:
        from papertui.system.crash_log import report

        line = report(error)
    print(f"papertui: {line}", file=sys.stderr)
    return code


def _open_missing_streams() -> None:
    """Open the null device for streams that were closed, so that no file takes their number."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(number, mode, closefd=False))


def _make_output_safe() -> None:
    """Let no text, whatever it is and whoever prints it, steer the terminal."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            # The app draws on the stream itself.
            stream.reconfigure(errors="replace")
            setattr(sys, name, SafeOutput(stream))


if __name__ == "__main__":
    main()
