"""BibTeX entries as their files have them, kept with the works that they describe."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

# The text of a field; or, if it has abbreviations that its file does not explain, texts and
# abbreviations by turns, a text first and last.
Value = str | tuple[str, ...]
PREAMBLE = "preamble"
# The fields that say where a work was published, the one that says it best first.
VENUE_FIELDS = (
    "journaltitle", "journal", "booktitle", "eventtitle", "school", "institution",
    "organization", "publisher", "howpublished",
)  # fmt: skip


class BibEntry(NamedTuple):
    """An entry of a BibTeX file: its type, key and fields, spelt as in the file.

    `work` is the citekey of its work; proceedings, for example, to which others refer, have
    none. `line` counts from 1. A preamble is an entry with one field. `edited` names the
    fields of the work that the reader edited.
    """

    type: str
    key: str
    fields: Mapping[str, Value]
    line: int = 0
    work: str | None = None
    edited: tuple[str, ...] = ()

    def texts(self) -> dict[str, str]:
        """Return the fields as texts by their names in lower case."""
        return {
            name.lower(): value if isinstance(value, str) else text_of(value)
            for name, value in self.fields.items()
        }

    def references(self) -> Iterator[str]:
        """Yield the keys of the entries that this one needs, in lower case."""
        for name, value in self.fields.items():
            if name.lower() in ("crossref", "xdata", "entryset", "related", "xref"):
                yield from filter(None, (key.strip().lower() for key in text_of(value).split(",")))

    def as_json(self) -> dict[str, Any]:
        """Return the entry as plain data, without its line."""
        fields = {n: v if isinstance(v, str) else list(v) for n, v in self.fields.items()}
        data = {"type": self.type, "key": self.key, "fields": fields, "work": self.work}
        return {name: value for name, value in data.items() if value or name == "fields"}


def text_of(value: Value) -> str:
    """Return the text of a field, in which an abbreviation means itself."""
    return value if isinstance(value, str) else "".join(value)


def entries_from(data: Any) -> Iterator[BibEntry]:
    """Yield the entries in plain data from outside, passing over what is none."""
    for entry in data if isinstance(data, list | tuple) else ():
        if isinstance(entry, dict) and isinstance(fields := entry.get("fields"), dict):
            work = entry.get("work")
            values = {name: _value(value) for name, value in fields.items()}
            yield BibEntry(
                _word(entry.get("type")) or "misc",
                _word(entry.get("key")),
                {name: value for name, value in values.items() if value is not None},
                work=work if isinstance(work, str) else None,
            )


def _word(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _value(value: Any) -> Value | None:
    if isinstance(value, str):
        return value
    is_mixed = isinstance(value, list | tuple) and all(isinstance(part, str) for part in value)
    return tuple(value) if is_mixed and len(value) % 2 else None


def joined(entries: Iterable[BibEntry]) -> list[BibEntry]:
    """Return entries in their order, those of one key and work as one.

    The first is believed and the others fill its gaps.
    """
    by_key: dict[object, BibEntry] = {}
    for entry in entries:
        key = (entry.key.lower(), entry.work) if entry.key or entry.work else len(by_key)
        if (first := by_key.get(key)) is None:
            by_key[key] = entry
        else:
            names = {name.lower() for name in first.fields}
            more = {n: value for n, value in entry.fields.items() if n.lower() not in names}
            by_key[key] = first._replace(fields={**first.fields, **more})
    return [*by_key.values()]
