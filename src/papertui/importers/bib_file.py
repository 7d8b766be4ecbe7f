"""BibTeX text to a BibFile: its entries, abbreviations written out, and its JabRef groups."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from papertui.core.bib_entry import PREAMBLE, BibEntry, Value, text_of
from papertui.core.text import quantity, safe_line, shorten
from papertui.errors import Refused
from papertui.importers.parsed_list import lines_alike

MAX_EXPANDED = 40_000_000  # letters of all fields, abbreviations written out
MAX_STRING = 20_000
MAX_KEY = 200
MAX_PROBLEMS = 200
MAX_PARENT_LEVELS = 3
MAX_SHOWN = 40

_PARENT_TYPES = ("proceedings", "mvproceedings", "collection", "mvcollection")
_OTHER_TYPES = ("xdata", "set", "control", "ieeetranbstctl", PREAMBLE)
_INHERITED_FIELDS = ("year", "date", "journal", "journaltitle", "eventtitle", "publisher")

_BLOCK = re.compile(r"@[ \t]*(\w+)\s*([{(])")
_NEXT_LINE = re.compile(r"\n[ \t]*(?=@\w+[ \t]*[{(])")
_STRAY_FIELD = re.compile(r'^[ \t,}]*[\w-]+[ \t]*=[ \t]*["{]', re.MULTILINE)
_COMMAS = re.compile(r"[\s,]*")
_HEAD = {"}": re.compile(r'[^,{}"=]*'), ")": re.compile(r'[^,{}"=)]*')}
_NAME = re.compile(r'([^\s={}",#%()@\\]+)\s*=\s*')
# Most fields are like this one: a comma, a name, and a text in braces that has none itself.
_PLAIN_FIELD = re.compile(rf"\s*,\s*{_NAME.pattern}\{{([^{{}}\\]*)\}}(?=\s*,|\s*\}})")
_WORD = {"}": re.compile(r'[^\s#{}",=]*'), ")": re.compile(r'[^\s#{}",=)]*')}
_JOINT = re.compile(r"\s*(#?)\s*")
_SPACE = re.compile(r"\s*")
_PLAIN = re.compile(r"[^{}\\]*\}")
# BibTeX counts a brace after a backslash too; a text that does not work out so is read again.
_BRACE = re.compile(r"[{}]|\n[ \t]*@\w+[ \t]*[{(]")
_QUOTE = re.compile(r'[{}"]|\n[ \t]*@\w+[ \t]*[{(]')
_BRACE_UNESCAPED = re.compile(rf"\\.|{_BRACE.pattern}", re.DOTALL)
_QUOTE_UNESCAPED = re.compile(rf"\\.|{_QUOTE.pattern}", re.DOTALL)
_END = {
    "}": re.compile(r"[{},]|\n[ \t]*@\w+[ \t]*[{(]"),
    ")": re.compile(r"[{}),]|\n[ \t]*@\w+[ \t]*[{(]"),
}
_COMMENT = re.compile(r"[ \t,;})]*(?:%.*|This file was created with JabRef.*|Encoding: .*)?")

_TOO_LARGE = "Its abbreviations make the file too large; write them out."
Problems = list[str]


class _Unclosed(Exception):
    """A value or an entry does not end."""


class _Fields(NamedTuple):
    """The key and fields of an entry, and the index after it."""

    key: str
    fields: dict[str, Value]
    problems: Problems
    end: int


class BibFile:
    """The entries and comments of a BibTeX file; each fault is a problem and costs no more.

    Raises Refused if abbreviations of abbreviations make the text too large.
    """

    def __init__(self, source: str) -> None:
        self.entries: list[BibEntry] = []
        self.comments: list[str] = []  # of JabRef
        self.first_by_key: dict[str, BibEntry] = {}  # keys are compared without capitals
        self._source = source
        self._problems: list[tuple[int, str]] = []
        self._more_problems = 0
        self._missing: dict[int, str] = {}  # what an entry refers to in vain, by its line
        self._strings: dict[str, Value] = {}
        self._letters_left = MAX_EXPANDED
        self._counted, self._line = 0, 1
        self._lines_outside: list[int] = []
        self._read()
        if self.entries and self._lines_outside:
            number = quantity(len(self._lines_outside), "line")
            self.add_problem(self._lines_outside[0], f"text outside of entries: {number} left out")
        texts = (entry.texts() for entry in self.entries if _refers(entry))
        self._parents = {key for each in texts for key in _parents_of(each)}

    def add_problem(self, line: int, text: str) -> None:
        """Add a problem; after 200 they are only counted."""
        if len(self._problems) < MAX_PROBLEMS:
            self._problems.append((line, text))
        else:
            self._more_problems += 1

    def problem_lines(self) -> list[str]:
        """Return the problems in the order of the file."""
        problems, missing = [*self._problems], sorted(self._missing)
        if missing:
            text = f"{self._missing[missing[0]]}, which is missing{lines_alike(missing)}"
            problems.append((missing[0], text))
        lines = [f"Line {line}: {text}." for line, text in sorted(problems)]
        if self._more_problems:
            lines.append(f"And {quantity(self._more_problems, 'more problem')}.")
        return lines

    def is_work(self, entry: BibEntry) -> bool:
        """Return False if an entry is only there for others to refer to, as proceedings are."""
        kind = entry.type.lower()
        is_parent = kind in _PARENT_TYPES and entry.key.lower() in self._parents
        return kind not in _OTHER_TYPES and not is_parent

    def texts_of(self, entry: BibEntry) -> dict[str, str]:
        """Return an entry's fields with those inherited from the entries that it refers to."""
        texts = entry.texts()
        if not _refers(entry):
            return texts
        visited, level = {entry.key.lower()}, [texts]
        for _ in range(MAX_PARENT_LEVELS):
            parent_keys = [key for child in level for key in _parents_of(child)]
            level = []
            for key in dict.fromkeys(parent_keys):
                if (parent := self.first_by_key.get(key)) is None:
                    self._missing.setdefault(entry.line, f"{entry.key!r} refers to {key!r}")
                elif key not in visited:
                    visited.add(key)
                    level.append(parent.texts())
                    texts = {**_inherited(parent, level[-1]), **texts}
        return texts

    def _read(self) -> None:
        source, at = self._source, 0
        while block := _BLOCK.search(source, at):
            self._read_between(at, block.start())
            line = self._line_of(block.start())
            closing = "}" if block[2] == "{" else ")"
            try:
                if block[1].lower() == "comment":
                    at = self._comment(block.end(), closing, line)
                elif block[1].lower() in ("string", PREAMBLE):
                    at = self._definition(block, closing, line)
                else:
                    at = self._entry(block, closing, line)
            except _Unclosed:
                start = source[block.start() + 1 : block.start() + 200].split("@")[0]
                shown = shorten(safe_line(f"@{start}"), MAX_SHOWN)
                self.add_problem(line, f"{shown!r} lacks a comma, a brace or a quote; left out")
                following = _NEXT_LINE.search(source, block.end())
                at = following.end() if following else len(source)
        self._read_between(at, len(source))

    def _read_between(self, start: int, end: int) -> None:
        """Read what is outside of entries, where only comments should be."""
        if end - start < 4 or self._source[start:end].isspace():
            return
        if _STRAY_FIELD.search(self._source, start, end):
            line = self._line_of(start)
            self.add_problem(line, "a field is outside of any entry; a brace closes too early")
            return
        lines = self._source[start:end].split("\n")
        outside = [n for n, line in enumerate(lines) if not _COMMENT.fullmatch(line)]
        if outside:
            line = self._line_of(start)
            self._lines_outside += [line + number for number in outside]

    def _line_of(self, index: int) -> int:
        """Return the line of an index, which is not before the last one asked for."""
        self._line += self._source.count("\n", self._counted, index)
        self._counted = max(index, self._counted)
        return self._line

    def _comment(self, at: int, closing: str, line: int) -> int:
        if closing == ")":
            end = self._source.find(")", at) + 1 or len(self._source)
        else:
            end = self._closed(at, _BRACE_UNESCAPED)
        comment = self._source[at : end - 1]
        if comment.lstrip()[:6].lower() == "jabref":
            self.comments.append(comment)
        elif _BLOCK.search(comment):
            self.add_problem(line, "an entry inside of a comment is left out")
        else:
            self._lines_outside.append(line)
        return end

    def _definition(self, block: re.Match[str], closing: str, line: int) -> int:
        """Read an abbreviation or a preamble, and return the index after it."""
        at, name, problems = _skip(_SPACE, self._source, block.end()), "", Problems()
        if is_string := block[1].lower() == "string":
            if not (head := _NAME.match(self._source, at)):
                raise _Unclosed
            name, at = head[1], head.end()
        value, at = self._value(at, closing, True, problems)
        at = _skip(_COMMAS, self._source, at)
        if self._source[at : at + 1] != closing:
            raise _Unclosed
        if not is_string:
            self.entries.append(BibEntry(PREAMBLE, "", {PREAMBLE: value}, line))
        elif len(text_of(value)) > MAX_STRING:
            raise Refused(_TOO_LARGE)
        else:
            self._strings[name.lower()] = value
        for problem in problems:
            self.add_problem(line, problem)
        return at + 1

    def _entry(self, block: re.Match[str], closing: str, line: int) -> int:
        """Read an entry as BibTeX does; if that goes wrong, with braces and quotes escaped."""
        read, left = None, self._letters_left
        for escapes in (False, True):
            self._letters_left = left
            try:
                again = self._fields(block.end(), closing, escapes)
            except _Unclosed:
                if escapes and read is None:
                    raise
                continue
            if read is None or len(again.problems) < len(read.problems):
                read = again
            if not read.problems:
                break
        assert read is not None
        key = safe_line(read.key)
        if len(key) > MAX_KEY:
            self.add_problem(line, f"the key {shorten(key, MAX_SHOWN)!r} is too long; left out")
            key = ""
        for problem in read.problems:
            self.add_problem(line, problem)
        entry = BibEntry(block[1], key, read.fields, line)
        self.entries.append(entry)
        if key:
            self.first_by_key.setdefault(key.lower(), entry)
        else:
            self.add_problem(line, "the entry has no key; papertui gives it one")
        return read.end

    def _fields(self, at: int, closing: str, escapes: bool) -> _Fields:
        """Read the key and the fields of an entry. Raises _Unclosed if it does not end."""
        source, problems, fields = self._source, Problems(), dict[str, Value]()
        head = _HEAD[closing].match(source, at)
        assert head is not None
        key, at = head[0].strip(), head.end()
        if source[at : at + 1] not in (",", "=", closing):
            raise _Unclosed
        if source[at] == "=":
            # The key and its comma are missing, or only the comma.
            if not key:
                raise _Unclosed
            *words, name = key.split()
            key, at = " ".join(words), head.start() + head[0].rindex(name)
            if key:
                problems.append(f"a comma is missing after {key!r}")
        names: set[str] = set()
        while True:
            while (plain := _PLAIN_FIELD.match(source, at)) and plain[1].lower() not in names:
                names.add(plain[1].lower())
                fields[plain[1]] = plain[2]
                at = plain.end()
            before, at = at, _skip(_COMMAS, source, at)
            start = at
            if source[at : at + 1] == closing:
                return _Fields(key, fields, problems, at + 1)
            if not (head := _NAME.match(source, at)):
                at = self._end(at, closing)
                shown = shorten(safe_line(source[start : min(at, start + 200)]), MAX_SHOWN)
                problems.append(f"{shown!r} in {key!r} is no field; left out")
                continue
            value, at = self._value(head.end(), closing, escapes, problems)
            if names and "," not in source[before:start]:
                problems.append(f"a comma is missing before {source[start:at][:20]!r}")
            if (name := head[1].lower()) in names:
                problems.append(f"{key!r} has the field {name!r} twice; the first is kept")
            else:
                names.add(name)
                fields[head[1]] = value

    def _end(self, at: int, closing: str) -> int:
        """Return the index of the next comma or of the end of the entry. Raises _Unclosed."""
        depth = 0
        for found in _END[closing].finditer(self._source, at):
            sign = found[0]
            if sign[0] == "\n":
                break
            if sign == "{":
                depth += 1
            elif not depth and sign in (",", closing):
                return found.start()
            elif sign == "}":
                depth = max(0, depth - 1)
        raise _Unclosed

    def _value(self, at: int, closing: str, escapes: bool, problems: Problems) -> tuple[Value, int]:
        """Return the value at an index, abbreviations written out, and the index after it."""
        source, parts = self._source, [""]
        while True:
            sign = source[at : at + 1]
            if sign == "{":
                plain = _PLAIN.match(source, at + 1)
                braces = _BRACE_UNESCAPED if escapes else _BRACE
                end = plain.end() if plain else self._closed(at + 1, braces)
                text = source[at + 1 : end - 1]
                parts[-1] += _balanced(text, problems) if escapes else text
            elif sign == '"':
                end = self._closed(at + 1, _QUOTE_UNESCAPED if escapes else _QUOTE, '"')
                parts[-1] += _balanced(source[at + 1 : end - 1], problems)
            else:
                end = _skip(_WORD[closing], source, at)
                word = source[at:end]
                if (known := self._strings.get(word.lower())) is not None:
                    parts[-1] += known if isinstance(known, str) else known[0]
                    parts += () if isinstance(known, str) else known[1:]
                elif not word or word.isdecimal():
                    parts[-1] += word
                else:
                    parts += [word, ""]
            self._letters_left -= end - at if sign in ("{", '"') else len(parts[-1])
            if self._letters_left < 0:
                raise Refused(_TOO_LARGE)
            joint = _JOINT.match(source, end)
            if not (joint and joint[1]):
                return parts[0] if len(parts) == 1 else tuple(parts), end
            at = joint.end()

    def _closed(self, at: int, signs: re.Pattern[str], closing: str = "}") -> int:
        """Return the index after the brace or quote that closes the one before `at`."""
        depth = 0
        for found in signs.finditer(self._source, at):
            sign = found[0]
            if sign == closing and not depth:
                return found.end()
            if sign == "{":
                depth += 1
            elif sign == "}":
                depth = max(0, depth - 1)
            elif sign[0] == "\n":
                break
        raise _Unclosed


def _skip(pattern: re.Pattern[str], source: str, at: int) -> int:
    match = pattern.match(source, at)
    return match.end() if match else at


def _balanced(text: str, problems: Problems) -> str:
    """Return a text with braces that match, as a file that is written needs them."""
    if _is_balanced(text):
        return text
    text = text.replace("\\{", "\\lbrace{}").replace("\\}", "\\rbrace{}")
    if _is_balanced(text):
        return text
    problems.append("the braces of a field do not match; they are left out")
    return re.sub(r"\\?[{}]", "", text)


def _is_balanced(text: str) -> bool:
    depth = 0
    for brace in re.findall(r"[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return not depth


def _refers(entry: BibEntry) -> bool:
    return any(name in ("crossref", "xdata") for name in map(str.lower, entry.fields))


def _parents_of(texts: Mapping[str, str]) -> list[str]:
    keys = [texts.get("crossref", ""), *texts.get("xdata", "").split(",")[:10]]
    return [key.strip().lower() for key in keys if key.strip()]


def _inherited(parent: BibEntry, texts: Mapping[str, str]) -> dict[str, str]:
    if parent.type.lower() == "xdata":
        return dict(texts)
    inherited = {name: texts[name] for name in _INHERITED_FIELDS if name in texts}
    if title := texts.get("booktitle") or texts.get("title"):
        inherited["booktitle"] = title
    return inherited
