import pytest

from papertui.core import identifiers


@pytest.mark.parametrize(
    "written",
    [
        "1706.03762",
        "1706.03762v7",
        "arXiv:1706.03762",
        "arxiv: 1706.03762v2",
        "https://arxiv.org/abs/1706.03762",
        "http://arxiv.org/abs/1706.03762v5",
        "https://arxiv.org/pdf/1706.03762.pdf",
        "https://arxiv.org/pdf/1706.03762",
        "arxiv.org/html/1706.03762v7",
        "https://www.arxiv.org/abs/1706.03762?context=cs#top",
    ],
)
def test_every_form_of_an_arxiv_id_is_the_same_id(written: str) -> None:
    assert identifiers.arxiv_id(written) == "1706.03762"


def test_old_ids_are_ids_too() -> None:
    assert identifiers.arxiv_id("https://arxiv.org/abs/hep-th/9901001v3") == "hep-th/9901001"


@pytest.mark.parametrize(
    "written", ["1706.3762", "1713.03762", "17060.3762", "2401.123456", "attention", "", "v2"]
)
def test_lookalikes_of_ids_are_refused(written: str) -> None:
    assert identifiers.arxiv_id(written) is None


@pytest.mark.parametrize("url", ["https://example.org", "http://example.org/a?b=c#d"])
def test_web_addresses_may_be_opened(url: str) -> None:
    assert identifiers.is_web_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "//example.org",
        "--help",
        "https://",
        "https://exa mple.org",
        "https://example.org/\x1b]0;x\x07",
        'https://example.org/"x',
        "https://example.org:99999",
        "vscode://x",
    ],
)
def test_no_other_address_may_be_opened(url: str) -> None:
    assert not identifiers.is_web_address(url)


def test_a_work_known_by_one_mark_only_is_called_by_it() -> None:
    assert identifiers.stand_in_title("1706.03762", "10.1/x") == "arXiv:1706.03762"
    assert identifiers.stand_in_title(doi="10.1/x") == "doi:10.1/x"
    assert identifiers.stand_in_title(url="https://www.a.org/b") == "a.org/b"
    assert identifiers.stand_in_title() == ""


@pytest.mark.parametrize(
    ("text", "is_part"),
    [("1706.0", True), ("hep-th/99", True), ("math.GT/", True), ("17", False), ("resnet", False)],
)
def test_parts_of_arxiv_ids_are_told_from_words(text: str, is_part: bool) -> None:
    assert identifiers.is_part_of_arxiv_id(text) is is_part


@pytest.mark.parametrize(
    "written",
    [
        "9780262033848",
        "978-0-262-03384-8",
        "ISBN 978 0 262 03384 8",
        "ISBN-13: 978-0-262-03384-8",
        "0262033844",
        "0-262-03384-4",
        "isbn:0-262-03384-4",
    ],
)
def test_every_form_of_an_isbn_is_the_same_isbn(written: str) -> None:
    assert identifiers.isbn(written) == "9780262033848"


def test_an_isbn_may_end_in_x() -> None:
    assert identifiers.isbn("2-07-042779-X") == identifiers.isbn("9782070427796")


@pytest.mark.parametrize(
    "written",
    ["9780262033849", "0262033845", "978026203384", "1706.03762", "10.1000/1234567890", "", "X"],
)
def test_a_number_whose_last_digit_is_wrong_is_no_isbn(written: str) -> None:
    assert identifiers.isbn(written) is None


def test_the_page_of_a_book_names_its_isbn() -> None:
    page = identifiers.book_page("9780262033848")
    assert identifiers.isbn_of_page(page) == "9780262033848"
    assert identifiers.isbn_of_page("https://openlibrary.org/isbn/1") is None
    assert identifiers.isbn_of_page("https://example.org/9780262033848") is None


@pytest.mark.parametrize(
    ("address", "arxiv", "doi"),
    [
        ("https://www.alphaxiv.org/abs/2401.12345v2", "2401.12345", None),
        ("https://huggingface.co/papers/2401.12345", "2401.12345", None),
        ("https://scirate.com/arxiv/hep-th/9901001", "hep-th/9901001", None),
        ("https://ar5iv.org/html/1706.03762", "1706.03762", None),
        ("https://doi.org/10.48550/arXiv.1706.03762", "1706.03762", None),
        ("https://dl.acm.org/doi/10.1145/3292500.3330919", None, "10.1145/3292500.3330919"),
        ("https://dl.acm.org/doi/pdf/10.1145/3292500.3330919", None, "10.1145/3292500.3330919"),
        ("https://journal.example/doi/full/10.1002/a.b-c_d(e)f", None, "10.1002/a.b-c_d(e)f"),
        ("https://journal.example/10.1002%2Fabc/full?x=1#y", None, "10.1002/abc"),
        ("https://journal.example/10.1002/abc.pdf", None, "10.1002/abc"),
        ("https://journal.example/a?doi=10.1002/abc", None, "10.1002/abc"),
        (
            "https://www.biorxiv.org/content/10.1101/2020.12.01.406702v2.full.pdf",
            None,
            "10.1101/2020.12.01.406702",
        ),
        # A publisher's files have names of their own behind the DOI, or none of it at all.
        ("https://journal.example/10.1002/abc/suppl/data.zip", None, "10.1002/abc"),
        ("https://journal.example/10.1002/abc_3/MediaObjects/1.gif", None, "10.1002/abc_3"),
        ("https://press.example/pdf/doi/10.1002/x/a12/7/a12.pdf", None, "10.1002/x/a12"),
        ("https://press.example/pdf/10.1002/a12/a12.pdf", None, "10.1002/a12"),
        ("https://delivery.acm.org/10.1145/10000/123456/p1-example.pdf?id=123456", None, None),
        (
            "https://delivery.acm.org/10.1145/10000/123456/p1-example.pdf?a=1&doi=10.1145/1.2",
            None,
            "10.1145/1.2",
        ),
        ("https://dl.acm.org/ft_gateway.cfm?doi=10.1145%2F1.2%26ftid%3D5", None, "10.1145/1.2"),
        ("https://dl.acm.org/ft_gateway.cfm?id=123456&type=pdf", None, None),
        ("https://dl.acm.org/citation.cfm?doid=361.362", None, None),
        ("https://example.org/?ref=10.1002/a&doi=10.1002/b", None, "10.1002/b"),
        ("https://example.org/2401.12345", None, None),
        ("https://example.org/v110.1000/x", None, None),
        ("javascript:10.1000/x", None, None),
    ],
)
def test_an_address_may_hold_an_id(address: str, arxiv: str | None, doi: str | None) -> None:
    assert identifiers.ids_in_address(address) == (arxiv, doi)
