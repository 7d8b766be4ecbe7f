"""The board of the reading group: who read what, who explains what, the lists on offer."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from papertui.config import Config
from papertui.core import labels
from papertui.core.days import period
from papertui.core.group import NO_GROUP, OfferedList
from papertui.core.records import Note
from papertui.core.text import cells, quantity, safe_line, shorten
from papertui.pages.layout import (
    DIM,
    LINK,
    MIN_ROOM,
    STRONG,
    TITLE,
    Line,
    Span,
    Writer,
    columns,
)
from papertui.pages.markdown import write_markdown
from papertui.storage.group import YOU, Explanation, GroupWork, MemberPass
from papertui.storage.store import Store

OFFER = "offer:"  # the target of an offered list, before its id


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
    has_joined: bool  # this device; the name may have come from another


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
        store.group_state.place() is not None,
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


def board_page(details: BoardDetails, width: int, beside: bool = False) -> list[Line]:
    """Lay out the board in lines of at most `width` cells.

    With `beside` they are no longer than prose, in two columns if there is room.
    """
    page = Writer(width)
    page.line(Span("The reading group", TITLE))
    if not details.name:
        page.text("Read with others: see who read what, how deeply, and who explains what.")
        page.blank()
        page.text(NO_GROUP)
        return page.lines
    if not details.has_joined:
        name = safe_line(details.name)
        page.text(f"You are {name} in it, but this device has not joined yet.")
        page.blank()
        page.text(f'papertui group join PLACE --name "{name}" --again')
        return page.lines
    others = ", ".join(map(safe_line, details.members)) or "nobody else yet"
    page.text(f"You are {safe_line(details.name)}; with you: {others}.", DIM)
    left, right = columns(width) if beside else (Writer(width),) * 2
    _this_week(left, details)
    if details.list_title:
        right.heading(f"In {safe_line(details.list_title)}")
        _passes(right, details.of_list, details.today, "Nobody has read any of it yet.")
    page.blank()
    page.beside(*((left,) if left is right else (left, right)))
    return page.lines


def _this_week(page: Writer, details: BoardDetails) -> None:
    """Write what is read, explained and offered now; that is short and comes first."""
    page.heading("This week")
    _passes(page, details.week, details.today, "Nobody has logged a pass yet.")
    page.heading("Who explains what")
    if not details.explanations:
        page.text("Nobody has promised to explain a work; promise it in the library.", DIM)
    for explanation in details.explanations:
        _title(page, explanation.title, explanation.work)
        _explanation(page, explanation, details.today, "    ")
    if details.lists:
        page.heading("Lists on offer")
    for member, offered in details.lists:
        works = offered.content.get("works")
        number = quantity(len(works) if isinstance(works, dict) else 0, "item")
        tail = f" · {number}, from {safe_line(member)}"
        title = shorten(safe_line(offered.title), max(8, page.width - 2 - cells(tail)))
        page.line("  ", Span(title, LINK), Span(tail, DIM), target=OFFER + offered.id)


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
        _readers(page, by_work[work], today, "    ")


def _readers(page: Writer, passes: Iterable[MemberPass], today: date, lead: str) -> None:
    """Write who made which passes of a work, by name, so that nobody is ranked."""
    by_member: dict[str, MemberPass] = {}
    for each in passes:
        known = by_member.get(each.member)
        if not known or (each.depth, each.read_on or date.min) > (
            known.depth,
            known.read_on or date.min,
        ):
            by_member[each.member] = each
    names = sorted(by_member, key=lambda name: (name == YOU, name.casefold()))
    _people(page, ((name, _reading(by_member[name], today)) for name in names), lead)


def _reading(made: MemberPass, today: date) -> str:
    when = f" {labels.day_name(made.read_on, today)}" if made.read_on else ""
    return f"{labels.pass_name(made.depth)}{when}"


def _explanation(page: Writer, each: Explanation, today: date, lead: str) -> None:
    """Write who explains a work, or has explained it, and when."""
    when = labels.day_name(each.day, today) if each.day else "some day"
    does = "explained" if each.done else "explain" if each.member == YOU else "explains"
    _people(page, [(each.member, f"{does} it {when}")], lead)


def _people(page: Writer, people: Iterable[tuple[str, str]], lead: str) -> None:
    """Write people, each with what they do in the same line; the names stand out."""
    spans: list[Span] = []
    for name, does in people:
        person = [Span(safe_line(name)), Span(f" {does}", DIM)]
        if spans and cells("".join(span.text for span in [*spans, *person])) + 3 > page.width:
            page.line(*spans)
            spans = []
        spans += [Span(" · ", DIM) if spans else Span(lead), *person]
    page.line(*spans)


def _title(page: Writer, title: str, work: str | None) -> None:
    """Write the title of a work in one line."""
    shown = shorten(safe_line(title), max(MIN_ROOM, page.width - 2))
    page.line("  ", Span(shown, LINK if work else STRONG), target=work)


def write_group(page: Writer, shown: GroupWork, today: date) -> None:
    """Write what the group shows of a work, if there is anything."""
    if not any(shown):
        return
    page.heading("In the group")
    if shown.passes:
        _readers(page, shown.passes, today, "  ")
    for each in shown.explanations:
        _explanation(page, each, today, "  ")
    for member, note in shown.notes:
        page.blank()
        page.line(Span(f"{safe_line(member)}, {_when(note, today)}", DIM))
        write_markdown(page, note.body)


def _when(note: Note, today: date) -> str:
    return labels.day_name(labels.local_time(note.saved, note.utc_offset).date(), today)
