"""The templates of notes, one for each pass, and what of a note is the reader's own."""

from collections.abc import Mapping

from papertui.core.journal import DEPTHS
from papertui.core.text import beginning, count_words

# Words of a text that may be replaced; a shorter one may have been a slip.
MIN_REPLACED = 5
MAX_LEVEL = 6  # of a heading
# The questions of a first and a third pass are those of S. Keshav, How to Read a Paper (2007).
_OURS = {
    "first": """\
## Five Cs

- **Category**: what kind of paper is it?
- **Context**: which work is it related to, what does it build on?
- **Correctness**: do the assumptions seem valid?
- **Contributions**: what is new?
- **Clarity**: is it well written?

Go on to a second pass?
""",
    "second": """\
## In a sentence

## Figures and tables

- Figure 1:

## Key equations

## Not understood yet

## To read next
""",
    "third": """\
## Reproduction log

- Goal (which number, which figure):
- Data and code:
- Setup (seeds, versions, machine):

### Runs

| run | changed | expected | got |
| --- | --- | --- | --- |

### Where it differs, and why

### Hidden assumptions
""",
}


def template(depth: int, own: Mapping[str, str]) -> str:
    """Return the template of a pass: the reader's own, else papertui's."""
    name = ("first", "second", "third")[depth - 1]
    return own.get(name, _OURS[name])


def has_template(text: str, inserted: str) -> bool:
    """Return True if a text holds the first line of a template, written on or not."""
    first = next((line for line in inserted.split("\n") if line.strip()), "")
    if not any(map(str.isalnum, first)):
        return first in text.split("\n")
    return any(line.startswith(first.rstrip()) for line in text.split("\n"))


def first_field(template: str) -> int:
    """Return the number of the line of a template at whose end the reader begins to write.

    That is its last one if the template leaves that open.
    """
    lines = template.split("\n")
    for number, line in enumerate(lines if not lines[-1] else ()):
        if line.strip() and not line.startswith("#"):
            return number
        if line.startswith("#") and number and not lines[number - 1].strip():
            return number - 1
    return len(lines) - 1


def own_lines(text: str, own: Mapping[str, str]) -> list[str]:
    """Return the lines of a note without what a template put there.

    `own` holds the reader's templates.
    """
    templates = "\n".join(template(depth, own) for depth in DEPTHS).split("\n")
    begun = tuple(line for line in sorted(templates, key=len, reverse=True) if line.strip())
    return [
        line.removeprefix(next(filter(line.startswith, begun))) if line.startswith(begun) else line
        for line in text.split("\n")
    ]


def answered(text: str, own: Mapping[str, str]) -> str:
    """Return a note without the lines of a template to which nothing is written.

    A heading stays above what stays, any other line above a line of the reader's. `own` holds the
    reader's templates.
    """
    kept: list[str] = []
    # Whether something stays below a heading of each level, and right below any other line.
    holds, is_answered, leaves_out = [False] * (MAX_LEVEL + 1), False, False
    for line, of_reader in reversed([*zip(text.split("\n"), own_lines(text, own), strict=True)]):
        level = min(MAX_LEVEL, len(line) - len(line.lstrip("#")))
        if not line.strip():
            # Where lines are left out, one blank is enough.
            if not (leaves_out and kept[-1:] == [""]):
                kept.append(line)
            continue
        stays = bool(of_reader.strip()) or (holds[level] if level else is_answered)
        if level:
            holds[level:] = [False] * (MAX_LEVEL + 1 - level)
        if stays:
            kept.append(line)
            holds = [True] * (level or MAX_LEVEL + 1) + holds[level or MAX_LEVEL + 1 :]
        leaves_out = not stays
        is_answered = stays and (of_reader == line or line.startswith("|"))
    return "\n".join(reversed(kept)).strip("\n")


def own_beginning(text: str, own: Mapping[str, str]) -> str:
    """Return the first line of a note with words that no template put there, else its first.

    `own` holds the reader's templates.
    """
    return beginning("\n".join(own_lines(text, own))) or beginning(text)


def own_words(text: str, own: Mapping[str, str]) -> int:
    """Return the number of words in a note that are not those of a template.

    `own` holds the reader's templates.
    """
    return sum(map(count_words, own_lines(text, own)))


def is_replaced(former: str, text: str, own: Mapping[str, str]) -> bool:
    """Return True if most of the reader's words in a former text, of some, are in a text no more.

    `own` holds the reader's templates, whose words are not the reader's.
    """
    words, left = (" ".join(own_lines(each, own)).split() for each in (former, text))
    kept = sum(map({*left}.__contains__, words))
    return len(words) >= MIN_REPLACED and 2 * kept < len(words)
