"""The board of the reading group: who read what, who explains what, the lists on offer."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from papertui.config import Config
from papertui.core import labels
from papertui.core.days import period
from papertui.core.group import OfferedList
from papertui.core.records import Note
from papertui.core.text import cells, quantity, safe_line, shorten
from papertui.pages.layout import DIM, LINK, STRONG, TITLE, Line, Span, Writer
from papertui.pages.markdown import write_markdown
from papertui.storage.group import YOU, Explanation, GroupWork, MemberPass
from papertui.storage.store import Store

OFFER = "offer:"  # the target of an offered list, before its id
NO_GROUP = "You are in no reading group: papertui group join REPOSITORY --name NAME."


class BoardDetails(NamedTuple):
    """The data of the board; the reader's own passes and explanations are those of YOU."""

    name: str
    members: Sequence[str]
    week: Sequence[MemberPass]
    list_title: str
    of_list: Sequence[MemberPass]
    explanations: Sequence[Explanation]
    lists: Sequence[tuple[str, OfferedList]]
    today: date


def board_details(store: Store, config: Config, today: date, list_key: str) -> BoardDetails:
    """Gather the data of the board as of `today`, with a list of the reader's."""
    first, last = period("week", today, config.week_start)
    group, facts = store.group, store.works.list_facts(list_key)
    return BoardDetails(
        group.name(),
        group.members(),
        group.passes_between(first, last),
        facts.title if facts else "",
        group.passes_in(list_key) if facts else (),
        group.explanations(first),
        group.lists(),
        today,
    )


def board_json(details: BoardDetails) -> dict[str, object]:
    """Return the board as plain data; scripts rely on its names."""

    def passes(made: Sequence[MemberPass]) -> list[dict[str, object]]:
        return [
            {**each._asdict(), "read_on": each.read_on and each.read_on.isoformat()}
            for each in made
        ]

    return {
        "name": details.name,
        "members": list(details.members),
        "week": passes(details.week),
        "list": passes(details.of_list),
        "explanations": [
            {**each._asdict(), "day": each.day and each.day.isoformat()}
            for each in details.explanations
        ],
        "lists": [{"title": each.title, "member": who} for who, each in details.lists],
    }


def board_page(details: BoardDetails, width: int) -> list[Line]:
    """Lay out the board in lines of at most `width` cells."""
    page = Writer(width)
    page.line(Span("The reading group", TITLE))
    if not details.name:
        page.text("Read with others: see who read what, how deeply, and who explains what.")
        page.blank()
        page.text(NO_GROUP)
        return page.lines
    others = ", ".join(map(safe_line, details.members)) or "nobody else yet"
    page.text(f"You are {safe_line(details.name)}; with you: {others}.", DIM)
    page.heading("This week")
    _passes(page, details.week, details.today, "Nobody has logged a pass yet.")
    if details.list_title:
        page.heading(f"In {safe_line(details.list_title)}")
        _passes(page, details.of_list, details.today, "Nobody has read any of it yet.")
    page.heading("Who explains what")
    if not details.explanations:
        page.text("Nobody has promised to explain a work; promise it in the library.", DIM)
    _explanations(page, details)
    if details.lists:
        page.heading("Lists on offer")
    for member, offered in details.lists:
        works = offered.content.get("works")
        number = quantity(len(works) if isinstance(works, dict) else 0, "item")
        tail = f" · {number}, from {safe_line(member)}"
        title = shorten(safe_line(offered.title), max(8, width - 2 - cells(tail)))
        page.line("  ", Span(title, LINK), Span(tail, DIM), target=OFFER + offered.id)
    return page.lines


def _passes(page: Writer, passes: Iterable[MemberPass], today: date, none: str) -> None:
    """Write works, the one that was read last first, each with who read it how deeply."""
    by_work: dict[str, list[MemberPass]] = {}
    for each in passes:
        by_work.setdefault(each.work or each.title, []).append(each)
    if not by_work:
        page.text(none, DIM)

    def place(work: str) -> tuple[int, str]:
        days = [each.read_on or date.min for each in by_work[work]]
        return -max(days).toordinal(), by_work[work][0].title

    for work in sorted(by_work, key=place):
        first = by_work[work][0]
        _title(page, first.title, first.work)
        page.text(_readers(by_work[work], today), DIM, lead="    ")


def _readers(passes: Iterable[MemberPass], today: date) -> str:
    """Return who made which passes of a work, by name, so that nobody is ranked."""
    by_member: dict[str, MemberPass] = {}
    for each in passes:
        known = by_member.get(each.member)
        if not known or (each.depth, each.read_on or date.min) > (
            known.depth,
            known.read_on or date.min,
        ):
            by_member[each.member] = each
    names = sorted(by_member, key=lambda name: (name == YOU, name.casefold()))
    return " · ".join(_reader(by_member[name], today) for name in names)


def _reader(made: MemberPass, today: date) -> str:
    when = f" {labels.day_name(made.read_on, today)}" if made.read_on else ""
    return f"{safe_line(made.member)} {labels.pass_name(made.depth)}{when}"


def _explanations(page: Writer, details: BoardDetails) -> None:
    for each in details.explanations:
        _title(page, each.title, each.work)
        page.text(explanation_words(each, details.today), lead="    ", style=DIM)


def explanation_words(each: Explanation, today: date) -> str:
    """Return who explains a work, or has explained it, and when."""
    who, is_you = safe_line(each.member), each.member == YOU
    when = labels.day_name(each.day, today) if each.day else "some day"
    if each.done:
        return f"{who} explained it {when}"
    return f"{who} explain{'' if is_you else 's'} it {when}"


def _title(page: Writer, title: str, work: str | None) -> None:
    page.text(safe_line(title), LINK if work else STRONG, lead="  ", target=work)


def write_group(page: Writer, shown: GroupWork, today: date) -> None:
    """Write what the group shows of a work, if there is anything."""
    if not any(shown):
        return
    page.heading("In the group")
    if shown.passes:
        page.text(_readers(shown.passes, today), lead="  ")
    for each in shown.explanations:
        page.text(explanation_words(each, today), lead="  ")
    for member, note in shown.notes:
        page.blank()
        page.line(Span(f"{safe_line(member)}, {_when(note, today)}", DIM))
        write_markdown(page, note.body)


def _when(note: Note, today: date) -> str:
    return labels.day_name(labels.local_time(note.saved, note.utc_offset).date(), today)
