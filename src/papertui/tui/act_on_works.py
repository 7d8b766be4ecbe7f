"""Acts on the works that the reader marked, or on the one under the cursor: one act each.

A function returns True if it has acted, False if the reader left it.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Container, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from papertui.core import journal, labels
from papertui.core.journal import Change
from papertui.core.library_tree import Branch, Leaf, passed_over
from papertui.core.text import fold, quantity, shorten
from papertui.errors import Refused
from papertui.pages.work import work_details
from papertui.storage import up_next
from papertui.storage.database import DatabaseError
from papertui.tui import links
from papertui.tui.base import PaperApp
from papertui.tui.dialogs import Completions

# Works of which one key alone logs no pass.
MANY = 5


def name_of(works: Sequence[Leaf]) -> str:
    """Return the title of a work, or the number of several."""
    return works[0].title if len(works) == 1 else quantity(len(works), "work")


async def _log_passes(
    app: PaperApp, works: Sequence[Leaf], depth: int, day: date | None, minutes: int | None = None
) -> None:
    """Log a pass of works; of several, those are left out that have it on that day already."""
    log, ended = app.store.reading_log, ""
    if len(works) == 1:
        (leaf,) = works
        logging, logged = works, labels.pass_of(depth, leaf.kind)
        record = await app.retry_while_busy(lambda: log.work(leaf.work))
        ended = labels.ended_by_pass(record.on(app.today()))
        if depth == max(journal.DEPTHS) and day and not record.depth:
            ended += "; no earlier pass is logged"
        drafts = app.store.drafts
        for sessions, says in (
            (drafts.left, f"; its session waits on{app.offer('waiting', 'goes to it')}"),
            (drafts.waiting, "; its session goes on in another papertui"),
        ):
            at_it = (d for d in await app.retry_while_busy(sessions) if d.work == leaf.work)
            if any(each.session and each.session.depth == depth for each in at_it):
                ended += says
                break
    else:
        records = await app.retry_while_busy(lambda: [log.work(leaf.work) for leaf in works])
        lacking = [
            (leaf, record)
            for leaf, record in zip(works, records, strict=True)
            if not record.has(depth, day)
        ]
        if not lacking:
            raise Refused(f"All of them have that pass already, {app.counts_for(day)}.")
        logging, logged = [leaf for leaf, _ in lacking], f"{labels.PASSES[depth]} of"
        endings = (labels.ended_by_pass(record.on(app.today())) for _, record in lacking)
        ends = Counter(end for each in endings for end in each.split(", ")[1:])
        ended = "".join(f", {n} {end}" for end, n in ends.items())
    await app.record(*[journal.log_pass(leaf.work, depth, day, minutes) for leaf in logging])
    each = " each" if len(logging) > 1 else ""
    duration = f", {labels.span(minutes)}{each}" if minutes else ""
    has_it = len(works) - len(logging)
    had = f"; {has_it} had it already" if has_it else ""
    after = f", {app.counts_for(day)}{duration}{ended}{had}{app.takes_back}"
    app.show_message(f"Logged: {logged} ", name_of(logging), after)


async def _log_if_wanted(
    app: PaperApp, works: Sequence[Leaf], depth: int, day: date | None
) -> bool:
    """Log a pass of works; of one, ask first if that day has it already."""
    leaf = works[0]
    if len(works) == 1 and not await app.wants_pass(leaf.work, depth, day, leaf.kind):
        return False
    await _log_passes(app, works, depth, day)
    return True


async def log_today(app: PaperApp, works: Sequence[Leaf], depth: int) -> bool:
    """Log a pass of works, today; ask first if they are many, as one key does it."""
    question = f"Log a {labels.PASSES[depth]} of {name_of(works)}, today?"
    if len(works) >= MANY and not await app.confirm(question):
        return False
    return await _log_if_wanted(app, works, depth, app.today())


async def log_on(app: PaperApp, works: Sequence[Leaf]) -> bool:
    """Ask for pass, day and minutes, and log them; of one work or none, for another work too."""
    from papertui.core.days import check_minutes
    from papertui.core.typed_entries import PASS_FORMS, parse_entry, parse_pass

    logged = await app.retry_while_busy(app.store.reading_log.minutes)
    days = app.today(), await app.retry_while_busy(app.latest_day), app.night_until()

    def parse_line(typed: str) -> tuple[Sequence[Leaf], int, date | None, int | None]:
        if len(works) > 1:
            return works, *parse_pass(typed, *days)
        unnamed, resolve = works[0].work if works else None, app.store.names.resolve_in_line
        work, depth, day, minutes = parse_entry(typed, resolve, *days, unnamed=unnamed)
        named = works if work == unnamed else app.store.tree.of_works([work], app.today())
        return named, depth, day, minutes

    async def parse(typed: str) -> tuple[Sequence[Leaf], int, date | None, int | None]:
        chosen, depth, day, minutes = await app.retry_while_busy(lambda: parse_line(typed))
        if day and minutes:
            check_minutes([(day, minutes)] * len(chosen), logged)
        if len(chosen) == 1:
            await app.check_pass(chosen[0].work, depth, day, chosen[0].kind)
        return chosen, depth, day, minutes or None

    of_each = " of each" if len(works) > 1 else ""
    parts = ("Log ", name_of(works), f": pass, day, minutes{of_each}")
    label = parts if works else "Log: work, pass, day, minutes"
    complete = None if len(works) > 1 else completions_of_works(app)
    entry = await app.ask_until(parse, label, PASS_FORMS, complete=complete)
    if entry:
        await _log_passes(app, *entry)
    return bool(entry)


async def log_before(app: PaperApp, works: Sequence[Leaf]) -> bool:
    """Ask for the pass that was made of works before papertui, and log it."""
    kind = works[0].kind if len(works) == 1 else "paper"
    passes = {str(depth): labels.pass_name(depth, kind) for depth in journal.DEPTHS}
    chosen = await app.choose("Read before papertui: ", name_of(works), choices=passes)
    return bool(chosen) and await _log_if_wanted(app, works, int(chosen), None)


async def log_section(
    app: PaperApp, branch: Branch, leaves_within: Callable[[], Sequence[Leaf]]
) -> None:
    """Ask for a pass, and log it before papertui for all of a section that lacks it."""
    passes = {str(depth): labels.PASSES[depth] for depth in journal.DEPTHS}
    before = "Read before papertui: all of "
    if not (chosen := await app.choose(before, branch.title, choices=passes)):
        return
    depth = int(chosen)
    unread = dict.fromkeys(
        leaf.work
        for leaf in await app.retry_while_busy(leaves_within)
        if leaf.depth < depth and leaf.aside != journal.DROPPED and not leaf.unidentified
    )
    if not unread:
        app.show_message("Every work of ", branch.title, " has that pass, or a deeper one")
        return
    app.show_message("")
    works, pass_ = quantity(len(unread), "work"), labels.PASSES[depth]
    question = f"Log a {pass_} of {works} of ", branch.title, ", before papertui?"
    if await app.confirm(*question):
        await app.record(*[journal.log_pass(work, depth, None) for work in unread])
        app.show_message(f"Logged: {pass_} of {works}, before papertui{app.takes_back}")


async def queue_works(app: PaperApp, works: Sequence[Leaf]) -> bool:
    """Put works at the end of the queue, or take them out if all are in it."""
    queue = dict(await app.retry_while_busy(app.store.reading_log.queue))
    entering = [leaf for leaf in works if leaf.work not in queue]
    if not entering:
        await app.record(*[journal.unqueue(leaf.work) for leaf in works])
        app.show_message("Out of the queue: ", name_of(works), app.takes_back)
        return True
    last = max(queue.values(), default=0)
    await app.record(
        *[journal.queue(leaf.work, last + n, enters=True) for n, leaf in enumerate(entering, 1)]
    )
    why = passed_over(entering)
    says = f" · {why}" if why else ""
    if len(entering) == 1:
        before = f"Number {len(queue) + 1} in the queue: "
    else:
        before = f"Numbers {len(queue) + 1} to {len(queue) + len(entering)} in the queue: "
    app.show_message(before, name_of(entering), f"{says}{app.takes_back}")
    return True


async def just_logged(app: PaperApp, work: str) -> str:
    """Return the pass of a work that a count before the key logged, in words, "" for none.

    The message about it is in view yet, and another one takes its place.
    """
    last = await app.retry_while_busy(app.store.latest_act_id)
    if app.offered != ("undo", last):
        return ""
    act = await app.retry_while_busy(app.store.last_act)
    is_pass = journal.PASS in act.kinds and act.works == (work,)
    return f"; before that, logged: {act.parts.before.strip().removesuffix(' of')}" * is_pass


async def move_in_queue(app: PaperApp, leaf: Leaf, by: int, shown: Container[str] | None) -> None:
    """Move a work in the queue, past those `shown`. Raises Refused if it is not there."""
    queue = await app.retry_while_busy(app.store.reading_log.queue)
    if leaf.work not in dict(queue):
        with suppress(Refused):
            last = await app.retry_while_busy(app.store.last_act)
            is_pass = leaf.work in last.works and journal.PASS in last.kinds
            events = app.store.events("act = ?", last.id)
            if is_pass and app.store.record_without(events, leaf.work).rank is not None:
                # A count before the key may have logged it.
                before, title, after = last.parts
                says = f"Taken out of the queue by the {before}", title, f"{after}{app.takes_back}"
                app.show_message(*says)
                return
        raise Refused(f"It is not in the queue: {app.key('queue')} puts it there.")
    visible = [each for each in queue if shown is None or each[0] in shown]
    if ranks := up_next.moved(visible, leaf.work, by):
        await app.record(*[journal.queue(w, rank, yields=w != leaf.work) for w, rank in ranks])
        queue = await app.retry_while_busy(app.store.reading_log.queue)
        at = [work for work, _ in queue].index(leaf.work) + 1
        app.show_message(f"Number {at} in the queue: ", leaf.title, app.takes_back)
    else:
        end = "last" if by > 0 else "first"
        app.show_message(f"Already the {end} in the queue: ", leaf.title)


async def set_aside(app: PaperApp, works: Sequence[Leaf]) -> bool:
    """Park works until a day, drop them for a reason, or take them up again."""
    them = "it" if len(works) == 1 else "them"
    aside = [leaf for leaf in works if leaf.aside]
    take_up = {"t": f"take {them} up again"} if aside else {}
    choices = {"p": f"park {them}", "d": f"drop {them}"} | take_up
    chosen = await app.choose("", name_of(works), ":", choices=choices)
    if chosen == "p":
        return await _park(app, works)
    if chosen == "t":
        await app.record(*[journal.take_up(leaf.work) for leaf in aside])
        app.show_message("Taken up again: ", name_of(aside), app.takes_back)
    elif chosen == "d":
        question = "Why drop ", name_of(works), "?"
        reason = await app.prompt(question, "a reason; just enter: for none")
        if reason is None:
            return False
        await app.record(*[journal.drop(leaf.work, reason) for leaf in works])
        over = await _passed_over(app, works)
        app.show_message("Dropped: ", name_of(works), f"{over}{app.takes_back}")
    return bool(chosen)


async def _park(app: PaperApp, works: Sequence[Leaf]) -> bool:
    from papertui.core.typed_days import a_day_ahead, parse_day_ahead

    async def parse(typed: str) -> tuple[date | None]:
        return (parse_day_ahead(typed, app.today()) if typed else None,)

    example = a_day_ahead(app.today())
    hint = f"2w, 10d, 3m, fri, tomorrow, {example}; just enter: until you take it up"
    label = ("Park ", name_of(works), " until when?")
    if not (answer := await app.ask_until(parse, label, hint, blank=True)):
        return False
    await app.record(*[journal.park(leaf.work, answer[0]) for leaf in works])
    back = f", back on {labels.day_name(answer[0], app.today())}" if answer[0] else ""
    back += await _passed_over(app, works)
    app.show_message("Parked: ", name_of(works), f"{back}{app.takes_back}")
    return True


async def _passed_over(app: PaperApp, works: Sequence[Leaf]) -> str:
    """Return what becomes of works in the queue that are set aside, "" if none is there.

    A session of one comes first all the same.
    """
    drafts = await app.retry_while_busy(app.store.drafts.left)
    if any(draft.session and draft.work == leaf.work for draft in drafts for leaf in works):
        return "; its session waits, and comes first all the same"
    queue = dict(await app.retry_while_busy(app.store.reading_log.queue))
    them = "it" if len(works) == 1 else "them"
    is_queued = any(leaf.work in queue for leaf in works)
    return f"; up next passes over {them} in the queue" if is_queued else ""


async def tag_works(app: PaperApp, works: Sequence[Leaf]) -> bool:
    """Ask for the tags of works: what is taken out of the line is taken away from all of them."""
    from papertui.core.tags import (
        completions_of_tags,
        parse_tags,
        spelt_as_known,
        tagged_words,
    )

    log = app.store.reading_log
    known = [*await app.retry_while_busy(log.tags)]
    records = await app.retry_while_busy(lambda: {leaf.work: log.work(leaf.work) for leaf in works})
    tags = {work: {fold(tag): tag for tag in record.tags} for work, record in records.items()}
    first, *others = tags.values()
    common = {key: tag for key, tag in first.items() if all(key in other for other in others)}

    async def parse(typed: str) -> dict[str, str]:
        return {fold(tag): tag for tag in spelt_as_known(parse_tags(typed), known)}

    label = ("Tags of ", name_of(works), "")
    hint = "words of your own, tab completes" + "; one taken out is taken away" * bool(common)
    typed = await app.ask_until(
        parse, label, hint, "".join(f"{tag} " for tag in common.values()),
        blank=bool(common), complete=lambda text: completions_of_tags(text, known),
    )  # fmt: skip
    if typed is None:
        return False
    gone = [tag for key, tag in common.items() if key not in typed]
    changes: list[Change] = []
    for work, own in tags.items():
        if (added := [tag for key, tag in typed.items() if key not in own]) or gone:
            changes.append(journal.tag(work, added, gone))
    if not changes:
        app.show_message("Nothing has changed: ", name_of(works))
        return False
    await app.record(*changes)
    added = [tag for key, tag in typed.items() if key not in common]
    before, after = tagged_words(added, gone)
    app.show_message(before, name_of(works), f"{after}{app.takes_back}")
    return True


async def star_works(app: PaperApp, works: Sequence[Leaf]) -> bool:
    """Star works, or take the stars away if all have one."""
    from papertui.core.tags import starring_words

    starred = await app.retry_while_busy(app.store.tree.starred)
    changing = [leaf for leaf in works if leaf.work not in starred] or works
    on = changing[0].work not in starred
    await app.record(*[journal.star(leaf.work, on) for leaf in changing])
    app.show_message(starring_words(on), name_of(changing), app.takes_back)
    return True


async def copy_citations(app: PaperApp, works: Sequence[Leaf]) -> bool:
    """Copy the BibTeX entries of works; those that are not identified have none."""
    from papertui.exporters import bibtex

    def entries() -> list[str]:
        texts = []
        for leaf in works:
            work, kept = app.store.works.work(leaf.work), app.store.bib_entries.first(leaf.work)
            if work and not work.unidentified:
                texts.append(bibtex.kept_entry(kept, work) if kept else bibtex.entry(work))
        return texts

    cited = await app.retry_while_busy(entries)
    name = "citation" if len(works) == 1 else quantity(len(cited), "citation")
    links.copy(app, "\n\n".join(cited) or None, name if cited else "citation")
    return bool(cited)


async def explain(app: PaperApp, citekeys: Sequence[str]) -> bool:
    """Copy the explanations of works, without private notes, and mark these as explained today."""
    from papertui.exporters import markdown

    today = app.today()
    works = await app.retry_while_busy(
        lambda: [work_details(app.store, citekey, today) for citekey in citekeys]
    )
    text = "\n".join(markdown.explanation(each.work, each.notes_for_others) for each in works)
    copied = await links.to_clipboard(app, text)
    await app.record(*[journal.share(citekey, today) for citekey in citekeys])
    title = works[0].work.title if len(works) == 1 else quantity(len(works), "work")
    after = f"{labels.kept_back(sum(each.kept_back for each in works))}{app.takes_back}"
    app.show_message(f"Explanation {copied}, counts as explained: ", title, after)
    return True


async def export_works(app: PaperApp, works: Sequence[Leaf]) -> bool:
    """Ask for a file, and write works to it in the format that its name asks for."""
    from papertui.exporters import file_formats
    from papertui.system.files import completions_of_paths, typed_path, write

    citekeys = [leaf.work for leaf in works]

    async def parse(typed: str) -> tuple[Path, str]:
        path = typed_path(typed)
        format_ = file_formats.format_of(path)
        text, of_private = await app.retry_while_busy(
            lambda: file_formats.text_of_works(app.store, app.today(), format_, citekeys)
        )
        await asyncio.to_thread(write, path, text)
        return path, of_private

    hint = f"a new file: {', '.join(file_formats.SUFFIXES)}"
    written = await app.ask_until(
        parse, ("Export ", name_of(works), " to"), hint, complete=completions_of_paths
    )
    if written is None:
        return False
    path, of_private = written
    app.show_message("Exported: ", name_of(works), f" to {path}{of_private}")
    return True


def completions_of_works(app: PaperApp, but: str = "") -> Completions:
    """Return what completes the name of a work, another than `but`, with which a line begins."""

    def complete(line: str) -> Sequence[str]:
        with suppress(DatabaseError):
            return app.store.names.completions(line, but)
        return ()

    return complete


async def merge_work(app: PaperApp, leaf: Leaf, go_to: Callable[[str, int | None], str]) -> None:
    """Ask which work this one really is, and merge it into that one.

    `go_to` goes to a work, at best in a branch, and returns what to say of that.
    """
    from papertui.storage.edits import check_mergeable, work_merge

    async def parse(typed: str) -> tuple[str, Change]:
        work = app.store.names.resolve(typed, but=leaf.work)
        return work, work_merge(app.store, leaf.work, work)

    try:
        await app.retry_while_busy(lambda: check_mergeable(app.store, leaf.work))
    except Refused as refused:
        # What is typed on without looking is a name or an id, and would be commands.
        await app.choose(refused.in_app(app.key), choices={})
        return
    label, hint = ("Merge ", leaf.title, " into"), "citekey, arXiv id or title; tab completes"
    complete = completions_of_works(app, but=leaf.work)
    if merge := await app.ask_until(parse, label, hint, complete=complete):
        into, change = merge
        # It may take its title from the other.
        title, before = app.store.works.title(into), app.store.reading_log.work(into)
        await app.write(lambda store: store.record(change, now=app.clock()), takes_long=True)
        cleared = go_to(into, leaf.branch)
        changed = labels.changed_by_merge(before, app.store.reading_log.work(into))
        merged_into = f" is merged into {shorten(title, 40)}{changed}"
        app.show_message("", leaf.title, f"{merged_into}{cleared}{app.takes_back}")
