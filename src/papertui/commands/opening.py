"""The command that opens a work in the browser."""

import click

from papertui.commands.common import Settings, named_work, resolve


@click.command("open", epilog="Example: papertui open resnet --pdf")
@named_work
@click.option("--pdf", is_flag=True, help="Open the PDF instead of the abstract page.")
@click.pass_obj
def open_(settings: Settings, work: str, pdf: bool) -> None:
    """Open the page of a WORK in the browser; print its address where there is none."""
    import asyncio

    from papertui.core.identifiers import is_web_address
    from papertui.core.text import safe_line
    from papertui.errors import Refused
    from papertui.system import desktop

    with settings.store() as store:
        found = store.library.work(resolve(store, work))
    assert found is not None
    url = found.pdf if pdf else found.page
    if not url or not is_web_address(url):
        what = "PDF" if pdf else "address"
        raise Refused(f"{safe_line(found.title)!r} has no {what} that is known.")
    if asyncio.run(desktop.open_in_browser(url)):
        click.echo(f"Opened in the browser: {url}", err=True)
    else:
        click.echo("No browser here; this is the address:", err=True)
        click.echo(url)
