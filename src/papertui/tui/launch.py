"""Starting quickly and leaving clean: what Textual's own start and driver cost is saved here."""

import gc
from pathlib import Path

from papertui.config import Config
from papertui.store import Store

# Longer than a commit of another program takes, shorter than an eye notices.
PATIENCE_OF_SCREEN = 0.05


def run(database: Path, config: Config) -> int:
    """Run the app on a database until the reader leaves; returns the exit code."""
    # Nothing of what start-up makes is ever garbage: it is not looked through, then or later.
    gc.disable()
    from papertui.tui.app import PaperTui
    from papertui.tui.commands import check_keymap
    from papertui.tui.terminal import QuietDriver

    check_keymap(config.keys)
    with Store(database, PATIENCE_OF_SCREEN) as store:
        app = PaperTui(store, config, driver=QuietDriver, ready=settled)
        app.run()
    return app.return_code or 0


def settled() -> None:
    """Collect garbage from here on, now that the first screen stands."""
    gc.freeze()
    gc.enable()
