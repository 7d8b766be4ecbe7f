"""Names of people in the parts that reference managers want."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from papertui.core.bib_entry import BibEntry
from papertui.core.text import safe_line
from papertui.exporters.exported_work import ExportedWork

# Groups and nicknames are one name: "OpenAI", "The Mosaic Research Team", "Simon and Schuster".
_GROUP = re.compile(
    r"\S+|.* (?:team|group|collaboration|consortium|authors|contributors|project|ai|labs?)"
    r"|.*\band\b.*",
    re.IGNORECASE,
)
_SUFFIXED = re.compile(r"(.+ .*?),? ((?i:jr|sr)\.?|II|III|IV)")


class PersonName(NamedTuple):
    """A name in parts; the name of a group is a `family` without other parts."""

    given: str
    particle: str
    family: str
    suffix: str

    @property
    def is_whole(self) -> bool:
        """True if the name is one, such as that of a group, and has no parts."""
        return not (self.given or self.particle or self.suffix)

    @property
    def last(self) -> str:
        """The family name with its particle."""
        return " ".join(filter(None, (self.particle, self.family)))

    @property
    def inverted(self) -> str:
        """The name with the family name first, as in an index."""
        return ", ".join(filter(None, (self.last, self.given, self.suffix)))


# What BibTeX and CSL take for "et al." as the last author.
OTHERS = PersonName("", "", "others", "")


def people(exported: ExportedWork) -> list[PersonName]:
    """Return the authors of a work, as its BibTeX entry parts their names if it has them.

    The last one is `OTHERS` if more exist than are known.
    """
    entry = exported.entry
    if entry and "authors" not in entry.edited and (author := entry.texts().get("author")):
        # pylatexenc, which only this needs, takes a tenth of a second.
        from papertui.importers.latex import split_names

        names, more = split_names(author)
        return [*map(_as_written, names), *([OTHERS] if more else [])]
    written = written_names(entry, exported.authors) if entry else {}
    return [
        _as_written(written[name]) if name in written else parse_name(name)
        for name in exported.authors
    ]


def written_names(entry: BibEntry, authors: Iterable[str]) -> dict[str, str]:
    """Return those of some authors whom a BibTeX entry names, with their names as LaTeX."""
    if not (author := entry.texts().get("author")):
        return {}
    from papertui.importers.latex import parse_names, split_names

    wanted = set(authors)
    shown = ((name, parse_names(name)[0]) for name in split_names(author)[0])
    return {names[0]: name for name, names in shown if names and names[0] in wanted}


def parse_name(name: str) -> PersonName:
    """Return the parts of a name that has its given names first, or of the name of a group."""
    name = safe_line(name).strip()
    suffixed = _SUFFIXED.fullmatch(name)
    rest, suffix = suffixed.groups() if suffixed else (name, "")
    if "," in rest or _GROUP.fullmatch(rest) or set(name) & set("{}\\"):
        return PersonName("", "", name, "")
    return PersonName(*_parts(rest)[:3], suffix)


def _as_written(name: str) -> PersonName:
    """Return the parts of a name as LaTeX."""
    from papertui.importers.latex import latex_to_text

    return PersonName(*map(latex_to_text, _parts(name)))


def _parts(name: str) -> tuple[str, str, str, str]:
    """Return the given names, particle, family name and suffix of a name as BibTeX reads it."""
    # bibtexparser, which only people with parts need, takes some time to load.
    from bibtexparser.middlewares.names import parse_single_name_into_parts

    parts = parse_single_name_into_parts(name, strict=False)
    return " ".join(parts.first), " ".join(parts.von), " ".join(parts.last), " ".join(parts.jr)
