"""Titles: which words of a line are one, and which come before and after it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from papertui.core.identity import MAX_TITLE
from papertui.importers.reading_list import addresses, inline
from papertui.importers.reading_list.citations import leading_names, names_before_title
from papertui.importers.reading_list.facts import (
    MONTHS,
    Facts,
    cited_imprint,
    leading_facts,
    parse_aside,
    parse_authors,
    parse_fact,
    split_bracket,
)
from papertui.importers.reading_list.vocabulary import WORDS, one_of

MAX_FACT_LINK = 120
MAX_SHORT_LINK = 2  # words of a link that may be an aside
MAX_NAME_WORDS = 2  # of a name before a title that explains it
MAX_FACT_WORDS = 5  # of a conference, without its year
MAX_TITLE_ENDS = 30
MAX_CREDITS = 400  # characters behind a title
MAX_SPANS = 30

_BEHIND_NAME = re.compile(r".?(?::\s+|\s[-–—]+\s+)(?=\S)")
_JOINED_BY = re.compile(r"[\s,;/+&]*(?:and|or)?[\s,;/+&]*")
_OPEN_ENDS = tuple('.,:)]–—|"“-')
# Whether a comma, bracket, question mark or "by" ends a title depends on what follows.
_STOP = r"\.(?=\s+(?:[\[(\"“A-Z\d]|(?:arX|bioRx)iv)|$)(?<!\bal\.)(?<!\bvs\.)(?<![\s.(-][A-Z]\.)"
_STOP_NEXT = re.compile(rf"(?<=.){_STOP}")
_TITLE_END = re.compile(
    rf"(?=[\s|—.,?!;])(?:\n|\s[-–—|·•]+\s|\t+\|?|\|\s|—|{_STOP}"
    r"|,\s|[?!](?=\s+(?:[(\"“A-Z\d]|(?:arX|bioRx)iv))|\s(?=[(\[])|\sby\s(?=[A-Z])|;)"
)
# A title in single quotes, and one between commas: before a volume and its year.
_IN_SINGLE_QUOTES = re.compile(r"['‘](.{2,400}?)(?:['’][,.]|(?<=[.?!,])['’])(?=\s)")
_BEFORE_VOLUME = re.compile(
    r"(?s)(.{2,600}?)(?=,\s(?:arXiv[^,\n]*)?\n|,\s[A-Z][^,\n]{2,100}\s\d+\s?\((?:19|20)\d\d\))"
)
_IN_VENUE = re.compile(r"\A[\s.,”\"]*\b[Ii]n:?\s+")
_SENTENCE_GOES_ON = re.compile(r" (?!(?:by|and|or)\s|in\s+(?:[A-Z]|$)|(?:arX|bioRx)iv)[a-z]")
_NICKNAME = re.compile(r"\[[^\[\]]{1,40}\]|[\w.+-]{1,30}:")
_NICKNAME_BEFORE = re.compile(r"\[[^\[\]]{1,40}\]\s*(?=\S+\s+\S)")
_QUOTES = tuple('"“”«»„《》「」')
_TITLE_EDGES = " \t\r\n,;:|–—•*_"
# A word behind a comma may be one of several, or the last of the title, and no author.
_LISTS_ON = re.compile(
    rf",\s+(?:(?:and|&)\s|(?!by\s|in\s|arxiv|{MONTHS})[a-z]"
    r"|[A-Z][a-z][\w-]*(?:,(?!\s*[A-Z]\.)|\s*$)"
    rf"|(?i:{one_of('behind_commas')})\b)"
)
_LAST_ASIDE = re.compile(r"(?s)(?P<title>.*\S)\s*[(\[](?P<aside>[^()\[\]]{2,160})[)\]]\s*")
_QUOTED_LAST = re.compile(r"(?s)(?P<before>[^\"“]{3,200})[\"“](?P<title>[^\"”]{3,500})[\"”]?")
_LAST_FACT = re.compile(r"[.()\[|,]\s*([^.()\[\]|,]{2,80})[)\].]*$")
_LONG_WORD = re.compile(r"[^\W\d_]{4,}")
_BY_OTHERS = re.compile(r"\bet\.? al\b|\bby\b", re.IGNORECASE)


class Title(NamedTuple):
    """A title, its link and place among the spans of its line, and the facts of its work."""

    text: str
    link: inline.InlineSpan | None
    at: int | None  # None if it is a part of plain words
    lead: Facts  # before it
    tail: Facts  # behind it
    facts: Facts  # both, and those in it
    marks: tuple[str, ...]


def with_roles(spans: inline.Spans) -> inline.Spans:
    """Return the spans of a line with their roles; a link in brackets behind words is a label."""
    roles, depth, has_words = [], 0, False
    for at, span in enumerate(spans):
        role = inline.Role.WORDS
        if span.url or span.strong or span.italic or span.image:
            role = _role_of(span)
        if role is inline.Role.TITLE and span.url and has_words and _is_bracketed(spans, at, depth):
            role = inline.Role.LABEL
        elif role is inline.Role.TITLE and not span.url and _is_no_title(spans, at):
            role = inline.Role.FACT
        if role in (inline.Role.WORDS, inline.Role.TITLE):
            depth += 0 if span.url else _rise(span.text)
            has_words = has_words or any(map(str.isalpha, span.text))
        roles.append(span if role is inline.Role.WORDS else span._replace(role=role))
    return tuple(roles)


def _rise(text: str) -> int:
    """Return how many brackets a text leaves open."""
    return sum(map(text.count, "([")) - sum(map(text.count, ")]"))


def _is_bracketed(spans: inline.Spans, at: int, depth: int) -> bool:
    text = spans[at].text.strip()
    after = spans[at + 1].text.lstrip() if at + 1 < len(spans) else ""
    own = text.startswith("[") and split_bracket(text)[1] == ""
    return own or (depth > 0 and after[:1] in tuple(")],;/|"))


def _is_no_title(spans: inline.Spans, at: int) -> bool:
    """Return True if a name in brackets, or before a colon and quotes, is not itself a title."""
    after = spans[at + 1] if at + 1 < len(spans) else None
    text = spans[at].text.strip()
    if after and after.text.strip() == ":" and spans[at + 2 :][:1]:
        return spans[at + 2].text.startswith(addresses.QUOTES)
    around = spans[at - 1].text.rstrip()[-1:] + (after.text[:1] if after else "") if at else ""
    text = f"[{text}]" if around == "[]" else text
    is_name = _NICKNAME.fullmatch(text)
    return bool(is_name and after and not after.url and len(_LONG_WORD.findall(after.text)) > 1)


def _role_of(span: inline.InlineSpan) -> inline.Role:
    """Return the role that a styled or linked span has by its own words."""
    if span.image or addresses.is_label(span.text):
        return inline.Role.LABEL
    text = clean_title(inline.split_marks(span.text)[0])
    is_address = text.count(" ") < 2 and addresses.web_address(text)
    if is_address or not any(map(str.isalpha, text)):
        return inline.Role.LABEL
    if len(text) > MAX_FACT_LINK:
        return inline.Role.TITLE
    if _BY_OTHERS.fullmatch(text.rstrip(".")):
        return inline.Role.WORDS
    facts = parse_fact(text)
    if not facts or (not facts.year and len(text.split()) > MAX_FACT_WORDS):
        return inline.Role.TITLE
    is_person = not (facts.venue or facts.year or _BY_OTHERS.search(text))
    is_title = facts.authors and is_person and (span.url or span.strong)
    return inline.Role.TITLE if is_title else inline.Role.FACT


_ID_BEFORE = re.compile(r"^[\[(]\d{4}\.\d{4,5}(?:v\d+)?[\])]:? (?=\w)")


_DAY_BEFORE = re.compile(r"^\d{4}-\d{2}-\d{2},? (?=\w)")


def clean_title(text: str) -> str:
    """Return a title as one line without quotes, brackets and dots around it, id or day before it.

    Browsers call the pages of arXiv so: *[2401.04088] Mixtral of Experts*.
    """
    text = " ".join(text.split()).replace("~~", "").replace(inline.BAR, "|")
    text = _ID_BEFORE.sub("", text)
    text = _DAY_BEFORE.sub("", text)
    text = _unquoted(text.strip(_TITLE_EDGES))
    while text.startswith(("[", "(")) and split_bracket(text)[1] == "":
        inside = split_bracket(text)[0].strip(_TITLE_EDGES)
        if not inside:
            break
        text = inside
    text = text.rstrip("([{ ").rstrip(_TITLE_EDGES)
    while text.endswith((".", '."')) and not text.endswith(("..", " al.")):
        text = text[:-1].rstrip(_TITLE_EDGES)
    return _unquoted(text)


def _unquoted(text: str) -> str:
    """Return `text` without a pair of quotes around it or a single quote at one end."""
    opens, closes = text.startswith(_QUOTES), text.endswith(_QUOTES)
    is_single = (opens or closes) and sum(map(text.count, _QUOTES)) % 2 == 1
    start, end = opens and (is_single or closes), closes and opens != is_single
    return text[start : len(text) - end].strip(_TITLE_EDGES)


def set_off_titles(spans: inline.Spans) -> tuple[Title, ...]:
    """Return the titles of a line that are linked or set off: one, or several joined by "and"."""
    first = _first_title(spans)
    if first is None or _is_behind_title(spans, first):
        return ()
    indexes = [first]
    for at in range(first + 2, min(len(spans), MAX_SPANS), 2):
        between = spans[at - 1].text
        if not (_are_alike(spans[first], spans[at]) and _JOINED_BY.fullmatch(between)):
            break
        indexes.append(at)
    before, after = words_of(spans[:first]), words_of(spans[indexes[-1] + 1 :], is_behind=True)
    lead = names_before_title(before) or leading_facts(before)
    titles = []
    is_whole = spans[first].url or spans[first].text[:1] in _QUOTES
    half = "" if is_whole else _second_half(spans[first].text, after)
    for at in indexes:
        link = spans[at] if spans[at].is_external else None
        text = spans[at].text + half
        title = _title(text, before, lead, after[len(half) :], is_whole=True)
        titles.append(title._replace(link=link, at=at))
    return tuple(titles)


def _title(text: str, before: str, lead: Facts, after: str, is_whole: bool = False) -> Title:
    """Return a title with the facts before it, in it and behind it; see `_move_facts`."""
    facts = replace(lead)
    after, marks = inline.split_marks(after)
    after = _IN_VENUE.sub(" ", after, count=1) if facts.authors else after
    tail = leading_facts(after)
    behind = cited_imprint(after, tail, facts.year) if facts.authors else tail
    facts.complete(behind)
    facts.remainder, more_marks = inline.split_marks(behind.remainder)
    if last := _LAST_FACT.search(facts.remainder[-200:]):
        facts.complete(parse_fact(last[1]) or Facts())
    text, own_marks = inline.split_marks(text)
    text = _move_facts(clean_title(text), facts, is_whole)
    return Title(text, None, None, lead, tail, facts, (*own_marks, *marks, *more_marks))


def _move_facts(title: str, facts: Facts, is_whole: bool) -> str:
    """Move the facts in a title to its `facts`; if it `is_whole`, only those in brackets."""
    while title.endswith((")", "]")) and len(title) <= MAX_TITLE:
        match = _LAST_ASIDE.fullmatch(title)
        aside = parse_aside(match["aside"]) if match else None
        if not (match and aside):
            break
        facts.complete(aside)
        if is_whole and not (aside.authors or aside.venue):
            break
        title = clean_title(match["title"])
    quoted = _QUOTED_LAST.fullmatch(title)
    if quoted and (lead := leading_facts(quoted["before"])) and not lead.remainder:
        facts.complete(lead)
        title = clean_title(quoted["title"])
    return title


def _are_alike(one: inline.InlineSpan, other: inline.InlineSpan) -> bool:
    """Return True if two spans are titles in the same style, of different papers if linked."""
    if other.role is not inline.Role.TITLE or bool(one.url) != bool(other.url):
        return False
    ids = {addresses.ids_in(part.url or "")[0] for part in (one, other)}
    return (len(ids) == 2 and None not in ids) if one.url else other.strong and one.strong


def _first_title(spans: inline.Spans) -> int | None:
    """Return the index of the title: a link, else words set off at the beginning."""
    candidates = [at for at, p in enumerate(spans[:MAX_SPANS]) if p.role is inline.Role.TITLE]
    linked = next((at for at in candidates if spans[at].url), None)
    styled = next((at for at in candidates if _is_set_off(spans, at)), None)
    if linked is None:
        return styled
    if styled is None:
        return None if _is_aside(spans, linked) else linked
    is_person = styled < linked and parse_authors(spans[linked].text, certain=True)
    return styled if is_person else linked


def _is_behind_title(spans: inline.Spans, at: int) -> bool:
    """Return True if words in italics or quotes are in or behind the title of a reference."""
    span = spans[at]
    if span.url or (span.strong and not span.text.startswith(_QUOTES)):
        return False
    names, behind = leading_names(words_of(spans)), words_of(spans[at:])
    title = names.remainder[: -len(behind)] if names else ""
    return any(map(str.isalpha, title))


def _is_aside(spans: inline.Spans, at: int) -> bool:
    """Return True if a link of a word or two is in a sentence or behind the title."""
    if len(spans[at].text.split()) > MAX_SHORT_LINK:
        return False
    before = leading_facts(words_of(spans[:at])).remainder.rstrip()
    return len(before.split()) > 1 and not before.endswith(":")


def _is_set_off(spans: inline.Spans, at: int) -> bool:
    """Return True if bold, italic or quoted words are not part of a sentence around them."""
    span = spans[at]
    if span.url or not (span.strong or span.italic):
        return False
    before = words_of(spans[:at])
    after = spans[at + 1].text if at + 1 < len(spans) and not spans[at + 1].url else ""
    if after[:1].isalnum() or _SENTENCE_GOES_ON.match(after):
        return False
    return before.rstrip().endswith(_OPEN_ENDS) or not leading_facts(before).remainder


def words_of(spans: inline.Spans, is_behind: bool = False) -> str:
    """Return the text of spans, with a line feed for each label; code behind a title is a line."""
    texts = []
    for span in spans:
        is_aside = span.code and not span.url and is_behind
        texts.append(f"\n`{span.text}`\n" if is_aside else span.text)
        if span.role is inline.Role.LABEL and span.url:
            texts[-1] = "\n"
        is_behind = is_aside or (is_behind and not span.text.strip())
        is_behind = is_behind or span.role is not inline.Role.WORDS
    return "".join(texts).replace("[\n]", "\n").replace("(\n)", "\n")


def plain_titles(text: str, facts: Facts) -> tuple[Title, ...]:
    """Return the title, if any, of a line in which nothing is set off, but for first `facts`."""
    if names := leading_names(text):
        facts = names
    body = facts.remainder
    has_lead = bool(facts) and any(map(str.isalpha, body))
    if not has_lead:
        body = text.lstrip(" \n\t.,;:-–—|")
    if nickname := _NICKNAME_BEFORE.match(body):
        body = body[nickname.end() :]
    before = text[: len(text) - len(body)]
    is_sentence = bool(names) and not before.rstrip().endswith(",")
    cited = (_IN_SINGLE_QUOTES if is_sentence else _BEFORE_VOLUME).match(body) if names else None
    end = next(filter(None, _title_ends(body, is_sentence)), len(body))
    end = cited.end() if cited else end
    if has_lead and facts.authors and not (cited or is_sentence):
        end = _end_before_venue(body, end)
    title = (cited and cited[1]) or body[:end]
    lead = replace(facts, remainder="") if before else Facts()
    return (_title(title, before, lead, body[end:]),) if any(map(str.isalnum, title)) else ()


def _title_ends(body: str, is_sentence: bool = False) -> Iterator[int | None]:
    """Yield the ends that a plain title may have: a break, or a comma or bracket before facts.

    One that `is_sentence`, behind authors and a full stop, goes on behind a dash.
    """
    for number, end in enumerate(_TITLE_END.finditer(body[:2000]), 1):
        if number > MAX_TITLE_ENDS:
            return
        after = body[end.start() :]
        if is_sentence:
            after = _STOP_NEXT.split(after, 1)[0]
        if end[0] in "?!":
            yield end.end() if is_sentence or leading_facts(after[1:]) else None
        elif end[0][0] == "," and (_LISTS_ON.match(after) or _rise(body[: end.start()]) > 0):
            yield None
        elif end[0] == " " or end[0].startswith((",", " by")):
            after = after[:MAX_CREDITS]
            facts = leading_facts(after)
            is_most = len(facts.remainder) < len(after) // 2 + 1
            yield end.start() if facts and (facts.year or is_most) else None
        elif end[0][-1:] != " " or not (is_sentence or _is_second_half(after[len(end[0]) :])):
            yield end.start()


def _end_before_venue(body: str, end: int) -> int:
    """Return the end of a citation's title: before its last comma if only a year is behind it."""
    comma, tail = body.rfind(", ", 0, end), leading_facts(body[end:])
    word = body[comma + 2 : end]
    may_be_venue = word[:1].isupper() and word.casefold() not in WORDS["behind_commas"]
    is_venue = may_be_venue and tail.year and not tail.venue
    return comma if is_venue and " " in body[:comma].strip() else end


def _second_half(name: str, after: str) -> str:
    """Return what follows a short bold `name` if it is the rest of the title, else ""."""
    sign = _BEHIND_NAME.match(name.strip()[-1:] + after)
    if not sign or len(name.split()) > MAX_NAME_WORDS:
        return ""
    start = sign.end() - 1
    rest = after[start:]
    end = next(filter(None, _title_ends(rest)), len(rest))
    is_title = _is_second_half(rest[:end]) and not leading_facts(rest)
    return after[: start + end] if is_title else ""


def _is_second_half(after: str) -> bool:
    """Return True if the text after a dash goes on with the title: all its words have capitals."""
    line = after.split("\n")[0]
    words = [word for word in _LONG_WORD.findall(line) if word not in WORDS["small"]]
    return len(words) > 1 and all(word[0].isupper() for word in words) and not leading_facts(after)


def spaced_title(spans: inline.Spans) -> Title | None:
    """Return the plain words before the first two blanks of a line, None if it has none."""
    if not spans or spans[0].role is not inline.Role.WORDS:
        return None
    head, blanks, rest = spans[0].text.strip("\n ").partition("  ")
    is_title = blanks and any(map(str.isalpha, head))
    return _title(head, "", Facts(), f"\n{rest}{words_of(spans[1:])}") if is_title else None
