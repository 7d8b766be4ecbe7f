"""What the documents say is there is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_fault_is_shown_by_tests_that_exist() -> None:
    written = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").glob("test_*.py"))
    tests = set(re.findall(r"^(?:(?:async )?def )?(test_\w+)(?:\(| =)", written, re.MULTILINE))
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    lines = page.splitlines()
    heads = {at - 1 for at, line in enumerate(lines) if line.startswith("| ---")}
    rows = [
        line for at, line in enumerate(lines) if line.startswith("| ") and not {at, at - 1} & heads
    ]
    assert len(rows) > 60
    for row in rows:
        shown_by = re.findall(r"`(test_[\w.]+)`", row)
        assert shown_by, row
        assert {name for name in shown_by if not name.endswith(".py")} <= tests, row
