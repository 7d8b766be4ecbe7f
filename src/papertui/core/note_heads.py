"""The versions of a note that nobody has replaced: made into one where they fit together.

Versions that were written apart are joined by a rule and not by an event, so that all devices
show the same text without telling each other, and a later version names all that it contains.
"""

from collections.abc import Iterable, Mapping, Sequence

from papertui.core.records import Note, SavedVersion
from papertui.core.three_way import merged_text

# Versions of one note that were written apart: of more, each is shown.
MAX_HEADS = 20
# Texts that two versions may have begun from, and how often these may have had several.
_MAX_BEGINNINGS, _MAX_LEVELS = 3, 3


def joined(heads: Sequence[Note], versions: Mapping[str, SavedVersion]) -> list[Note]:
    """Return the heads of one note, those that fit together as one, by the order of the first."""
    if not 1 < len(heads) <= MAX_HEADS:
        return list(heads)
    return _Joining(versions).joined(heads)


class _Joining:
    def __init__(self, versions: Mapping[str, SavedVersion]) -> None:
        self._versions = versions
        self._before: dict[str, frozenset[str]] = {}

    def joined(self, heads: Iterable[Note], levels: int = _MAX_LEVELS) -> list[Note]:
        notes: list[Note] = []
        for head in sorted(heads, key=lambda note: self._versions[note.version].order):
            for index, note in enumerate(notes):
                if (one := self._as_one(note, head, levels)) is not None:
                    notes[index] = one
                    break
            else:
                notes.append(head)
        return notes

    def _as_one(self, note: Note, later: Note, levels: int) -> Note | None:
        """Return two notes as one, which has the name of the later and names the other."""
        body: str | None = note.body
        if note.body != later.body:
            base = self._base({note.version, *note.others}, later.version, levels)
            body = None if base is None else merged_text(base, note.body, later.body)
        if body is None:
            return None
        return later._replace(body=body, others=(*note.others, note.version))

    def _base(self, contained: Iterable[str], version: str, levels: int) -> str | None:
        """Return the text that both began from, None if there is none."""
        common = self._before_any(contained) & self._ancestors(version)
        last = common - self._before_any(common)
        if not last or len(last) > _MAX_BEGINNINGS or not levels:
            return None
        notes = self.joined((self._versions[each].note for each in last), levels - 1)
        return notes[0].body if len(notes) == 1 else None

    def _before_any(self, versions: Iterable[str]) -> frozenset[str]:
        return frozenset[str]().union(*map(self._ancestors, versions))

    def _ancestors(self, version: str) -> frozenset[str]:
        """Return all versions that a version replaced, and those that they did."""
        if version not in self._before:
            found: set[str] = set()
            waiting = [version]
            while waiting:
                saved = self._versions[waiting.pop()]
                for base in saved.bases - found:
                    # What is replaced was there before.
                    if base in self._versions and self._versions[base].order < saved.order:
                        found.add(base)
                        waiting.append(base)
            self._before[version] = frozenset(found)
        return self._before[version]
