"""The floor: the least a Textual app with a tree and a pane does."""

from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.widgets import Markdown, Tree

SECTIONS, LEAVES = 15, 10
PAGE = """\
# A work

Ann Author, Ben Author and Cem Author · 2020

- **Kind**: paper
- **Difficulty**: Intermediate

Some lines about the work, long enough to be wrapped in a pane of half the screen,
with *emphasis* and `code` as such pages have them.

> And a sentence that is quoted.
"""


class Floor(App[None]):
    """150 leaves in 15 open sections; the pane stays as it is."""

    CSS = "Tree { width: 5fr; } Markdown { width: 6fr; }"

    def compose(self) -> ComposeResult:
        """Make tree and pane."""
        tree: Tree[None] = Tree("Works")
        tree.root.expand()
        for section in range(1, SECTIONS + 1):
            node = tree.root.add(f"Section {section}", expand=True)
            for leaf in range(1, LEAVES + 1):
                node.add_leaf(f"A work with a title of usual length, {section}.{leaf}")
        with Horizontal():
            yield tree
            yield Markdown(PAGE)


if __name__ == "__main__":
    Floor().run()
