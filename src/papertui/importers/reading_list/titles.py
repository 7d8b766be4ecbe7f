"""Spans of an entry to titles: which words are one, and which come before and after it."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from papertui.importers.reading_list import recognise
from papertui.importers.reading_list.blocks import InlineSpan, Spans, coalesced, split_marks
from papertui.importers.reading_list.facts import (
    leading_facts,
    parse_authors,
    parse_fact,
    split_bracket,
)

MAX_SHORT_LINK = 2  # words of a link that may be an aside
MAX_TITLE_ENDS = 30
MAX_QUOTES = 4
MAX_SPANS = 30

_NUMBER = re.compile(r"\s*(?:\[[ xX]\]\s+)?(?:(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)])(?=\s|$)\s*)?")
_QUOTED = re.compile(r"[\"“”«„]([^\"“”«»„\n]{2,400})[\"”»“](?!\s?:)")
_JOINED_BY = re.compile(r"[\s,;/+&]*(?:and|or)?[\s,;/+&]*")
_OPEN_END = re.compile(r"[.,:)\]–—|-]\s*$")
_TITLE_END = re.compile(
    r"\n|\s[-–—|·•]\s|—|\.(?=\s+[\[(\"“A-Z\d])(?<!\bal\.)(?<!\bvs\.)(?<![\s.(-][A-Z]\.)"
    r"|,\s|\s(?=[(\[])|\sby\s(?=[A-Z])|;"
)
_SENTENCE_GOES_ON = re.compile(r" (?!by\s|in\s+[A-Z])[a-z]")
_QUOTES = '"“”«»„《》「」'
_TITLE_EDGES = " \t,;:|–—*_"
_SMALL_WORDS = (
    "with", "from", "over", "into", "that", "than", "their", "through", "under", "using",
)  # fmt: skip
_ET_AL = re.compile(r"\bet\.? al\b|\bby\b", re.IGNORECASE)


class Title(NamedTuple):
    """A title, its link if it has one, and the words before and after it."""

    text: str
    link: InlineSpan | None
    before: str
    after: str


# Cached, as an entry is analysed several times in a row, for its role and then for its works.
@lru_cache(maxsize=256)
def normalise(spans: Spans) -> tuple[Spans, tuple[str, ...]]:
    """Return the spans of an entry without its number and marks, and those marks.

    Addresses and quoted titles in plain words become spans of their own: links
    and bold words.
    """
    pieces = [piece for span in spans for piece in _split_addresses(span)]
    marks: list[str] = []
    for end in (0, -1):
        for _ in range(3):
            if not pieces:
                break
            piece = pieces[end]
            text = _NUMBER.sub("", piece.text, count=1) if end == 0 else piece.text
            if not piece.url:
                text, piece_marks = _split_marks_at(text, end)
                marks.extend(piece_marks)
            pieces[end] = piece._replace(text=text)
            if text.strip():
                break
            pieces.pop(end)
    return tuple(coalesced(pieces)), tuple(marks)


def _split_marks_at(text: str, end: int) -> tuple[str, tuple[str, ...]]:
    """Return `text` and its marks; a blank towards the middle of the entry stays."""
    bare, marks = split_marks(text)
    if not marks:
        return text, ()
    return (bare + " " if end == 0 and bare else f" {bare}" if bare else ""), marks


def _split_addresses(span: InlineSpan) -> Iterator[InlineSpan]:
    if span.url is not None:
        yield span
        return
    at = 0
    for start, end in recognise.find_addresses(span.text):
        yield from _split_quotes(span._replace(text=span.text[at:start]))
        url = span.text[start:end]
        yield InlineSpan(url, recognise.web_address(url) or url)
        at = end
    yield from _split_quotes(span._replace(text=span.text[at:]))


def _split_quotes(span: InlineSpan) -> Iterator[InlineSpan]:
    at = 0
    for quoted in () if span.strong or span.italic else _QUOTED.finditer(span.text):
        yield span._replace(text=span.text[at : quoted.start()])
        yield InlineSpan(quoted[0], strong=True)
        at = quoted.end()
    yield span._replace(text=span.text[at:])


def clean_title(text: str) -> str:
    """Return a title as one line without quotes, brackets and dots around it."""
    text = _unquoted(" ".join(text.split()).replace("~~", "").strip(_TITLE_EDGES))
    text = text.removeprefix("- ").removesuffix(" -").strip(_TITLE_EDGES)
    while text.startswith(("[", "(")) and split_bracket(text)[1] == "":
        inside = split_bracket(text)[0].strip(_TITLE_EDGES)
        if not inside:
            break
        text = inside
    text = text.rstrip("([{ ")
    while text.endswith((".", '."')) and not text.endswith(("..", " al.")):
        text = text[:-1].rstrip(_TITLE_EDGES)
    return _unquoted(text)


def _unquoted(text: str) -> str:
    """Return `text` without a pair of quotes around it or a single quote at one end."""
    for _ in range(MAX_QUOTES):
        if len(text) < 2 or (text[0] not in _QUOTES and text[-1] not in _QUOTES):
            break
        quotes = sum(map(text.count, _QUOTES))
        if text[0] in _QUOTES and text[-1] in _QUOTES and quotes % 2 == 0:
            text = text[1:-1]
        elif quotes % 2:
            text = text[1:] if text[0] in _QUOTES else text[:-1]
        else:
            break
        text = text.strip(_TITLE_EDGES)
    return text


@lru_cache(maxsize=256)
def is_title(span: InlineSpan) -> bool:
    """Return True if the words of a span may be a title."""
    text = clean_title(split_marks(span.text)[0])
    if span.image or not any(map(str.isalpha, text)) or recognise.is_label(text):
        return False
    if recognise.web_address(text):
        return False
    facts = parse_fact(text)
    if not facts or facts.venue or facts.year or _ET_AL.search(text):
        return not facts
    return bool(facts.authors and (span.url or span.strong))


@lru_cache(maxsize=256)
def find_titles(spans: Spans) -> tuple[Title, ...]:
    """Return the titles in the spans of an entry: one, or several joined by "and"."""
    first = _first_title(spans)
    if first is None:
        return (title,) if (title := _plain_title(spans)) else ()
    indexes = [first]
    for at in range(first + 2, min(len(spans), MAX_SPANS), 2):
        if not (_are_alike(spans[first], spans[at]) and _JOINED_BY.fullmatch(spans[at - 1].text)):
            break
        indexes.append(at)
    before = words_of(spans[:first])
    after = words_of(spans[indexes[-1] + 1 :])
    titles = (spans[at] for at in indexes)
    return tuple(
        Title(span.text, span if span.is_external else None, before, after) for span in titles
    )


def _are_alike(one: InlineSpan, other: InlineSpan) -> bool:
    """Return True if two spans are titles in the same style, of different papers if linked."""
    if not is_title(other) or bool(one.url) != bool(other.url):
        return False
    ids = {recognise.arxiv_id_in(one.url or ""), recognise.arxiv_id_in(other.url or "")}
    return (len(ids) == 2 and None not in ids) if one.url else other.strong and one.strong


def _first_title(spans: Spans) -> int | None:
    """Return the index of the title's span: a link, else words set off at the beginning."""
    candidates = [at for at, span in enumerate(spans[:MAX_SPANS]) if is_title(span)]
    linked = next((at for at in candidates if spans[at].is_external), None)
    set_off = [at for at in candidates if spans[at].url is None and _is_set_off(spans, at)]
    styled = next((at for at in set_off if spans[at].strong), set_off[0] if set_off else None)
    if linked is None:
        return styled
    if styled is None:
        return None if _is_aside(spans, linked) else linked
    long_enough = len(spans[styled].text.split()) > MAX_SHORT_LINK
    short_link = len(spans[linked].text.split()) <= MAX_SHORT_LINK
    is_person = parse_authors(spans[linked].text, certain=True) is not None
    return styled if styled < linked and (is_person or (long_enough and short_link)) else linked


def _is_set_off(spans: Spans, at: int) -> bool:
    """Return True if bold, italic or quoted words are not part of a sentence around them."""
    if not (spans[at].strong or spans[at].italic):
        return False
    before = words_of(spans[:at])
    after = spans[at + 1].text if at + 1 < len(spans) and not spans[at + 1].url else ""
    if after[:1].isalnum() or (_SENTENCE_GOES_ON.match(after) and not _JOINED_BY.fullmatch(after)):
        return False
    return not leading_facts(before).remainder or bool(_OPEN_END.search(before))


def _is_aside(spans: Spans, at: int) -> bool:
    """Return True if a link of a word or two is in a sentence or after the title."""
    before = leading_facts(words_of(spans[:at])).remainder
    is_short = len(spans[at].text.split()) <= MAX_SHORT_LINK
    return is_short and len(before.split()) > 1 and not before.rstrip().endswith(":")


def words_of(spans: Spans) -> str:
    """Return the text of spans, with a line feed for each link that is only a label."""
    return "".join(
        span.text if span.url is None or is_title(span) or _is_fact(span) else "\n"
        for span in spans
    )


def _is_fact(span: InlineSpan) -> bool:
    is_label = span.image or recognise.is_label(span.text) or recognise.web_address(span.text)
    return not is_label and parse_fact(span.text) is not None


def _plain_title(spans: Spans) -> Title | None:
    """Return the title of an entry in which nothing is set off."""
    text = words_of(spans)
    facts = leading_facts(text)
    body = facts.remainder
    if not facts or not any(map(str.isalpha, body)):
        body = text.lstrip(" \n\t.,;:-–—|")
    before = text[: len(text) - len(body)] if text.endswith(body) else ""
    end = next(filter(None, _title_ends(body)), len(body))
    title = body[:end]
    if not any(map(str.isalnum, title)):
        return None
    return Title(title, None, before, body[end:])


def _title_ends(body: str) -> Iterator[int | None]:
    """Yield the ends that a plain title may have: a break, or a comma or bracket before facts."""
    for number, end in enumerate(_TITLE_END.finditer(body[:2000]), 1):
        after = body[end.start() :]
        if number > MAX_TITLE_ENDS:
            return
        if end[0].startswith(",") or end[0] == " " or end[0].startswith(" by"):
            facts = leading_facts(after)
            yield end.start() if facts and len(facts.remainder) < len(after) // 2 + 1 else None
        elif end[0][-1:] != " " or not _is_second_half(after[len(end[0]) :]):
            yield end.start()


def _is_second_half(after: str) -> bool:
    """Return True if the text after a dash goes on with the title: all its words have capitals."""
    line = after.split("\n")[0]
    words = [word for word in re.findall(r"[^\W\d_]{4,}", line) if word not in _SMALL_WORDS]
    return len(words) > 1 and all(word[0].isupper() for word in words) and not leading_facts(after)
