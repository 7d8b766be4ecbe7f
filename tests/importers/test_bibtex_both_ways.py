"""BibTeX in and out again: keys, types, fields and names, as another program reads them."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pybtex.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import BibliographyData, parse_string

from papertui.core.bib_entry import BibEntry, Value
from papertui.core.catalog import Work
from papertui.core.replay import replay_imports
from papertui.exporters import bibtex
from papertui.exporters.exported_work import exported_works
from papertui.importers import formats
from papertui.importers.bib_file import BibFile
from papertui.importers.parsed_list import ParsedList
from papertui.importers.plan import ImportPlan, plan_import
from papertui.storage.store import Store
from tests.conftest import TODAY
from tests.core.test_journal import event
from tests.importers.test_plan import NoWorks

PUBLIC = Path(__file__).parents[3] / "shared" / "bib"
ADDED = {"doi", "eprint", "archiveprefix"}

BIBLATEX = r"""
@string{acm = {Association of Made-up Examples}}
@preamble{"\providecommand{\example}{}"}

@inproceedings{Clark:2001,
    author    = {Clark-Deen, Ada and {\O}rsted, B{\"o}rge and {{Example Consortium}}},
    title     = {A {Made-Up} Paper on {$\alpha$}-Examples},
    pages     = {1--17, 23},
    crossref  = {proc},
    month     = jun # "~12",
    keywords  = {read, examples},
}

@proceedings{proc,
    title     = "Proceedings of the {"}First{"} Workshop",
    publisher = acm,
    year      = 2001,
}

@Set{both, entryset = {Clark:2001, Book}}

@xdata{press, publisher = {Example Press}, location = {Nowhere}}

@book{Book, title = {On {\emph{Examples}}}, xdata = {press}, date = {1999-02/2000},
    author = {family=Deen, given=Ada}}
"""
ZOTERO = r"""
@article{deen_localization_2018,
	title = {Localization of {Cu}\textsubscript{2}{O} in \$\{x\}\$},
	url = {http://arxiv.org/abs/math.GT/0309136},
	journal = {arXiv:math/0309136},
	author = {van der Deen, Ada Bea and King, Jr., Carl},
	month = jul,
	year = {2018},
	file = {C:\\Users\\x.pdf:application/pdf},
	keywords = {03B15 (Secondary), a, b},
}

@misc{noauthor_notitle_nodate,
	url = {https://example.org/item/adv/5a1f04},
	urldate = {2018-10-04}
}
"""
JABREF = r"""% Encoding: Cp1252

@ARTICLE{Abel2001,
  author = {Ada Abel and D. García Márquez},
  title = {Real-time made-up examples},
  doi = {10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2},
  pages = {26–39},
  owner = {ada},
  timestamp = {2013.02.01},,
}

@REPORT{NoTitle, institution = {Institute of Examples}, date = {2013}}

@Comment{jabref-meta: databaseType:bibtex;}
"""
SCHOLAR = r"""
@article{deen2020deep,
  title={Deep examples as made-up gradients},
  author={Deen, Ada and others},
  journal={arXiv preprint arXiv:2006.10524},
  year={2020}
}
@book{deen1972linear, title={Linear examples}, author={Deen, Ada and Deen, Bea},
  volume={1}, year={1972}, publisher={Made-up Press}}
"""
DBLP = r"""
@inproceedings{DBLP:conf/sss/ClarkDZ11,
  author    = {Ada Clark and
               Bea Pregui{\c{c}}a and
               Carl Deen 0001},
  title     = {Conflict-Free Examples},
  booktitle = {Safety of Examples - 13th
               International Symposium, {SSS} 2011},
  series    = {Lecture Notes in Examples},
  doi       = {10.1000/978-3-642-24550-3\_29},
  url       = {https://doi.org/10.1000/978-3-642-24550-3\_29},
  biburl    = {https://dblp.org/rec/conf/sss/ClarkDZ11.bib},
}
"""
MENDELEY = r"""
@article{Deen2018,
abstract = {We {\textless}i{\textgreater}measure{\textless}/i{\textgreater} 50{\%} of {\{}x{\}}.},
archivePrefix = {arXiv},
arxivId = {1706.10001},
author = {Deen, Ada and von Clark, Bea},
eprint = {1706.10001},
file = {:Users/x/a b.pdf:pdf},
title = {{A made-up measurement {\&} its {\'{e}}xamples}},
url = {www.example.org/a{\_}b},
year = {2018}
}
"""
DIALECTS = {
    "biblatex": BIBLATEX, "zotero": ZOTERO, "jabref": JABREF, "scholar": SCHOLAR,
    "dblp": DBLP, "mendeley": MENDELEY,
}  # fmt: skip


def planned(source: str) -> ImportPlan:
    parsed = formats.parse_file(source.encode(), "library.bib")
    assert isinstance(parsed, ParsedList)
    return plan_import(parsed, NoWorks(), "library.bib")


def kept(plan: ImportPlan) -> tuple[list[Work], list[BibEntry]]:
    """Return the works and entries of an import once a journal has kept them."""
    data = json.loads(json.dumps(plan.change.data))
    imported = replay_imports([event(1, plan.change._replace(data=data))])
    works = [Work(key, str(fields["title"])) for key, fields in imported.works.items()]
    return works, [entry for entries in imported.entries.values() for entry in entries]


def out_again(source: str) -> str:
    return bibtex.dumps(*kept(planned(source)))


def as_pybtex(source: str) -> BibliographyData:
    with pybtex.errors.capture():
        return parse_string(source, "bibtex")


def differences(before: str, after: str) -> Iterator[str]:
    """Yield what another program does not read in `after` as in `before`."""
    old, new = as_pybtex(before), as_pybtex(after)
    if [*old.entries] != [*new.entries]:
        yield f"keys: {[*old.entries]} {[*new.entries]}"
    if old.preamble != new.preamble:
        yield f"preamble: {new.preamble}"
    for key, entry in old.entries.items():
        if (other := new.entries.get(key)) is None:
            continue
        if (entry.type, entry.persons) != (other.type, other.persons):
            yield f"{key}: {entry} {other}"
        for name in {*entry.fields.keys(), *(other.fields.keys() - ADDED)}:
            if entry.fields.get(name) != other.fields.get(name):
                yield f"{key}.{name}: {entry.fields.get(name)!r} {other.fields.get(name)!r}"


def test_of_two_entries_of_one_work_none_gets_the_doi_of_the_other() -> None:
    work = Work("zed", "Sorting Pebbles", doi="10.1000/p")
    thesis = BibEntry("phdthesis", "thesis", {"title": "Sorting Pebbles"}, work="zed")
    paper = BibEntry("article", "zed", {"doi": "10.1000/p"}, work="zed")
    assert bibtex.dumps([work], [thesis]).count("10.1000/p") == 1
    assert bibtex.dumps([work], [thesis, paper]).count("10.1000/p") == 1


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_library_of_each_dialect_comes_out_as_it_came_in(dialect: str) -> None:
    source = DIALECTS[dialect].replace("},,", "},")
    assert [*differences(source, out_again(source))] == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_library_goes_through_a_database(dialect: str, store: Store) -> None:
    parsed = formats.parse_file(DIALECTS[dialect].encode(), "library.bib")
    assert isinstance(parsed, ParsedList)
    store.record(plan_import(parsed, store.works, "library.bib").change)
    works = [exported.work for exported in exported_works(store, TODAY)]
    text = bibtex.dumps(works, store.bib_entries.all())
    assert [*differences(DIALECTS[dialect].replace("},,", "},"), text)] == []
    assert bibtex.dumps(works, store.bib_entries.all()) == text


def public_files() -> list[Path]:
    return sorted(PUBLIC.glob("*.bib")) if PUBLIC.is_dir() else []


@pytest.mark.skipif(not public_files(), reason="the public files lie beside no checkout but ours")
@pytest.mark.parametrize("path", public_files(), ids=os.path.basename)
def test_a_public_library_comes_out_as_it_came_in(path: Path, store: Store) -> None:
    data = path.read_bytes()
    parsed = formats.parse_file(data, path.name)
    assert isinstance(parsed, ParsedList)
    store.record(plan_import(parsed, store.works, path.name).change)
    works = [exported.work for exported in exported_works(store, TODAY)]
    text = bibtex.dumps(works, store.bib_entries.all())
    assert [*differences(formats.decode(data, path.name)[0], text)] == []


# ── generated libraries ─────────────────────────────────────────────────────


class Field(NamedTuple):
    name: str
    value: Value


signs = st.sampled_from([*"aé\\$%#~,=@\n", "B ", " and ", "_{2}"])
plain = st.lists(signs, max_size=6).map("".join)
texts = st.recursive(
    plain, lambda inner: st.lists(inner | inner.map("{{{}}}".format), max_size=3).map("".join)
)
macros = st.sampled_from(["jan", "dec", "undefined"])
values = texts | st.builds(
    lambda before, macro, after: (before, macro, after), texts, macros, texts
)
names = st.sampled_from(
    ["editor", "Author", "year", "journal", "volume", "url", "note", "date-added", "Abstract"]
)
keys = st.from_regex(r"[A-Za-z][A-Za-z0-9:_.+/-]{0,8}", fullmatch=True)
entries = st.builds(
    BibEntry,
    st.sampled_from(["article", "InProceedings", "BOOK", "misc", "online", "unheardof"]),
    keys,
    st.builds(
        lambda title, fields: {"title": f"T{title}", **fields},
        texts,
        st.dictionaries(names, values, max_size=5),
    ),
)
libraries = st.lists(entries, max_size=4, unique_by=lambda entry: entry.key.lower())


_ENTRY_START = re.compile(r"\n[\s@]*@")


def written(entry: BibEntry, opening: str, quoted: bool) -> str:
    """Return an entry as a file of some dialect has it."""
    closing = {"{": "}", "(": ")"}[opening]

    def text(part: str) -> str:
        is_quotable = quoted and '"' not in part and not part.endswith("\\")
        # A program that reads on after a fault takes this for the next entry.
        part = _ENTRY_START.sub("\n", part)
        return f'"{part}"' if is_quotable else f"{{{part}}}"

    fields = [
        f"\t{name} = "
        + (
            text(value)
            if isinstance(value, str)
            else " # ".join([text(value[0]), value[1], text(value[2])])
        )
        for name, value in entry.fields.items()
    ]
    return f"@{entry.type}{opening}{entry.key},\n" + ",\n".join(fields) + f"\n{closing}"


def normal(entry: BibEntry) -> BibEntry:
    """Return an entry as BibTeX understands it: runs of white space are blanks."""

    def value_of(value: Value) -> Value:
        parts = (value,) if isinstance(value, str) else value
        folded = tuple(" ".join(_ENTRY_START.sub("\n", part).split()) for part in parts)
        return folded[0] if len(folded) == 1 else folded

    fields = {name: value_of(value) for name, value in entry.fields.items()}
    return entry._replace(fields=fields, line=0, work=None, edited=())


@given(libraries, st.sampled_from("{("), st.booleans())
def test_a_generated_library_comes_out_as_it_came_in(
    library: list[BibEntry], opening: str, quoted: bool
) -> None:
    source = "\n\n".join(written(entry, opening, quoted) for entry in library)
    if not library:
        return
    text = out_again(source)
    came_out = [normal(entry) for entry in BibFile(text).entries]
    for before, after in zip(library, came_out, strict=True):
        added = {n: v for n, v in after.fields.items() if n not in before.fields}
        assert added.keys() <= ADDED
        fields = {name: after.fields[name] for name in before.fields}
        assert after._replace(fields=fields) == normal(before)
    assert BibFile(text).problem_lines() == []


@given(libraries)
def test_what_was_written_once_is_written_the_same_again(library: list[BibEntry]) -> None:
    if library:
        text = out_again(bibtex.dumps((), library))
        assert out_again(text) == text
