"""The checklist of a pass: its lines, ticked or not, and what the paper claims."""

from collections.abc import Collection

from papertui.core.catalog import PassMethod, Work
from papertui.pages.layout import DIM, GOOD, HEADING, Line, Span, Writer
from papertui.pages.work import write_claims


def checklist_page(
    method: PassMethod, ticks: Collection[int], work: Work | None, width: int
) -> list[Line]:
    """Return the page: each line of the checklist is a target, by its number."""
    page = Writer(width)
    page.text(f"{method.name}: {method.goal}", HEADING)
    page.blank()
    for number, line in enumerate(method.checklist):
        ticked = number in ticks
        box = Span("☑ " if ticked else "☐ ", GOOD if ticked else DIM)
        page.text(line, DIM if ticked else "", lead=box, target=str(number))
    if work:
        write_claims(page, work)
    return page.lines
