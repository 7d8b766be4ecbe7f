"""What a note of each pass may begin with, unless the reader has templates of their own."""

from collections.abc import Mapping

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
    """Return the template of a pass, the reader's own one where there is one."""
    name = ("first", "second", "third")[depth - 1]
    return own.get(name, _OURS[name])
