"""Names of people in the parts that reference managers want."""

import re
from typing import NamedTuple

from bibtexparser.middlewares import names as bibtex_names

from papertui.core.text import safe_line
from papertui.exporters.exported_work import ExportedWork

# Groups and nicknames are one name: "OpenAI", "The Mosaic Research Team", "Meta AI".
_GROUP = re.compile(
    r"\S+|.* (?:team|group|collaboration|consortium|authors|contributors|project|ai|labs?)",
    re.IGNORECASE,
)


class PersonName(NamedTuple):
    """A name in parts; the name of a group is a `family` without other parts."""

    given: str
    particle: str
    family: str
    suffix: str

    @property
    def inverted(self) -> str:
        """The name with the family name first, as in an index."""
        family = " ".join(filter(None, (self.particle, self.family)))
        return ", ".join(filter(None, (family, self.given, self.suffix)))


def people(exported: ExportedWork) -> list[PersonName]:
    """Return the authors of a work, as its BibTeX entry parts their names if it has one."""
    entry = exported.entry
    author = entry.texts().get("author") if entry and "authors" not in entry.edited else None
    if not author:
        return [parse_name(name) for name in exported.authors]
    # pylatexenc, which only this needs, takes a tenth of a second.
    from papertui.importers.latex import latex_to_text, split_names

    names, more = split_names(author)
    parted = [bibtex_names.parse_single_name_into_parts(name, strict=False) for name in names]
    persons = [
        PersonName(*(latex_to_text(" ".join(part)) for part in (n.first, n.von, n.last, n.jr)))
        for n in parted
    ]
    return [*persons, *([PersonName("", "", "others", "")] if more else [])]


def parse_name(name: str) -> PersonName:
    """Return the parts of a name that has its given names first, or of the name of a group."""
    name = safe_line(name).strip()
    if "," in name or _GROUP.fullmatch(name) or set(name) & set("{}\\"):
        return PersonName("", "", name, "")
    parts = bibtex_names.parse_single_name_into_parts(name, strict=False)
    return PersonName(*(" ".join(part) for part in (parts.first, parts.von, parts.last, parts.jr)))
