"""A bare arXiv id is an id, and never a title, at every door that a work comes in by."""

from collections.abc import Callable, Sequence

import pytest

from papertui.core.identity import parse_new_work
from papertui.errors import Refused
from papertui.importers.formats import parse_file
from papertui.importers.parsed_list import ParsedList

WRITTEN = {
    "1706.03762": "1706.03762",
    "arXiv:1412.6980v2": "1412.6980",
    "arXiv: 2401.12346": "2401.12346",
    "arxiv 2401.12350": "2401.12350",
    "[2401.12347]": "2401.12347",
    "(arXiv:2401.12348)": "2401.12348",
    "2401.12349.": "2401.12349",
    "2401.12351v5.pdf": "2401.12351",
    "arXiv:2401.12352v1 [cs.LG]": "2401.12352",
    "cs/0112017": "cs/0112017",
    "hep-th/9901001": "hep-th/9901001",
    "Hep-Ph/9901002v3,": "hep-ph/9901002",
    "math.GT/0309136": "math/0309136",
    "arXiv:q-bio/0501001": "q-bio/0501001",
}
ODD = ("arXiv:2401.1235", "1706.3762", "9901001", "arXiv:nonsense", "2401.123456")


def typed(lines: Sequence[str]) -> list[tuple[str, str | None]]:
    fields = [parse_new_work(line).fields for line in lines]
    return [(each["title"], each.get("arxiv")) for each in fields]


def imported(name: str, text: str) -> tuple[list[tuple[str, str | None]], str]:
    """Return titles and ids of the works of a file, and what it says of its other lines."""
    parsed = parse_file(text.encode(), name)
    assert isinstance(parsed, ParsedList)
    said = [*parsed.problems, *(lines.note for lines in parsed.left_out)]
    return [(item.title, item.arxiv) for item in parsed.all_items()], "\n".join(said)


DOORS: dict[str, Callable[[Sequence[str]], tuple[list[tuple[str, str | None]], str]]] = {
    "plain text": lambda lines: imported("ids.txt", "\n".join(lines)),
    "numbered": lambda lines: imported(
        "ids.txt", "\n".join(f"{n}. {line}" for n, line in enumerate(lines, 1))
    ),
    "Markdown": lambda lines: imported("ids.md", "# Ids\n" + "".join(f"- {x}\n" for x in lines)),
    "titles of CSV": lambda lines: imported(
        "ids.csv", "title,year\n" + "".join(f'"{x}",\n' for x in lines)
    ),
    "ids of CSV": lambda lines: imported(
        "ids.csv", "title,arxiv\n" + "".join(f',"{x}"\n' for x in lines)
    ),
}


@pytest.mark.parametrize("door", DOORS)
def test_a_bare_id_in_a_file_is_an_id_and_what_is_none_is_named(door: str) -> None:
    expected = [(f"arXiv:{arxiv}", arxiv) for arxiv in WRITTEN.values()]
    assert DOORS[door]([*WRITTEN]) == (expected, "")
    works, said = DOORS[door]([*WRITTEN, *ODD])
    assert works == expected
    first_odd = len(WRITTEN) + 1 + (door in ("Markdown", "titles of CSV", "ids of CSV"))
    assert f"line {first_odd}: " in said


def test_a_bare_id_that_is_typed_is_an_id_and_what_is_none_is_refused() -> None:
    assert typed([*WRITTEN]) == [(f"arXiv:{arxiv}", arxiv) for arxiv in WRITTEN.values()]
    for odd in ODD:
        with pytest.raises(Refused, match="arXiv id"):
            parse_new_work(odd)
    assert typed(["Attention (1706.03762)", "The arXiv: a history", "2001"]) == [
        ("Attention", "1706.03762"), ("The arXiv: a history", None), ("2001", None),
    ]  # fmt: skip


def test_an_id_behind_a_title_is_its_id() -> None:
    lines = ["Some waves of foam (cs/0112017)", "Waves in a bay, hep-th/9901001"]
    for door in ("plain text", "Markdown"):
        assert DOORS[door](lines)[0] == [
            ("Some waves of foam", "cs/0112017"), ("Waves in a bay", "hep-th/9901001"),
        ]  # fmt: skip


def test_of_two_ids_in_a_line_one_is_taken_and_the_other_named() -> None:
    works, said = DOORS["Markdown"](["2401.12353, 2401.12354"])
    assert works == [("arXiv:2401.12354", "2401.12354")]
    assert "of several arXiv ids 2401.12354 was taken, not 2401.12353" in said


TITLES = {
    "a title alone": "Waves in a bay\nhttps://arxiv.org/abs/2401.12340",
    "a title with credits": "Waves in a bay, Doe et al. 2020\narXiv:2401.12340",
    "a title with its id": "Waves in a bay, arXiv:2401.12340",
    "an entry": "- Waves in a bay\n  2401.12340",
    "a linked entry": "- [Waves in a bay](https://arxiv.org/abs/2401.12340)",
}


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize("name", ["ids.txt", "ids.md"])
def test_an_id_below_a_title_that_has_another_is_a_work_by_itself(title: str, name: str) -> None:
    ids = ["arXiv:2401.12353", "https://arxiv.org/abs/2401.12354", "10.1000/foam"]
    indent = "  " * TITLES[title].startswith("-")
    below = "".join(f"\n{indent}{id_}" for id_ in ids)
    works, said = imported(name, f"Foam on the sea, Roe 2019\n{TITLES[title]}{below}\n")
    assert works[-4:] == [
        ("Waves in a bay", "2401.12340"),
        ("arXiv:2401.12353", "2401.12353"),
        ("arXiv:2401.12354", "2401.12354"),
        ("doi:10.1000/foam", None),
    ]
    assert "12353" not in said


def test_what_is_below_a_title_and_is_no_other_id_describes_it() -> None:
    text = "Waves in a bay\nhttps://arxiv.org/abs/2401.12340\n10.1000/Foam\n"
    text += "arXiv:2401.12340v2\nhttps://doi.org/10.1000/foam\nhttps://github.com/doe/waves\n"
    parsed = parse_file(text.encode(), "ids.txt")
    assert isinstance(parsed, ParsedList)
    (item,) = parsed.all_items()
    assert (item.arxiv, item.doi) == ("2401.12340", "10.1000/Foam")
    assert item.links[-1].url == "https://github.com/doe/waves"


def test_an_address_above_the_next_entry_is_no_heading() -> None:
    below = "".join(f"\n  https://arxiv.org/abs/2401.1234{n}" for n in range(2))
    works, said = imported("ids.txt", f"- Waves in a bay{below}\n- Foam on the sea, Roe 2019\n")
    assert [arxiv for _, arxiv in works] == ["2401.12340", "2401.12341", None]
    assert not said
