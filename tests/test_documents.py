"""The documents name tests and files that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_fault_is_shown_by_tests_that_exist() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    definition = re.compile(r"^(?:(?:async )?def )?(test_\w+)(?:\(| =)", re.MULTILINE)
    tests = {name for source in sources for name in definition.findall(source)}
    lines = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8").splitlines()
    rulers = {number for number, line in enumerate(lines) if line.startswith("| ---")}
    rows = [
        line
        for number, line in enumerate(lines)
        if line.startswith("| ") and not {number, number + 1} & rulers
    ]
    assert len(rows) > 60
    for row in rows:
        files = re.findall(r"`([\w/]+/test_\w+\.py)`", row)
        names = re.findall(r"`(test_\w+)`", row)
        assert files or names, row
        assert set(names) <= tests, row
        assert all((ROOT / "tests" / file).is_file() for file in files), row


def test_the_links_of_the_documents_lead_to_files() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    for document in documents:
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^):#]+)(?:#[^)]*)?\)", text):
            assert (document.parent / target).is_file(), f"{document.name}: {target}"
