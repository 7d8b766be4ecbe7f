"""Commands for the reader's own tags and stars."""

import click

from papertui.cli import context
from papertui.cli.completion import citekeys, tags
from papertui.cli.context import Settings, as_json, named_work, pass_settings, say_done
from papertui.core import journal
from papertui.core.tags import parse_tags, spelt_as_known, starring_words, tagged_words
from papertui.core.text import fold, safe_line
from papertui.errors import Refused


@click.command(epilog="Example: papertui tag resnet vision to-cite")
@click.argument("work", required=False, shell_complete=citekeys)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=tags)
@click.option("--off", is_flag=True, help="Take these tags away.")
@as_json
@pass_settings
def tag_command(
    settings: Settings, work: str | None, names: tuple[str, ...], off: bool, as_json: bool
) -> None:
    """Tag a WORK with words of your own, or print the tags.

    With NAMES, give the WORK these tags. Without, print its tags; without a WORK, all tags
    with the numbers of their works. A tag is one word; # before it is left out.
    """
    typed = parse_tags(context.decoded(" ".join(names)))
    if off and not typed:
        raise click.UsageError("--off takes tags away: name them.")
    with settings.store() as store:
        known = store.reading_log.tags()
        if work is None:
            _print_all(known, as_json)
            return
        citekey = context.resolve(store, work)
        own = store.reading_log.work(citekey).tags
        if not typed:
            if as_json:
                context.print_json(list(own))
            elif own:
                click.echo("\n".join(own))
            else:
                title = safe_line(store.works.title(citekey))
                click.echo(f"No tag on {title}; papertui tag WORK NAME gives it one.", err=True)
            return
        has = set(map(fold, own))
        changing = [tag for tag in spelt_as_known(typed, known) if (fold(tag) in has) is off]
        if not changing:
            raise Refused(f"It has {'none' if off else 'all'} of these tags already.")
        added, removed = ([], changing) if off else (changing, [])
        store.record(journal.tag(citekey, added, removed))
        title = store.works.title(citekey)
    before, after = tagged_words(added, removed)
    say_done(f"{before}{safe_line(title)}{safe_line(after)}")


def _print_all(tags: dict[str, int], as_json: bool) -> None:
    if as_json:
        context.print_json([{"tag": tag, "works": number} for tag, number in tags.items()])
    elif not tags:
        click.echo("No tag yet; papertui tag WORK NAME gives a work one.", err=True)
    else:
        for tag, number in tags.items():
            click.echo(f"{number:>5}  {tag}")


@click.command(epilog="Example: papertui star resnet")
@named_work
@click.option("--off", is_flag=True, help="Take the star away.")
@pass_settings
def star_command(settings: Settings, work: str, off: bool) -> None:
    """Star a WORK, or take its star away.

    papertui list --starred prints the starred works.
    """
    with settings.store() as store:
        citekey = context.resolve(store, work)
        if store.reading_log.work(citekey).is_starred is not off:
            raise Refused("It is not starred." if off else "It is starred already.")
        store.record(journal.star(citekey, on=not off))
        title = store.works.title(citekey)
    say_done(f"{starring_words(not off)}{safe_line(title)}")
