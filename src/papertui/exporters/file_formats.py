"""The formats of one file that works are exported to, and the ends of its name."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import Path

from papertui.core import labels
from papertui.core.bib_entry import BibEntry
from papertui.core.text import quantity
from papertui.errors import Refused
from papertui.exporters import bibtex, csv
from papertui.exporters.exported_work import ExportedWork, exported_works
from papertui.storage.store import Store

# Formats, by the end of the name of a file.
SUFFIXES = {".bib": "bib", ".csv": "csv", ".ris": "ris", ".json": "csl"}
# Formats of reference managers, whose files go to others, and those that hold the reader's notes.
_FOR_OTHERS, _WITH_NOTES = ("ris", "csl"), ("csv", "md")


def format_of(path: Path) -> str:
    """Return the format that the name of a file asks for. Raises Refused for another one."""
    if format_ := SUFFIXES.get(path.suffix.lower()):
        return format_
    raise Refused(f"End the name with one of {', '.join(SUFFIXES)}.")


def as_held(
    format_: str, exported: Sequence[ExportedWork], private: Collection[str]
) -> tuple[list[ExportedWork], str]:
    """Return works with the notes that a format may hold, and what to say of the private ones."""
    without = [each.without(private) for each in exported]
    kept_back = sum(len(each.record.notes) for each in exported)
    kept_back -= sum(len(each.record.notes) for each in without)
    if format_ in _FOR_OTHERS:
        return without, labels.kept_back(kept_back)
    is_said = kept_back and format_ in _WITH_NOTES
    return [*exported], f", with {quantity(kept_back, 'private note')}" if is_said else ""


def dumps(format_: str, exported: Sequence[ExportedWork], kept: Iterable[BibEntry]) -> str:
    """Return works as the text of a file; `kept` are their BibTeX entries as they came in."""
    if format_ == "bib":
        keywords = {each.work.citekey: each.own_words for each in exported}
        return bibtex.dumps([each.work for each in exported], kept, keywords)
    if format_ == "csv":
        return csv.dumps(exported)
    if format_ == "ris":
        from papertui.exporters import ris

        return ris.dumps(exported)
    from papertui.exporters import csl_json

    return csl_json.dumps(exported)


def text_of_works(
    store: Store, today: date, format_: str, citekeys: Sequence[str]
) -> tuple[str, str]:
    """Return some works as the text of a file on the disk, and what to say of private notes."""
    exported = exported_works(store, today, citekeys)
    works, says = as_held(format_, exported, store.private_notes())
    text = dumps(format_, works, store.bib_entries.of(citekeys))
    return (csv.BYTE_ORDER_MARK + text if format_ == "csv" else text), says
