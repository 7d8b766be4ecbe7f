"""The manual page papertui.1, made from the commands: their help, arguments and options."""

from collections.abc import Iterator
from pathlib import Path

import click

from papertui import __version__
from papertui.cli.main import papertui

PAGE = Path(__file__).parent.parent / "docs" / "papertui.1"
_FILES = """\
.SH FILES
papertui paths prints where they are: the database, its backups, config.toml, the log of a
crash, and the cache.
.SH ENVIRONMENT
.TP
.B PAPERTUI_DB, PAPERTUI_CONFIG, PAPERTUI_CACHE
Another database, config file, folder of the cache.
.TP
.B VISUAL, EDITOR
The editor for notes.
.TP
.B BROWSER
The browser for links.
.TP
.B NO_COLOR
Draw the app without colours.
.SH EXIT STATUS
0 for done, 1 for refused or failed, 2 for misuse.
.SH SEE ALSO
papertui guide, and ? in the app.
"""


def main() -> None:
    """Write the page."""
    PAGE.write_text(manual(), encoding="utf-8")


def manual() -> str:
    """Return the page in the language of man."""
    context = papertui.context_class(papertui, info_name="papertui", **papertui.context_settings)
    lines = [
        f'.TH PAPERTUI 1 "" "papertui {__version__}" "papertui"',
        ".SH NAME",
        "papertui \\- track your reading of papers",
        ".SH SYNOPSIS",
        ".B papertui",
        "[OPTIONS] [COMMAND] [ARGS]...",
        ".SH DESCRIPTION",
        *_paragraphs(papertui),
        ".SH OPTIONS",
        *_options(context),
        ".SH COMMANDS",
        *_commands(papertui, context),
    ]
    return "\n".join(lines) + "\n" + _FILES


def _commands(group: click.Group, context: click.Context) -> Iterator[str]:
    """Yield the part of each command of a group, and of those within it."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        inner = click.Context(command, info_name=name, parent=context)
        usage = " ".join(command.collect_usage_pieces(inner))
        yield f".SS {_escaped(f'{inner.command_path} {usage}')}"
        yield from _paragraphs(command)
        yield from _options(inner)
        if command.epilog:
            yield from (".PP", _escaped(command.epilog))
        if isinstance(command, click.Group):
            yield from _commands(command, inner)


def _paragraphs(command: click.Command) -> Iterator[str]:
    for paragraph in (command.help or "").split("\n\n"):
        yield from (".PP", _escaped(" ".join(paragraph.split())))


def _options(context: click.Context) -> Iterator[str]:
    """Yield the options of a command; only the program itself lists --help."""
    for option in context.command.get_params(context):
        if not isinstance(option, click.Option) or (context.parent and "--help" in option.opts):
            continue
        if record := option.get_help_record(context):
            name, says = record
            yield from (".TP", f".B {_escaped(name)}", _escaped(says))


def _escaped(text: str) -> str:
    """Return a text in which nothing is a command of man."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{escaped}" if escaped.startswith(".") else escaped


if __name__ == "__main__":
    main()
