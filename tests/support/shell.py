"""The shell commands, run in the process of a test."""

import json
from typing import Any

from click.testing import CliRunner, Result

from papertui.cli.main import papertui
from papertui.errors import PapertuiError


def run(*arguments: str, stdin: str | None = None) -> Result:
    """Run a command."""
    return CliRunner().invoke(papertui, list(arguments), input=stdin)


def done(*arguments: str, stdin: str | None = None) -> str:
    """Run a command that must succeed and return what it tells the reader."""
    result = run(*arguments, stdin=stdin)
    assert result.exit_code == 0, (arguments, result.output, result.exception)
    return result.stderr


def data(*arguments: str) -> Any:
    """Return what a command prints as JSON."""
    result = run(*arguments, "--json")
    assert result.exit_code == 0, (arguments, result.output, result.exception)
    return json.loads(result.stdout)


def refused(*arguments: str) -> str:
    """Run a command that must be refused and return why."""
    result = run(*arguments)
    assert isinstance(result.exception, PapertuiError), result.output
    return str(result.exception)
