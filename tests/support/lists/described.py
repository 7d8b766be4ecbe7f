"""Reading lists as data, which the styles write and an import must find again."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from papertui.core import catalog
from papertui.storage.shipped import CATALOG


@dataclass(frozen=True)
class Item:
    """A work in a list. Links are (label, address); `arxiv` and `doi` come without an address."""

    title: str
    authors: tuple[str, ...]
    year: int
    venue: str
    arxiv: str | None = None
    doi: str | None = None
    links: tuple[tuple[str, str], ...] = ()
    tier: int | None = None
    mark: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Section:
    title: str
    items: tuple[Item, ...] = ()
    sections: tuple["Section", ...] = ()

    def all_items(self) -> Iterator[Item]:
        yield from self.items
        for section in self.sections:
            yield from section.all_items()


VENUES = ("NeurIPS", "ICML", "ICLR", "CVPR", "EMNLP", "ACL", "AAAI", "TMLR", "KDD", "COLM")
OPENINGS = (
    "Sparse", "Causal", "Amortized", "Equivariant", "Low-Rank", "Federated", "Neuro-Symbolic",
    "Self-Supervised", "Certified", "3D-Aware", "Multi-Agent", "Energy-Based",
)  # fmt: skip
MIDDLES = (
    "Mixtures of Experts for {}", "Transformers Are {} Machines", "Learning in {}: A Survey",
    "Diffusion, Flows and {}", "Pruning at Scale (and Beyond {})", "Policies for {}, Revisited",
    "{} with Fewer than 100 Labels", "Networks: What Can {} Teach Us?", "Codes & Keys in {}",
    "Priors - A Practical Guide to {}", "\"Free Lunches\" in {}", "Search over {} in O(n) Time",
)  # fmt: skip
SUBJECTS = (
    "Protein Folding", "Speech", "Weather Forecasts", "Long Documents", "Robot Hands", "Tables",
    "Code Review", "Point Clouds", "Chess Endgames", "Medical Images", "Theorem Proving", "Maps",
)  # fmt: skip
NOTES = (
    "Shows that a small model with the right data is enough",
    "The proofs are short, the experiments are not",
    "Read it for the second half, where the method is taken apart",
)


def known() -> list[Item]:
    """Return works of the catalogue that are on arXiv, so that the titles are real."""
    works = catalog.load(CATALOG.read_bytes()).works.values()
    return [
        Item(
            work.title,
            work.authors[:3],
            work.year or 2020,
            f"{VENUES[index % len(VENUES)]} {work.year}",
            arxiv=work.arxiv,
        )
        for index, work in enumerate(works)
        if work.arxiv and len(work.authors) > 1 and all(" " in name for name in work.authors[:3])
    ]


def made_up(count: int) -> Iterator[Item]:
    """Yield made-up works with all sorts of links, by authors of the catalogue."""
    random = Random(7)
    people = sorted({name for item in known() for name in item.authors})
    forms = list(itertools.product(OPENINGS, MIDDLES, SUBJECTS))
    for number, (opening, middle, subject) in enumerate(random.sample(forms, count)):
        year = 2008 + number % 17
        arxiv, doi, links = None, None, [("code", f"https://github.com/example/work-{number}")]
        if number % 3 == 0:
            arxiv = f"{20 + number % 5}{1 + number % 12:02}.{10000 + number:05}"
        elif number % 3 == 1:
            doi = f"10.{1000 + number}/example.{number}"
        else:
            links = [("pdf", f"https://papers.example.org/{number}.pdf"), *links]
        if number % 4 == 0:
            links.append(("project page", f"https://work-{number}.example.com/"))
        yield Item(
            f"{opening} {middle.format(subject)}",
            tuple(random.sample(people, 2 + number % 2)),
            year,
            f"{VENUES[number % len(VENUES)]} {year}",
            arxiv,
            doi,
            tuple(links),
            tier=None,
            mark=("⭐", "🔥", None, None)[number % 4],
            note=NOTES[number % 3] if number % 5 == 0 else None,
        )


@dataclass
class Shelf:
    """A supply of works, each for one list only."""

    works: Iterator[Item] = field(
        default_factory=lambda: itertools.chain.from_iterable(
            itertools.zip_longest(known(), made_up(420))
        )
    )

    def take(self, count: int) -> tuple[Item, ...]:
        return tuple(itertools.islice(filter(None, self.works), count))


def a_list(shelf: Shelf) -> tuple[Section, ...]:
    """Return a list of 52 works in six sections, two of them nested."""
    return (
        Section(
            "Vision",
            shelf.take(9),
            (Section("Detection", shelf.take(7)), Section("Generation of images", shelf.take(8))),
        ),
        Section("Language models", shelf.take(12)),
        Section("Theory", (), (Section("Optimization & generalization", shelf.take(9)),)),
        Section("Practice", shelf.take(7)),
    )
