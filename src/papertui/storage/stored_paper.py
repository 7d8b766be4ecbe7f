"""A new paper as the JSON that is stored of it."""

import json
from datetime import date

from papertui.core.new_paper import NewPaper


def dump_paper(paper: NewPaper) -> str:
    """Return a paper as JSON."""
    return json.dumps(paper._asdict(), ensure_ascii=False, default=date.isoformat)


def load_paper(stored: str) -> NewPaper:
    """Return a paper from its JSON. Raises the errors of values that make no sense."""
    fields = json.loads(stored)
    published = fields["published"]
    return NewPaper(**fields)._replace(
        authors=tuple(fields["authors"]),
        categories=tuple(fields["categories"]),
        announced=date.fromisoformat(fields["announced"]),
        published=published and date.fromisoformat(published),
    )
