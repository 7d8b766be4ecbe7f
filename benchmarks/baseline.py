"""The baseline: the least that a Textual app with a tree and a pane does."""

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import Markdown, Tree

SECTIONS, LEAVES_PER_SECTION = 15, 10
PAGE = """\
# A work

Ann Author, Ben Author and Cem Author · 2020

- **Kind**: paper
- **Difficulty**: Intermediate

Some lines about the work, long enough to wrap in a pane of half the screen, with
*emphasis* and `code` as such pages have them.

> And a sentence that is quoted.
"""


class Baseline(App[None]):
    """A tree of 150 leaves in 15 open sections, beside a pane that never changes."""

    CSS = "Tree { width: 5fr; } Markdown { width: 6fr; }"

    def compose(self) -> ComposeResult:
        """Yield the tree and the pane, side by side."""
        tree: Tree[None] = Tree("Works")
        tree.root.expand()
        for section in range(1, SECTIONS + 1):
            node = tree.root.add(f"Section {section}", expand=True)
            for leaf in range(1, LEAVES_PER_SECTION + 1):
                node.add_leaf(f"A work with a title of usual length, {section}.{leaf}")
        with Horizontal():
            yield tree
            yield Markdown(PAGE)


if __name__ == "__main__":
    Baseline().run()
