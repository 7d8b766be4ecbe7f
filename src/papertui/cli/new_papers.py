"""The command that fetches new papers from arXiv, lists them, and searches arXiv."""

import click

from papertui import services
from papertui.cli.context import (
    Settings,
    as_json,
    decoded,
    page_width,
    pass_settings,
    print_json,
    print_lines,
    say_done,
)  # fmt: skip
from papertui.core.follow import attention_by, in_order
from papertui.core.journal import see_papers
from papertui.core.text import quantity
from papertui.errors import Refused
from papertui.pages import new_papers as pages


@click.command(epilog='Example: papertui new --search "au:hinton cat:cs.LG distillation"')
@click.option("--search", metavar="TEXT", help="Search arXiv instead: words, ti: au: abs: cat:.")
@click.option("--all", "show_all", is_flag=True, help="List those that you have looked at too.")
@click.option("--offline", is_flag=True, help="Do not ask arXiv; list what was fetched before.")
@click.option("--seen", is_flag=True, help="Note that you have looked at those listed.")
@as_json
@pass_settings
def new_command(
    settings: Settings,
    search: str | None,
    show_all: bool,
    offline: bool,
    seen: bool,
    as_json: bool,
) -> None:
    """Print the new papers of the categories that you follow.

    The config file says what you follow. What you follow comes first, what you
    mute last; a paper that you have looked at, in the app or with --seen, does
    not come again. Exit code 1 if arXiv could not be asked.
    """
    if search is not None and (show_all or offline or seen):
        raise click.UsageError("--search takes neither --all nor --offline nor --seen.")
    config, failed = settings.config, False
    with settings.store() as store:
        if search is not None:
            papers = list(services.search_new_papers(store, config, decoded(search)))
        else:
            if not offline:
                fetched = services.fetch_new_papers(store, config)
                failed = fetched.failed
                for message in fetched.messages:
                    click.echo(message, err=True)
                if not failed and (changes := services.complete_waiting_works(store, config)):
                    click.echo(f"Done: {store.record(*changes).words}.", err=True)
            papers = store.new_papers.fetched()
        looked_at = store.new_papers.looked_at([paper.arxiv_id for paper in papers])
        if search is None and not show_all:
            papers = [paper for paper in papers if paper.arxiv_id not in looked_at]
        works = pages.known_works(store, papers)
        judged = in_order(papers, attention_by(config.follow))
        listed = pages.paper_details(store, judged, works, looked_at, settings.today)
        if seen and (unseen := [details.paper.arxiv_id for details in listed if not details.seen]):
            act = store.record(see_papers(settings.today, unseen))
            say_done(f"Noted: {act.words}")
    if as_json:
        print_json(list(map(pages.as_json, listed)))
    else:
        print_lines(pages.shell_lines(listed, page_width(), settings.glyphs, settings.today))
    if not listed and not failed:
        none = "No new papers." if config.follow.categories else services.FOLLOW_FIRST
        click.echo("arXiv finds nothing." if search else none, err=True)
    if failed:
        before = f" {quantity(len(listed), 'paper')} fetched before." if listed else ""
        raise Refused(f"arXiv could not be asked.{before}")
