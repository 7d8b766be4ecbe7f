"""The command that asks what was read, or lists what is due."""

import sys

import click

from papertui.cli.arguments import Number
from papertui.cli.context import (
    Settings,
    as_json,
    page_width,
    pass_settings,
    print_json,
    print_lines,
    resolve,
    say_done,
)
from papertui.config import config_path
from papertui.core.journal import DROPPED, rate_card, switch_card
from papertui.core.recall import INSIGHT, INSIGHT_QUESTION, fitted_parameters, scheduling
from papertui.core.text import safe_line
from papertui.errors import Refused
from papertui.pages import recall as pages
from papertui.storage.recall_cards import DueCard
from papertui.storage.store import Store


@click.command(epilog="Example: papertui recall --limit 10")
@click.option("--limit", type=Number(1, 200), help="Ask at most this many cards.")
@click.option("--start", metavar="WORK", help="Ask about a WORK from today on.")
@click.option("--stop", metavar="WORK", help="Stop asking about a WORK.")
@click.option("--fit", is_flag=True, help="Print the parameters that fit your own ratings.")
@as_json
@pass_settings
def recall_command(
    settings: Settings,
    limit: int | None,
    start: str | None,
    stop: str | None,
    fit: bool,
    as_json: bool,
) -> None:
    """Recall what you read: questions, answers, when they come back.

    In a pipe, or with --json, only prints what is due, the most forgotten first.
    """
    if bool(start) + bool(stop) + fit > 1:
        raise click.UsageError("give one of --start, --stop and --fit.")
    config = settings.config
    with settings.store() as store:
        if named := start or stop:
            _switch(store, settings, named, on=bool(start))
            return
        if fit:
            parameters = ", ".join(map(str, fitted_parameters(store.recall.all_ratings())))
            click.echo(f"recall_parameters = [{parameters}]")
            click.echo(f"Put this line into {config_path()}.", err=True)
            return
        if not config.recall:
            raise Refused('Recall is off: recall = "on" in the config file brings it back.')
        due = store.recall.due(settings.today, limit or config.recall_limit)
        if as_json:
            print_json(list(map(pages.card_as_json, due)))
        elif due and sys.stdin.isatty() and sys.stdout.isatty():
            _ask(store, settings, due)
        else:
            for asked in due:
                question = safe_line(asked.card.question) or INSIGHT_QUESTION
                name = store.bib_entries.name(asked.work)
                click.echo(f"{safe_line(asked.title)}  [{name}]\n  {question}")
            if not due:
                following = store.recall.next_due(settings.today)
                width = page_width()
                for line in pages.end_page((), 0, following, settings.today, width):
                    click.echo(line.text, err=True)


def _switch(store: Store, settings: Settings, named: str, on: bool) -> None:
    work = resolve(store, named)
    title = safe_line(store.works.title(work))
    cards = store.recall.of_work(work, settings.today)
    if any(each.card.key == INSIGHT and each.card.is_active for each in cards) == on:
        is_dropped = store.reading_log.work(work).aside == DROPPED
        stands = "asked in recall once it is no longer dropped" if is_dropped else "asked in recall"
        raise Refused(f"{title} is {f'{stands} already' if on else 'not asked in recall'}.")
    store.record(switch_card(work, INSIGHT, settings.today, on))
    stopped = pages.stopped_words(store.recall.of_work(work, settings.today))
    before, after = ("Asked in recall: ", "") if on else stopped
    say_done(f"{before}{title}{after}")


def _ask(store: Store, settings: Settings, due: list[DueCard]) -> None:
    """Ask one card after the other, until all are rated or the reader leaves."""
    config, today = settings.config, settings.today
    made_with = scheduling(config.recall_parameters, config.recall_retention)
    rated: list[int] = []
    for number, asked in enumerate(due, 1):
        details = pages.recall_details(store, asked, today)
        click.echo(f"\n{number} of {len(due)}")
        print_lines(pages.question_page(details, page_width()))
        typed = click.prompt("Your answer, or just enter", default="", show_default=False)
        print_lines(pages.answer_page(details, typed, page_width()))
        choices = pages.rating_choices(asked, today, made_with)
        click.echo("\n" + " · ".join(f"{key} {words}" for key, words in choices.items()))
        keys = [*map(str, choices), "x", "q"]
        asks = "How well did you recall it, 1 to 4? x asks it no more, q leaves"
        chosen = click.prompt(asks, type=click.Choice(keys), show_choices=False)
        if chosen == "q":
            break
        if chosen == "x":
            store.record(switch_card(asked.work, asked.card.key, today, on=False))
            continue
        rated.append(int(chosen))
        store.record(rate_card(asked.work, asked.card.key, today, rated[-1], made_with.as_json()))
    left, following = store.reading_log.cards_due(today), store.recall.next_due(today)
    if rated or left:
        click.echo("")
        print_lines(pages.end_page(rated, left, following, today, page_width()))
