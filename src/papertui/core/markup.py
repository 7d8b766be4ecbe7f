"""Titles and abstracts as services send them to text as a reader sees it."""


def readable(text: str) -> str:
    """Return text as a reader sees it: tags left out, formulas and accents as Unicode.

    What plain text cannot show stays as it came.
    """
    # Most texts have no markup, and screens and commands do without what reads it.
    if "<" in text or ("&" in text and ";" in text):
        from papertui.core.html_text import html_to_text

        text = html_to_text(text)
    if "\\" in text or "$" in text:
        from papertui.core.tex import tex_to_text

        text = tex_to_text(text)
    return text
