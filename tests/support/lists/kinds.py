"""Small lists, each of one kind that people write, with the works in them.

A work is its title, then what the list says of it: `url`, `year`, `authors`, `section` (the
titles of the sections around it, innermost last). What is not given is not compared.
"""

# ruff: noqa: E501 (a line of a list is a line here)

from dataclasses import dataclass


@dataclass(frozen=True)
class Work:
    title: str
    url: str | None = None
    year: int | None = None
    authors: tuple[str, ...] | None = None
    section: tuple[str, ...] | None = None


A, B, C = (f"https://arxiv.org/abs/2105.0000{digit}" for digit in "123")
PDF = "http://example.org/tides.pdf"

KINDS: dict[str, tuple[str, list[Work]]] = {
    "contents above deeper sections": (
        f"# Seas\n\n## Index\n\n* [Tides](#tides)\n\n### Tides\n\n- [Measuring tides]({A})\n",
        [Work("Measuring tides", A, section=("Tides",))],
    ),
    "a section below one about the list": (
        f"# Seas\n\n## Contributing\n\nBe kind.\n\n### Waves\n\n- [Breaking waves]({A})\n",
        [Work("Breaking waves", A, section=("Waves",))],
    ),
    "links within the list and its README": (
        f"# Seas\n\n- [Week 1](./#week-1)\n- [Week 2](README.md#week-2)\n\n## Week 1\n\n- [Foam]({A})\n",
        [Work("Foam", A, section=("Week 1",))],
    ),
    "bare ids beside a linked title": (
        f"# Seas\n\n- [Measuring tides]({A})\n- arXiv:2105.00002\n- doi:10.1000/182\n",
        [
            Work("Measuring tides", A),
            Work("arXiv:2105.00002", B),
            Work("doi:10.1000/182"),
        ],
    ),
    "bare ids alone": (
        "# Seas\n\n- arXiv:2105.00001\n- arXiv: 2105.00002\n",
        [Work("arXiv:2105.00001", A, section=("Seas",)), Work("arXiv:2105.00002", B)],
    ),
    "headings without a blank": (
        f"# Seas\n\n##Tides\n\n- [Measuring tides]({A})\n\n#2 Waves\n\n- [Foam]({B})\n",
        [Work("Measuring tides", A, section=("Tides",)), Work("Foam", B, section=("2 Waves",))],
    ),
    "a citation with a middle initial": (
        f'# Seas\n\n**[1]** Halm, Vera Q., and Udo Kern. "**A model of foam**." Sea Letters 3.1 (1998): 7. [[pdf]]({PDF})\n',
        [Work("A model of foam", PDF, 1998, ("Vera Q. Halm", "Udo Kern"))],
    ),
    "a citation by one person": (
        f'# Seas\n\n**[2]** Halm, Vera. "**Foam and salt**." Sea Letters 3.1 (1998): 7. [[pdf]]({PDF})\n',
        [Work("Foam and salt", PDF, 1998, ("Vera Halm",))],
    ),
    "a citation with surnames and initials": (
        f'# Seas\n\n[3] Halm, V., Kern, U. "**Foam and salt**." Sea Letters (1999). [[pdf]]({PDF})\n',
        [Work("Foam and salt", PDF, 1999, ("V. Halm", "U. Kern"))],
    ),
    "two surnames in a bracket, and a person with initials or before others": (
        "# Seas\n\n- Slow tides (Halm, Kern; 2019)\n- Foam (Halm, Kern 2017; Kern, Tosk 2018)\n- Salt (Halm, V., 2019)\n- Spray (Halm, Vera, Udo Kern, 2019)\n",
        [
            Work("Slow tides", None, 2019, ("Halm", "Kern")),
            Work("Foam", None, 2017, ("Halm", "Kern")),
            Work("Salt", None, 2019, ("V. Halm",)),
            Work("Spray", None, 2019, ("Vera Halm", "Udo Kern")),
        ],
    ),
    "a citation without a full stop before the title": (
        f'# Seas\n\n**[4]** V. Halm, U. Kern "**Foam by night**." arXiv preprint (2021). [[pdf]]({A})\n',
        [Work("Foam by night", A, 2021, ("V. Halm", "U. Kern"))],
    ),
    "a citation with semicolons": (
        f'# Seas\n\n**[5]** Halm, Vera; Kern, Udo (2011). "**Inside the surf**". Sea Letters. [[html]]({PDF})\n',
        [Work("Inside the surf", PDF, 2011, ("Vera Halm", "Udo Kern"))],
    ),
    "a citation with a title in plain quotes and a bold remark": (
        f'# Seas\n\n**[6]** Halm, Vera, et al. "Slow tides." arXiv preprint (2021). [[pdf]]({A}) **(Begin here)** :star:\n',
        [Work("Slow tides", A, 2021, ("Vera Halm",))],
    ),
    "numbered references as paragraphs": (
        f"# Seas\n\n[1] Halm, V. Slow tides. 2014. {A}\n\n[2] Kern, U. Fast tides. 2016. {B}\n",
        [Work("Slow tides", A, 2014, ("V. Halm",)), Work("Fast tides", B, 2016, ("U. Kern",))],
    ),
    "authors, title and venue between commas": (
        f"# Seas\n\n* Vera Halm, Udo Kern, Mapping Foam from Above, SEACONF 2013 [[Paper]({PDF})]\n",
        [Work("Mapping Foam from Above", PDF, 2013, ("Vera Halm", "Udo Kern"))],
    ),
    "a citation below who did it": (
        f"# Seas\n\n* Harbour Institute [[Paper]]({A})\n  * Vera Halm, Udo Kern, From Foam to Salt, SEACONF, 2016.\n",
        [Work("From Foam to Salt", A, 2016, ("Vera Halm", "Udo Kern"))],
    ),
    "works below a work": (
        "# Seas\n\n1. **The first tide table. [Halm (1961)](https://example.org/a.pdf).**\n"
        "    * The moon and the mud. [Kern (1949)](https://example.org/b.pdf).\n",
        [
            Work("The first tide table", "https://example.org/a.pdf", 1961, ("Halm",)),
            Work("The moon and the mud", "https://example.org/b.pdf", 1949, ("Kern",)),
        ],
    ),
    "a question before its author": (
        "# Seas\n\n1. Why is the sea salt? [Halm (1966)](https://example.org/a.pdf).\n",
        [Work("Why is the sea salt?", "https://example.org/a.pdf", 1966, ("Halm",))],
    ),
    "labels of several words in brackets": (
        f"# Seas\n\n- A Theory of Foam [[Work at Harbour]({PDF})]\n- SaltBench: Tasters Wanted [[Harbour Files]({A})] [[code](https://github.com/x/salt)]\n",
        [Work("A Theory of Foam", PDF), Work("SaltBench: Tasters Wanted", A)],
    ),
    "a conference in odd quotes before the title": (
        f"# Seas\n\n- (*SEACONF’23*) Foam on Demand [[paper]({A})]\n- (*arxiv 2022.11*) Salt on Demand [[paper]({B})]\n",
        [Work("Foam on Demand", A, 2023), Work("Salt on Demand", B, 2022)],
    ),
    "a nickname in bold brackets before the title": (
        f"# Seas\n\n- **[FoamNet]** Counting bubbles in foam | **[ICCV' 15]** |[`[pdf]`]({A}) [`[code]`](https://github.com/x/f)\n",
        [Work("Counting bubbles in foam", A, 2015)],
    ),
    "an institution and a year in code": (
        "# Seas\n\n1. [Foam at work](https://example.org/foam) `Harbour` `2018`\n",
        [Work("Foam at work", "https://example.org/foam", 2018)],
    ),
    "a month of another tongue and a firm": (
        f"# Seas\n\n* Salt, Foam, Sand: A Survey, mai 2014, Harbour, [paper]({PDF})\n",
        [Work("Salt, Foam, Sand: A Survey", PDF, 2014)],
    ),
    "a title with 'by' and what is done": (
        f"# Seas\n\n- Learning Waves by Watching Boats Sink [[arXiv]({A})]\n",
        [Work("Learning Waves by Watching Boats Sink", A, None, ())],
    ),
    "a linked title with commas and a colon": (
        f"# Seas\n\n* 07/2021: [Swim As I Swim, Not As I Row: Grounding Boats]({A})\n",
        [Work("Swim As I Swim, Not As I Row: Grounding Boats", A, 2021, ())],
    ),
    "a linked title that names a publisher": (
        "# Seas\n\n- [IEEE Workshop on the Theory of Foam (TOF) and Symposium on Salt (SOS)](https://example.org/w), a list.\n",
        [
            Work(
                "IEEE Workshop on the Theory of Foam (TOF) and Symposium on Salt (SOS)",
                "https://example.org/w",
            )
        ],
    ),
    "a year before 1950": (
        f"# Seas\n\n- On harmonic tides (1927), V. Halm [[pdf]]({PDF})\n",
        [Work("On harmonic tides", PDF, 1927, ("V. Halm",))],
    ),
    "table cells with two blanks behind the name": (
        f"# Seas\n\n| **Paper** | **Links** |\n|---|---|\n"
        f"| 1) SaltGPT  Presents a model of salt. | [Paper]({A}) |\n"
        f"| 2) FoamGPT  Presents a model of foam, and more. | [Paper]({B}) |\n",
        [Work("SaltGPT", A), Work("FoamGPT", B)],
    ),
    "table cells with a bold name and a sentence": (
        f"# Seas\n\n| Paper | Links |\n|---|---|\n| 1) **Tides, Waves and Foam** - a survey of all | [Paper]({A}) |\n",
        [Work("Tides, Waves and Foam", A)],
    ),
    "a table whose title column has no link": (
        f"# Seas\n\n| Year | Title | Link |\n|---|---|---|\n| 2019 | Deep Foam, Shallow Salt | [pdf]({PDF}) |\n",
        [Work("Deep Foam, Shallow Salt", PDF, 2019)],
    ),
    "headings with a paper's link beside their titles": (
        f"# Seas\n\n## 2024\n\n#### • Deep water in the north [\\[PDF\\]]({A})\n\n*Vera Halm, Udo Kern*\n\n#### • Salt [\\[PDF\\]]({B})\n\n## Waves ([paper]({C}))\n\n- [Foam]({PDF})\n",
        [
            Work(
                "Deep water in the north", A, authors=("Vera Halm", "Udo Kern"), section=("2024",)
            ),
            Work("Salt", B, section=("2024",)),
            Work("Foam", PDF, section=("Waves",)),
        ],
    ),
    "a stray heading that is an entry": (
        "# Seas\n\n## Data\n\n### Waves\n\n# [WaveSet](http://example.org/w) - A Thousand Waves\n\n## Books\n\n* [Book of Foam](http://example.org/b)\n",
        [
            Work("WaveSet", "http://example.org/w", section=("Data", "Waves")),
            Work("Book of Foam", "http://example.org/b", section=("Books",)),
        ],
    ),
    "links to share the list": (
        f"# Seas\n\n## Share\n\n+ [Share on Twitter](http://twitter.com/home?status=x)\n\n## Papers\n\n- [Foam]({A})\n",
        [Work("Foam", A, section=("Papers",))],
    ),
    "links to share beside works": (
        f"# Seas\n\n- [Foam and salt]({A})\n- [Mail it to a friend](mailto:?subject=Seas)\n- [Share on Facebook](http://www.facebook.com/sharer/sharer.php?u=x)\n",
        [Work("Foam and salt", A)],
    ),
    "a broken link": (
        "# Seas\n\n- [TIDE]([https://github.com/x/tide) - A tool.\n- [FOAM] (https://github.com/x/foam) - Another.\n",
        [Work("TIDE", "https://github.com/x/tide"), Work("FOAM", "https://github.com/x/foam")],
    ),
    "a shortcode link before the title": (
        f"# Seas\n\n* [:scroll:](notes-on-foam.pdf) [Notes on Foam]({PDF})\n",
        [Work("Notes on Foam", PDF)],
    ),
    "badges and a preprint, authors in a paragraph of their own": (
        f"# Seas\n\n8. **Why Foam? A Study**. Preprint. ![](https://img.shields.io/badge/foam-green)\n\n      *Vera Halm, Udo Kern.* [[pdf]({A})], 2020.5\n",
        [Work("Why Foam? A Study", A, 2020, ("Vera Halm", "Udo Kern"))],
    ),
    "formulas in a title": (
        f"# Seas\n\n- [Solubility of CO$_2$ with $\\beta$-foam]({A})\n",
        [Work("Solubility of CO₂ with β-foam", A)],
    ),
    "a first heading that changes each day": (
        f"## Updated on 2024.02.03\n\n## Seas\n\n- [Foam]({A})\n",
        [Work("Foam", A, section=("Seas",))],
    ),
    "plain titles beside linked ones": (
        f"# Seas\n\n- [Foam]({A})\n- Salt of the northern seas\n- Sand of the southern seas\n- Wind\n",
        [
            Work("Foam", A),
            Work("Salt of the northern seas"),
            Work("Sand of the southern seas"),
            Work("Wind"),
        ],
    ),
    "a note of the list's own beside a paper": (
        f"# Seas\n\n- [Reading Foam](notes/reading-foam.md) [[arXiv]({A})]\n",
        [Work("Reading Foam", A)],
    ),
    "papers that lie beside the list": (
        "# Seas\n\n* [The Tide Gauge](papers/gauge.pdf) (1997): Still the best account of gauges.\n",
        [Work("The Tide Gauge", None, 1997)],
    ),
    "a title over two lines": (
        f"# Seas\n\n- A survey of foam on\nNorthern Shores [[arXiv]({A})]\n- Salt [[arXiv]({B})]\n",
        [Work("A survey of foam on Northern Shores", A), Work("Salt", B)],
    ),
    "conferences as links": (
        "# Seas\n\n- [CVPR 2015](http://example.org/cvpr15/) - Jun 2015\n- [ICML 2013](http://example.org/icml13/) - Jul 2013\n",
        [
            Work("CVPR 2015", "http://example.org/cvpr15/", 2015),
            Work("ICML 2013", "http://example.org/icml13/", 2013),
        ],
    ),
    "talks with their speakers": (
        "# Seas\n\n* [The Sea in Motion](https://example.org/t) - Vera Halm (Harbour University) 2013\n",
        [Work("The Sea in Motion", "https://example.org/t", 2013)],
    ),
    "a list in HTML": (
        f'<h1>Seas</h1>\n<h2>Tides</h2>\n<ul><li><a href="{A}">Slow tides</a> (2014)</li>\n<li><a href="{B}">Fast tides</a></li></ul>\n',
        [Work("Slow tides", A, 2014, section=("Tides",)), Work("Fast tides", B)],
    ),
    "works under years as bullets": (
        f"# Seas\n\n- 2019\n  - [Slow tides]({A})\n- 2020\n  - [Fast tides]({B})\n",
        [Work("Slow tides", A, section=("2019",)), Work("Fast tides", B, section=("2020",))],
    ),
    "a table of works in HTML": (
        f"<table><tr><th>Title</th><th>Link</th></tr><tr><td>Slow tides</td><td><a href='{A}'>pdf</a></td></tr></table>\n",
        [Work("Slow tides", A)],
    ),
    "a box that is ticked": (
        f"# Seas\n\n- [x] [Slow tides]({A})\n- [ ] [Fast tides]({B})\n",
        [Work("Slow tides", A), Work("Fast tides", B)],
    ),
    "a bar in a cell, and one that is escaped": (
        f"# Seas\n\n| Title | Link |\n|---|---|\n| Waves \\| tides | [pdf]({A}) |\n| The law p(y\\|x) \\| a survey | [pdf]({B}) |\n\n## Foam\n\n- Foam \\| salt, 2019 [pdf]({C})\n",
        [Work("Waves | tides", A), Work("The law p(y|x) | a survey", B), Work("Foam | salt", C)],
    ),
    "shortcodes of emoji before titles in paragraphs": (
        f"# Seas\n\n:wave::fish: <b>Slow tides (2019)</b> [[Paper]]({A})\n\n:fish: **The ratio foam:salt::tide:moon** [[Paper]]({B})\n",
        [Work("Slow tides (2019)", A, 2019), Work("The ratio foam:salt::tide:moon", B)],
    ),
    "links in brackets before the title": (
        f"# Seas\n\n## Foam\n\n- [[Paper]({A})] [[Code](https://github.com/a/b)] Slow tides of the sea\n- [[Paper]({B})] Fast tides of the sea\n",
        [Work("Slow tides of the sea", A), Work("Fast tides of the sea", B)],
    ),
    "a nickname and a colon before a title in quotes": (
        f'# Seas\n\n- **TideNet**: "Slow tides of the sea", CVPR, 2017 (*Example University*). [[Paper]({A})]\n',
        [Work("Slow tides of the sea", A, 2017)],
    ),
    "a year before a venue": (
        f"# Seas\n\n- (2017 CVPR) Slow tides of the sea [[paper]]({A})\n- [2018-ICML] Fast tides of the sea [[paper]]({B})\n- **Foam of the sea (2019 NeurIPS)** [[paper]]({C})\n",
        [
            Work("Slow tides of the sea", A, 2017),
            Work("Fast tides of the sea", B, 2018),
            Work("Foam of the sea", C, 2019),
        ],
    ),
    "a bar in a cell of HTML": (
        f"<table><tr><th>Title</th><th>Link</th></tr><tr><td>Waves | tides</td><td><a href='{A}'>pdf</a></td></tr></table>\n",
        [Work("Waves | tides", A)],
    ),
    "a word behind a comma that is neither author nor venue": (
        "# Seas\n\n- Foam is Slow, Empirically. 2017\n- Kern et al. Foam is Slow, Empirically. 2017\n- V. Halm, U. Kern, The Slow Tides, Revisited, 2018\n"
        "- Fast Tides, Kern. 2019\n- Fast Foam, Nature. 2019\n",
        [
            Work("Foam is Slow, Empirically", None, 2017, ()),
            Work("Foam is Slow, Empirically", None, 2017, ("Kern",)),
            Work("The Slow Tides, Revisited", None, 2018, ("V. Halm", "U. Kern")),
            Work("Fast Tides", None, 2019, ("Kern",)),
            Work("Fast Foam", None, 2019, ()),
        ],
    ),
    "a bold name and the rest of the title behind it": (
        "# Seas\n\n- **Salt 2**: Slow Tides without Foam (Kern et al., 2019)\n- **Foam** — A Method for Quiet Seas. 2020\n"
        "- **Spray**: the one that began it, 2021\n- **Tides** — Vera Halm, Udo Kern, 2022\n",
        [
            Work("Salt 2: Slow Tides without Foam", None, 2019, ("Kern",)),
            Work("Foam — A Method for Quiet Seas", None, 2020),
            Work("Spray", None, 2021),
            Work("Tides", None, 2022),
        ],
    ),
    "two works in one entry": (
        f"# Seas\n\n- [Slow tides]({A}) and [Fast tides]({B})\n",
        [Work("Slow tides", A), Work("Fast tides", B)],
    ),
    "citations by one person, all between commas": (
        f"# Seas\n\n- Vera Halm, A model of foam, Sea Letters 3(1), 1998. [pdf]({PDF})\n- Udo Kern, Fast tides, Journal of Waves, 2001\n- V. Halm, Foam, salt and sand, Sea Letters, 2003.\n",
        [
            Work("A model of foam", PDF, 1998, ("Vera Halm",)),
            Work("Fast tides", None, 2001, ("Udo Kern",)),
            Work("Foam, salt and sand", None, 2003, ("V. Halm",)),
        ],
    ),
    "citations by several people, with initials and titles like names": (
        f"# Seas\n\n- Vera Q. Halm, Udo Kern, Slow Northern Tides, ICML, 2015. [pdf]({PDF})\n- Vera Halm, Udo Kern, Foam Net: Measuring salt, 2014. [pdf]({A})\n- Halm, V., & Kern, U. (2016). A model of foam. [pdf]({B})\n",
        [
            Work("Slow Northern Tides", PDF, 2015, ("Vera Q. Halm", "Udo Kern")),
            Work("Foam Net: Measuring salt", A, 2014, ("Vera Halm", "Udo Kern")),
            Work("A model of foam", B, 2016, ("V. Halm", "U. Kern")),
        ],
    ),
    "a title that begins with two words like a name": (
        f"# Seas\n\n- Sea Foam, Journal of Waves, 2015 [pdf]({PDF})\n- [Wave Foam and Salt in Natural Seas, 2016]({A})\n",
        [Work("Sea Foam", PDF, 2015), Work("Wave Foam and Salt in Natural Seas, 2016", A)],
    ),
    "a title in bold or italics over two lines": (
        f"# Seas\n\n- **A model of foam\n  and salt**, Vera Halm, 1998. [pdf]({PDF})\n- *Slow tides\n  By night* (2001)\n",
        [
            Work("A model of foam and salt", PDF, 1998, ("Vera Halm",)),
            Work("Slow tides By night", None, 2001),
        ],
    ),
    "terms and what is said of them": (
        f"# Seas\n\nMeasuring tides\n: Vera Halm, 2019. [pdf]({A})\n\n[Foam]({B})\n: A paper about foam.\n: And of salt.\n",
        [Work("Measuring tides", A, 2019, ("Vera Halm",)), Work("Foam", B)],
    ),
    "bold titles whose PDF is at any host": (
        "# Seas\n\n**Foam and salt** [PDF](https://foam.example.org/get?id=7)\n\n**Slow tides**. [Paper](https://foam.example.org/8)\n",
        [
            Work("Foam and salt", "https://foam.example.org/get?id=7"),
            Work("Slow tides", "https://foam.example.org/8"),
        ],
    ),
    "a title that begins with the name of a label": (
        f"# Seas\n\n- [Foam]({A})\n- TensorFlow: A system for salt [[arXiv]({B})]\n- STAR: Guided foam (SEACONF 2022)\n",
        [
            Work("Foam", A),
            Work("TensorFlow: A system for salt", B),
            Work("STAR: Guided foam", None, 2022),
        ],
    ),
    "contents whose links lack the number sign": (
        f"# Seas\n\n- [Salt & Sand](salt-&-sand)\n- [Foam](foam)\n\n## Foam\n\n- [Slow tides]({A})\n",
        [Work("Slow tides", A, section=("Foam",))],
    ),
    "paragraphs that begin with links": (
        "# Seas\n\n"
        + "".join(
            f"[A note on tide {n}](https://a.example.org/{n}). [more](https://b.example.org)\n\n"
            for n in range(6)
        ),
        [Work(f"A note on tide {n}", f"https://a.example.org/{n}") for n in range(6)],
    ),
    "a table of titles and years": (
        "# Seas\n\n| Title | Year |\n|---|---|\n| Slow tides | 2019 |\n| Fast tides | 2020 |\n",
        [Work("Slow tides", None, 2019), Work("Fast tides", None, 2020)],
    ),
    "a table of papers and venues": (
        "# Seas\n\n| Paper | Venue |\n|---|---|\n| Slow tides | SEACONF 2019 |\n",
        [Work("Slow tides", None, 2019)],
    ),
    "a remark with a link and papers below a paper": (
        f"# Seas\n\n- [Foam]({A})\n  - Some words on it with [a tool](https://foam.example.org) in them\n    - [Salt]({B})\n",
        [Work("Foam", "https://foam.example.org"), Work("Salt", B)],
    ),
    "the address of a publisher or a mirror": (
        "# Seas\n\n- [Foam](https://link.example.org/content/pdf/10.1000%2F182.pdf)\n- [Salt](https://www.alphaxiv.org/overview/2105.00001)\n",
        [Work("Foam", "https://link.example.org/content/pdf/10.1000%2F182.pdf"), Work("Salt", A)],
    ),
    "a table with blank lines between its rows": (
        f"# Seas\n\n| Notes | Paper | Year | Link |\n\n|---|---|---|---|\n\n| [md](https://a.b/1.md) | Slow tides | 2014 | [2105]({A}) |\n\n| [md](https://a.b/2.md) | Fast tides | 2016 | [2105]({B}) |\n",
        [Work("Slow tides", A, 2014), Work("Fast tides", B, 2016)],
    ),
    "titles and addresses line by line below a heading": (
        f"Seas\nSlow tides\n{A}\n{PDF}\nHigh waves, 2019\n{B}\nA long title of the\nFoam\n{C}\n",
        [
            Work("Slow tides", A, section=("Seas",)),
            Work("High waves", B, 2019, section=("Seas",)),
            Work("A long title of the Foam", C, section=("Seas",)),
        ],
    ),
    "labelled and quoted titles line by line": (
        f'"Slow tides"\nLink: {A}\n"High waves"\nLink: {B}\nFoam {C}\n',
        [Work("Slow tides", A), Work("High waves", B), Work("Foam", C)],
    ),
    "titles without and one with an address, line by line": (
        f"My seas\n\nWaves\nSlow tides\nHigh waves?\nFoam\n{A}\n\nSalt\n{B}\n",
        [
            Work("Slow tides", section=("Waves",)),
            Work("High waves?", section=("Waves",)),
            Work("Foam", A, section=("Waves",)),
            Work("Salt", B),
        ],
    ),
    "titles, people and addresses line by line": (
        f"Slow tides\nVera Halm\n{A}\nHigh waves\nUdo Kern\n{B}\n",
        [Work("Slow tides", A), Work("High waves", B)],
    ),
    "a sentence above titles and addresses": (
        f"This is what I read in the summer, by the sea.\nSlow tides\n{A}\nHigh waves\n{B}\n",
        [Work("Slow tides", A), Work("High waves", B)],
    ),
    "addresses alone below a heading": (
        f"Seas to read:\n{A}\n{B}\n",
        [Work("arXiv:2105.00001", A, section=("Seas to read",)), Work("arXiv:2105.00002", B)],
    ),
    "addresses above their titles": (
        f"{A}\nSlow tides\n{B}\nHigh waves\n",
        [Work("arXiv:2105.00001", A), Work("arXiv:2105.00002", B)],
    ),
    "sections with a colon above titles line by line": (
        "To read:\nTides\nFoam\nA survey of salt (2021)\n\nLater:\nDo waves break?\nVideos:\nSpray\n",
        [
            Work("Tides", section=("To read",)),
            Work("Foam", section=("To read",)),
            Work("A survey of salt", year=2021, section=("To read",)),
            Work("Do waves break?", section=("Later",)),
            Work("Spray", section=("Videos",)),
        ],
    ),
    "sections with a colon above bullets and plain lines": (
        "Week 1:\n- Tides\n- A survey of salt (2021)\n\nWeek 2:\n- Foam\n\nLater:\nSpray\nSand\n",
        [
            Work("Tides", section=("Week 1",)),
            Work("A survey of salt", year=2021, section=("Week 1",)),
            Work("Foam", section=("Week 2",)),
            Work("Spray", section=("Later",)),
            Work("Sand", section=("Later",)),
        ],
    ),
    "a single title below others": (
        "Tides\nFoam\n\nsome paper about salt\n",
        [Work("Tides"), Work("Foam"), Work("some paper about salt")],
    ),
    "titles line by line below a sentence": (
        "What I read in the summer, by the sea.\nTides\nA survey of salt (2021)\n",
        [Work("Tides"), Work("A survey of salt", year=2021)],
    ),
    "titles with a year and a remark below each": (
        "Slow tides (2020)\nwhy the sea goes and comes\n\nA survey of salt (2021)\nwhere it began\n",
        [Work("Slow tides", year=2020), Work("A survey of salt", year=2021)],
    ),
    "titles in double brackets before tags": (
        "- [[Slow tides]] #sea #to-read #new\n- [[High waves]] (2021) #sea\n",
        [Work("Slow tides"), Work("High waves", year=2021)],
    ),
    "labelled titles without blank lines between them": (
        f"Seas\nTitle: Slow tides\nAuthors: Vera Halm\nTitle: Foam\nURL: {A}\nPaper: {PDF}\n",
        [Work("Slow tides", authors=("Vera Halm",), section=("Seas",)), Work("Foam", A)],
    ),
}
