"""Text of a reading list to a ParsedList: repaired, bounded, as Markdown or plain text."""

import re
from collections.abc import Mapping

from ftfy import fix_encoding

from papertui.core.text import quantity, strip_controls
from papertui.errors import Refused
from papertui.importers.parsed_list import ParsedList
from papertui.importers.reading_list.author_pairs import has_surnames_first, settle_pairs
from papertui.importers.reading_list.markdown import MarkdownParser, cut_note, repaired_markdown
from papertui.importers.reading_list.obsidian import as_plain_markdown
from papertui.importers.reading_list.plain_text import IsTitle, as_markdown, is_plain_text
from papertui.importers.reading_list.sections import ListBuilder

MAX_TEXT = 8_000_000
MAX_LINES = 100_000
MAX_CELLS = 300_000
MAX_LINE = 20_000
MAX_PROBLEMS = 100
_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(?P<fields>(?:(?!---|\.\.\.).*\n){0,200}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
# The beginning of a line with an address that is neither heading, quotation, row nor indented.
_ADDRESSED = re.compile(r"^(?=[^\s#>|`*+-].*(?:https?://|\barxiv\b))", re.MULTILINE | re.IGNORECASE)
_QUOTE = re.compile(r"^(?:> ?)+", re.MULTILINE)
_TITLE = re.compile(r"^title:[ \t]*(.+)$", re.MULTILINE | re.IGNORECASE)
# The first bytes of signs in UTF-8, read as Windows-1252.
_LEADS = frozenset(map(chr, range(0xC2, 0xF5)))
# The colours and titles of a terminal, whose letters would be left without this.
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]*(?:\x07|\x1b\\)?)")


def parse_reading_list(source: str, name: str, is_title: IsTitle = lambda _: False) -> ParsedList:
    """Return the list in `source`; the `name` of its file is the title of last resort.

    Bare words are a work if they are the title of a known one: if `is_title`. Oddities are cut
    and named in its `problems`. Raise Refused if the text is too long.
    """
    text, originals = repair_text(source)
    problems: list[str] = []
    text, title = _without_front_matter(_bounded(text, name, problems))
    text = as_plain_markdown(_unquoted(text))
    parsed = _parse(text, title, name, originals, problems, is_title)
    # Where nothing is an entry, lines with addresses are.
    if not parsed.sections and (bulleted := _ADDRESSED.sub("- ", text)) != text:
        return _parse(bulleted, title, name, originals, problems, is_title)
    return parsed


def _parse(
    text: str,
    title: str,
    name: str,
    originals: Mapping[int, str],
    problems: list[str],
    is_title: IsTitle,
) -> ParsedList:
    """Return the list in a repaired text."""
    problems = [*problems]
    builder = ListBuilder(problems, originals, is_title, is_plain_text(text))
    lines = as_markdown(text, is_title) if builder.is_plain_text else repaired_markdown(text)
    builder.add_blocks(MarkdownParser(problems, lines).parse())
    title, sections = builder.finish(title, name)
    sections = settle_pairs(sections, has_surnames_first(text))
    used = {mark for section in sections for item in section.all_items() for mark in item.marks}
    if (more := len(problems) - MAX_PROBLEMS) > 0:
        problems[MAX_PROBLEMS:] = [f"and {quantity(more, 'more such line')}"]
    # A work may have a mark once or repeated.
    is_used = {mark: not all(x.replace(mark, "") for x in used) for mark in builder.legend}
    legend = tuple((mark, text) for mark, text in builder.legend.items() if is_used[mark])
    left_out = builder.left_over.groups()
    return ParsedList(title, sections, builder.purpose, legend, tuple(problems), left_out=left_out)


def _unquoted(text: str) -> str:
    """Return a text of which every line is quoted, as in a mail, without the signs of that."""
    lines = [line for line in text.split("\n") if line.strip()]
    is_quoted = lines and all(line.startswith(">") for line in lines)
    return _QUOTE.sub("", text) if is_quoted else text


def _bounded(text: str, name: str, problems: list[str]) -> str:
    """Return `text` with long lines cut. Raise Refused if it needs minutes or all memory."""
    lines = text.split("\n")
    for index, line in enumerate(lines):
        if len(line) > MAX_LINE:
            problems.append(f"line {index + 1}: {cut_note(line, MAX_LINE)}")
            lines[index] = line[:MAX_LINE]
    text = "\n".join(lines)
    for number, most, unit in (
        (len(lines), MAX_LINES, "lines"),
        (len(text), MAX_TEXT, "characters"),
        (text.count("|"), MAX_CELLS, "table cells"),
    ):
        if number > most:
            raise Refused(f"{name} has more than {most:,} {unit}: split it and import the parts.")
    return text


def _without_front_matter(text: str) -> tuple[str, str]:
    """Return `text` with blank lines for its YAML front matter, and the title in that, or ""."""
    front = _FRONT_MATTER.match(text)
    if not front or ":" not in front["fields"]:
        return text, ""
    title = _TITLE.search(front["fields"])
    blank = "\n" * front[0].count("\n")
    return blank + text[front.end() :], title[1].strip(" \"'") if title else ""


def repair_text(text: str) -> tuple[str, Mapping[int, str]]:
    """Return `text` without control characters, and the lines that were in a wrong encoding."""
    # Lines are repaired one by one: a list is often pasted together from several sources.
    lines = text.split("\n")
    originals = {}
    for index, line in enumerate(lines):
        if line.isascii() or _LEADS.isdisjoint(line):
            continue
        if (fixed := fix_encoding(line)) != line and "\n" not in fixed:
            originals[index + 1] = line
            lines[index] = fixed
    return strip_controls(_ESCAPES.sub("", "\n".join(lines))), originals
