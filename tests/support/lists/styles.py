"""Ten styles in which people write the same list."""

import html
import re
from collections.abc import Callable, Iterator

from tests.support.lists.described import Item, Section

Style = Callable[[tuple[Section, ...]], str]
STYLES: dict[str, Style] = {}


def style(write: Style) -> Style:
    STYLES[write.__name__] = write
    return write


def plain(text: str) -> str:
    """Escape the characters that have a meaning in Markdown."""
    return re.sub(r"([\\`*_\[\]<>|#])", r"\\\1", text)


def main(item: Item, form: str = "abs") -> str:
    """Return the address of a work that a list would give."""
    if item.arxiv:
        version = "v2" if form == "pdf" and item.year % 2 else ""
        return f"https://arxiv.org/{form}/{item.arxiv}{version}"
    return f"https://doi.org/{item.doi}" if item.doi else item.links[0][1]


def further(item: Item) -> tuple[tuple[str, str], ...]:
    """Return the links besides the main one."""
    return item.links if item.arxiv or item.doi else item.links[1:]


def joined(authors: tuple[str, ...]) -> str:
    *first, last = authors
    return f"{', '.join(first)} and {last}" if first else last


def walk(sections: tuple[Section, ...], depth: int = 0) -> Iterator[tuple[int, Section]]:
    for section in sections:
        yield depth, section
        yield from walk(section.sections, depth + 1)


@style
def linked_titles(sections: tuple[Section, ...]) -> str:
    """Write titles as links under headings, with everything that surrounds an awesome list."""
    lines = [
        "# Awesome Reading [![Awesome](https://awesome.re/badge.svg)](https://awesome.re)",
        "",
        "[![Build](https://img.shields.io/badge/build-passing.svg)](https://ci.example.com)"
        " ![GitHub stars](https://img.shields.io/github/stars/example/list.svg)",
        "",
        "> A list of papers that are worth an evening each.",
        "",
        "⭐ = a classic, 🔥 = everybody talks about it",
        "",
        "## Table of Contents",
        "",
        *(f"{'  ' * depth}- [{s.title}](#{s.title.lower()})" for depth, s in walk(sections)),
        "- [Contributing](#contributing)",
    ]
    for number, (depth, section) in enumerate(walk(sections), 1):
        mark = ("🌲 ", "")[number % 2]
        lines += ["", f"{'##' + '#' * depth} {mark}{section.title} ([top](#table-of-contents))", ""]
        for item in section.items:
            more = ", ".join(f"[{label}]({url})" for label, url in further(item))
            lines.append(
                f"- {item.mark + ' ' if item.mark else ''}[{plain(item.title)}]({main(item)})"
                f" — {joined(item.authors)}, {item.venue}{f' ({more})' if more else ''}"
                + (f". {item.note}." if item.note else "")
            )
    return "\n".join(
        [
            *lines,
            "",
            "## Contributing",
            "",
            "- Read the [guidelines](https://github.com/example/list/blob/main/GUIDE.md) first",
            "- [Open an issue](https://github.com/example/list/issues)",
            "",
            "## License",
            "",
            "[![CC0](https://licensebuttons.net/p/zero.svg)](https://creativecommons.org/zero)",
        ]
    )


@style
def roadmap(sections: tuple[Section, ...]) -> str:
    """Write numbered paragraphs with bold titles in quotes."""
    lines, number = ["# A Roadmap of Reading", ""], 0
    for depth, section in walk(sections):
        lines += [f"{'#' * (depth + 1)} {section.title}" if depth else f"# {section.title}", ""]
        for item in section.items:
            links = [("pdf", main(item, "pdf")), *further(item)]
            number += 1
            lines += [
                f'**[{number}]** {joined(item.authors)}. "**{plain(item.title)}**." {item.venue}. '
                + " ".join(f"[[{label}]]({url})" for label, url in links)
                + (f" {item.mark}" if item.mark else ""),
                "",
            ]
    return "\n".join(lines)


@style
def tables(sections: tuple[Section, ...]) -> str:
    """Write a table for each section, under underlined headings."""
    lines = ["Tables of Papers", "=" * 16, ""]
    for depth, section in walk(sections):
        lines += [section.title, "-" * 10] if not depth else [f"### {section.title}"]
        lines += ["", "| | Title | Authors | Venue | Year | Paper | Other links |"]
        lines += ["|:-:|:---|---|---|---|---|---|"]
        for item in section.items:
            links = ", ".join(f"[{label}]({url})" for label, url in further(item))
            lines.append(
                f"| {item.mark or ''} | {plain(item.title)} | {', '.join(item.authors)} |"
                f" {item.venue} | {item.year} | [link]({main(item)}) | {links} |"
            )
        lines.append("")
    return "\n".join(lines)


@style
def nested_bullets(sections: tuple[Section, ...]) -> str:
    """Write sections as bullets, and the data of a work as bullets below it."""
    lines = ["# Nested", ""]
    for depth, section in walk(sections):
        pad = "  " * depth
        lines.append(f"{pad}* **{section.title}**")
        for item in section.items:
            lines += [
                f"{pad}  * {plain(item.title)}{' ' + item.mark if item.mark else ''}",
                f"{pad}    * Authors: {', '.join(item.authors)}",
                f"{pad}    * Year: {item.year}",
                f"{pad}    * Paper: {main(item, 'pdf')}",
                *(f"{pad}    * {label.capitalize()}: <{url}>" for label, url in further(item)),
                *([f"{pad}    * {item.note}."] if item.note else []),
            ]
    return "\n".join(lines)


@style
def bold_in_tiers(sections: tuple[Section, ...]) -> str:
    """Write bold titles on several lines, badges and tiers, the last tier in <details>."""
    lines = [
        "<h1 align='center'>Bold Papers</h1>",
        "",
        "<p align='center'><img src='x.png'></p>",
        "",
    ]
    for depth, section in walk(sections):
        level = depth + 2
        lines += [f"<h{level} id='s{level}'>{html.escape(section.title)}</h{level}>", ""]
        tier = None
        for item in section.items:
            if item.tier != tier:
                lines += ["</details>", ""] if tier == 4 else []
                tier = item.tier
                folded = f"<details><summary><strong>Tier {tier}+</strong></summary>"
                lines += ["", folded if tier == 4 else f"**Tier {tier}**", ""]
            lines += [
                f"1. **{plain(item.title)}** {item.mark or ''}<br>",
                f"   *{', '.join(item.authors)}*<br>",
                f"   {item.venue}. [[Paper]({main(item)})] "
                + " ".join(f"[[{label.title()}]({url})]" for label, url in further(item))
                + f" [![Citations](https://img.shields.io/{item.year}.svg)]({main(item)})",
            ]
        lines += ["", "</details>", ""] if tier == 4 else [""]
    return "\n".join(lines)


@style
def citations(sections: tuple[Section, ...]) -> str:
    """Write references as in a paper, with their links at the end of the file."""
    lines, links, number = ["---", "title: Citations", "---", ""], [], 0
    for depth, section in walk(sections):
        lines += [f"{'#' * (depth + 1)} {number // 10 + 1}. {section.title}", ""]
        for item in section.items:
            number += 1
            labels = []
            for at, (label, url) in enumerate([("paper", main(item)), *further(item)]):
                labels.append(f"[{label}][{number}-{at}]")
                links.append(f"[{number}-{at}]: {url}")
            lines.append(
                f"- {item.mark or ''} {joined(item.authors)} ({item.year}). "
                f"**{plain(item.title)}**. *{item.venue}*. {', '.join(labels)}"
            )
        lines.append("")
    return "\n".join(lines + links)


@style
def plain_text(sections: tuple[Section, ...]) -> str:
    """Write plain text: numbers, quoted titles, labelled lines."""
    lines, number = ["Papers in plain text", "Kept in one file, read with any editor.", ""], 0
    for _, section in walk(sections):
        if section.items:
            lines += [f"{section.title} ({len(section.items)} papers)"]
        for item in section.items:
            number += 1
            lines += [
                f"{number}. {item.authors[0].split(' ')[-1]} et al. in short ({item.venue})",
                f"“{item.title}”",
                f"Authors: {', '.join(item.authors)}",
                f"arXiv: {item.arxiv}v1" if item.arxiv else f"Link: {main(item)}",
                *(f"{label.capitalize()}: {url}" for label, url in further(item)),
                *([f"Summary: {item.note}."] if item.note else []),
            ]
    return "\n".join(lines)


@style
def heading_a_paper(sections: tuple[Section, ...]) -> str:
    """Write a heading for each paper, and fields below."""
    lines = ["# One Heading a Paper", "", "What I read last year, with notes.", ""]
    for depth, section in walk(sections):
        lines += [f"{'##' + '#' * depth} {section.title}", ""]
        for item in section.items:
            lines += [
                f"#### [{plain(item.title)}]({main(item)})",
                "",
                f"*{joined(item.authors)}*, {item.venue}",
                "",
                *(f"- {label}: {url}" for label, url in further(item)),
                "",
                *([f"{item.note}.", ""] if item.note else []),
            ]
    return "\n".join(lines)


@style
def html_lists(sections: tuple[Section, ...]) -> str:
    """Write HTML, which Markdown allows."""
    lines = ["<div><h1>Pages of Papers</h1></div>", ""]
    for depth, section in walk(sections):
        lines += [f"<h{depth + 2}>{html.escape(section.title)}</h{depth + 2}>", "<ul>"]
        for item in section.items:
            more = "".join(f' [<a href="{url}">{label}</a>]' for label, url in further(item))
            lines.append(
                f'<li>{item.mark or ""} <a href="{main(item)}"><b>{html.escape(item.title)}</b></a>'
                f", {html.escape(joined(item.authors))}, {item.venue}{more}</li>"
            )
        lines += ["</ul>", ""]
    return "\n".join(lines)


@style
def links_first(sections: tuple[Section, ...]) -> str:
    """Write year and links before the title, authors after it, and sections as bold lines."""
    lines = ["# Links First", "", "- to be extended", "", "- send me more", ""]
    for depth, section in walk(sections):
        lines += [f"## {section.title}" if not depth else f"**{section.title}:**", ""]
        for item in section.items:
            links = [("PDF", main(item, "pdf")), *further(item)]
            lines.append(
                f"+ {item.mark or ''} [{item.year}/0{1 + item.year % 9}] "
                + " ".join(f"[{label}]({url})" for label, url in links)
                + f" *{plain(item.title)}* ({joined(item.authors)}, {item.venue})"
            )
        lines.append("")
    return "\n".join(lines)
