"""Text beside a title to facts: authors, venue, year, tier, labelled fields."""

import re
from dataclasses import dataclass, field, replace

from papertui.importers.reading_list import addresses, inline
from papertui.importers.reading_list.author_pairs import People, as_one_person, as_pair
from papertui.importers.reading_list.vocabulary import FIELDS, WORDS, one_of

MAX_ASIDE = 300
MAX_VENUE = 120
MAX_IMPRINT = 160
MAX_NAME = 60
MAX_FACTS = 40
MAX_SEGMENT = 3000
MIN_GERUND = 9  # letters of a word in -ing that is no name, such as Surpassing, though Browning is
MIN_PROSE = 8  # words in brackets that are a remark, not a fact that was not recognised

MONTHS = rf"(?:{one_of('months')})[a-zé]{{0,6}}\.?"
_YEAR = re.compile(r"(?<!\d)(19[0-9]\d|20[0-4]\d)(?!\d|\.\d(?!\d?(?!\d)))")
_DATE = re.compile(
    rf"(?:(?:\d{{1,2}}\s+)?{MONTHS}(?:\s+\d{{1,2}},?)?[\s,]+)?(1[6-9]\d\d|20[0-4]\d)[a-z]?"
    r"(?:[-/.]\d{1,2}(?:[-/.]\d{1,2})?)?|(?:\d{1,2}[/.])(20[0-4]\d)",
    re.IGNORECASE,
)
_DAY = re.compile(
    rf"\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)? {MONTHS}|{MONTHS} \d{{1,2}}\b",
    re.IGNORECASE,
)
_VENUE = re.compile(
    rf"(?:{one_of('venues')}|(?i:arxiv|biorxiv|preprint))"
    rf"(?=$|[\s,:('’‘`´-]*(?:\d|$|(?i:{one_of('behind_venues')})))"
    r"|(?:Nature|Science|Cell|Neural (?:Computation|Networks))(?=[\s,(]*(?:\d|$))"
    rf"|(?:(?i:{one_of('series')})|{one_of('presses')})\b|(?:IEEE|ACM|[Pp]roc\.)\s",
)
# Of these a title may end in the words, so that they are one only behind a sign.
_WORDY_VENUE = re.compile(r"(?:Nature|Science|Cell|Neural (?:Computation|Networks))\b")
_VENUE_AND_YEAR = re.compile(
    r"[A-Z][A-Z&+-]{1,12}(?: Workshop| Findings| Demo)?"
    r"(?:[\s'’‘`´,-]*(?:19|20)\d\d| ?['’‘`´] ?\d\d|\d\d)"
)
_CUT_SHORT = re.compile(r",?\s(?:pp?|vol|no)$")  # at the dot
_YEAR_AND_VENUE = re.compile(r"^((?:19|20)\d\d)[\s-](?=[A-Z])(\S.*)$")
_SHORT_YEAR = re.compile(r"(?<=[A-Za-z])(?:[\s-]?['’‘`´] ?(\d\d)\b|-?(\d\d)$)")
_PUBLISHED_IN = re.compile(r"(?i)^(?:(?:published|accepted|appeared) )?(?:in|at|to|by|@)[:\s]+")
_ET_AL = re.compile(r"(?i)[\s,]*(?:\bet\.? al\b\.?|\band (?:others|colleagues|co-workers)\b|…)\s*$")
_BY = re.compile(r"(?:(?:written |made )?by|authors?)(?:\s*:\s*|\s+)(?!\w+ing\b)", re.IGNORECASE)
_AND = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")
_INITIALS = re.compile(r"(?:[A-ZÀ-ÞŁŠŽČ]\.[\s-]?){0,3}[A-ZÀ-ÞŁŠŽČ]{1,2}\.?")
_LAST_INITIAL = re.compile(r"(?:^|[\s.-])[A-ZÀ-Þ]\.$")
_VENUE_WORDS = WORDS["venues"] | WORDS["publishing"]
_IMPRINT_START = re.compile(
    rf"(?:^|(?<=[\s,(\[]))(?=(?:[Ii]n\s+|[Aa]t\s+|@)?(?:{_VENUE.pattern}|{_VENUE_AND_YEAR.pattern}"
    rf"|(?i:(?:\d{{1,2}}\s+)?{MONTHS}\s)|(?:19|20)\d\d|\d{{1,2}}[/.]20\d\d))"
)
_FACT_EDGES = ' \t\n.,;:|·•/–—-*_~"”'
_CLOSING = {"(": ")", "[": "]", "{": "}"}
# Between two facts; the dot of an initial or of "et al." does not end one.
_FACT_END = re.compile(
    r"(?=[\s—;.(\[{:])(?:\n|\s[-–—|·•/](?=\s|$)|—|;|(?<=\bal\.)\s(?=[A-Z\"“])"
    r"|(?<!\bal)(?<!\b[Pp]roc)(?<![\s.(\[-][A-Z])(?<!^[A-Z])\.(?=\s|$)|[(\[{]|:\s)"
)
_CITED_YEAR = re.compile(
    rf"(?:^|[(,.])\s*(1[6-9]\d\d|20[0-4]\d)[a-z]?(?=\s*(?:[).,:;\n]|$)|\s(?i:{MONTHS}))"
)
_JOURNAL = re.compile(
    r"[\s.,;:\"”'’]*([A-Z][^.\n\d]{2,80},?\s\d+(?:\s?\(\d|[,:]\s?(?:\d|pp?\b))[^\n]{0,60}?)"
    r"(?:\.(?=\s\D)|\.?\s*(?:\n|$))"
)
_CONFERENCE = re.compile(r"[A-Z][\w&/.-]*(?:\s[\w&/.-]+){1,5}\s(?:19|20)\d\d")
_YEAR_NEXT = re.compile(r"[\s,.(\[`]*(?:19|20)\d\d\b")
_FIELD = re.compile(
    r"\W{0,4}([A-Za-z][A-Za-z /;'’()-]{0,28}?(?:\([^()]{1,40}\))?)\W{0,3}[:：][\s*_\"“]{0,4}"
)
_KEYS = {label: key for key, labels in FIELDS.items() for label in labels}

Imprint = tuple[str | None, int | None]  # venue and year
OTHERS = "others"  # among authors, those who are not named


@dataclass(slots=True)
class Facts:
    """Authors, venue, year and tier of a work; `remainder` is the text after them.

    The year `is_of_day` if a day is beside the title, which may be that of a meeting.
    """

    authors: tuple[str, ...] = ()
    venue: str | None = None
    year: int | None = None
    tier: int | None = None
    remainder: str = ""
    groups: list["Facts"] = field(default_factory=list)  # of several works in one bracket
    is_of_day: bool = False

    def complete(self, other: "Facts") -> None:
        """Take from `other` the facts that are missing here."""
        self.authors = self.authors or other.authors
        self.venue = self.venue or other.venue
        if other.year and (not self.year or (self.is_of_day and not other.is_of_day)):
            self.year, self.is_of_day = other.year, other.is_of_day
        self.tier = self.tier or other.tier
        self.groups = self.groups or other.groups

    def add_field(self, key: str, value: inline.Spans) -> str:
        """Add the value of the field `key` if it is missing here; return its text."""
        text = " ".join(inline.text_of(value).split())
        if key == "authors" and not self.authors:
            names = ", ".join(line.strip() for line in inline.text_of(value).split("\n"))
            parts = tuple(name for name in _AND.split(names)[:400] if 1 < len(name) <= MAX_NAME)
            # A field or a column is that of a record, which often has the surname first.
            self.authors = as_one_person(parse_authors(names, certain=True) or parts)
        elif key in ("year", "venue"):
            venue, year = parse_imprint(text) or (text[:120] if key == "venue" else None, None)
            self.complete(Facts((), venue, year, is_of_day=_is_day(text)))
        elif key == "tier":
            self.tier = self.tier or inline.parse_tier(f"tier {text}")
        return text

    def __bool__(self) -> bool:
        return bool(self.authors or self.venue or self.year or self.tier)


def _is_day(text: str) -> bool:
    return bool(_DAY.search(text))


def parse_imprint(text: str) -> Imprint | None:
    """Return the venue and year if `text` is nothing else, None otherwise."""
    text = " ".join(text.split()).strip(" .,;:()[]`*_")
    text = _PUBLISHED_IN.sub("", text, count=1)
    text = _YEAR_AND_VENUE.sub(r"\2 \1", text)
    if not text or len(text) > MAX_IMPRINT or any(map(text.count, '"“”')):
        return None
    if date := _DATE.fullmatch(text):
        return None, int(date[1] or date[2])
    if _VENUE.match(text) or _VENUE_AND_YEAR.fullmatch(text):
        return _venue_and_year(text)
    return None


def _venue_and_year(text: str) -> Imprint:
    """Return a venue in its usual form, and the year: ``NeurIPS 2019`` for ``NeurIPS'19``."""
    year = None
    if match := next(reversed(list(_YEAR.finditer(text))), None) or _SHORT_YEAR.search(text):
        year = int(match[match.lastindex or 0])
        year += 0 if year > 99 else 2000 if year < 50 else 1900
        text = text[: match.start()].rstrip(" ,(-'’‘`´")
    venue = "arXiv" if text.lower().startswith("arxiv") else _CUT_SHORT.sub("", text)
    return _with_year(venue, year) if year else venue, year


def _with_year(venue: str, year: int) -> str:
    """Return a venue with its year: ``NeurIPS 2019``, ``Nature 521 (2015)``."""
    return f"{venue} ({year})" if venue[-1:].isdigit() else f"{venue} {year}"


def parse_authors(text: str, certain: bool = False) -> tuple[str, ...] | None:
    """Return the authors if `text` is nothing else; one name needs "by" or must be `certain`.

    `OTHERS` stands for those of an "et al.". What may be two surnames or one name stays a pair,
    as in `author_pairs`.
    """
    text = _trimmed(" ".join(text[:3000].split()).strip(" ()[]*_-–—"))
    if by := _BY.match(text):
        text, certain = text[by.end() :], True
    if et_al := _ET_AL.search(text, max(0, len(text) - 30)):
        text, certain = text[: et_al.start()], True
    parts = [part for part in (p.strip(" *†‡§¹²³") for p in _AND.split(text)) if part.strip(".")]
    if not parts:
        return None
    if ";" in text:
        people = [part.split(",") for part in text.split(";") if part.strip()]
        parts = [" ".join(map(str.strip, reversed(names))) for names in people]
    names = _given_names_first(parts) if "," in text and ";" not in text else parts
    if not all(map(is_name, names)):
        return None
    pair = as_pair(text, People.TWO if by else People.OPEN)
    if pair and not et_al:
        names = [pair]
    elif pair and et_al and not et_al[0].lstrip().startswith(","):
        names = parts
    is_personal = all(" " in name for name in names) and (len(names) > 1 or "." in names[0])
    return (*names, *([OTHERS] if et_al else [])) if certain or is_personal else None


def _trimmed(text: str) -> str:
    """Return `text` without the punctuation around it, but with the dot of a last initial."""
    text = text.strip(" ,;:")
    return text if _LAST_INITIAL.search(text[-3:]) else text.strip(" .,;:")


def _given_names_first(parts: list[str]) -> list[str]:
    """Return the names in the parts between commas, given name first."""
    if len(parts) > 1 and all(map(_INITIALS.fullmatch, parts[1::2])):
        return [" ".join(reversed(parts[i : i + 2])) for i in range(0, len(parts), 2)]
    given_name = parts[1] if len(parts) > 1 else ""
    is_given = all(map(_INITIALS.fullmatch, given_name.split()[1:]))
    others_whole = len(parts) == 2 or (is_given and all(" " in p for p in parts[2:]))
    if given_name and others_whole and " " not in parts[0] and len(given_name.split()) < 3:
        return [f"{given_name} {parts[0]}", *parts[2:]]
    return parts


def is_name(text: str) -> bool:
    """Return True if `text` has the form of a name and no word that is common in titles."""
    words = text.split()
    if len(words) > 5 or len(text) > MAX_NAME:
        return False
    for word in words:
        folded, initials = word.casefold().rstrip("."), _INITIALS.fullmatch(word)
        if folded.endswith("ing") and len(folded) >= MIN_GERUND:
            return False
        if folded in WORDS["no_names"] and not (initials and (len(word) == 1 or "." in word)):
            return False
        if initials or folded in WORDS["particles"]:
            continue
        capitals = sum(map(str.isupper, word))
        is_capitalised = _NAME_WORD.fullmatch(word) and word[0].isupper()
        if not is_capitalised or capitals > 2 + word.count("-"):
            return False
    return any(word[0].isupper() for word in words)


def _split_imprint(text: str) -> tuple[str, Imprint]:
    """Return `text` without the imprint at its end, and that imprint."""
    text = _trimmed(text)
    end = text[-200:]
    # A quick look for a date or a venue saves the thorough one.
    if any(map(str.isdigit, end)) or not _VENUE_WORDS.isdisjoint(addresses.WORD.findall(end)):
        for start in _IMPRINT_START.finditer(text, max(0, len(text) - 200)):
            runs_on = text[: start.start()].rstrip()[-1:].isalpha()
            if runs_on and _WORDY_VENUE.match(text, start.start()):
                continue
            if imprint := parse_imprint(text[start.start() :]):
                return _trimmed(text[: start.start()].rstrip(" ([-–—|@")), imprint
    return text, (None, None)


def parse_fact(text: str, certain: bool = False) -> Facts | None:
    """Return the facts that `text` consists of; `certain` as in `parse_authors`."""
    if len(text) > MAX_IMPRINT and text.count(",") * MAX_NAME < len(text):
        return None
    if imprint := parse_imprint(text):
        return Facts((), *imprint, is_of_day=_is_day(text))
    head, (venue, year) = _split_imprint(text)
    if authors := parse_authors(head, certain or bool(venue or year)):
        return Facts(authors, venue, year)
    return None


def parse_aside(text: str) -> Facts | None:
    """Return the facts that the text in a bracket consists of, None for any other text."""
    groups = [_cited_fact(part) for part in text.split(";")[:20]] if ";" in text else []
    if all(groups) and (works := [*filter(None, groups)]):
        return replace(works[0], groups=works)
    facts = _cited_fact(text) or leading_facts(text)
    if facts and not facts.remainder:
        return facts
    year = _YEAR.search(text[-4:]) if _CONFERENCE.fullmatch(text.strip()) else None
    return Facts((), " ".join(text.split()), int(year[1])) if year else None


def _cited_fact(text: str) -> Facts | None:
    """Return what `parse_fact` does, but two names as surnames: a citation has no other."""
    facts = parse_fact(text)
    if facts and len(facts.authors) == 1 and as_pair(facts.authors[0]):
        facts.authors = tuple(map(str.strip, facts.authors[0].split(",")))
    return facts


def leading_facts(text: str) -> Facts:
    """Return the facts at the beginning of `text`, with the text after them."""
    known = Facts()
    text = text.lstrip(_FACT_EDGES)
    for _ in range(MAX_FACTS):
        if not text:
            break
        if text[0] in _CLOSING:
            inside, after = split_bracket(text)
            facts = parse_aside(inside)
            if not facts and len(inside.split()) >= MIN_PROSE:
                break
        else:
            end = _FACT_END.search(text[:MAX_SEGMENT], 1)
            inside, after = (text[: end.start()], text[end.start() :]) if end else (text, "")
            facts = parse_fact(inside, certain=_is_year_next(after))
            first, comma, others = inside.partition(",")
            if not facts and comma and (facts := parse_fact(first)):
                after = others + after
            elif not facts and inside.startswith("`") and _YEAR_NEXT.match(after[:20]):
                pass
            elif not facts and any(map(str.isalnum, inside)) and not addresses.is_label(inside):
                break
        if facts and after[:1] == "." and not (facts.venue or facts.year or _BY.match(inside)):
            # As bibliographies end a name: they join two by more than a comma.
            facts.authors = as_one_person(facts.authors)
        if facts and facts.year and known.venue and not (facts.venue or known.year):
            known.venue = _with_year(known.venue, facts.year)
        if facts:
            known.complete(facts)
        text = after.lstrip(_FACT_EDGES + ")]}")
    known.remainder = text
    return known


def _is_year_next(text: str) -> bool:
    """Return True if a year follows at once, or a venue and year in brackets."""
    if _YEAR_NEXT.match(text[:20]):
        return True
    text = text.lstrip()
    imprint = parse_imprint(split_bracket(text)[0]) if text[:1] == "(" else None
    return bool(imprint and imprint[1])


def cited_imprint(text: str, known: Facts, year: int | None) -> Facts:
    """Return the facts behind the title of a citation, out of those `known` to be there.

    If a `year` is before the title, a journal with its volume is enough.
    """
    facts = replace(known, authors=())
    if year and not facts.venue and (journal := _JOURNAL.match(text[:MAX_ASIDE])):
        return replace(facts, venue=journal[1], remainder=text[journal.end() :])
    cited = _CITED_YEAR.search(text[:MAX_ASIDE])
    if cited and (known.authors or not facts.year):
        venue = text[: cited.start()].strip(" .,;:\"”'’(")
        is_name = venue[:1].isupper() and "\n" not in venue and len(venue) <= MAX_VENUE
        facts.venue = facts.venue or (f"{venue} ({cited[1]})" if is_name else None)
        facts.year = int(cited[1])
        facts.remainder = text[cited.end() :].lstrip(_FACT_EDGES + ")")
    return facts


def split_bracket(text: str) -> tuple[str, str]:
    """Return the text in the bracket that `text` opens with, and the text after it."""
    opener, depth = text[0], 0
    for at, char in enumerate(text[:MAX_ASIDE]):
        depth += (char == opener) - (char == _CLOSING[opener])
        if depth == 0:
            return text[1:at], text[at + 1 :]
    return "", text[1:]


def parse_field(spans: inline.Spans) -> tuple[str, inline.Spans] | None:
    """Return key (or label of a link) and value of a line such as ``Authors: …``, else None."""
    label = _FIELD.match(inline.text_of(spans)[:80])
    key = field_key(label[1]) if label else None
    value = _without_start(spans, label.end()) if label and key else ()
    if key and key.casefold() not in (*FIELDS, "paper"):
        # A title may begin with such a name: "TensorFlow: A system for …".
        first = next((span for span in value if span.text.strip(" *_([|")), None)
        word = first.text.split()[0] if first else ""
        key = key if first and (first.url or "/" in word or not word[0].isalpha()) else None
    return (key, value) if key and value else None


def field_key(label: str) -> str | None:
    """Return the key, as in `parse_field`, of a field or column with this label."""
    label = " ".join(label.split())
    if key := _KEYS.get(label.casefold()):
        return key
    name = label.partition("(")[0]
    return label if name and addresses.is_label(name) else None


def _without_start(spans: inline.Spans, length: int) -> inline.Spans:
    """Return `spans` without their first `length` characters."""
    remaining = []
    for span in spans:
        cut = min(length, len(span.text))
        length -= cut
        if cut < len(span.text):
            remaining.append(span._replace(text=span.text[cut:]))
    return tuple(remaining)
