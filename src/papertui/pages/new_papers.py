"""New papers: gathered from the store, and laid out for the screen and the shell."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from papertui.core import labels
from papertui.core.follow import Attention, Follow
from papertui.core.identity import closest, identity_of
from papertui.core.journal import DROPPED
from papertui.core.labels import Glyphs
from papertui.core.library_tree import Leaf
from papertui.core.markup import readable
from papertui.core.new_paper import NewPaper, fields_of_paper, withdrawal
from papertui.core.records import SeenPaper
from papertui.core.text import safe_line, shorten
from papertui.pages.layout import CODE, DIM, GOOD, LINK, STRONG, TITLE, KeyOf, Line, Span, Writer
from papertui.storage.store import Store

MAX_NAMED = 12
_MAX_IN_A_LINE = 3
_EXAMPLE = ("[follow]", 'categories = ["cs.LG", "cs.CL"]', 'words = ["state space*", "pruning"]')


def marked_reason(attention: Attention, glyphs: Glyphs) -> str:
    """Return why a paper comes first, with the sign for that, or why it comes last."""
    mark = f"{glyphs.followed} " if attention.rank == 0 else ""
    return f"{mark}{attention.reason}"


class PaperDetails(NamedTuple):
    """A new paper: why it comes first or last, whether it was looked at, the work that it is."""

    paper: NewPaper
    attention: Attention
    seen: SeenPaper | None = None
    work: str | None = None
    depth: int = 0
    aside: str | None = None
    is_queued: bool = False

    def leaf(self, glyphs: Glyphs) -> Leaf:
        """Return the paper as an item of a list."""
        paper, is_mine = self.paper, bool(self.depth or self.is_queued)
        looked_at = self.seen and (DROPPED if self.seen.dismissed else labels.LOOKED_AT)
        queued = "queued" if self.is_queued else ""
        extra = " · ".join(filter(None, (queued, marked_reason(self.attention, glyphs))))
        return Leaf(
            0, 0, paper.arxiv_id, readable(paper.title), "paper", None, "", self.depth,
            self.aside or (None if is_mine else looked_at), False, extra,
        )  # fmt: skip


def known_works(store: Store, papers: Iterable[NewPaper]) -> dict[str, str]:
    """Return the citekeys of those of some papers that are works of the library, by arXiv id."""
    identities = {paper.arxiv_id: identity_of(fields_of_paper(paper)) for paper in papers}
    known = store.works.alike(list(identities.values()))
    works = {}
    for arxiv_id, identity in identities.items() if known else ():
        rule, work = closest(identity, known)
        if rule and work and rule.same:
            works[arxiv_id] = work.citekey
    return works


def paper_details(
    store: Store,
    judged: Sequence[tuple[NewPaper, Attention]],
    works: Mapping[str, str],
    seen: Mapping[str, SeenPaper],
    today: date,
) -> list[PaperDetails]:
    """Return papers with what the reader did with them and, as of a day, with their works."""
    leaves = {leaf.work: leaf for leaf in store.tree.of_works(list(works.values()), today)}
    queue = dict(store.reading_log.queue())

    def details(paper: NewPaper, attention: Attention) -> PaperDetails:
        looked_at = seen.get(paper.arxiv_id)
        leaf = leaves.get(works.get(paper.arxiv_id, ""))
        if leaf is None:
            return PaperDetails(paper, attention, looked_at)
        is_queued = leaf.work in queue
        return PaperDetails(
            paper, attention, looked_at, leaf.work, leaf.depth, leaf.aside, is_queued
        )

    return [details(paper, attention) for paper, attention in judged]


def paper_page(details: PaperDetails, width: int, glyphs: Glyphs, today: date) -> list[Line]:
    """Lay out the page of a paper in lines of at most `width` cells, the deciding facts on top."""
    page, paper, attention = Writer(width), details.paper, details.attention
    page.text(safe_line(readable(paper.title)), TITLE)
    page.text(_names(paper, MAX_NAMED), DIM)
    if attention.rank != 1:
        followed = "You follow this: " if attention.rank == 0 else ""
        page.text(f"{followed}{marked_reason(attention, glyphs)}", DIM if attention.rank else GOOD)
    if reason := withdrawal(paper):
        page.text(safe_line(reason), STRONG)
    if standing := _standing(details, today):
        glyph = glyphs.of(details.depth, details.aside) if details.work else glyphs.seen
        page.text(standing, STRONG, lead=Span(f"{glyph} ", DIM), target=details.work)
    page.blank()
    abstract = safe_line(readable(paper.abstract))
    page.text(abstract or "arXiv sent no abstract.", "" if abstract else DIM)
    page.blank()
    page.facts(f"arXiv {paper.arxiv_id}", *_facts(paper, today))
    for label, text in (
        ("Comment", paper.comment),
        ("Journal", paper.journal_ref),
        ("DOI", paper.doi),
    ):
        if text:
            page.labelled(label, safe_line(text))
    return page.lines


def nothing_page(
    follow: Follow, config_path: str, was_fetched: bool, is_cut_off: bool, key: KeyOf, width: int
) -> list[Line]:
    """Lay out what a reader without new papers can do, in lines of at most `width` cells.

    `was_fetched` is True if something ever came, `is_cut_off` if arXiv cannot be reached now.
    """
    page = Writer(width)
    if follow.categories:
        done = "You have looked at all that came" if was_fetched else "Nothing has come yet"
        now = " arXiv cannot be reached now." if is_cut_off else ""
        page.text(f"{done} in {', '.join(follow.categories)}.{now}")
        again, seen = key("new.fetch"), key("new.all")
        page.text(
            f"{again} asks arXiv again, {seen} shows what you have looked at,"
            f" {key('new.search')} searches arXiv."
        )
    else:
        page.text("To follow categories of arXiv, and authors and words, write these lines into")
        page.text(config_path, LINK)
        page.text(f"and press {key('new.fetch')}.")
        page.blank()
        for line in _EXAMPLE:
            page.line("  ", Span(line, CODE))
        page.blank()
        page.text(f"{key('new.search')} searches arXiv without it.")
    return page.lines


def shell_lines(
    papers: Iterable[PaperDetails], width: int, glyphs: Glyphs, today: date
) -> list[Line]:
    """Lay out a list of papers for the shell: id and title, and a second line of facts."""
    page = Writer(width)
    for details in papers:
        paper = details.paper
        lead = f"{paper.arxiv_id:<12}"
        page.text(safe_line(readable(paper.title)), lead=lead)
        names = _names(paper, _MAX_IN_A_LINE)
        work = f"in the library as {details.work}" if details.work else None
        reason = marked_reason(details.attention, glyphs)
        seen = details.seen
        state = seen and (
            "cleared" if seen.cleared else "not for me" if seen.dismissed else "looked at"
        )
        facts = (names, *_facts(paper, today), reason, work, state)
        page.text(" · ".join(filter(None, facts)), DIM, lead=" " * len(lead))
    return page.lines


def as_json(details: PaperDetails) -> dict[str, object]:
    """Return a paper as plain data; scripts rely on its names."""
    paper, seen = details.paper, details.seen
    return {
        "arxiv": paper.arxiv_id,
        "title": paper.title,
        "authors": list(paper.authors),
        "abstract": paper.abstract,
        "categories": list(paper.categories),
        "comment": paper.comment,
        "announced": paper.announced.isoformat(),
        "announcement": paper.announcement,
        "followed": [*details.attention.authors, *details.attention.words],
        "muted": list(details.attention.muted),
        "looked_at": seen.day.isoformat() if seen and not seen.cleared else None,
        "cleared": bool(seen and seen.cleared),
        "not_for_me": bool(seen and seen.dismissed),
        "work": details.work,
        "queued": details.is_queued,
        "pass": details.depth,
    }


def _names(paper: NewPaper, limit: int) -> str:
    more = len(paper.authors) - limit
    names = ", ".join(map(safe_line, paper.authors[: limit if more > 1 else None]))
    return f"{shorten(names, 10_000)} and {more} more" if more > 1 else names


def _facts(paper: NewPaper, today: date) -> list[str]:
    how = "cross-listed" if paper.announcement == "cross" else "new"
    return [
        " ".join(map(safe_line, paper.categories)),
        f"{how} {labels.day_name(paper.announced, today)}",
    ]


def _standing(details: PaperDetails, today: date) -> str:
    """Return what the reader did with a paper, in words."""
    if details.work:
        status = details.aside or labels.STATUSES[details.depth]
        parts = [status, "queued" if details.is_queued else ""]
        return f"In your library: {', '.join(filter(None, parts))}"
    if details.seen:
        day = labels.day_name(details.seen.day, today)
        is_dismissed, is_cleared = details.seen.dismissed, details.seen.cleared
        state = "Cleared" if is_cleared else "Not for you," if is_dismissed else "Looked at"
        return f"{state} {day}"
    return ""
