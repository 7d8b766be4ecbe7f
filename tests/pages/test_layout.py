"""Lines of a page: what stays whole where they are broken."""

import pytest

from papertui.core.text import cells
from papertui.pages.layout import Writer

FACTS = (
    "paper",
    "11 pages, 15 on arXiv",
    "Beginner (our grade)",
    "arXiv 1706.03762",
    "~9 citations",
)


@pytest.mark.parametrize("width", range(24, 90))
def test_a_fact_that_fits_is_never_broken(width: int) -> None:
    page = Writer(width)
    page.facts(*FACTS, None, "")
    lines = [line.text for line in page.lines]
    assert [fact for line in lines for fact in line.split(" · ")] == [*FACTS]
    assert max(map(cells, lines)) <= width


@pytest.mark.parametrize("width", range(20, 60))
def test_an_address_is_broken_only_if_it_is_wider_than_the_page(width: int) -> None:
    address, page = "https://example.org/a/long/address.pdf", Writer(width)
    page.text(address, lead="  abstract ", target=address)
    lines = [line.text for line in page.lines]
    assert sum(address in line for line in lines) == (len(address) <= width)
    assert "".join("".join(lines).split()) == f"abstract{address}"
    assert max(map(cells, lines)) <= width
