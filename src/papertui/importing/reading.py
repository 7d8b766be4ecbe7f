"""A file to import, read by the reader of its format."""

from dataclasses import replace
from pathlib import Path

from papertui.core import strict_json
from papertui.core.journal import Event
from papertui.errors import Refused
from papertui.importing.found import FoundList


def read_file(path: Path) -> bytes:
    """Return what a file holds, as far as an import can be long. Raises Refused."""
    try:
        with path.open("rb") as file:
            return file.read(strict_json.MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise Refused(f"Cannot read {path}: {reason}.") from error


def found_in(data: bytes, name: str, title: str = "") -> FoundList | list[Event]:
    """Return the list that a file holds, or the events of one of papertui's own.

    A `title` takes the place of that in the file. Raises Refused for what is
    neither.
    """
    from papertui.importing import source

    text, notes = source.text_of(data, name)
    kind = source.kind_of(text, name)
    if kind == "json":
        from papertui.core import journal_file

        return journal_file.events(text)
    if kind == "bibtex":
        from papertui.importing.bibtex import library as read
    else:
        from papertui.importing.markdown import (
            reading_list as read,
        )
    found: FoundList = read(text, name)
    return replace(found, title=title or found.title, problems=(*notes, *found.problems))
