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
