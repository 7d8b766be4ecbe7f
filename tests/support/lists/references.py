"""References as the common styles of citation print them: invented works, in plain words."""

from collections.abc import Callable
from dataclasses import dataclass

Name = tuple[str, str]  # given names and family name


@dataclass(frozen=True)
class Reference:
    """A work with its authors; `is_more` if the style ends them with "et al."."""

    title: str
    names: tuple[Name, ...]
    year: int
    venue: str
    is_more: bool = False


HALM, KERN, TOSK = ("Vera", "Halm"), ("Udo Q.", "Kern"), ("Anna-Lena", "Tosk")
MEER, BRIAN, COSTA = ("Jan Luc", "van der Meer"), ("Rosa", "O'Brode"), ("Íris", "de la Costa")
WELL, OVER, LI = ("Ida", "Well-Ondra"), ("Åke B. C.", "Överlund"), ("Bo", "Li")

REFERENCES = (
    Reference("Slow tides of the northern shores", (HALM, KERN), 2014, "Sea Letters"),
    Reference("Foam: A model of quiet seas", (KERN, HALM, TOSK), 1998, "Journal of Waves"),
    Reference("Why is the sea salt?", (MEER, WELL), 2021, "Annals of Salt"),
    Reference("Self-mixing brine in 3D", (TOSK, BRIAN, COSTA, MEER), 2009, "Harbour Studies"),
    Reference("Tides, foam and salt: A survey", (LI, OVER, HALM), 2017, "Marine Review", True),
    Reference("A short history of the tide table", (OVER,), 2003, "Sea Letters"),
    Reference("Measuring spray (and mist) by night", (COSTA, LI), 2019, "Journal of Waves"),
    Reference("Breakwaters", (BRIAN, WELL, KERN), 2011, "Harbour Studies"),
    Reference("Currents of the deep - and what they carry", (KERN, LI), 2012, "Journal of Waves"),
    Reference("Charts without a coast", (HALM,), 1987, "Sea Letters"),
    Reference("Marsh Grass", (HALM, TOSK, LI), 2016, "Annals of Salt"),
)


def initials(name: Name, dot: str = ".", blank: str = " ") -> str:
    """Return the initials of the given names: ``A.-L.``, ``AL``."""
    parts = [[word[0] for word in given.split("-")] for given in name[0].split()]
    return blank.join((dot + "-" * bool(dot)).join(part) + dot for part in parts)


def first(name: Name) -> str:
    return f"{initials(name)} {name[1]}"


def full(name: Name) -> str:
    return " ".join(name)


def last(name: Name) -> str:
    return f"{name[1]}, {initials(name)}"


def tight(name: Name) -> str:
    return f"{name[1]}, {initials(name, blank='')}"


def behind(name: Name) -> str:
    return f"{name[1]} {initials(name, blank='')}"


def bare(name: Name) -> str:
    return f"{name[1]} {initials(name, '', '')}"


def listed(work: Reference, form: Callable[[Name], str], two: str, many: str, more: str) -> str:
    """Return the names of a work, with what joins the last of `two`, of `many`, and "et al."."""
    names = [form(name) for name in work.names]
    if work.is_more:
        return ", ".join(names) + more
    if len(names) == 1:
        return names[0]
    return ", ".join(names[:-1]) + (two if len(names) == 2 else many) + names[-1]


def last_first(work: Reference) -> str:
    """Return the names as MLA and Chicago print them: the first with the family name ahead."""
    given, family = work.names[0]
    if work.is_more or len(work.names) > 3:
        return f"{family}, {given}, et al."
    names = [f"{family}, {given}", *map(full, work.names[1:])]
    return ", and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


@dataclass(frozen=True)
class Style:
    """How a style prints names, what joins two, the last of many and "et al.", and the rest.

    `Names` and `Title` are names and title with a stop at the end.
    """

    form: Callable[[Name], str] | None  # None for those of MLA and Chicago
    joins: tuple[str, str, str]
    text: str

    def print(self, work: Reference, venue: str) -> str:
        """Return a reference, with the venue as the list marks it."""
        names = listed(work, self.form, *self.joins) if self.form else last_first(work)
        return self.text.format(
            names=names,
            Names=names if names.endswith(".") else f"{names}.",
            title=work.title,
            Title=work.title if work.title.endswith("?") else f"{work.title}.",
            venue=venue,
            year=work.year,
        )


COMMAS, AND, AMPERSAND = (", ", ", "), (" and ", ", and "), (" & ", " & ")
STYLES = {
    "BibTeX plain": Style(full, (*AND, ", et al."), "{Names} {Title} {venue}, 3(1):7–9, {year}."),
    "BibTeX abbrv": Style(
        first, (*AND, ", et al."), "{Names} {Title} In {venue}, pages 7–9. Harbour Press, {year}."
    ),
    "Nature": Style(last, (*AMPERSAND, " et al."), "{Names} {Title} {venue} 3, 7–9 ({year})."),
    "Nature, initials first": Style(
        first, (*COMMAS, " et al."), "{Names} {Title} {venue} 3, 7–9 ({year})."
    ),
    "Vancouver": Style(bare, (*COMMAS, ", et al."), "{Names} {Title} {venue}. {year};3(1):7–9."),
    "AMA": Style(bare, (*COMMAS, ", et al."), "{Names} {Title} {venue}. {year} Mar 5;3(1):7-9."),
    "Springer": Style(behind, (*COMMAS, " et al."), "{Names} {Title} In: {venue} ({year})"),
    "Springer Basic": Style(bare, (*COMMAS, " et al"), "{names} ({year}) {Title} {venue} 3:7–9."),
    "LNCS": Style(
        last, (*COMMAS, ", et al."), "{names}: {Title} In: {venue}, pp. 7–9. Harbour ({year})."
    ),
    "LNCS, no blanks": Style(
        tight, (*COMMAS, ", et al."), "{names}: {Title} {venue} 3(1), 7–9 ({year})"
    ),
    "ACM": Style(
        full, (*AND, ", et al."), "{Names} {year}. {Title} {venue} 3, 1 (March {year}), 7–9."
    ),
    "Harvard": Style(
        tight, (" and ", " and ", " et al."), "{names}, {year}. {Title} {venue}, 3(1), pp.7-9."
    ),
    "Harvard with quotes": Style(
        last, (" and ", " and ", " et al."), "{names} ({year}) '{title}', {venue}, 3(1), pp. 7–9."
    ),
    "APA": Style(
        last, (", & ", ", & ", ", et al."), "{names} ({year}). {Title} {venue}, 3(1), 7–9."
    ),
    "IEEE": Style(
        first,
        (*AND, " et al."),
        "{names}, “{title},” {venue}, vol. 3, no. 1, pp. 7–9, Mar. {year}.",
    ),
    "MLA": Style(None, ("", "", ""), '{Names} "{Title}" {venue}, vol. 3, no. 1, {year}, pp. 7–9.'),
    "Chicago, dates": Style(None, ("", "", ""), "{Names} {year}. “{Title}” {venue} 3 (1): 7–9."),
    "Chicago, notes": Style(
        full, (*AND, ", et al."), "{names}, “{title},” {venue} 3, no. 1 ({year}): 7–9."
    ),
    "Elsevier": Style(first, (*COMMAS, ", et al."), "{names}, {title}, {venue} 3 ({year}) 7–9."),
}

# What stands behind a reference, and the arXiv id, the DOI or the address that it says.
BEHIND = {
    "nothing": "",
    "a DOI": " doi:10.1000/sea.182",
    "a DOI's address": " https://doi.org/10.1000/sea.182",
    "an arXiv id": " arXiv:2105.00001",
    "an arXiv id and its field": " arXiv:2105.00001 [cs.LG]",
    "an address": " Available at: https://sea.example.org/tides.pdf",
}
