"""arXiv ids, DOIs and web addresses: how they are recognised and written."""

import re
from urllib.parse import urlsplit

# Since 2015 an id has five digits behind the month, before that it had four.
_MONTH = r"(?:0[1-9]|1[0-2])"
_NEW_ID = rf"(?:(?:0[7-9]|1[0-4]){_MONTH}\.\d{{4}}|(?:1[5-9]|[2-9]\d){_MONTH}\.\d{{5}})"
_OLD_ID = r"(?:[a-z][a-z-]*(?:\.[A-Z]{2})?/\d{2}(?:0[1-9]|1[0-2])\d{3})"
_ID = re.compile(rf"(?P<id>{_NEW_ID}|{_OLD_ID})(?P<version>v[1-9]\d*)?")
_DOI_PREFIX = r"(?:doi:|(?:https?://)?(?:dx\.)?doi\.org/)?"
_DOI = re.compile(rf"{_DOI_PREFIX}(?P<doi>10\.\d{{4,9}}/[^\s\"<>]+)", re.IGNORECASE)
_ARXIV_ADDRESS = re.compile(
    r"(?:https?://)?(?:www\.|export\.)?arxiv\.org/(?:abs|pdf|html)/(?P<rest>[^?#\s]+)",
    re.IGNORECASE,
)
_ARXIV_DOI = re.compile(rf"{_DOI_PREFIX}10\.48550/arxiv\.(?P<rest>\S+)", re.IGNORECASE)
_PART_OF_ID = re.compile(r"[\d.]{3,}|[a-z-]+(?:\.[A-Z]{2})?/\d*")


def arxiv_id(text: str) -> str | None:
    """Return the arXiv id that `text` is, without its version, or None.

    Understands ids (``1706.03762v2``, ``hep-th/9901001``), ``arXiv:`` before
    them, the abs, pdf and html addresses of arxiv.org, and the DOIs it gives.
    """
    text = text.strip()
    if doi := _ARXIV_DOI.fullmatch(text):
        text = doi["rest"]
    elif address := _ARXIV_ADDRESS.fullmatch(text.split("?")[0].split("#")[0]):
        text = address["rest"].removesuffix("/").removesuffix(".pdf")
    elif text[:6].lower() == "arxiv:":
        text = text[6:].strip()
    match = _ID.fullmatch(text)
    return match["id"] if match else None


def doi(text: str) -> str | None:
    """Return the DOI that `text` is, by itself or as a doi.org address, or None."""
    match = _DOI.fullmatch(text.strip())
    return match["doi"] if match else None


def arxiv_year(arxiv: str) -> int:
    """Return the year in which the paper with an arXiv id came to arXiv, which began in 1991."""
    year = int(arxiv.rpartition("/")[2][:2])
    return year + (1900 if year > 90 else 2000)


def is_part_of_arxiv_id(text: str) -> bool:
    """Return True if `text` may be the beginning or the middle of an arXiv id."""
    return bool(_PART_OF_ID.fullmatch(text))


def stand_in_title(arxiv: str | None = None, doi: str | None = None, url: str | None = None) -> str:
    """Return the title of a work known by one of these only, empty if it has none of them."""
    if arxiv or doi:
        return f"arXiv:{arxiv}" if arxiv else f"doi:{doi}"
    return re.sub(r"^https?://(www\.)?", "", url or "")


def abstract_page(arxiv: str) -> str:
    """Return the address of the abstract page of an arXiv id."""
    return f"https://arxiv.org/abs/{arxiv}"


def pdf(arxiv: str) -> str:
    """Return the address of the PDF of an arXiv id."""
    return f"https://arxiv.org/pdf/{arxiv}"


def is_web_address(url: str) -> bool:
    """Return True if `url` is a complete http or https address with nothing odd in it."""
    if not url.isprintable() or any(c in url for c in ' "<>\\^`{|}'):
        return False
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
