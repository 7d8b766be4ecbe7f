import re
import textwrap
from collections.abc import Iterable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from papertui.core import identifiers
from papertui.core.catalog import Link, Work, work_faults
from papertui.core.labels import KINDS
from papertui.errors import Refused
from papertui.importers import bibtex, latex
from papertui.importers.latex import latex_to_text
from papertui.importers.parsed_list import ParsedItem, ParsedList, ParsedSection
from papertui.importers.plan import plan_import
from tests.importers.test_plan import NoWorks

ZOTERO = r"""
@inproceedings{vaswani_attention_2017,
	title = {Attention is {All} you {Need}},
	volume = {30},
	url = {https://proceedings.neurips.cc/paper/2017/hash/3f5e-Abstract.html},
	abstract = {A {\textless}i{\textgreater}Transformer{\textless}/i{\textgreater} \& 50\% {BLEU}.},
	urldate = {2023-01-01},
	booktitle = {Advances in {Neural} {Information} {Processing} {Systems}},
	author = {Vaswani, Ashish and Gomez, Aidan N and Kaiser, Łukasz},
	year = {2017},
	file = {Full Text PDF:storage/ABC/x.pdf:application/pdf},
}

@misc{devlin_bert_2019,
	title = {{BERT}: {Pre}-training of {Deep} {Bidirectional} {Transformers}},
	shorttitle = {{BERT}},
	url = {http://arxiv.org/abs/1810.04805},
	doi = {10.48550/arXiv.1810.04805},
	publisher = {arXiv},
	author = {Devlin, Jacob and Toutanova, Kristina},
	month = may,
	year = {2019},
	note = {arXiv:1810.04805 [cs]},
}

@misc{noauthor_blog_nodate,
	title = {A blog},
	url = {https://example.org/a_b?c=50%25},
}

@online{better,
  title = {A Better Export},
  author = {van den Oord, Aäron and {{OpenAI}}},
  date = {2018-07-10},
  eprint = {1807.03748},
  eprinttype = {arxiv},
  eprintclass = {cs, stat},
}
"""

JABREF = r"""% Encoding: UTF-8
@String { jmlr = {Journal of Machine Learning Research} }

@Article{Kingma2014,
  author  = {Diederik P. Kingma and Jimmy Ba},
  title   = {Adam: A Method for Stochastic Optimization},
  year    = 2014,
  eprint  = {1412.6980v9},
  archiveprefix = {arXiv},
  groups  = {Optimizers, Classics},
}

@Article{Schroedinger1926,
  author = {Schr{\"o}dinger, Erwin and {\v{S}}imon, B{\^e}la and H{\aa}kon {\O}},
  title = "An {Undulatory} Theory of the Mechanics of {"}Atoms{"} --- and {$\alpha$}",
  journal = jmlr # ", old series",
  doi = {https://doi.org/10.1103/PhysRev.28.1049},
  date = {1926-12},
  groups = {Classics},
}

@Book{Goodfellow, title = {Deep Learning}, author = {Goodfellow, Ian and others},
  publisher = {MIT Press}, year = {2016}}

@Comment{jabref-meta: databaseType:bibtex;}

@Comment{jabref-meta: grouping:
0 AllEntriesGroup:;
1 StaticGroup:Methods\;0\;1\;0x8a8a8aff\;\;\;;
2 StaticGroup:Optimizers\;0\;1\;\;\;\;;
1 StaticGroup:Classics\;0\;0\;\;\;\;;
1 StaticGroup:Empty\;0\;0\;\;\;\;;
}
"""


def read(source: str) -> ParsedList:
    return bibtex.parse_bibtex(textwrap.dedent(source), "My library.bib")


def items(source: str) -> list[ParsedItem]:
    return list(read(source).all_items())


def item(fields: str, type_: str = "article") -> ParsedItem:
    (parsed_item,) = items(f"@{type_}{{key, title={{T}}, {fields}}}")
    return parsed_item


def outline(sections: Iterable[ParsedSection]) -> list[object]:
    return [
        (section.title, [item.citekey for item in section.items], outline(section.sections))
        for section in sections
    ]


def test_a_zotero_library_is_imported() -> None:
    parsed = read(ZOTERO)
    assert (parsed.title, parsed.problems) == ("My library", ())
    attention, bert, blog, better = parsed.all_items()
    assert attention.title == "Attention is All you Need"
    assert attention.authors == ("Ashish Vaswani", "Aidan N Gomez", "Łukasz Kaiser")
    assert attention.venue == "Advances in Neural Information Processing Systems"
    assert attention.summary == "A Transformer & 50% BLEU."
    assert attention.links[0].url.endswith("3f5e-Abstract.html")
    assert (attention.year, attention.kind, attention.line) == (2017, "paper", 2)
    assert bert.title == "BERT: Pre-training of Deep Bidirectional Transformers"
    assert (bert.arxiv, bert.doi) == ("1810.04805", "10.48550/arXiv.1810.04805")
    assert (bert.venue, bert.kind, bert.links) == (None, "paper", ())
    assert (blog.kind, blog.links) == (
        "article",
        (Link("page", "https://example.org/a_b?c=50%25"),),
    )
    assert (better.arxiv, better.year, better.kind) == ("1807.03748", 2018, "paper")
    assert better.authors == ("Aäron van den Oord", "OpenAI")


def test_a_jabref_library_is_imported_by_its_groups() -> None:
    parsed = read(JABREF)
    assert parsed.problems == ()
    assert outline(parsed.sections) == [
        ("Methods", [], [("Optimizers", ["Kingma2014"], [])]),
        ("Classics", ["Kingma2014", "Schroedinger1926"], []),
        ("In no group", ["Goodfellow"], []),
    ]
    adam, _, wave, book = parsed.all_items()
    assert adam.arxiv == "1412.6980"
    assert wave.title == 'An Undulatory Theory of the Mechanics of "Atoms" — and α'
    assert wave.authors == ("Erwin Schrödinger", "Bêla Šimon", "Håkon Ø")
    assert wave.venue == "Journal of Machine Learning Research, old series"
    assert (wave.doi, wave.year) == ("10.1103/PhysRev.28.1049", 1926)
    assert (book.kind, book.venue, book.more_authors) == ("book", "MIT Press", True)


def test_groups_of_an_old_jabref_list_their_keys() -> None:
    source = r"""
    @article{a, title={A}}
    @article{b, title={B}}
    @comment{jabref-meta: groupsversion:3;}
    @comment{jabref-meta: groupstree:
    0 AllEntriesGroup:;
    1 ExplicitGroup:Deep lear
    ning\;0\;a\;b\;;
    2 ExplicitGroup:Sub\;0\;b\;;
    }
    """
    assert outline(read(source).sections) == [("Deep learning", ["a", "b"], [("Sub", ["b"], [])])]


def test_mendeley_folders_become_nested_sections() -> None:
    source = "@article{a, title={A}, mendeley-groups={ML/Deep,Other}}"
    assert outline(read(source).sections) == [
        ("ML", [], [("Deep", ["a"], [])]),
        ("Other", ["a"], []),
    ]


def test_without_groups_there_is_one_section() -> None:
    assert outline(read("@article{a, title={A}}").sections) == [("Entries", ["a"], [])]


@pytest.mark.parametrize(
    "fields",
    [
        "eprint={1706.03762}",
        "eprint={1706.03762v5}, archivePrefix={arXiv}, primaryClass={cs.CL}",
        "eprint={arXiv:1706.03762}, EPRINTTYPE={ArXiv}",
        "url={https://arxiv.org/pdf/1706.03762v2.pdf}",
        "journal={arXiv preprint arXiv:1706.03762}",
        "journal={ArXiv e-prints: arXiv: 1706.03762}",
        "journal={CoRR}, volume={abs/1706.03762}",
        "number={arXiv:1706.03762}",
        "howpublished={\\url{http://arxiv.org/abs/1706.03762}}",
        "note={arXiv:1706.03762 [cs]}",
        "doi={10.48550/ARXIV.1706.03762}",
    ],
)
def test_an_arxiv_id_is_found_in_every_field_that_may_hold_it(fields: str) -> None:
    parsed_item = item(fields)
    assert (parsed_item.arxiv, parsed_item.kind, parsed_item.links, parsed_item.venue) == (
        "1706.03762",
        "paper",
        (),
        None,
    )


def test_the_id_of_another_archive_is_not_taken_for_an_arxiv_id() -> None:
    assert item("eprint={1706.03762}, eprinttype={hal}").arxiv is None


@pytest.mark.parametrize(
    ("fields", "arxiv"),
    [
        ("eprint={math.GT/0309136}", "math/0309136"),
        ("eprint={0309136}, archiveprefix={arXiv}, primaryclass={math.GT}", "math/0309136"),
        ("url={http://arxiv.org/abs/math.GT/0309136v2}", "math/0309136"),
        ("eprint={cs.LG/1706.03762}", "1706.03762"),
        ("journal={ArXiv}, volume={cs.LG/0212028}", "cs/0212028"),
        ("journal={ArXiv}, volume={abs/1706.03762}", "1706.03762"),
        ("journal={Journal of Examples}, volume={1706.03762}", None),
        ("url={arxiv.org/abs/1706.03762}", "1706.03762"),
    ],
)
def test_old_ids_and_classes_are_understood(fields: str, arxiv: str | None) -> None:
    assert item(fields).arxiv == arxiv


@pytest.mark.parametrize(
    "written",
    [
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16{\\textless}1661::AID-SIM968"
        "{\\textgreater}3.0.CO;2-2",
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16$<$1661::AID-SIM968$>$3.0.CO;2-2",
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16&lt;1661::AID-SIM968&gt;3.0.CO;2-2",
    ],
)
def test_a_doi_of_the_nineties_is_read(written: str) -> None:
    doi = "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2"
    assert item(f"doi={{{written}}}").doi == doi
    page = Work("k", "T", doi=doi).page
    assert page is not None
    assert identifiers.is_web_address(page)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("www.example.org", "https://www.example.org"),
        ("example.org/a{\\_}b.pdf", "https://example.org/a_b.pdf"),
        ("https://example.org/a\\%20b", "https://example.org/a%20b"),
    ],
)
def test_an_address_may_lack_its_scheme(url: str, address: str) -> None:
    assert [link.url for link in item(f"url={{{url}}}").links] == [address]


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        ("doi={10.1000/x}", "doi:10.1000/x"),
        ("eprint={1706.03762}", "arXiv:1706.03762"),
        ("url={https://www.example.org/x}", "example.org/x"),
    ],
)
def test_an_entry_without_a_title_is_a_work_by_its_id_or_address(fields: str, title: str) -> None:
    parsed = read(f"@misc{{k, {fields}}}")
    assert parsed.problems == ()
    (match,) = plan_import(parsed, NoWorks(), "f").matches
    assert match.title == title


@pytest.mark.parametrize(
    ("fields", "is_read"),
    [
        ("keywords={read}", True),
        ("keywords={a, Read ; b}", True),
        ("keywords={read later, unread, reading}", False),
        ("readstatus={read}", True),
        ("note={read}", False),
    ],
)
def test_a_keyword_says_that_a_work_was_read(fields: str, is_read: bool) -> None:
    assert item(fields).is_read is is_read


def test_a_work_that_jabref_calls_skimmed_has_had_a_first_pass() -> None:
    skimmed = item("readstatus={skimmed}")
    assert (skimmed.is_read, skimmed.is_skimmed) == (False, True)


@pytest.mark.parametrize(
    ("fields", "unshown"),
    [
        ("annote={Odd proof}, Keywords={tides}", "annote, keywords"),
        ("keywords={read, tides}, note={To appear}", "keywords, note"),
        ("note={arXiv:1706.03762}, keywords={read}", ""),
        ("note={arXiv:1810.04805 [cs]}", ""),
        ("note={https://a.org/b}", ""),
        ("note={\\url{https://a.org/b}}", ""),
        ("note={arXiv:1706.03762, my favourite}, comment={see arxiv}", "comment, note"),
        ("review={at https://a.org/b}, keywords={arxiv, rl}", "keywords, review"),
    ],
)
def test_fields_that_are_only_kept_for_the_export_are_named(fields: str, unshown: str) -> None:
    parsed = read(f"@misc{{k, title={{Tides}}, {fields}}}")
    said = f"Fields that are kept for the export only: {unshown}."
    assert parsed.problems == ((said,) if unshown else ())


@pytest.mark.parametrize(
    "source",
    [
        "@misc{a,, title={T},,, year=2000,}",
        "@misc(a, title={T}, year={2000})",
        "@misc { a , title = {T} , year = {2000} , }",
        '@MISC{a, TITLE="T", Year="2000"}',
        "@misc{a title={T}\nyear={2000}}",
        "@misc{title={T}, year=2000}",
        "@misc{,title={T}, year=2000}",
        "@misc{a, title={T}, odd, year=2000}",
        "@misc{a, title={T}, {odd}, year=2000}",
        "@misc{a, title={T},\n},\n},\n@misc{b, title={U}, year=2000}",
    ],
)
def test_a_careless_file_is_read(source: str) -> None:
    *_, last = items(source)
    assert (last.title in ("T", "U"), last.year) == (True, 2000)


def test_a_backslash_before_a_brace_is_read_as_bibtex_reads_it_if_that_works_out() -> None:
    parsed = read("@misc{a, title={T}, url={\\}}\n@misc{b, title={A \\{set\\} of \\{ signs}}")
    assert [entry.fields for entry in parsed.entries] == [
        {"title": "T", "url": "\\"},
        {"title": "A \\lbrace{}set\\rbrace{} of \\lbrace{} signs"},
    ]
    assert [item.title for item in parsed.all_items()] == ["T", "A {set} of { signs"]


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("{www.example.org/a}", "https://www.example.org/a"),
        ("{http://example.org/Pack Folding.pdf}", "http://example.org/Pack%20Folding.pdf"),
    ],
)
def test_an_address_may_lack_its_scheme_and_have_blanks(url: str, address: str) -> None:
    (work,) = items(f"@misc{{a, title={{T}}, url={url}}}")
    assert [link.url for link in work.links] == [address]


def test_an_address_that_leads_nowhere_is_named_and_kept() -> None:
    parsed = read("@misc{a, title={T}, url={to be found}}")
    assert [entry.fields["url"] for entry in parsed.entries] == ["to be found"]
    (problem,) = parsed.problems
    assert "no browser opens the address of 'a'" in problem


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("article", "paper"),
        ("InProceedings", "paper"),
        ("phdthesis", "paper"),
        ("techreport", "paper"),
        ("unheardof", "paper"),
        ("book", "book"),
        ("online", "article"),
        ("video", "video"),
    ],
)
def test_the_entry_type_determines_the_kind(type_: str, kind: str) -> None:
    assert item("year=2000", type_).kind == kind


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("year={2017}", 2017),
        ("year=2017", 2017),
        ("date={2017-06/2018-01}", 2017),
        ("date={2017~}, year={1999}", 2017),
        ("year={c. 1999, in press}", 1999),
        ("year={forthcoming}", None),
        ("year={12017}", None),
    ],
)
def test_a_year_is_found_in_a_date_or_in_other_text(written: str, year: int | None) -> None:
    assert item(written).year == year


@pytest.mark.parametrize(
    ("fields", "length"),
    [
        ("pages = {436--444}", "9 pages"),
        ("pages = {2278–324}", "47 pages"),
        ("pages = {9:1--9:39}, numpages = {39}", "39 pages"),
        ("pages = {e1234}, pagetotal = {396 p.}", "396 pages"),
        ("pages = {12}", None),
        ("pages = {44--12}", None),
        ("pagetotal = {many}", None),
    ],
)
def test_the_pages_of_an_entry_become_its_length(fields: str, length: str | None) -> None:
    assert length_of("article", fields) == length


def length_of(type_: str, fields: str) -> str | None:
    (item,) = bibtex.parse_bibtex(f"@{type_}{{a, title = {{A}}, {fields}}}", "a.bib").all_items()
    return item.length


def test_the_pages_of_a_book_are_their_number() -> None:
    assert length_of("book", "pages = {855}") == "855 pages"
    assert length_of("book", "pages = {1--320}") == "320 pages"


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Knuth, Donald E. and Leslie Lamport", ("Donald E. Knuth", "Leslie Lamport")),
        ("{Simon and Schuster}", ("Simon and Schuster",)),
        ("King, Jr., Martin Luther", ("Martin Luther King Jr.",)),
        ("de la Vall{\\'e}e Poussin, Charles", ("Charles de la Vallée Poussin",)),
        ("何, 恺明", ("恺明 何",)),
        ("{\\'O} and {Deen, Clark and Co.} and others", ("Ó", "Deen, Clark and Co.")),
        ("given=Ada, prefix=van, family=Deen and Clark, Bea", ("Ada van Deen", "Bea Clark")),
        ("Brand, and Andrea Sand and Clark, III, Carl", ("Brand", "Andrea Sand", "Carl Clark III")),
        ("Zola, Z and \\'{E}mile Picard and \\'Elie", ("Z Zola", "Émile Picard", "Élie")),
        ("", ()),
    ],
)
def test_given_names_come_first(author: str, names: tuple[str, ...]) -> None:
    assert item(f"author={{{author}}}").authors == names


def test_all_of_many_authors_are_named() -> None:
    parsed_item = item("author={" + " and ".join(f"A. Name{n}" for n in range(3000)) + "}")
    assert parsed_item.authors[-1] == "A. Name2999"
    assert len(parsed_item.authors) == 3000
    assert not parsed_item.more_authors


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"Schr{\"o}dinger's \emph{cat and} mouse", "Schrödinger's cat and mouse"),
        (r"Erd\H{o}s {\'{\i}} \c{c} \c c \L ukasz \' e", "Erdős í ç ç Łukasz é"),
        (r"{\ss}\o{}\aa \& 50\% \$ \# \_", "ßøå& 50% $ # _"),
        ("50% raw, a~b -- c --- d ``e''", "50% raw, a b – c — d “e”"),
        (r"$O(n \log n)$ in $\alpha$-time", "O(n log n) in α-time"),
        (r"{\textless}sub{\textgreater}2{\textless}/sub{\textgreater} Q{\&}amp;A", "₂ Q&A"),
        (r"Cu$_2$O, {Cu$_{\mathrm{2}}$O}, $\mathrm{Cu_2O}$", "Cu₂O, Cu₂O, Cu₂O"),
        (r"Cu\textsubscript{2}O at 10$^{-3}$ and 20$^\circ$", "Cu₂O at 10⁻³ and 20°"),
        (r"T<sub>c</sub> in $L^p$, $x_{ij}$", "Tc in L^p, x_ij"),
        (r"a {b {c}", "a b c"),
        (r"a} b", "a b"),
        (r"\unknown{kept} \href", "kept"),
        ("a\x1b[31m\u202eb", "a\ufffd[31m\ufffdb"),
    ],
)
def test_latex_becomes_text(source: str, text: str) -> None:
    assert latex_to_text(source) == text


SIMPLE = [
    *"aÉ {}.", "$n$", "$x_i$", "$a + b$", "\\emph{a}", "\\textbf {b}", "{\\textless}",
    "\\textgreater{}", "\\'e", "\\ss{}", "{\\L}", "\\aa ", "\\'{\\i}", '{\\"\\i}', "\\o.",
    '{\\"o}', "\\`{A}", "\\v{s}", "\\c c", "\\H{o}", "--", "---", "\\&", "\\%", "\\_",
]  # fmt: skip


@given(st.lists(st.sampled_from(SIMPLE), max_size=8).map("".join))
def test_simple_latex_is_read_as_pylatexenc_reads_it(text: str) -> None:
    assume("----" not in text and re.search("[a-zÉ]", text))
    slowly = str(latex._DECODER.latex_to_text(text))
    assert latex_to_text(text).split() == slowly.split()


def test_a_paper_inherits_fields_of_its_proceedings() -> None:
    source = """
    @inproceedings{child, title={Child}, crossref={Parent}, author={A}}
    @proceedings{parent, title={Proc. of X}, year=2016, doi={10.1000/p}, publisher={ACM}}
    """
    (child,) = items(source)
    assert (child.venue, child.year, child.doi) == ("Proc. of X", 2016, None)


def test_entries_may_refer_to_each_other_in_a_circle() -> None:
    parsed = read("@misc{a, title={A}, crossref=b}\n@misc{b, title={B}, crossref=a, xdata={a,b}}")
    assert [item.title for item in parsed.all_items()] == ["A", "B"]


def test_abbreviations_are_expanded_but_cannot_grow_without_limit() -> None:
    source = '@string(x = "Deep")\n@string{y = x # { } # "Learning"}\n@string{z = z # z}\n'
    source += "@misc{k, title = y # ter, note = z}"
    assert items(source)[0].title == "Deep Learningter"
    bomb = ["@string{s0={" + "x" * 1000 + "}}"]
    bomb += [f"@string{{s{n}=s{n - 1} # s{n - 1}}}" for n in range(1, 40)]
    bomb += ["@misc{k, title={T}, abstract=" + "#".join(["s39"] * 20) + "}"] * 10_000
    with pytest.raises(Refused, match="abbreviations"):
        read("\n".join(bomb))


def test_entries_that_others_refer_to_are_named() -> None:
    parsed = read(
        "@inproceedings{a, title={T}, crossref={b}}\n@proceedings{b, title={P}}\n"
        "@set{c, entryset={a}}\n"
    )
    assert [lines.note for lines in parsed.left_out] == [
        "line 2: only for others to refer to, kept for the export: @proceedings{b}",
        "line 3: only for others to refer to, kept for the export: @set{c}",
    ]


def test_entries_that_refer_to_missing_ones_are_one_problem() -> None:
    entries = (f"@misc{{a{n}, title={{T{n}}}, crossref={{b{n}}}}}\n" for n in range(4))
    assert read("".join(entries)).problems == (
        "Line 1: 'a0' refers to 'b0', which is missing (and 3 lines like it: 2–4).",
    )


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("@misc{a, year=2000}", "Line 1: the entry 'a' has no title; it is only kept for the"),
        ("@misc{a, title={T}, crossref={b}}", "Line 1: 'a' refers to 'b', which is missing."),
        ("@misc{a, title={T}\nyear={2000}}", "Line 1: a comma is missing before 'year={2000}'."),
        ("@misc{a, title={T}},\nyear={2000}}", "Line 1: a field is outside of any entry"),
        ("\n@misc{a, title={T}\n", "Line 2: '@misc{a, title={T}' lacks"),
        ("@misc{title={T}}", "Line 1: the entry has no key; papertui gives it one"),
        ("@misc{,title={T}}", "Line 1: the entry has no key; papertui gives it one"),
        ("@misc{a title={T}}", "Line 1: a comma is missing after 'a'"),
        ("@misc{a, title={T}, 3 x {y}}", "Line 1: '3 x {y}' in 'a' is no field; left out"),
        ("@misc{a, title={T}, note={x}, note={y}}", "Line 1: 'a' has the field 'note' twice"),
        ("@misc{a, title={T}}\nwords\n% no\n@misc{b, title={U}}", "Line 2: text outside of"),
        ("@misc{a, title={T}}\n@comment{@misc{b, title={U}}}", "Line 2: an entry inside of a"),
        ("@misc{a,title={T}}\n@misc{a,title={U}}", "Line 2: 'a' is the key of line 1 too"),
        ("@misc{a,title={T}}\n@misc{a,title={T}}", "Line 2: 'a' is the entry of line 1 again"),
        ("just words", "No BibTeX entry was found."),
        ("", "No BibTeX entry was found."),
    ],
)
def test_a_problem_names_its_line(source: str, message: str) -> None:
    assert message in read(source).problems[0]


def test_one_broken_entry_costs_no_other() -> None:
    source = "@misc{a, title={A}}\n@misc{b, title={B, year=2000\n@misc{c, title={C}}"
    assert [item.title for item in items(source)] == ["A", "C"]


def test_fields_after_a_missing_comma_are_found() -> None:
    (parsed_item,) = items("@misc{a, title={T}\n year=2000\n author={A} note = {x}}")
    assert (parsed_item.title, parsed_item.year, parsed_item.authors) == ("T", 2000, ("A",))


def test_only_200_of_many_problems_are_listed() -> None:
    parsed = read("@misc{a, year=2000}\n" * 1000)
    assert len(parsed.problems) == 201
    assert parsed.problems[-1] == "And 800 more problems."


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_every_line_end_is_understood(newline: str) -> None:
    parsed_item = items(ZOTERO.replace("\n", newline))
    assert [item.line for item in parsed_item] == [2, 14, 26, 31]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "file:///etc/passwd", "x", "https://"])
def test_only_web_addresses_become_links(url: str) -> None:
    assert item(f"url={{{url}}}, howpublished={{\\url{{{url}}}}}").links == ()


@pytest.mark.parametrize(
    "source",
    [
        "@misc{a, title={" + "{" * 100_000,
        "@misc{a, title={" + "{" * 100_000 + "}" * 100_000 + "}}",
        "@misc{a, title={" + "\\'{" * 5_000 + "}" * 5_000 + "}}",
        "@misc{a, title={" + "\\'{" * 40 + "e" + "}" * 40 + "}}",
        "@misc{a, title={" + "$" * 99_999 + "}}",
        "@misc{a, title=" + '"' * 99_999,
        "@misc{a, title={T}, author={" + " and " * 50_000 + "}}",
        "@misc{a, title={T}, author={" + "}{ and " * 10_000 + "}}",
        "@misc{a, title=" + "a#" * 50_000 + "}",
        "@misc{a, title={T}" + " x={y}" * 50_000 + "}",
        "@misc{a, title={T}, groups={" + "x," * 50_000 + "}}",
        "@comment{jabref-meta: grouping:" + "9999 StaticGroup:x\\;;\n" * 50_000 + "}",
        "\0" * 100_000,
        "@" * 100_000,
        "@misc{" * 50_000,
    ],
)
def test_hostile_files_give_a_list(source: str) -> None:
    assert isinstance(read(source), ParsedList)


@pytest.mark.parametrize("source", ["x" * 32_000_001, "@misc{}" * 100_001])
def test_files_that_are_too_large_are_refused(source: str) -> None:
    with pytest.raises(Refused, match="split it"):
        read(source)


WORDS = (
    "@article{ @string{ @comment{ title author and crossref k1 groups url year \\'e é x 2017"
    " jabref-meta:grouping: 0A:; 1StaticGroup: \\; http://a.b/ 10.1000/x 1706.03762"
)
PIECES = st.sampled_from([*'{}",=#\\\n ()%$~&<\ud800\x1b', *WORDS.split(" "), " and "])


@given(st.lists(PIECES, max_size=40).map("".join), st.lists(PIECES, max_size=12).map("".join))
def test_every_imported_work_is_valid_in_the_catalogue(before: str, value: str) -> None:
    source = f"{before}\n@article{{k1, title={{x{value}}}, author={{{value}}}, doi={{{value}}}}}"
    for parsed_item in read(source).all_items():
        fields = {
            "title": parsed_item.title,
            "kind": parsed_item.kind,
            "authors": list(parsed_item.authors),
            **{name: v for name in ("year", "venue", "arxiv", "doi", "summary")
               if (v := getattr(parsed_item, name)) is not None},
            "links": [{"label": link.label, "url": link.url} for link in parsed_item.links],
        }  # fmt: skip
        assert list(work_faults(fields)) == []
        assert parsed_item.kind in KINDS
