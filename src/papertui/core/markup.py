"""Titles and abstracts as services send them to text as a reader sees it."""

import re

_MARKUP = re.compile(r"[\\$<]|&#?\w{1,31};")


def readable(text: str) -> str:
    """Return text as a reader sees it: tags left out, formulas and accents as Unicode.

    What plain text cannot show stays as it came. Text without markup costs one search.
    """
    if not _MARKUP.search(text):
        return text
    # Most texts have no markup, and screens and commands do without what reads it.
    from papertui.core.tags import tags_to_text
    from papertui.core.tex import tex_to_text

    text = tags_to_text(text) if "<" in text or "&" in text else text
    return tex_to_text(text) if "\\" in text or "$" in text else text
