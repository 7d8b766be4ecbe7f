import subprocess
import sys

LATER = (
    "help",
    "import_list",
    "keep_up",
    "note_editor",
    "progress",
    "rescue",
    "session",
    "versions",
)
START = """
import sys
from papertui.tui import launch
assert "textual" not in sys.modules
with launch._without_ssl():
    from papertui.tui.config_check import usable_config
from papertui.tui.app import PaperTui
print(*sys.modules)
"""


def test_the_start_loads_only_what_the_first_screen_needs() -> None:
    start = subprocess.run(
        [sys.executable, "-c", START], capture_output=True, encoding="utf-8", check=True
    )
    loaded = set(start.stdout.split())
    assert "papertui.tui.screens.library" in loaded
    assert not {"ssl", "textual.widgets._text_area"} & loaded
    assert not {f"papertui.tui.screens.{name}" for name in LATER} & loaded
