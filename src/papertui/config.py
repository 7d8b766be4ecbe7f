"""config.toml, written by the reader alone, and where papertui's files lie."""

import os
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from papertui.core import streaks
from papertui.errors import PapertuiError

if TYPE_CHECKING:
    from papertui.core.shape import Check

PASS_WORDS = ("first", "second", "third")


class ConfigError(PapertuiError):
    """A config file that cannot be used; the message names every fault."""


class Config(NamedTuple):
    """What the reader may set.

    `day_start`: until when a night's reading counts for the day before.
    `week_start`: "mon", "sat" or "sun". `streak`: whether it is shown.
    `ascii`: draw the tree without symbols. `keys`: other keys for commands.
    `timer`: whether sessions keep time. `templates`: what a note of a "first",
    "second" or "third" pass begins with.
    """

    day_start: time = streaks.DAY_START
    week_start: str = "mon"
    streak: bool = True
    ascii: bool = False
    keys: Mapping[str, str] = MappingProxyType({})
    timer: bool = True
    templates: Mapping[str, str] = MappingProxyType({})

    def today(self, now: datetime) -> date:
        """Return the reading day at `now`, local time: the one today there is."""
        return streaks.reading_day(now, self.day_start)


def database_path() -> Path:
    """Return where the database lies: `PAPERTUI_DB`, or the user's data folder.

    Raises ConfigError for a user who has no home.
    """
    return _named("PAPERTUI_DB") or _folder("user_data_path") / "papertui.db"


def backups_folder(database: Path) -> Path:
    """Return where the backups of a database lie: beside the file itself, not a link to it."""
    return Path(os.path.realpath(database)).parent / "backups"


def config_path() -> Path:
    """Return where the config file lies: `PAPERTUI_CONFIG`, or the user's config folder.

    Raises ConfigError for a user who has no home.
    """
    return _named("PAPERTUI_CONFIG") or _folder("user_config_path") / "config.toml"


def log_path() -> Path:
    """Return where the details of a crash go. Raises ConfigError for a user who has no home."""
    return _folder("user_log_path") / "crash.log"


def _named(variable: str) -> Path | None:
    named = os.environ.get(variable)
    return Path(named) if named else None


def _folder(kind: str) -> Path:
    import platformdirs

    try:
        found: Path = getattr(platformdirs, kind)("papertui", appauthor=False)
    except RuntimeError as error:
        raise ConfigError(
            "You have no home folder: set HOME, or PAPERTUI_DB and PAPERTUI_CONFIG."
        ) from error
    return found


def load(path: Path) -> Config:
    """Return the configuration in the file at `path`, the default where there is none.

    Raises ConfigError for a file that is not TOML or holds what papertui does not know.
    """
    try:
        source = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Config()
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror}.") from error
    import tomllib

    try:
        data = tomllib.loads(source.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}.") from error
    except RecursionError:
        raise ConfigError(f"{path} is not TOML: it is nested too deeply.") from None
    except ValueError:
        raise ConfigError(f"{path} is not TOML: it holds a number that is too long.") from None
    if faults := list(_shape()(data)):
        raise ConfigError(f"{path}: " + "; ".join(map(str, faults)) + ".")
    default = Config()
    return Config(
        day_start=time.fromisoformat(data["day_start"])
        if "day_start" in data
        else default.day_start,
        week_start=data.get("week_start", default.week_start),
        streak=data.get("streak", "on") == "on",
        ascii=data.get("ascii", default.ascii),
        keys=data.get("keys", default.keys),
        timer=data.get("timer", "on") == "on",
        templates=data.get("templates", default.templates),
    )


def _shape() -> "Check":
    from papertui.core import shape

    return shape.record(
        {
            "day_start": shape.that('a time from "00:00" to "06:00"', _is_day_start),
            "week_start": shape.one_of(*streaks.WEEK_STARTS),
            "streak": shape.one_of("on", "off"),
            "ascii": shape.flag,
            "keys": shape.table(shape.text),
            "timer": shape.one_of("on", "off"),
            "templates": shape.record(dict.fromkeys(PASS_WORDS, shape.prose)),
        }
    )


def _is_day_start(value: object) -> bool:
    try:
        return isinstance(value, str) and time.fromisoformat(value) <= time(6)
    except (TypeError, ValueError):
        return False
