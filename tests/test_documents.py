"""What the documents say is there is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_fault_is_shown_by_tests_that_exist() -> None:
    written = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "tests").glob("test_*.py"))
    tests = set(re.findall(r"^(?:async )?def (test_\w+)", written, re.MULTILINE))
    page = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
    rows = [row for row in page.splitlines() if row.startswith("| ") and "---" not in row]
    faults = [row for row in rows if not row.startswith("| fault ")]
    assert len(faults) > 50
    for row in faults:
        shown_by = re.findall(r"`(test_[\w.]+)`", row)
        assert shown_by, row
        assert {name for name in shown_by if not name.endswith(".py")} <= tests, row
