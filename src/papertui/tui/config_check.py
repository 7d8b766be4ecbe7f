"""The part of the config that only the app can check: keys and theme."""

import json
import sys
from pathlib import Path

from papertui.config import Config, ConfigError, ConfigFault, config_path, line_of, load_usable
from papertui.tui.keymap import usable_keys
from papertui.tui.themes import theme_fault


def app_config(path: Path) -> tuple[Config, list[ConfigFault]]:
    """Return the config of the file at `path`, with defaults in the place of its faults.

    Raises ConfigError if it is not TOML.
    """
    config, faults = load_usable(path)
    config, more = usable_config(config, path)
    return config, [*faults, *more]


def usable_config(config: Config, path: Path) -> tuple[Config, list[ConfigFault]]:
    """Return the config of the file at `path` with defaults for keys and a theme that fail."""
    says = theme_fault(config.theme)
    if not (says or config.keys):
        return config, []
    source = path.read_text(encoding="utf-8", errors="replace") if path.is_file() else ""
    faults = [ConfigFault("theme", says, line_of(source, "theme"))] if says else []
    if config.keys:
        keys, more = usable_keys(config.keys, source)
        config, faults = config._replace(keys=keys), faults + more
    return (config._replace(theme=None) if says else config), faults


def main() -> None:
    """Print the faults that only the app finds, each as a line of JSON, for the shell."""
    path = config_path()
    try:
        _, faults = usable_config(load_usable(path)[0], path)
    except ConfigError:
        return
    for fault in faults:
        sys.stdout.write(json.dumps([fault.name, fault.says, fault.line]) + "\n")


if __name__ == "__main__":
    main()
