"""Papers of arXiv's API, by id, by the words of a search and by the day of submission."""

from collections.abc import Mapping, Sequence

from papertui.core.new_paper import NewPaper
from papertui.sources.http import HttpClient


def papers_by_id(ids: Sequence[str], http: HttpClient) -> Mapping[str, NewPaper]:
    """Return the papers with these arXiv ids, by id; one that arXiv does not know is missing.

    Raises SourceError.
    """
    raise NotImplementedError


def search_papers(query: str, http: HttpClient, limit: int = 50) -> Sequence[NewPaper]:
    """Return at most `limit` papers that a search finds, the newest first.

    Words stand anywhere in a paper; "quoted words" follow each other; ti:word, au:name, abs:word
    and cat:cs.LG look in the title, the authors, the abstract, the category. `announced` is the
    day on which a paper of that time of submission is announced. Raises SourceError, and Refused
    for a query without a word.
    """
    raise NotImplementedError
