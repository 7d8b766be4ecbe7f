"""Works found by the words of their titles, names, texts and notes."""

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from papertui.core import journal
from papertui.core.library_tree import TreeQuery
from papertui.core.search_words import has_all, indexed_words, parse_query
from papertui.storage.store import Store
from tests.support.parsed_lists import import_of

LISTS = TreeQuery(date(2026, 11, 20))
TITLES = {
    "cpp": "Effective C++ for the rest of us",
    "csharp": "Programs in C# and F#",
    "c": "A short history of C",
    "convolution": "Convolutions considered again",
    "dotnet": "The .NET book",
    "bertbase": "Distilling BERT-base",
    "bert": "BERT explained, from its base up",
    "bertology": "Bertology for beginners",
    "gpt": "What GPT-3.5 knows",
    "unet": "U-Net for cells",
    "node2vec": "node2vec walks",
    "umlaut": "Ein Korpus aus Düsseldorf",
    "spelt": "Duesseldorf speaks",
    "oxide": "Growth of Cu₂O",
}


@pytest.fixture
def library(store: Store) -> Store:
    for citekey, title in TITLES.items():
        store.record(journal.add_work(citekey, {"title": title, "kind": "paper"}))
    return store


def found(store: Store, query: str, thorough: bool = True) -> list[str]:
    return [leaf.work for leaf in store.search.find(query, LISTS, thorough).leaves]


@pytest.mark.parametrize("thorough", [True, False])
@pytest.mark.parametrize(
    ("query", "works"),
    [
        ("c++", ["cpp"]),
        ("C#", ["csharp"]),
        ("f#", ["csharp"]),
        (".net", ["dotnet"]),
        ("bert-base", ["bertbase", "bert"]),
        ("bertbase", ["bertbase"]),
        ("bert base", ["bertbase", "bert"]),
        ("gpt3.5", ["gpt"]),
        ("gpt-3.5 knows", ["gpt"]),
        ("cells unet", ["unet"]),
        ("u-net cells", ["unet"]),
        ("vec walks", ["node2vec"]),
        ("düsseldorf", ["umlaut", "spelt"]),
        ("duesseldorf", ["spelt", "umlaut"]),
        ("dusseldorf", ["umlaut", "spelt"]),
        ("Cu2O", ["oxide"]),
    ],
)
def test_names_are_found_as_readers_type_them(
    library: Store, query: str, works: list[str], thorough: bool
) -> None:
    assert [work for work in found(library, query, thorough) if work in TITLES] == works


@pytest.mark.parametrize("name", ["GPT-2", "transformer", "resnet", "bert"])
def test_what_is_called_just_so_comes_first_as_the_shell_names_it(store: Store, name: str) -> None:
    assert found(store, name)[0] == store.names.resolve(name)


def test_a_title_with_the_very_word_comes_before_one_that_begins_so(library: Store) -> None:
    library.record(journal.add_work("later", {"title": "Zebras and bert", "kind": "paper"}))
    works = [work for work in found(library, "bert") if work in {*TITLES, "later"}]
    assert works == ["bertbase", "bert", "later", "bertology"]


def test_a_work_that_is_titled_so_comes_before_those_that_have_the_words(library: Store) -> None:
    titles = {
        "mesh": "Deep zebras for all",
        "whole": "Deep Zebras",
        "named": "Deep zebras: a study",
    }
    for citekey, title in titles.items():
        library.record(journal.add_work(citekey, {"title": title, "kind": "paper"}))
    assert found(library, "deep zebras") == ["whole", "named", "mesh"]
    library.record(journal.add_work("mid", {"title": "A Deep zebras", "kind": "paper"}))
    assert found(library, "deep zeb")[-1] == "mid"


def test_a_sign_that_no_work_has_is_left_out(library: Store) -> None:
    assert found(library, "bertology+ beginners#") == ["bertology"]


@pytest.mark.parametrize(
    ("query", "works"),
    [
        ("author:adams", ["cells"]),
        ("Author:adams walks", ["cells"]),
        ('author:"Zoë Adams" cells', ["cells"]),
        ("title:adams", ["bio"]),
        ("adams", ["bio", "cells", "gpt"]),
        ("bioadams", ["bio"]),
        ("note:adams", ["gpt"]),
        ("author:adams year:1998", ["cells"]),
        ("year:1998", ["cells"]),
        ("author:adams year:1999", []),
        ("author:adams unheard-of", []),
        ("author: cells", ["authored"]),
        ("author:…", []),
        ("author:cells1998adams", []),
        ("author:bioadams", []),
        ("year:199 adams", ["cells"]),
        ("year:abc", []),
        ("adams 1998", ["cells"]),
        ("1998 walks", ["cells"]),
    ],
)
def test_a_word_after_a_field_is_looked_for_only_there(
    library: Store, query: str, works: list[str]
) -> None:
    fields = {"kind": "paper", "title": "Cells in random walks", "year": 1998}
    library.record(journal.add_work("cells", {**fields, "authors": ["Zoe Adams"]}))
    biography = {"kind": "paper", "title": "Adams, a biography", "venue": "Bioadams"}
    library.record(journal.add_work("bio", biography))
    library.record(journal.add_work("authored", {"kind": "paper", "title": "The author of cells"}))
    library.record(journal.save_note("gpt", "n", "As Adams said."))
    mine = {*TITLES, "cells", "bio", "authored"}
    assert [work for work in found(library, query) if work in mine] == works


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("walks", ""),
        ("walks random", ""),
        ("random adams", "by Zoë Adams"),
        ("Adamz", "by J. Adam-Zed"),
        ("zedland", "also called Zedland"),
        ("title:zedland", "also called Zedland"),
        ("author:adams", "by Zoë Adams"),
        ("biorev", "in BioRev 7"),
        ("bio", "in BioRev 7"),
        ("zed", "by J. Adam-Zed"),
        ("title:zed", "also called Zedland"),
        ("zedl", "also called Zedland"),
        ("author:zed", "by J. Adam-Zed"),
        ("1998", "1998"),
        ("walks 199", "1998"),
        ("author:adams 1998", "by Zoë Adams"),
        ("zed2024", "key zed2024"),
        ("mykey", "key mykey98"),
        ("2401.00001", "arXiv 2401.00001"),
        ("401.0000", "arXiv 2401.00001"),
        ("https://doi.org/10.1234/Biology", "DOI 10.1234/biology"),
        ("https://zed.example/walks", "by its address"),
        ("year:1998", "1998"),
        ("#quok", "#quokkas"),
        ("#quok walks", ""),
        ("gnus", "in its text"),
        ("walks zebra", "in your notes"),
        ("note:zebra", "in your notes"),
    ],
)
def test_a_work_says_what_it_was_found_by_if_not_by_its_title(
    library: Store, query: str, says: str
) -> None:
    fields = {
        "kind": "paper", "title": "Cells in random walks", "aliases": ["Zedland"], "year": 1998,
        "authors": ["Zoë Adams", "J. Adam-Zed"], "venue": "Bio<i>Rev</i> 7",
        "doi": "10.1234/biology", "arxiv": "2401.00001", "summary": "Of gnus.",
        "links": [{"label": "page", "url": "https://zed.example/walks"}],
    }  # fmt: skip
    keys = {"mykey98": "zed2024"}
    library.record(import_of("Biology", {"Cells": ["zed2024"]}, {"zed2024": fields}, keys))
    library.record(journal.save_note("zed2024", "n", "Not a zebra."))
    library.record(journal.tag("zed2024", ["quokkas"]))
    leaves = library.search.find(query, LISTS).leaves
    assert [leaf.extra for leaf in leaves if leaf.work == "zed2024"] == [says]


def test_no_work_is_found_in_silence(store: Store) -> None:
    names = store._db.rows("select authors || ' ' || names || ' ' || title from searched")
    for word in sorted({word[:6] for (text,) in names for word in text.split()})[::7]:
        for leaf in store.search.find(word, LISTS).leaves:
            is_titled = has_all(indexed_words(leaf.title), parse_query(word).narrow)
            assert bool(leaf.extra) is not is_titled, (word, leaf)


def test_the_database_finds_what_the_words_say(library: Store) -> None:
    for text in TITLES.values():
        for query in (text, *text.split(), text.replace(" ", "-"), text[:7]):
            asked = parse_query(query)
            said = {
                work
                for work, title in TITLES.items()
                if has_all(indexed_words(title), asked.narrow)
                or has_all(indexed_words(title), asked.wide)
            }
            assert said
            assert said == {work for work in found(library, query) if work in TITLES}, query


def test_a_database_of_an_older_papertui_is_indexed_again_by_itself(
    library: Store, database: Path
) -> None:
    library.record(journal.add_work("own", {"title": "Cells", "kind": "paper", "year": 1998}))
    library.close()
    columns = "title, names, body, notes"
    steps = ("m011_names_as_one", "m019_authors")
    with sqlite3.connect(database) as connection:
        connection.executescript(
            f"""
            create table older as select work, 'by other rules' as title, names, body, notes
                from searched;
            drop table search;
            drop table searched;
            alter table older rename to searched;
            create virtual table search using fts5({columns}, content='searched',
                content_rowid='work', prefix='1 2 3');
            insert into search (rowid, {columns}) select work, {columns} from searched;
            delete from _sqlite_migrations where name in {steps};
            """
        )
    connection.close()
    with Store(database) as again:
        for _ in again.catch_up():
            pass
        assert found(again, "bertbase") == ["bertbase"]
        assert "own" in found(again, "cells 1998")
        assert found(again, "by other rules") == []
        count = "select count(*) from searched"
        assert again._db.row(count) == again._db.row("select count(*) from work")
