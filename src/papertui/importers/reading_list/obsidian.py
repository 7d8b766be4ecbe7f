"""What Obsidian and its plug-ins write beyond Markdown, as Markdown."""

import re

# A link to a note, with the folder of that, a place in it, and another text for it.
_LINK = re.compile(
    r"(!?)\[\[(?:[^\[\]|\n]*/)?([^\[\]|#/\n]+)(?:#[^\[\]|\n]*)?(?:\|([^\[\]\n]+))?\]\]"
)
# The days that the plug-in Tasks writes behind an entry, and how often that comes back.
_TASK_DAYS = re.compile(
    r"[ \t]*(?:[📅✅⏳🛫➕❌]\ufe0f?[ \t]*\d{4}-\d\d-\d\d|🔁\ufe0f?[ \t]*every[ \w]*)(?=[ \t]|$)",
    re.M,
)


def as_plain_markdown(text: str) -> str:
    """Return `text` with links to notes as their own words, and without the signs of tasks."""
    if "[[" in text:
        text = _LINK.sub(_as_markdown, text)
    return _TASK_DAYS.sub("", text)


def _as_markdown(link: re.Match[str]) -> str:
    is_embedded, note, words = link.groups()
    return f"![]({note.replace(' ', '%20')})" if is_embedded else f"[[{words or note}]]"
