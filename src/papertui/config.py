"""config.toml, which only the reader writes, and the paths of papertui's files."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from papertui.core.days import DAY_START, WEEK_STARTS, reading_day
from papertui.core.follow import Follow
from papertui.core.text import safe_line, shorten
from papertui.errors import PapertuiError

PASS_WORDS = ("first", "second", "third")
_MAX_SHOWN = 60
MIN_RETENTION, MAX_RETENTION = 0.7, 0.97
PARAMETERS = 21  # of FSRS-6
# Archives have no point: quant-ph, or cs for all categories of computer science.
CATEGORY = r"[a-z]+(-[a-z]+)*(\.[A-Za-z-]{2,20})?"
MAIL_ADDRESS = r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+"


class ConfigError(PapertuiError):
    """A config file that cannot be used; the message names every fault."""


class ConfigFault:
    """A field of the config file that cannot be used, what is wrong with it, and on which line.

    The line is 0 if it cannot be told. It is a plain class, as every command defines it and
    hardly one makes any.
    """

    def __init__(self, name: str, says: str, line: int = 0) -> None:
        self.name = name
        self.says = says
        self.line = line

    def __str__(self) -> str:
        """Return the fault as a part of a sentence."""
        return f"{f'line {self.line}: ' * bool(self.line)}{self.name}: {self.says}"


class Syncing(NamedTuple):
    """When the app syncs by itself, and whether notes go to the other devices.

    `on` holds "start" and "quit"; `every` is in minutes, 0 for never.
    """

    on: tuple[str, ...] = ()
    every: int = 0
    notes: bool = True


class Config(NamedTuple):
    """The reader's settings.

    `day_start`: the time until which a night's reading counts for the day before.
    `week_start`: "mon", "sat" or "sun". `streak`: show it.
    `ascii`: draw every screen with ASCII signs. `theme`: the name of the colours; by default
    those chosen in the palette. `keys`: other keys for commands.
    `timer`: sessions keep time. `templates`: the beginnings of notes on a
    "first", "second" or "third" pass. `follow`: the categories of arXiv that new papers
    come from, the authors and words that put one first, and those that put one last.
    `mailto`: the mail address that the services of papers are told, which serve those who
    give one sooner; none by default. `recall`: ask what was read, at most `recall_limit`
    cards at once, so that the share `recall_retention` is recalled; `recall_parameters` of
    FSRS-6 take the place of its usual ones. `sync`: when the app syncs, and whether notes do.
    """

    day_start: time = DAY_START
    week_start: str = "mon"
    streak: bool = True
    ascii: bool = False
    theme: str | None = None
    keys: Mapping[str, str] = MappingProxyType({})
    timer: bool = True
    templates: Mapping[str, str] = MappingProxyType({})
    follow: Follow = Follow()
    mailto: str | None = None
    recall: bool = True
    recall_limit: int = 20
    recall_retention: float = 0.9
    recall_parameters: tuple[float, ...] = ()
    sync: Syncing = Syncing()

    def today(self, now: datetime) -> date:
        """Return the reading day at `now`, local time: the one today there is."""
        return reading_day(now, self.day_start)

    def night_until(self, now: datetime) -> time | None:
        """Return when the clock's day begins as a reading day, None if it has begun."""
        return self.day_start if self.today(now) < now.date() else None


def database_path() -> Path:
    """Return the path of the database: `PAPERTUI_DB`, or the user's data folder.

    Raises ConfigError for a user who has no home.
    """
    return _named("PAPERTUI_DB") or _folder("user_data_path") / "papertui.db"


def command_line(*words: str) -> str:
    """Return a papertui command as the reader types it, for the database that is in use."""
    # Few commands say how another one is typed.
    from shlex import join

    named = _named("PAPERTUI_DB")
    return join(["papertui", *(["--db", str(named)] if named else []), *words])


def backups_folder(database: Path) -> Path:
    """Return the folder of a database's backups: beside the file itself, not a link to it."""
    return Path(os.path.realpath(database)).parent / "backups"


def config_path() -> Path:
    """Return the path of the config file: `PAPERTUI_CONFIG`, or the user's config folder.

    Raises ConfigError for a user who has no home.
    """
    return _named("PAPERTUI_CONFIG") or _folder("user_config_path") / "config.toml"


def log_path() -> Path:
    """Return the path of the crash log: beside a database that is named, else the user's own.

    Raises ConfigError for a user who has no home.
    """
    if named := _named("PAPERTUI_DB"):
        database = Path(os.path.realpath(named))
        return database.with_name(f"{database.name}.crash.log")
    return _folder("user_log_path") / "crash.log"


def cache_folder() -> Path:
    """Return the folder of answers of services: `PAPERTUI_CACHE`, or the user's cache folder.

    Raises ConfigError for a user who has no home.
    """
    return _named("PAPERTUI_CACHE") or _folder("user_cache_path")


def _named(variable: str) -> Path | None:
    return Path(named) if (named := os.environ.get(variable)) else None


def _folder(kind: str) -> Path:
    import platformdirs

    try:
        folder: Path = getattr(platformdirs, kind)("papertui", appauthor=False)
    except RuntimeError as error:
        raise ConfigError(
            "You have no home folder: set HOME, or PAPERTUI_DB and PAPERTUI_CONFIG."
        ) from error
    return folder


def load(path: Path) -> Config:
    """Return the configuration in the file at `path`, the default if there is none.

    Raises ConfigError for a file that is not TOML or holds what papertui does not know.
    """
    return without_faults(*load_usable(path), path)


def without_faults(config: Config, faults: Sequence[ConfigFault], path: Path) -> Config:
    """Return the configuration in the file at `path`. Raises ConfigError if it has faults."""
    if faults:
        raise ConfigError(
            f"{path}: {'; '.join(map(str, faults))}; nothing was done: mend it first."
        )
    return config


def load_usable(path: Path) -> tuple[Config, list[ConfigFault]]:
    """Return the configuration in the file at `path`, with defaults in the place of faults.

    Raises ConfigError for a file that is not TOML.
    """
    try:
        source = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Config(), []
    except OSError as error:
        raise ConfigError(f"Cannot read {path}: {error.strerror}.") from error
    import tomllib

    try:
        data = tomllib.loads(text := source.decode())
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}: line {line} is not UTF-8: save the file as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {_not_toml(str(error), text)}") from error
    except RecursionError:
        raise ConfigError(
            f"{path} is not TOML: it is nested too deeply; take brackets out."
        ) from None
    except ValueError:
        raise ConfigError(
            f"{path} is not TOML: it holds a number that is too long; shorten it."
        ) from None
    if isinstance(keys := data.get("keys"), dict):
        data["keys"] = _flat(keys)
    faults = [
        ConfigFault(name, safe_line(says), line_of(text, name)) for name, says in _faults(data)
    ]
    for fault in faults:
        table, _, name = fault.name.partition(".")
        if name and isinstance(data.get(table), dict):
            data[table].pop(name, None)
        else:
            data.pop(table, None)
    if "day_start" in data:
        data["day_start"] = time.fromisoformat(data["day_start"])
    for switch in {"streak", "timer", "recall"} & data.keys():
        data[switch] = data[switch] == "on"
    if "recall_parameters" in data:
        data["recall_parameters"] = tuple(map(float, data["recall_parameters"]))
    if "follow" in data:
        texts = {name: tuple(dict.fromkeys(value)) for name, value in data["follow"].items()}
        if "categories" in texts:
            texts["categories"] = tuple(dict.fromkeys(map(_category, texts["categories"])))
        data["follow"] = Follow(**texts)
    if "sync" in data:
        data["sync"] = Syncing(**{**data["sync"], "on": tuple(data["sync"].get("on", ()))})
    return Config(**data), faults


def _not_toml(says: str, text: str) -> str:
    """Return which line of a text is not TOML and what to do, given what the parser says."""
    place = re.search(r"at line (\d+)", says)
    lines = text.splitlines()
    number = int(place[1]) if place else max(1, len(lines))
    line = safe_line(lines[number - 1]).strip() if number <= len(lines) else ""
    shown = f", {shorten(line, _MAX_SHOWN)}," if line else ""
    until = "\n".join(lines[:number])
    if "Invalid value" in says and until.count("[") > until.count("]"):
        says = "Unclosed array"
    elif line.endswith("="):
        says = "No value"
    do = next(do for words, do in _REMEDIES if re.search(words, says))
    return f"line {number}{shown} is not TOML: {do}."


# What the parser's messages begin with, and what is to be done.
_REMEDIES = (
    ("Invalid value", 'a text needs quotes, such as "nord", and true and false small letters'),
    ("Unterminated|Illegal", "a text ends on its line, with the quote that it begins with"),
    ("Unescaped|hex|scalar", r"write \\ for \, or put the text in single quotes"),
    ("Cannot|Duplicate", "it is given a second time; keep one of the two"),
    ("Unclosed|at end of document", "close the bracket or quote that was opened before"),
    ("No value", "write a value behind the = or take the line out"),
    ("date or datetime", "put a date or a time in quotes"),
    ("", 'write NAME = VALUE, such as theme = "nord", [TABLE], or # before a remark'),
)


def _flat(table: Mapping[str, Any], before: str = "") -> dict[str, Any]:
    """Return a table without tables in it: ``tree.down`` is a name, as it is in quotes."""
    flat: dict[str, Any] = {}
    for name, value in table.items():
        inner = _flat(value, f"{before}{name}.") if isinstance(value, dict) else {}
        flat |= inner or {f"{before}{name}": value}
    return flat


def line_of(source: str, name: str) -> int:
    """Return the number of the line of a TOML file that gives a field its value, or else 0."""
    table = ""
    for number, line in enumerate(source.splitlines(), 1):
        if header := re.match(r"\s*\[{1,2}\s*([^\[\]]+?)\s*\]", line):
            table = f"{_bare(header[1])}."
            if _bare(header[1]) == name:
                return number
        elif (key := re.match(r"\s*([\w\"'.\s-]+?)\s*=", line)) and name in (
            f"{table}{_bare(key[1])}",
            f"{table}{_bare(key[1])}".partition(".")[0],
        ):
            return number
    around = name.rpartition(".")[0]
    return line_of(source, around) if around else 0


def _bare(key: str) -> str:
    """Return a key of TOML without its quotes and blanks."""
    return re.sub(r"[\s\"']", "", key)


def _unknown(name: str, known: Iterable[str]) -> str:
    """Return what is wrong with a name that there is not, with the nearest one that there is."""
    from difflib import get_close_matches

    near = get_close_matches(name, known, 1)
    return "is not a known field" + (f": did you mean {near[0]}?" if near else "; take it out")


def _faults(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the name of each field with a fault, and what is wrong with it."""
    for key, value in data.items():
        if key in _RULES:
            words, holds = _RULES[key]
            if not holds(value):
                yield key, f"should be {words}, is {_shown(value)}"
        elif key not in _TABLES:
            yield key, _unknown(key, (*_RULES, *_TABLES))
        elif not isinstance(value, dict):
            yield key, "should be a table"
        elif key == "follow":
            yield from _follow_faults(value)
        elif key == "sync":
            yield from _sync_faults(value)
        else:
            for name, text in value.items():
                if key == "templates" and name not in PASS_WORDS:
                    yield f"{key}.{name}", _unknown(name, PASS_WORDS)
                elif not isinstance(text, str):
                    wanted = 'keys in quotes, such as "o,ctrl+o"' if key == "keys" else "a text"
                    yield f"{key}.{name}", f"should be {wanted}"
                elif key == "keys" and not text.strip():
                    yield f"{key}.{name}", "should name a key, such as ctrl+g"


def _follow_faults(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, texts in table.items():
        if name not in Follow._fields:
            yield f"follow.{name}", _unknown(name, Follow._fields)
        elif not isinstance(texts, list) or not all(map(_is_text, texts)):
            yield f"follow.{name}", 'should be texts in brackets, such as ["one", "two"]'
        elif name == "categories":
            for text in texts:
                if not re.fullmatch(CATEGORY, _category(text)):
                    shown = shorten(repr(text), _MAX_SHOWN)
                    yield "follow.categories", f"{shown} is not a category of arXiv, such as cs.LG"


def _sync_faults(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if name not in _SYNC_RULES:
            yield f"sync.{name}", _unknown(name, _SYNC_RULES)
        elif not _SYNC_RULES[name][1](value):
            words = _SYNC_RULES[name][0]
            yield f"sync.{name}", f"should be {words}, is {_shown(value)}"


def _shown(value: object) -> str:
    """Return a value as it is written, and that a text needs quotes if that is what it lacks."""
    if isinstance(value, bool | date | time):
        written = str(value).lower() if isinstance(value, bool) else value.isoformat()
        return f"{written} without quotes"
    return shorten(repr(value), _MAX_SHOWN)


def _category(text: str) -> str:
    """Return a category of arXiv as arXiv spells it: cs.LG."""
    archive, dot, subject = text.strip().partition(".")
    subject = subject.upper() if len(subject) == 2 else subject.lower()
    if dot:
        return f"{archive.lower()}.{subject}"
    return archive.lower() if "-" in archive else archive


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_day_start(value: object) -> bool:
    try:
        return isinstance(value, str) and time.fromisoformat(value) <= time(6)
    except (TypeError, ValueError):
        return False


def _is_mail_address(value: object) -> bool:
    return isinstance(value, str) and bool(re.fullmatch(MAIL_ADDRESS, value))


def _is_retention(value: object) -> bool:
    return isinstance(value, int | float) and MIN_RETENTION <= value <= MAX_RETENTION


def _are_parameters(value: object) -> bool:
    numbers = value if isinstance(value, list) else ()
    return len(numbers) == PARAMETERS and all(type(each) in (int, float) for each in numbers)


_TABLES = ("keys", "templates", "follow", "sync")
_ON_OFF = ("on", "off")
_SYNC_RULES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "on": (
        '"start", "quit" or both in brackets',
        lambda v: isinstance(v, list) and all(each in ("start", "quit") for each in v),
    ),
    "every": ("minutes from 1 to 1440", lambda v: type(v) is int and 0 < v <= 1440),
    "notes": ("true or false", lambda v: isinstance(v, bool)),
}
_RULES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "day_start": ('a time from "00:00" to "06:00"', _is_day_start),
    "week_start": ("one of mon, sat, sun", lambda value: value in tuple(WEEK_STARTS)),
    "streak": ("one of on, off", lambda value: value in _ON_OFF),
    "ascii": ("true or false", lambda value: isinstance(value, bool)),
    "theme": ("the name of a theme", lambda value: isinstance(value, str)),
    "timer": ("one of on, off", lambda value: value in _ON_OFF),
    "mailto": ("a mail address", _is_mail_address),
    "recall": ("one of on, off", lambda value: value in _ON_OFF),
    "recall_limit": ("a number from 1 to 200", lambda v: type(v) is int and 0 < v <= 200),
    "recall_retention": (f"a number from {MIN_RETENTION} to {MAX_RETENTION}", _is_retention),
    "recall_parameters": (f"the {PARAMETERS} numbers of FSRS-6", _are_parameters),
}
