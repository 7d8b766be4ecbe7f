"""Paragraphs that are works, though no bullet or number says so."""

from papertui.importing import addresses
from papertui.importing.blocks import Passage
from papertui.importing.facts import facts_in
from papertui.importing.fields import field_of
from papertui.importing.roles import Role, role_of
from papertui.importing.titles import is_title, prepared, titles_in

_EDGES = ' \n:."“*'
_MOST_LINKS = 8


def unwrapped(passage: Passage) -> list[Passage]:
    """Return the lines of a paragraph; one that goes on in the next is one with it."""
    lines: list[Passage] = []
    for line in passage.lines():
        start = line.spans[0]
        goes_on = not start.url and start.text.lstrip()[:1].islower()
        if lines and goes_on:
            last = lines[-1]
            lines[-1] = Passage(
                (*last.spans, start._replace(text=f" {start.text}"), *line.spans[1:]),
                last.line,
                last.end,
            )
        else:
            lines.append(line)
    return lines


def works_among(lines: list[Passage]) -> list[list[Passage]]:
    """Return the lines of each work in a paragraph, none where it is prose."""
    groups: list[list[Passage]] = []
    for line in lines:
        if _begins_work(line) or _is_title(line):
            groups.append([line])
        elif not groups:
            return []
        else:
            groups[-1].append(line)
    return [group for group in groups if _begins_work(group[0]) or _leads_on(group[1:])]


def _is_title(line: Passage) -> bool:
    """Say whether a line is bold throughout, or says that it is a title."""
    spans = [span for span in line.spans if span.text.strip()]
    bold = all(span.strong and not span.url for span in spans)
    named = field_of(prepared(line.spans)[0])
    return bold or (named is not None and named[0].casefold() in ("title", "paper"))


def _leads_on(lines: list[Passage]) -> bool:
    """Say whether one of the lines below a title leads to its paper."""
    spans = (span for line in lines for span in prepared(line.spans)[0])
    return any(addresses.is_paper(span.url) for span in spans if span.outward)


def _begins_work(line: Passage) -> bool:
    """Say whether a line that is no entry names a work and leads to it, and is no prose."""
    spans = prepared(line.spans)[0]
    outward = [span.url for span in spans if span.outward]
    if not outward or len(outward) > _MOST_LINKS or role_of([line]) is not Role.WORK:
        return False
    first = titles_in(spans)[:1]
    before = facts_in(first[0].before).rest if first else ""
    set_off = any(span.strong or (span.outward and is_title(span)) for span in spans)
    return set_off and any(map(addresses.is_paper, outward)) and not before.strip(_EDGES)
