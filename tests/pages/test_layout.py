"""Lines of a page: what stays whole where they are broken."""

from itertools import pairwise

import pytest

from papertui.core.text import cells
from papertui.pages.layout import Writer

FACTS = (
    "paper",
    "11 pages",
    "Beginner (our grade)",
    "arXiv 1706.03762",
    "cited by many of the field",
)


@pytest.mark.parametrize("width", range(24, 90))
def test_a_fact_of_few_words_is_never_broken_and_lines_are_filled(width: int) -> None:
    page = Writer(width)
    page.facts(*FACTS, None, "")
    lines = [line.text for line in page.lines]
    assert all(sum(fact in line for line in lines) == 1 for fact in FACTS[:-1])
    assert " ".join(lines).replace(" ·", "").split() == " ".join(FACTS).split()
    for line, below in pairwise(lines):
        assert cells(line) <= width
        first = next((fact for fact in FACTS[:-1] if below.startswith(fact)), below.split()[0])
        assert cells(f"{line} {first}") > width - 2


@pytest.mark.parametrize("width", range(20, 60))
def test_an_address_is_broken_only_if_it_is_wider_than_the_page(width: int) -> None:
    address, page = "https://example.org/a/long/address.pdf", Writer(width)
    page.text(address, lead="  abstract ", target=address)
    lines = [line.text for line in page.lines]
    assert sum(address in line for line in lines) == (len(address) <= width)
    assert "".join("".join(lines).split()) == f"abstract{address}"
    assert max(map(cells, lines)) <= width
