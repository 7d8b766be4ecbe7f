"""Lines that are laid out for a width."""

from papertui.pages.layout import Span, Writer


def test_facts_break_between_two_of_them_not_within_one() -> None:
    page = Writer(24)
    page.facts("read", "second pass Sun 21 Dec", None, "third pass about 3 h", lead="◑ ")
    assert [line.text for line in page.lines] == [
        "◑ read",
        "  second pass Sun 21 Dec",
        "  third pass about 3 h",
    ]


def test_a_fact_that_is_wider_than_the_page_is_wrapped() -> None:
    page = Writer(12)
    page.facts("a fact of many words", lead=Span("· "))
    assert [line.text for line in page.lines] == ["· a fact of", "  many words"]
