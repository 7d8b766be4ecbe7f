"""The page of a list or a section: what it is for, how to read it, how far one has come."""

from papertui import words
from papertui.library import ListFacts
from papertui.outline import Branch
from papertui.pages.layout import DIM, STRONG, TITLE, Line, Span, Writer
from papertui.words import Glyphs


def section_page(branch: Branch, facts: ListFacts, width: int, glyphs: Glyphs) -> list[Line]:
    """Lay the page of a list or section out in lines of at most `width` cells."""
    page = Writer(width)
    page.text(branch.title, TITLE)
    if branch.parent is not None:
        page.facts(f"in {facts.title}")
    page.blank()
    page.line(progress_bar(branch.done, branch.total, min(30, width - 20)))
    page.text(
        "Works with a second pass or deeper; dropped and unidentified ones do not count.", DIM
    )
    if branch.parent is None:
        page.heading("What it is for")
        page.text(facts.purpose)
    page.heading("How to read it")
    page.text(words.ORDER_RULES[facts.reading_order])
    if facts.marks:
        page.blank()
        for mark, meaning in facts.marks.items():
            page.text(meaning, lead=f"{mark} ")
    if branch.parent is None:
        page.heading("Where it is from")
        page.text(facts.origin)
    page.heading("Signs")
    for sign, meaning in zip(glyphs.status, words.STATUSES, strict=True):
        page.line(f"{sign} {meaning}")
    page.line(
        f"{glyphs.parked} parked   {glyphs.dropped} dropped   {glyphs.unidentified} not identified"
    )
    return page.lines


def progress_bar(done: int, total: int, width: int) -> Span:
    """Return done works of all as a bar with its numbers."""
    filled = max(bool(done), round(width * done / total)) if total else 0
    bar = "━" * filled + "╌" * (width - filled)
    return Span(f"{bar} {done}/{total}", STRONG if done else DIM)
