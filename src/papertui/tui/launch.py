"""Starting quickly and leaving clean: what Textual's own start and driver cost is saved here."""

import gc
import os
import sys
from pathlib import Path

from papertui.config import Config
from papertui.storage.database import Damaged
from papertui.storage.store import Store

# Longer than a commit of another program takes, shorter than an eye notices.
PATIENCE_OF_SCREEN = 0.05
FRAMES = "240"


def run(database: Path, config: Config) -> int:
    """Run the app on a database until the reader leaves; returns the exit code.

    A damaged database is offered to be mended first.
    """
    # Nothing of what start-up makes is ever garbage: it is not looked through, then or later.
    gc.disable()
    # asyncio brings along what encrypts connections: four megabytes, and the app makes none.
    sys.modules["ssl"] = None  # type: ignore[assignment]
    # What a key changes is painted in two frames, the cursor first; the second need not wait
    # for the sixtieth of a second that Textual keeps between them.
    os.environ.setdefault("TEXTUAL_FPS", FRAMES)
    from papertui.tui.commands import check_keymap

    del sys.modules["ssl"]
    check_keymap(config.keys)
    while True:
        try:
            code, damage = _run(database, config)
        except Damaged as found:
            code, damage = 1, found
        if damage is None:
            return code
        from papertui.tui.rescue import rescue

        if not rescue(damage):
            return 1


def _run(database: Path, config: Config) -> tuple[int, Damaged | None]:
    from papertui.tui.app import PaperTui
    from papertui.tui.terminal import QuietDriver

    def ready() -> None:
        settled()
        from papertui.tui.upkeep import look_after

        look_after(app)

    with Store(database, PATIENCE_OF_SCREEN) as store:
        app = PaperTui(store, config, driver=QuietDriver, ready=ready)
        return app.run_guarded(), app.damage


def settled() -> None:
    """Collect garbage from here on, now that the first screen stands."""
    gc.freeze()
    gc.enable()
