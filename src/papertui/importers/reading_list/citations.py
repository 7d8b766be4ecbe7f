"""Citations: the authors and year that a reference begins with, as bibliographies print them."""

import re
from dataclasses import replace

from papertui.importers.reading_list.facts import (
    MONTHS,
    OTHERS,
    Facts,
    is_name,
    parse_fact,
    parse_imprint,
)
from papertui.importers.reading_list.vocabulary import one_of

MAX_NAMES = 200
MAX_REACH = 100  # characters of a name, or of what is between names and title
MIN_TITLE_WORDS = 2

_UPPER = "A-ZÀ-ÖØ-ÞĆČĐİŁŃŘŚŠŹŻŽ"
_WORD = rf"(?=[\w'’-]*[a-zß-ÿ])[{_UPPER}][\w'’-]+"
_INITIALS = rf"[{_UPPER}]\.(?:[\s-]?[{_UPPER}]\.)*"
_BARE_INITIALS = rf"[{_UPPER}]{{1,3}}(?![\w'’-])"
_FAMILY = rf"(?:(?:{one_of('particles')})\s|[dl]['’])*{_WORD}(?:\s{_WORD})?"
_GIVEN = rf"(?:{_INITIALS}|{_WORD})(?:\s(?:{_INITIALS}|{_WORD})){{0,2}}?"
_LAST = rf"(?P<family>{_FAMILY})(?=\s*$|[,;.:]|\s(?:and\s|&|et\s|[(\[\"“„«]))"
# ``Halm V`` and ``Halm V.``; ``Halm, V.``; ``V. Halm``; ``Vera Halm`` and ``Vera Q. Halm``.
_BEHIND = re.compile(rf"(?P<family>{_FAMILY})\s(?P<given>{_INITIALS}|{_BARE_INITIALS})")
_INVERTED = re.compile(rf"(?P<family>{_FAMILY}),\s?(?P<given>{_INITIALS})")
_INITIALS_FIRST = re.compile(rf"(?P<given>{_INITIALS})\s?{_LAST}")
_IN_FULL = re.compile(rf"(?P<given>{_GIVEN})\s{_LAST}")
# ``Halm, Vera`` before ``Udo Kern``, all before a title in quotes.
_FIRST_INVERTED = re.compile(
    rf"(?P<family>{_FAMILY}),\s(?P<given>{_GIVEN})(?:(?<=\.)|(?=\s*$|[,;.]|\s(?:and\s|&|[(\[])))"
)
_FORMS = (_INVERTED, _INITIALS_FIRST, _IN_FULL, _BEHIND)

# Between two names; some of the names may be left out.
_SEPARATOR = re.compile(
    r"(?:,?\s(?:[JS]r\.|III?(?=,)))?(?:\s*[,;]\s*(?:(?:(?:\.\s?){3}|…)\s*)?(?:(?:and|&)\s+)?"
    r"|\s+(?:and|&)\s+)"
)
_LEFT_OUT = ("... ", ". . . ", "… ", "... & ", ". . . & ", "… & ")
_ET_AL = re.compile(r",?\s+(?:et\.?\sal\b\.?|and\sothers\b)")
_YEAR = r"(1[6-9]\d\d|20[0-4]\d)[a-z]?"
_DATE = rf"{_YEAR}(?:,\s(?i:{MONTHS})(?:\s\d{{1,2}})?)?|n\.d\.|in press|forthcoming"
_END = re.compile(
    rf"[.,:]?\s*[(\[](?:{_DATE})[)\]][.,:]?\s+"
    rf"|(?:[.,]|(?<=\.))\s*{_YEAR}[.:,]\s+|:\s+|(?:\.|(?<=\.))\s+(?!&|and\s)"
)
_BEFORE_TITLE = re.compile(rf"[\s.,:;(\[\"“„«]*(?:(?:{_DATE})[)\].,:\s\"“„«]*)?")
_SENTENCE = re.compile(r"(?s).*?[^\W_]{2}[)\]\"”]?[.?!]\s+[^\W\d]")
_FAMILY_NEXT = re.compile(rf"{_WORD}(?:[.,]|\s(?:and|&)\s)")
_VOLUME = re.compile(r"\bIn: |\barXiv\b|\d+\s?\(\d+\)|\d[–-]+\d|\bpp?\.|\bpages\b")
_ANY_YEAR = re.compile(rf"\b{_YEAR}\b")
_LAST_IMPRINT = re.compile(r"(?i),\s*(?:(?:19|20)\d\d\b|[A-Z][\w&]+,? (?:19|20)\d\d|arxiv)")

Names = list[re.Match[str]]


def leading_names(text: str, is_certain: bool = False) -> Facts:
    """Return the authors, and a year, that a reference begins with, and the text after them."""
    found = [(form, names) for form in _FORMS if (names := _names(form, text.lstrip()))]
    ended = (_ended(form, names) for form, names in found)
    listed = (_listed(form, names, is_certain) for form, names in found)
    return next(filter(None, (*ended, *listed)), Facts(remainder=text))


def names_before_title(text: str) -> Facts:
    """Return the authors, and a year, that `text`, which is before a title, consists of."""
    for form in (*_FORMS, _FIRST_INVERTED):
        names = _names(form, text.lstrip())
        facts, end = _authors(names)
        if names and (behind := _BEFORE_TITLE.fullmatch(text.lstrip(), end)):
            return replace(facts, year=int(behind[1]) if behind[1] else None)
    text = text.strip(' \t\n"“”„«')
    are_several = any(sign in text for sign in (",", "&", " and "))
    return (parse_fact(text, certain=True) if are_several else None) or Facts()


def _names(form: re.Pattern[str], text: str) -> Names:
    """Return the names of this form that a text begins with."""
    names: Names = []
    start = 0
    while len(names) < MAX_NAMES and (name := form.match(text, start, start + MAX_REACH)):
        between = _SEPARATOR.match(text, name.end())
        # What is before a venue is the title.
        venue = text[between.end() :][:MAX_REACH].partition(",")[0] if between else ""
        if not is_name(_written(name)) or parse_imprint(venue):
            break
        names.append(name)
        if not between:
            break
        start = between.end()
        form = _IN_FULL if form is _FIRST_INVERTED and ";" not in between[0] else form
    return names


def _authors(names: Names) -> tuple[Facts, int]:
    """Return the authors of these names, and where they end with an "et al."."""
    text, end = (names[-1].string, names[-1].end()) if names else ("", 0)
    others = _ET_AL.match(text, end)
    are_more = others or any(text[: name.start()].endswith(_LEFT_OUT) for name in names)
    written = (*map(_written, names), *([OTHERS] if are_more else []))
    return Facts(written), others.end() if others else end


def _ended(form: re.Pattern[str], names: Names) -> Facts | None:
    """Return the authors if more than a comma ends them, None if they may be a title."""
    text = names[0].string
    facts, at = _authors(names)
    end = _END.match(text, at, at + MAX_REACH)
    if not end:
        return None
    rest = text[end.end() :]
    year = end[1] or end[2]
    if not any(map(str.isalpha, rest)) or parse_fact(rest.partition(". ")[0][:MAX_REACH]):
        return None
    is_colon = end[0][0] == ":"
    has_volume = bool(_VOLUME.search(rest) and _ANY_YEAR.search(rest))
    if form is _IN_FULL:
        goes_on = bool(_SENTENCE.match(rest))
        are_names = len(facts.authors) > 1 or "." in facts.authors[0]
        is_told = (year or goes_on or OTHERS in facts.authors) if are_names else has_volume
        is_sure = bool(is_told) and (are_names or goes_on) and not is_colon
    elif form is _BEHIND and len(facts.authors) == 1:
        is_sure = (bool(year) or has_volume) and not _FAMILY_NEXT.match(rest)
    else:
        is_sure = not is_colon or form is _INVERTED or len(facts.authors) > 1
    return replace(facts, year=int(year) if year else None, remainder=rest) if is_sure else None


def _listed(form: re.Pattern[str], names: Names, is_certain: bool) -> Facts | None:
    """Return the authors if a comma ends them, None if they may be a title."""
    text = names[0].string
    facts, end = _authors(names)
    comma = _SEPARATOR.match(text, end)
    if not any(map(str.isalnum, text[end:])):
        return None
    if not comma:  # the last of them begins the title
        facts, end = _authors(names[:-1])
        comma = _SEPARATOR.match(text, end)
    if not (facts and comma and "," in comma[0]):
        return None
    rest = text[comma.end() :]
    is_cited = form is _INVERTED or (form is _INITIALS_FIRST and _ANY_YEAR.search(rest))
    is_sure = len(facts.authors) > 1 or is_certain or is_cited or _names_imprint(rest)
    is_title = len(rest.split()) >= MIN_TITLE_WORDS and not parse_imprint(rest.partition("\n")[0])
    return replace(facts, remainder=rest) if is_sure and is_title else None


def _written(name: re.Match[str]) -> str:
    """Return a name with the given names first; initials without dots get them: ``V. Q. Halm``."""
    given = name["given"]
    if name.re is _BEHIND and "." not in given:
        given = " ".join(f"{letter}." for letter in given)
    return f"{given} {name['family']}"


def _names_imprint(rest: str) -> bool:
    """Return True if a title, and a venue or a year at the end, are behind a single name."""
    title, _, imprint = rest.partition("\n")[0].partition(",")
    has_venue = any(map(str.isalpha, imprint)) and _LAST_IMPRINT.search(f",{imprint}"[-80:])
    return bool(has_venue and " " in title.strip() and not parse_fact(title))
