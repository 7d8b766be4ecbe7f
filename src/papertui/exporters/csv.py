"""Works as a table: CSV that a spreadsheet opens without running anything."""

import csv
import io
from collections.abc import Iterable

from papertui.exporters.exported_work import ExportedWork, noted

# A spreadsheet takes a cell that begins with one of these for a formula or a command.
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
COLUMNS = (
    "citekey", "title", "authors", "year", "venue", "kind", "arxiv", "doi", "url", "status",
    "reason", "until", "queued", "passes", "minutes", "last_read", "lists", "summary", "insight",
    "notes",
)  # fmt: skip


def document(holdings: Iterable[ExportedWork]) -> str:
    """Return works as CSV, a row each; a cell that a spreadsheet might run begins with ``'``."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for holding in holdings:
        row = _row(holding)
        writer.writerow(cell(row[column]) for column in COLUMNS)
    return text.getvalue()


def cell(value: object) -> str:
    """Return what stands in the cell of a value; nothing does for None."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_RUNS) else text


def _row(holding: ExportedWork) -> dict[str, object]:
    work, record = holding.work, holding.record
    notes = (f"{noted(note, work.kind)}\n{note.body.strip()}" for note in record.notes)
    return {
        "citekey": work.citekey,
        "title": work.title,
        "authors": "; ".join(holding.authors),
        **holding.facts(),
        "queued": "yes" if record.rank is not None else None,
        "passes": "; ".join(holding.passes()),
        "minutes": holding.minutes or None,
        "last_read": holding.last_read,
        "lists": "; ".join(holding.paths),
        "summary": work.summary,
        "insight": work.insight,
        "notes": "\n\n".join(notes),
    }
