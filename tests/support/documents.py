"""The documents that users read."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
# Those whose tables tell the keys of the app.
KEYS = [ROOT / "docs" / name for name in ("keys.md", "new-papers.md", "recall.md")]


def key_tables() -> str:
    """Return the documents that tell the keys."""
    return "\n".join(path.read_text(encoding="utf-8") for path in KEYS)


def commands_of(document: Path) -> list[list[str]]:
    """Return the words of each papertui command in a document's blocks for the shell."""
    text = document.read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:sh)?\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    typed = [shlex.split(line, comments=True) for line in lines if line.startswith("papertui")]
    return [words[1:] for words in typed]
