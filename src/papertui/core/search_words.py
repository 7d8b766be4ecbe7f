"""The words of a search: as a text is indexed, as a query asks for them, as they are marked.

Words match from their beginning. So a name that hyphens, dots or digits divide is indexed
from each of its parts to its end, `BERT-base` as `bertbase` and `base`: it is found as one
and by its parts.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple
from unicodedata import normalize

from papertui.core.text import fold, safe_line, shorten

MAX_WORDS = 16
# Letters of a name that are compared: a text of one endless name costs no more than another.
_MAX_LETTERS = 64

_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_JOINERS = "\\-.'&_\u00ad\u00b7\u2010\u2011\u2013\u2019\u2212"
# Patterns are compiled when they are first used: they are slow to compile, and a start
# does without.
_NAME = rf"[^\W_]+(?:[{_JOINERS}][^\W_]+)*"
_PART = r"[^\W_]+"
_LETTERS_OR_DIGITS = r"\d+|[^\W\d_]+"
# The signs of C++, LoRA+, C# and A*, and the dot of .NET.
_SIGN = (
    r"\+\+(?<=[^\W_]\+\+)(?![^\W\d]|\+)|\+(?<=[^\W_]\+)(?![\w+])|#(?<=[^\W_]#)(?![\w#])"
    r"|\*(?<=[^\W\d_]\*)(?<![\w*].\*)(?![\w*])|\.(?<![\w.]\.)(?=[^\W\d_])"
)
_SIGN_NAMES = {"++": "plusplus", "+": "plus", "#": "sharp", "*": "star", ".": "dot-"}
# A tag that is asked for; #17 is a word.
_ASKED_TAG = r"(?<!\S)(?:#|tag:#?)([\w/-]*[^\W\d_][\w/-]*)(?!\S)"
# Fields that a word is asked for in, as columns of the index: author:hinton. With a blank
# after it, the name of a field is a word, as in a title.
_COLUMNS = {"author": "authors", "title": "title", "note": "notes"}
_ASKED_FIELD = rf"(?<!\S)({'|'.join(_COLUMNS)}):(\"[^\"]+\"?|[^\s\"]\S*)"
_ASKED_YEAR = r"(?<!\S)year:(\S+)"
_FIELDS = (*_COLUMNS, "tag", "year")
_EMPTY_FIELD = rf"(?<!\S)({'|'.join(_FIELDS)}):(?!\S)"
# What stands before an id is no field, and an address has slashes.
_LIKE_A_FIELD = r"(?<!\S)(?!(?:arxiv|doi):)([^\W\d_]+):(?=[^\s/:])"
# Umlauts spelt out, and where they may be: in Duesseldorf, Haeuser, Aarhus, not in queue.
_UMLAUT = "[äöüøåÄÖÜØÅ\u0308\u030a\u212b]"
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_PERHAPS_UMLAUT = (
    r"(?:ae(?=[^aeio\W\d_])|oe(?=[^aeiou\W\d_])|ue(?=[^aeiou\W\d_])|aa(?=[^aeiou\W\d_]))"
    "(?<![aeiouq]..)"
)


# A word that is searched for, by its spellings, any of which will do.
# A spelling is a word, or several that follow each other.
Word = tuple[str, ...]
Words = tuple[Word, ...]


class Query(NamedTuple):
    """What a query asks for.

    `narrow` takes a name as one, `wide` its parts, wherever they are; `unsigned` is for a
    query that finds nothing, LoRA for LoRA+, and None if it has no such sign, or if only
    single letters would be left: a C finds all that begins with it.
    """

    narrow: Words
    wide: Words
    unsigned: "Query | None" = None


def asked_tags(query: str) -> tuple[list[str], str]:
    """Return the folded beginnings of the tags that a query asks for, and its other words.

    They are asked for as ``#name`` or ``tag:name``; a lone ``#`` asks for any tag.
    """
    if asks_for_any_tag(query):
        return [""], ""
    if "#" not in query and "tag:" not in query.lower():
        return [], query
    tags = re.findall(_ASKED_TAG, query, re.IGNORECASE)
    return list(map(fold, tags)), re.sub(_ASKED_TAG, " ", query, flags=re.IGNORECASE)


def asks_for_any_tag(query: str) -> bool:
    """Return True for a query that asks for the works that have a tag, whichever it is."""
    return query.strip().lower() in ("#", "tag:", "tag:#")


def asked_fields(query: str) -> tuple[list[tuple[str, str]], str]:
    """Return the columns in which a query asks for words, with these words, and its others.

    They are asked for as ``author:hinton``, ``title:"deep learning"`` or ``note:proof``.
    """
    if ":" not in query:
        return [], query
    fields = re.findall(_ASKED_FIELD, query, re.IGNORECASE)
    others = re.sub(_ASKED_FIELD, " ", query, flags=re.IGNORECASE)
    return [(_COLUMNS[name.lower()], words) for name, words in fields], others


def asked_years(query: str) -> tuple[list[str], str]:
    """Return the beginnings of years that a query asks for, and its other words.

    They are asked for as ``year:2017``, or ``year:201``.
    """
    if "year:" not in query.lower():
        return [], query
    years = re.findall(_ASKED_YEAR, query, re.IGNORECASE)
    return list(map(fold, years)), re.sub(_ASKED_YEAR, " ", query, flags=re.IGNORECASE)


def unknown_field(query: str) -> str:
    """Return which fields there are if a query asks for another, which is two words then."""
    for name in re.findall(_LIKE_A_FIELD, query, re.IGNORECASE):
        if name.lower() not in _FIELDS:
            *fields, last = _FIELDS
            return f"fields are {', '.join(fields)} and {last}, not {shorten(name, 12)}"
    return ""


def field_advice(query: str) -> str:
    """Return what to do about the fields of a query that finds nothing, in words, "" without any.

    One that cannot be meant as it is typed comes before one that only narrows the search.
    """
    for name in re.findall(_EMPTY_FIELD, query, re.IGNORECASE):
        return f"what is asked for comes right behind {name.lower()}: without a blank"
    years, others = asked_years(query)
    for year in years:
        if re.fullmatch("[0-9]{1,3}", year):
            return f"a year has four digits, as in year:2017; {_years_begun(year)}"
        if not re.fullmatch("[0-9]{4}", year):
            return f"a year has four digits, as in year:2017, not {shorten(safe_line(year), 12)}"
    if unknown := unknown_field(query):
        return unknown
    for name, _ in re.findall(_ASKED_FIELD, query, re.IGNORECASE):
        return f"without {name.lower()}: the word is looked for everywhere"
    tags, rest = asked_tags(query)
    if tags:
        is_alone = not rest.strip()
        return "no tag of yours begins so" if is_alone else f"without #{tags[0]} all are searched"
    for year in years:
        is_alone = not others.strip()
        return _years_begun(year[:3]) if is_alone else f"without year:{year} all are searched"
    return ""


def _years_begun(digits: str) -> str:
    return f"year:{digits} asks for {digits:0<4} to {digits:9<4}"


def readings(text: str) -> set[str]:
    """Return the folded words of `text`, names as one word, and the same, names in their parts.

    In a script that is written without blanks every sign is a word.
    """
    words = " ".join(_names(fold(_spaced(text))))
    if words.replace(" ", "").isalnum():
        return {words}
    return {" ".join(re.findall(_PART, words)), re.sub(f"[{_JOINERS}]", "", words)}


def without_umlauts(words: str) -> str:
    """Return folded words with the vowel only where an umlaut may be spelt out."""
    return re.sub(_PERHAPS_UMLAUT, lambda vowels: vowels[0][0], words)


def indexed_words(text: str) -> str:
    """Return the words by which `text` is found, separated by blanks."""
    text = _spaced(text)
    folded = fold(text)
    words: list[str] = []
    for name in _names(folded):
        if name.isalpha() or name.isdecimal():
            words.append(name)
        else:
            words += _endings(name)
    for written in _chunks(_PERHAPS_UMLAUT, folded):
        words += _respelt(written, without_umlauts(written))
    if not text.isascii():
        for written in _chunks(_UMLAUT, text):
            spelt_out = normalize("NFC", written.casefold()).translate(_SPELT_OUT)
            words += _respelt(fold(written), fold(spelt_out))
    return " ".join(words)


def _chunks(pattern: str, text: str) -> Iterable[str]:
    """Return what is between the blanks of a text and has what a pattern means, each once."""
    chunks: dict[str, None] = {}
    for found in re.finditer(pattern, text):
        end = text.find(" ", found.end())
        chunks[text[text.rfind(" ", 0, found.start()) + 1 : end if end > 0 else None]] = None
    return chunks


def _respelt(written: str, other: str) -> Iterator[str]:
    """Yield the words of the names that have another spelling than the one that is written."""
    if written.isalpha() and other.isalpha():
        yield other
        return
    for name, spelling in zip(_names(written), _names(other), strict=False):
        if name != spelling:
            yield from _endings(spelling)


def parse_query(text: str) -> Query:
    """Return what a reader asks for; any text is a query."""
    folded = fold(_spaced(text))
    names = _names(folded)[:MAX_WORDS]
    parts = [part for name in names for part in re.findall(_PART, name)][:MAX_WORDS]
    unsigned = re.sub(_SIGN, " ", folded)
    return Query(
        tuple(map(_name_spellings, names)),
        tuple(map(_spellings, parts)),
        parse_query(unsigned) if unsigned != folded and _has_a_name(unsigned) else None,
    )


def _has_a_name(folded: str) -> bool:
    return any(len(name) > 1 for name in _names(folded))


def has_all(words: str, wanted: Words) -> bool:
    """Return True if some indexed words have every wanted one in one of its spellings."""
    spaced = f" {words}"
    for word in wanted:
        for spelling in word:
            if f" {spelling}" in spaced:
                break
        else:
            return False
    return True


def marked_beginnings(query: str) -> list[str]:
    """Return the beginnings of the words that are marked where `query` has found them."""
    fields, others = asked_fields(asked_years(asked_tags(query)[1])[1])
    narrow, wide, _ = parse_query(" ".join([others, *(words for _, words in fields)]))
    spellings = (spelling for word in (*narrow, *wide) for spelling in word)
    return [*dict.fromkeys(spelling for spelling in spellings if " " not in spelling)]


def marked(text: str, beginnings: Collection[str]) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of `text`, each with True if it is a word that begins as a searched one."""
    at = 0
    for start, end in _marked_parts(text, beginnings) if beginnings else ():
        if at < start:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


def _marked_parts(text: str, beginnings: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where the parts of names are that a searched word begins or goes on in."""
    part = "[a-zA-Z0-9]+" if text.isascii() else rf"[^\W_{_UNSPACED}]+"
    sign = "" if text.isascii() else f"|[{_UNSPACED}]"
    first_letters = {beginning[0] for beginning in beginnings}
    for name in re.finditer(rf"{part}(?:[{_JOINERS}]{part})*(?:\+\+?|#|\*)?{sign}", text):
        # Most words of a text are plain and begin otherwise.
        if name[0].isascii() and name[0].isalpha() and name[0][0].lower() not in first_letters:
            continue
        whole = _letters(" ".join(_names(fold(name[0]))))
        end = reach = 0
        for shown in re.finditer(part + sign, name[0]):
            start, end = end, end + len(_letters(fold(shown[0])))
            reach = max(reach, _reach(whole, start, end, beginnings))
            if reach > start:
                yield name.start() + shown.start(), name.start() + shown.end()


def _reach(whole: str, start: int, end: int, beginnings: Collection[str]) -> int:
    """Return how far a beginning goes that fits the letters of a name from a place in its part."""
    reach = start
    for piece in re.finditer(_LETTERS_OR_DIGITS, whole[start:end]):
        at = start + piece.start()
        for spelling in _spellings(whole[at:]):
            for beginning in filter(spelling.startswith, beginnings):
                reach = max(reach, at + len(beginning))
    return reach


def _letters(words: str) -> str:
    return "".join(re.findall(_PART, words))


def _spaced(text: str) -> str:
    return text if text.isascii() else re.sub(f"[{_UNSPACED}]", r" \g<0> ", text)


def _names(folded: str) -> list[str]:
    """Return the names in a folded text, their signs in letters; most are plain words."""
    if folded.replace(" ", "").isalnum():
        return folded.split()
    return re.findall(_NAME, re.sub(_SIGN, lambda sign: _SIGN_NAMES[sign[0]], folded))


def _endings(name: str) -> list[str]:
    """Return a name from each of its parts to its end, its parts joined."""
    parts = re.findall(_LETTERS_OR_DIGITS, name)
    whole, endings, start = "".join(parts), [], 0
    for part in parts:
        endings.append(whole[start : start + _MAX_LETTERS])
        start += len(part)
    return endings


def _spellings(word: str) -> tuple[str, ...]:
    word = word[:_MAX_LETTERS]
    return tuple(dict.fromkeys((word, without_umlauts(word))))


def _name_spellings(name: str) -> tuple[str, ...]:
    """Return the spellings of a name: as one word, and as its parts, one after the other."""
    parts = re.findall(_LETTERS_OR_DIGITS, name)
    apart = [" ".join(parts[:MAX_WORDS])] if len(parts) > 1 else []
    return (*_spellings("".join(parts)), *apart)
