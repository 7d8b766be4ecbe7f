"""The manual page is made from the commands as they are."""

import runpy
import shutil
import subprocess

import pytest

from papertui.core.shell_commands import COMMANDS
from tests.test_documents import ROOT

SCRIPT = runpy.run_path(str(ROOT / "scripts" / "manual.py"))
PAGE = ROOT / "docs" / "papertui.1"


def test_the_manual_page_is_that_of_the_commands_and_make_man_renews_it() -> None:
    assert PAGE.read_text(encoding="utf-8") == SCRIPT["manual"]()


def test_the_manual_page_has_every_command_and_its_options() -> None:
    page = SCRIPT["manual"]().replace("\\-", "-")
    for name in COMMANDS:
        assert f".SS papertui {name} " in page
    assert ".SS papertui session start " in page
    assert ".B --pdf\nOpen the PDF instead of the abstract page.\n" in page


@pytest.mark.skipif(not shutil.which("groff"), reason="groff is not here")
def test_man_shows_the_page_without_a_complaint() -> None:
    result = subprocess.run(
        ["groff", "-man", "-Tutf8", "-ww", "-z", PAGE],
        capture_output=True,
        check=True,
    )
    assert result.stderr == b""
