"""Works as CSV, in which a spreadsheet finds no formula to run."""

import csv
import io
from collections.abc import Iterable

from papertui.core.catalog import Work
from papertui.core.records import WorkRecord
from papertui.exporters.exported_work import ExportedWork, begun_on, of_pass

# Spreadsheets recognise a file as UTF-8 only by its first three bytes.
BYTE_ORDER_MARK = "\ufeff"
# A spreadsheet takes a cell that begins with one of these for a formula or a command.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def dumps(works: Iterable[ExportedWork]) -> str:
    """Return works as CSV, a row each; a cell that a spreadsheet might run begins with ``'``."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(map(cell, _row(work).values()) for work in works)
    return text.getvalue()


def cell(value: object) -> str:
    """Return the text of a cell, empty for None."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _row(exported: ExportedWork) -> dict[str, object]:
    work, record = exported.work, exported.record
    notes = (
        f"{begun_on(note)}{of_pass(note, work.kind)}\n{note.body.strip()}" for note in record.notes
    )
    return {
        "citekey": exported.key,
        "title": work.title,
        "authors": "; ".join(exported.authors),
        **exported.facts(),
        "queued": "yes" if record.rank is not None else None,
        "starred": "yes" if record.is_starred else None,
        "tags": "; ".join(record.tags),
        "passes": "; ".join(exported.passes()),
        "minutes": exported.minutes or None,
        "last_read": exported.last_read,
        "lists": "; ".join(exported.sections),
        "summary": work.summary,
        "insight": work.insight,
        "notes": "\n\n".join(notes),
    }


COLUMNS = tuple(_row(ExportedWork(Work("", ""), WorkRecord())))
