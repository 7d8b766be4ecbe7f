"""Which words of an entry are its title, and which stand before and after them."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from papertui.importers.reading_list import blocks, recognise
from papertui.importers.reading_list.blocks import InlineSpan, merged
from papertui.importers.reading_list.facts import bracketed, fact, facts_in, names

_NUMBER = re.compile(r"\s*(?:\[[ xX]\]\s+)?(?:(?:\[\d{1,3}\]|\(\d{1,3}\)|\d{1,3}[.)])(?=\s|$)\s*)?")
_QUOTED = re.compile(r"[\"“”«„]([^\"“”«»„\n]{2,400})[\"”»“](?!\s?:)")
_JOINED = re.compile(r"[\s,;/+&]*(?:and|or)?[\s,;/+&]*")
_OPEN_END = re.compile(r"[.,:)\]–—|-]\s*$")
_PLAIN_END = re.compile(
    r"\n|\s[-–—|·•]\s|—|\.(?=\s+[\[(\"“A-Z\d])(?<!\bal\.)(?<!\bvs\.)(?<![\s.(-][A-Z]\.)"
    r"|,\s|\s(?=[(\[])|\sby\s(?=[A-Z])|;"
)
_GOES_ON = re.compile(r" (?!by\s|in\s+[A-Z])[a-z]")
_QUOTES = '"“”«»„《》「」'
_AROUND = " \t,;:|–—*_"
_SMALL = ("with", "from", "over", "into", "that", "than", "their", "through", "under", "using")
_ET_AL = re.compile(r"\bet\.? al\b|\bby\b", re.IGNORECASE)
_FEW = 2
_MOST_ENDS = 30
_MOST_QUOTES = 4
_MOST_LOOKED_AT = 30


class Titled(NamedTuple):
    """A title's words, its link if it has one, and the words around it."""

    title: str
    link: InlineSpan | None
    before: str
    after: str


# The same entry is looked at several times in a row, for its role and then for its works.
_looked_at = lru_cache(maxsize=256)


@_looked_at
def prepared(spans: tuple[InlineSpan, ...]) -> tuple[tuple[InlineSpan, ...], tuple[str, ...]]:
    """Return the spans of an entry without its number and marks, and those marks.

    Addresses and quoted titles that stand as plain words become spans of
    their own: links, and bold words.
    """
    pieces = [piece for span in spans for piece in _pieces(span)]
    found: list[str] = []
    for at in (0, -1):
        for _ in range(3):
            if not pieces:
                break
            first = pieces[at]
            text = _NUMBER.sub("", first.text, count=1) if at == 0 else first.text
            text, signs = (text, ()) if first.url else _at_end(text, at)
            found.extend(signs)
            pieces[at] = first._replace(text=text)
            if text.strip():
                break
            pieces.pop(at)
    return tuple(merged(pieces)), tuple(found)


def _at_end(text: str, at: int) -> tuple[str, tuple[str, ...]]:
    """Take the marks off one end only; blanks towards the middle are kept."""
    bare, signs = blocks.split(text)
    if not signs:
        return text, ()
    return (bare + " " if at == 0 and bare else f" {bare}" if bare else ""), signs


def _pieces(span: InlineSpan) -> Iterator[InlineSpan]:
    if span.url is not None:
        yield span
        return
    at = 0
    for start, end in recognise.bare(span.text):
        yield from _quotes(span._replace(text=span.text[at:start]))
        url = span.text[start:end]
        yield InlineSpan(url, recognise.full(url) or url)
        at = end
    yield from _quotes(span._replace(text=span.text[at:]))


def _quotes(span: InlineSpan) -> Iterator[InlineSpan]:
    at = 0
    for found in () if span.strong or span.slanted else _QUOTED.finditer(span.text):
        yield span._replace(text=span.text[at : found.start()])
        yield InlineSpan(found[0], strong=True)
        at = found.end()
    yield span._replace(text=span.text[at:])


def clean(text: str) -> str:
    """Return a title as one line without quotes, brackets and dots around it."""
    text = _unquoted(" ".join(text.split()).replace("~~", "").strip(_AROUND))
    text = text.removeprefix("- ").removesuffix(" -").strip(_AROUND)
    while text.startswith(("[", "(")) and bracketed(text)[1] == "":
        inside = bracketed(text)[0].strip(_AROUND)
        if not inside:
            break
        text = inside
    text = text.rstrip("([{ ")
    while text.endswith((".", '."')) and not text.endswith(("..", " al.")):
        text = text[:-1].rstrip(_AROUND)
    return _unquoted(text)


def _unquoted(text: str) -> str:
    """Return `text` without quotes around it, or without one that has no other."""
    for _ in range(_MOST_QUOTES):
        if len(text) < 2 or (text[0] not in _QUOTES and text[-1] not in _QUOTES):
            break
        quotes = sum(map(text.count, _QUOTES))
        if text[0] in _QUOTES and text[-1] in _QUOTES and quotes % 2 == 0:
            text = text[1:-1]
        elif quotes % 2:
            text = text[1:] if text[0] in _QUOTES else text[:-1]
        else:
            break
        text = text.strip(_AROUND)
    return text


@_looked_at
def is_title(span: InlineSpan) -> bool:
    """Say whether the words of a span could name a work."""
    text = clean(blocks.split(span.text)[0])
    if span.image or not any(map(str.isalpha, text)) or recognise.is_label(text):
        return False
    if recognise.full(text):
        return False
    known = fact(text)
    listed = known and known.authors and not (known.venue or known.year or _ET_AL.search(text))
    return not known or bool(listed and (span.url or span.strong))


@_looked_at
def titles_in(spans: tuple[InlineSpan, ...]) -> tuple[Titled, ...]:
    """Return the titles that an entry's spans hold: one, or several joined by "and"."""
    chosen = _chosen(spans)
    if chosen is None:
        return (found,) if (found := _plain(spans)) else ()
    several = [chosen]
    for at in range(chosen + 2, min(len(spans), _MOST_LOOKED_AT), 2):
        if not (_alike(spans[chosen], spans[at]) and _JOINED.fullmatch(spans[at - 1].text)):
            break
        several.append(at)
    before = words(spans[:chosen])
    after = words(spans[several[-1] + 1 :])
    links = (spans[at] if spans[at].outward else None for at in several)
    return tuple(
        Titled(spans[at].text, link, before, after) for at, link in zip(several, links, strict=True)
    )


def _alike(one: InlineSpan, other: InlineSpan) -> bool:
    """Say whether two spans name two works in one way."""
    if not is_title(other) or bool(one.url) != bool(other.url):
        return False
    ids = {recognise.arxiv_in(one.url or ""), recognise.arxiv_in(other.url or "")}
    return (len(ids) == 2 and None not in ids) if one.url else other.strong and one.strong


def _chosen(spans: tuple[InlineSpan, ...]) -> int | None:
    """Return which span is the title: a link, else what is set off at the beginning."""
    could = [at for at, span in enumerate(spans[:_MOST_LOOKED_AT]) if is_title(span)]
    linked = next((at for at in could if spans[at].outward), None)
    off = [at for at in could if spans[at].url is None and _is_set_off(spans, at)]
    strong = next((at for at in off if spans[at].strong), off[0] if off else None)
    if linked is None or strong is None:
        if linked is not None and _is_aside(spans, linked):
            return None
        return strong if linked is None else linked
    long_enough = len(spans[strong].text.split()) > _FEW
    short_link = len(spans[linked].text.split()) <= _FEW
    person = names(spans[linked].text, certain=True) is not None
    return strong if strong < linked and (person or (long_enough and short_link)) else linked


def _is_set_off(spans: tuple[InlineSpan, ...], at: int) -> bool:
    """Say whether bold, slanted or quoted words are no part of the sentence around them."""
    if not (spans[at].strong or spans[at].slanted):
        return False
    before = words(spans[:at])
    after = spans[at + 1].text if at + 1 < len(spans) and not spans[at + 1].url else ""
    if after[:1].isalnum() or (_GOES_ON.match(after) and not _JOINED.fullmatch(after)):
        return False
    return not before.strip() or not facts_in(before).rest or bool(_OPEN_END.search(before))


def _is_aside(spans: tuple[InlineSpan, ...], at: int) -> bool:
    """Say whether a link of a word or two stands within a sentence, or after the title."""
    before = facts_in(words(spans[:at])).rest
    return (
        len(spans[at].text.split()) <= _FEW
        and len(before.split()) > 1
        and not before.rstrip().endswith(":")
    )


def words(spans: tuple[InlineSpan, ...]) -> str:
    """Return the words of spans; a link that is a mere label is a break between them."""
    return "".join(
        span.text if span.url is None or is_title(span) or _tells(span) else "\n" for span in spans
    )


def _tells(span: InlineSpan) -> bool:
    named = span.image or recognise.is_label(span.text) or recognise.full(span.text)
    return not named and fact(span.text) is not None


def _plain(spans: tuple[InlineSpan, ...]) -> Titled | None:
    """Return the title of an entry in which nothing is set off."""
    text = words(spans)
    lead = facts_in(text)
    if not lead or not any(map(str.isalpha, lead.rest)):
        lead.rest = text.lstrip(" \n\t.,;:-–—|")
    body = lead.rest
    before = text[: len(text) - len(body)] if text.endswith(body) else ""
    end = next(filter(None, _ends(body)), len(body))
    title = body[:end]
    return Titled(title, None, before, body[end:]) if any(map(str.isalnum, title)) else None


def _ends(body: str) -> Iterator[int | None]:
    """Yield where a plain title may end: at a break, or at a comma or bracket before facts."""
    for tried, found in enumerate(_PLAIN_END.finditer(body[:2000], 1)):
        after = body[found.start() :]
        if tried > _MOST_ENDS:
            return
        if found[0].startswith(",") or found[0] == " " or found[0].startswith(" by"):
            rest = facts_in(after)
            yield found.start() if rest and len(rest.rest) < len(after) // 2 + 1 else None
        elif found[0][-1:] != " " or not _goes_on(after[len(found[0]) :]):
            yield found.start()


def _goes_on(after: str) -> bool:
    """Say whether a title's second half stands behind a dash: all its words have capitals."""
    line = after.split("\n")[0]
    long = [word for word in re.findall(r"[^\W\d_]{4,}", line) if word not in _SMALL]
    return len(long) > 1 and all(word[0].isupper() for word in long) and not facts_in(after)
