"""arXiv ids, DOIs and web addresses: how they are recognised and written."""

import re
from collections.abc import Iterable, Mapping
from itertools import product
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

# `re` compiles a pattern when it is first used, so that the start need not wait for it.

# Since 2015 an id has five digits behind the month, before that it had four.
_MONTH = r"(?:0[1-9]|1[0-2])"
_NEW_ID = rf"(?:(?:0[7-9]|1[0-4]){_MONTH}\.\d{{4}}|(?:1[5-9]|[2-9]\d){_MONTH}\.\d{{5}})"
_OLD_NUMBER = rf"\d{{2}}{_MONTH}\d{{3}}"
# An old id has its archive before it; the class within the archive belongs to none.
_ID = (
    rf"(?:(?:[a-z-]+(?:\.[A-Za-z-]{{2,}})?/)?(?P<new>{_NEW_ID})"
    rf"|(?P<archive>[a-z][a-z-]*)(?:\.[A-Z]{{2}})?/(?P<old>{_OLD_NUMBER}))(?:v[1-9]\d*)?"
)
_MAX_LONE = 80  # characters of what may be an id with what is around it
_LONE_ID = (
    r"(?i)[\s(\[<{]*(?:arxiv(?:\s*:\s*|\s+))?(?P<id>[a-z.-]*/?\d[\d.]*\d(?:v\d+)?)(?:\.pdf)?"
    r"[\s)\]>}]*(?:[(\[][a-z-]+(?:\.[a-z-]+)?[)\]])?[\s)\]>}.,;]*"
)
# With a month and a number of another length, or an old one without its archive.
_LIKE_LONE_ID = (
    r"(?i)[\s(\[<{]*(?:arxiv\s*:\s*\S+|(?:arxiv\s+)?\d{4}\.\d{4,6}(?:v\d+)?"
    rf"|{_OLD_NUMBER}(?:v\d+)?)[\s)\]>}}.,;]*"
)
_DOI_PREFIX = r"(?:doi[:\s]\s*|(?:https?://)?(?:dx\.)?doi\.org/)?"
# A serial's item identifier, of the nineties, has a part in angle brackets.
_DOI = rf"(?i){_DOI_PREFIX}(?P<doi>10\.\d{{4,9}}/(?:[^\s\"<>]|<[^\s\"<>]+>)+)"
_ARXIV_ADDRESS = (
    r"(?i)(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/(?P<rest>[^?#\s]+)"
)
_ARXIV_DOI = rf"(?i){_DOI_PREFIX}10\.48550/arxiv\.(?P<rest>\S+)"
_VERSION = r"\dv([1-9]\d{0,3})$"
_ISBN = r"(?i)(?:isbn(?:-1[03])?:?\s*)?(?P<isbn>97[89][- ]?(?:\d[- ]?){9}\d|(?:\d[- ]?){9}[\dX])"
_BOOK_PAGE = "https://openlibrary.org/isbn/"
# Sites that show papers of arXiv under their ids.
_SITES_OF_ARXIV_IDS = (
    "arxiv.org", "alphaxiv.org", "ar5iv.org", "huggingface.co", "scirate.com",
    "semanticscholar.org",
)  # fmt: skip
_DOI_IN_ADDRESS = r"(?<![\w.])10\.\d{4,9}/[^\s\"<>?#&]+"
# The form of a page and the names of its files, which publishers write behind a DOI.
_BEHIND_DOI = (
    r"(?:/(?:full|fulltext|abstract|pdf|epdf|html|meta|summary|references|figures|citation)"
    r"|\.(?:full|full-text|abstract|pdf|html?)|/(?:MediaObjects|suppl)/.*"
    r"|(?<=/)(?P<name>[^/]+)(?:/\d+)?/(?P=name)\.pdf)$"
)
# A file of ACM's by its folder and number, which are no DOI.
_ACM_FILE = r"10\.1145/\d+/"
_BIORXIV, _PREPRINT_VERSION = "10.1101/", r"v\d+$"
_SCHEME = r"^https?://(www\.)?"
# In lower case, as hosts are written: "ASP.NET/Core" is none.
_HOST = r"(?:[a-z0-9-]+\.)+[a-z]{2,}"
_HOST_WITHOUT_SCHEME = rf"{_HOST}(?::\d+)?/|www\.{_HOST}$"
_NOT_IN_ADDRESS = r'[ "<>\\^`{|}]'
_PART_OF_ID = r"[\d.]{3,}|[a-z-]+(?:\.[A-Z]{2})?/\d*"


def arxiv_id(text: str) -> str | None:
    """Return the arXiv id that `text` is, without its version, or None.

    Understands ids (``1706.03762v2``, ``hep-th/9901001``), with a class too
    (``math.GT/0309136`` is ``math/0309136``), ``arXiv:`` before them, the abs,
    pdf and html addresses of arxiv.org, and the DOIs it gives.
    """
    text = text.strip()
    if match := re.fullmatch(_ID, text):
        return match["new"] or f"{match['archive']}/{match['old']}"
    if "arxiv" not in text.lower():
        return None
    if doi := re.fullmatch(_ARXIV_DOI, text):
        text = doi["rest"]
    elif address := re.fullmatch(_ARXIV_ADDRESS, text.split("?")[0].split("#")[0]):
        text = address["rest"].removesuffix("/").removesuffix(".pdf")
    elif text[:6].lower() == "arxiv:":
        text = text[6:].strip()
    match = re.fullmatch(_ID, text)
    if not match:
        return None
    return match["new"] or f"{match['archive']}/{match['old']}"


def lone_arxiv_id(text: str) -> str | None:
    """Return the arXiv id that a text is, as people write one that stands alone, or None.

    Beside what `arxiv_id` understands it may be in brackets or capitals, have ``arXiv`` before it
    without a colon, or a class in brackets, ``.pdf``, a comma or full stop behind it.
    """
    match = re.fullmatch(_LONE_ID, text) if len(text) <= _MAX_LONE else None
    if not match:
        return arxiv_id(text)
    archive, slash, number = match["id"].lower().rpartition("/")
    return arxiv_id(f"{archive.partition('.')[0]}{slash}{number}")


def is_like_arxiv_id(text: str) -> bool:
    """Return True if a text has the form of an arXiv id by itself, whether it is one or not."""
    return len(text) <= _MAX_LONE and bool(re.fullmatch(_LIKE_LONE_ID, text))


def is_arxiv_id(text: str) -> bool:
    """Return True if `text` is an arXiv id without its version; the class of an old one is fine."""
    match = re.fullmatch(_ID, text)
    return bool(match and (match["new"] == text if match["new"] else text.endswith(match["old"])))


def arxiv_version(text: str) -> int | None:
    """Return the version that an arXiv id or its address ends in, None if it names none."""
    match = re.search(_VERSION, text.strip().removesuffix(".pdf"))
    return int(match[1]) if match else None


def doi(text: str) -> str | None:
    """Return the DOI that `text` is, by itself or as a doi.org address, or None.

    A stop, comma or semicolon behind it is of the text that it was copied from.
    """
    match = re.fullmatch(_DOI, text.strip().rstrip(".,;"))
    return match["doi"] if match else None


def isbn(text: str) -> str | None:
    """Return the ISBN that `text` is, as thirteen digits, or None.

    Understands both lengths, with hyphens or blanks, and ``ISBN`` before them; the last
    digit, which checks the others, must be right.
    """
    match = re.fullmatch(_ISBN, text.strip())
    if not match:
        return None
    digits = re.sub(r"[- ]", "", match["isbn"]).upper()
    if len(digits) == 10:
        numbers = [10 if digit == "X" else int(digit) for digit in digits]
        if (
            sum(weight * number for weight, number in zip(range(10, 0, -1), numbers, strict=True))
            % 11
        ):
            return None
        return f"978{digits[:9]}{_check_digit('978' + digits[:9])}"
    return digits if digits[12] == _check_digit(digits) else None


def is_like_isbn(text: str) -> bool:
    """Return True if `text` has the form of an ISBN, whether its last digit fits or not."""
    return bool(re.fullmatch(_ISBN, text.strip()))


def _check_digit(digits: str) -> str:
    """Return the thirteenth digit of an ISBN from the twelve before it."""
    total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits[:12]))
    return str(-total % 10)


def book_page(isbn: str) -> str:
    """Return the address of the page of the book with an ISBN."""
    return f"{_BOOK_PAGE}{isbn}"


def isbn_of_page(url: str) -> str | None:
    """Return the ISBN whose page is at `url`, or None."""
    return isbn(url.removeprefix(_BOOK_PAGE)) if url.startswith(_BOOK_PAGE) else None


def isbn_of(fields: Mapping[str, Any]) -> str | None:
    """Return the ISBN of a work with some catalogue fields, whose first link is its page."""
    links = fields.get("links")
    return isbn_of_page(links[0]["url"]) if links else None


def ids_in_address(url: str) -> tuple[str | None, str | None]:
    """Return the arXiv id and the DOI that a web address of any site holds, if it holds one."""
    if not is_web_address(url):
        return None, None
    parts = urlsplit(url)
    path = unquote(parts.path)
    if _is_of(parts.hostname or "", _SITES_OF_ARXIV_IDS):
        for start in range(len(steps := path.strip("/").removesuffix(".pdf").split("/"))):
            if found := arxiv_id("/".join(steps[start : start + 2])) or arxiv_id(steps[start]):
                return found, None
    # One that a query calls so comes before others in it.
    values = sorted(parse_qsl(parts.query), key=lambda pair: not pair[0].startswith("doi"))
    for text in (path, *(value for _, value in values)):
        match = re.search(_DOI_IN_ADDRESS, text)
        if not match or re.match(_ACM_FILE, match[0]):
            continue
        found = match[0].rstrip("/.,;")
        while (shorter := re.sub(_BEHIND_DOI, lambda end: end["name"] or "", found)) != found:
            found = shorter
        found = re.sub(_PREPRINT_VERSION, "", found) if found.startswith(_BIORXIV) else found
        return (arxiv_id(found), None) if arxiv_id(found) else (None, doi(found))
    return None, None


class NamedIds(NamedTuple):
    """What a text is: an arXiv id, a DOI, an address; None for what it is not.

    An address that holds an id is both. An ISBN is the address of its page.
    """

    arxiv: str | None
    doi: str | None
    url: str | None


def named_ids(text: str) -> NamedIds:
    """Return what a text that stands alone names."""
    number = isbn(text)
    url = book_page(number) if number else complete_address(text)
    arxiv, doi_named = lone_arxiv_id(text), doi(text)
    if url and not (arxiv or doi_named):
        arxiv, doi_named = ids_in_address(url)
    return NamedIds(arxiv, doi_named, url)


def _is_of(host: str, sites: Iterable[str]) -> bool:
    return any(host == site or host.endswith(f".{site}") for site in sites)


def is_part_of_arxiv_id(text: str) -> bool:
    """Return True if `text` may be the beginning or the middle of an arXiv id."""
    return bool(re.fullmatch(_PART_OF_ID, text))


def stand_in_title(arxiv: str | None = None, doi: str | None = None, url: str | None = None) -> str:
    """Return the title of a work known by one of these only, empty if it has none of them."""
    if arxiv or doi:
        return f"arXiv:{arxiv}" if arxiv else f"doi:{doi}"
    return re.sub(_SCHEME, "", url or "")


def abstract_page(arxiv: str) -> str:
    """Return the address of the abstract page of an arXiv id."""
    return f"https://arxiv.org/abs/{arxiv}"


def doi_page(doi: str) -> str:
    """Return the address that leads to the work of a DOI."""
    return f"https://doi.org/{quote(doi, safe='/:;()._-~@!$&*+,=%')}"


def pdf(arxiv: str) -> str:
    """Return the address of the PDF of an arXiv id."""
    return f"https://arxiv.org/pdf/{arxiv}"


def complete_address(text: str) -> str | None:
    """Return the http(s) address that `text` is, with a scheme if it lacks one, or None."""
    address = f"https://{text}" if re.match(_HOST_WITHOUT_SCHEME, text) else text
    return address if is_web_address(address) else None


def address_key(url: str) -> str:
    """Return what an address has in common with those that lead to the same page."""
    return re.sub(_SCHEME, "", url).rstrip("/")


def same_addresses(key: str) -> list[str]:
    """Return the addresses that have a key."""
    begins = product(("https://", "http://"), ("", "www."), ("", "/"))
    return [f"{scheme}{www}{key}{slash}" for scheme, www, slash in begins]


def is_web_address(url: str) -> bool:
    """Return True if `url` is a complete http or https address with nothing odd in it."""
    if not url.isprintable() or re.search(_NOT_IN_ADDRESS, url):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
