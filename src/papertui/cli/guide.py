"""The command that prints how a script or an assistant works with papertui."""

from importlib.resources import files

import click

from papertui.cli.context import Settings, pass_settings, print_data


@click.command(epilog="Example: papertui guide")
@pass_settings
def guide_command(settings: Settings) -> None:
    """Print how a script or an assistant reads and logs with papertui.

    It is Markdown, for people too. Every command in it runs as it is written.
    """
    print_data(files("papertui.cli").joinpath("guide.md").read_text(encoding="utf-8"))
