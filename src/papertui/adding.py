"""A work of the reader's own, from what was typed: a title, an arXiv id, an address."""

import re
from hashlib import blake2b
from typing import Any

from papertui import links
from papertui.journal import Refused
from papertui.text import fold, fold_title, safe_line

MAX_TITLE = 500


def described(typed: str) -> tuple[str, dict[str, Any]]:
    """Return citekey and catalogue fields of the work that `typed` describes.

    It may hold a title, an arXiv id or http(s) address, or a title with one of
    these. The citekey ends in a hash of the work's identity, so that two
    devices coin the same one. Raises Refused when nothing is there to go by.
    """
    words = safe_line(typed).split(" ")
    arxiv = next(filter(None, map(links.arxiv_id, words)), None)
    url = next((word for word in words if links.is_web_address(word)), None)
    title = " ".join(
        word for word in words if not links.arxiv_id(word) and not links.is_web_address(word)
    ).strip(" -–—:,")
    if not fold_title(title) and not arxiv and not url:
        raise Refused("Type a title, an arXiv id or an http(s) address.")
    if len(title) > MAX_TITLE:
        raise Refused(f"A title has at most {MAX_TITLE} letters.")
    fields: dict[str, Any] = {"title": title, "kind": "paper"}
    if arxiv:
        fields |= {"title": title or f"arXiv:{arxiv}", "arxiv": arxiv}
    elif url:
        fields |= {
            "title": title or re.sub(r"^https?://(www\.)?", "", url),
            "kind": "article",
            "links": [{"label": "page", "url": url}],
        }
    identity = arxiv or url or fold_title(title)
    stem = "-".join(re.findall(r"[a-z0-9]+", fold(fields["title"]))[:4])[:40] or "work"
    return f"{stem}-{blake2b(identity.encode(), digest_size=4).hexdigest()}", fields
