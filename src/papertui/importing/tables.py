"""Tables whose rows are works."""

from papertui.importing import addresses, marks
from papertui.importing.blocks import Span, Table
from papertui.importing.facts import fact
from papertui.importing.fields import key_of
from papertui.importing.titles import clean, is_title, prepared
from papertui.importing.works import Draft, add_field, drafts_of

_TITLES = (
    ("title", "paper title", "work", "article", "publication", "reading", "book", "video"),
    ("paper", "papers", "name", "reference", "resource"),
    ("method", "model", "approach", "algorithm"),
)


def works_in(table: Table, problems: list[str]) -> list[Draft]:
    """Return the works in the rows of a table, none where it is about something else."""
    names = [clean(marks.split(name)[0]) for name in table.header]
    cells = [[prepared(cell.spans) for cell in row] for row in table.rows]
    links = [span for row in cells for spans, _ in row for span in spans if span.outward]
    column = _title_column([name.casefold() for name in names], cells)
    keys = [key_of(name) for name in names]
    if column is None or not (links or "authors" in keys):
        return []
    drafts = []
    for row, read in zip(table.rows, cells, strict=True):
        if column < len(row) and row[column].spans:
            for draft in drafts_of([row[column]], problems):
                for at, (spans, signs) in enumerate(read):
                    if at != column and at < len(names):
                        draft.marks += signs
                        _add(draft, keys[at], names[at], spans, problems)
                drafts.append(draft)
    return drafts


def _title_column(
    names: list[str], cells: list[list[tuple[tuple[Span, ...], tuple[str, ...]]]]
) -> int | None:
    """Return which column holds the titles: by its name, else by the papers it leads to."""

    def titled(column: int, linked: bool) -> bool:
        found = [row[column][0] for row in cells if column < len(row) and row[column][0]]
        named = [any(is_title(s) and (s.outward or not linked) for s in spans) for spans in found]
        return bool(named) and sum(named) * 2 >= len(named)

    for group in _TITLES:
        for column, name in enumerate(names):
            if name in group and titled(column, linked=False):
                return column
    papers = any(
        addresses.is_paper(span.url)
        for row in cells
        for spans, _ in row
        for span in spans
        if span.outward
    )
    return next((c for c in range(len(names)) if papers and titled(c, linked=True)), None)


def _add(
    draft: Draft, key: str | None, name: str, spans: tuple[Span, ...], problems: list[str]
) -> None:
    """Add a cell to the work of its row; one that is neither known, link nor fact is left out."""
    text = "".join(span.text for span in spans)
    known = None if key else fact(text)
    if known:
        draft.facts.add(known)
    elif key or any(span.outward for span in spans):
        add_field(draft, key or name or "link", spans, problems)
