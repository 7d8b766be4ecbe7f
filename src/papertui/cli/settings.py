"""The command that prints the settings of the config file, and the schema that editors read."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import click

from papertui import config
from papertui.cli.context import Settings, as_json, pass_settings, print_data, print_json
from papertui.config import PASS_WORDS, Config
from papertui.core.days import WEEK_STARTS
from papertui.core.follow import Follow

_ON_OFF = {"enum": ["on", "off"]}
_BARE_KEY = re.compile("[A-Za-z0-9_-]+")
_TEXTS = {"type": "array", "items": {"type": "string", "pattern": r"\S"}}


@click.command(epilog="Example: papertui config --json")
@click.option("--schema", is_flag=True, help="Print the JSON schema of the config file.")
@as_json
@pass_settings
def config_command(settings: Settings, schema: bool, as_json: bool) -> None:
    """Print the settings that hold, as the config file would give them.

    A setting with a fault is printed with its default, and named with its line on stderr.
    papertui paths prints where that file is; papertui never writes it. An editor that
    reads the schema completes and checks it.
    """
    if schema:
        from papertui.cli.start import command_names

        print_json(config_schema(command_names()))
        return
    usable, faults = settings.usable_config
    if usable.keys or usable.theme:
        # It loads asyncio, which a config without keys does not need.
        from papertui.system.own_commands import checked_by_app

        usable, of_app = checked_by_app(usable)
        faults = [*faults, *of_app]
    fields = settings_of(usable)
    if as_json:
        print_json(fields)
    else:
        print_data("\n".join(_toml(fields)) + "\n")
    for fault in faults:
        says = f"{config.config_path()}: {fault}"
        end = "" if says.endswith("?") else "."
        click.echo(f"{says}{end} {_UNTIL_MENDED}", err=True)


_UNTIL_MENDED = "Until that is mended, the app takes the default, and other commands wait."


def settings_of(config: Config) -> dict[str, Any]:
    """Return the settings that hold as the config file would give them."""
    fields: dict[str, Any] = {**config._asdict(), "day_start": f"{config.day_start:%H:%M}"}
    fields |= {name: "on" if fields[name] else "off" for name in ("streak", "timer", "recall")}
    fields["recall_parameters"] = list(config.recall_parameters)
    fields["follow"] = {name: list(texts) for name, texts in config.follow._asdict().items()}
    sync = {**config.sync._asdict(), "on": list(config.sync.on)}
    fields["sync"] = {name: value for name, value in sync.items() if name != "every" or value}
    for table in ("keys", "templates"):
        fields[table] = dict(fields[table])
    return {name: value for name, value in fields.items() if value not in (None, [], {})}


def _toml(fields: Mapping[str, Any]) -> Iterator[str]:
    """Yield settings as lines of TOML, tables last."""
    tables = {name: value for name, value in fields.items() if isinstance(value, Mapping)}
    for name, value in fields.items():
        if name not in tables:
            yield f"{name} = {_value(value)}"
    for name, table in tables.items():
        yield f"\n[{name}]"
        for key, value in table.items():
            yield f"{key if _BARE_KEY.fullmatch(key) else _value(key)} = {_value(value)}"


def _value(value: object) -> str:
    """Return a value in TOML, whose texts, numbers and lists of them are those of JSON."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def config_schema(commands: Mapping[str, str]) -> dict[str, Any]:
    """Return the JSON schema of the config file; `commands` are those of the app with a sentence.

    What it accepts, papertui accepts.
    """
    properties: dict[str, Any] = {
        "day_start": {
            "description": "Until when a night's reading counts for the day before.",
            "type": "string",
            "pattern": "^(0[0-5]:[0-5][0-9]|06:00)$",
        },
        "week_start": {"description": "The first day of a week.", "enum": [*WEEK_STARTS]},
        "streak": {"description": "Show the streak.", **_ON_OFF},
        "ascii": {"description": "Draw every sign in ASCII.", "type": "boolean"},
        "theme": {"description": "The name of the colours.", "type": "string"},
        "keys": {
            "description": "Other keys for commands: one, or several with commas.",
            **_keys(commands),
        },
        "timer": {"description": "Sessions measure the time.", **_ON_OFF},
        "templates": {
            "description": "The texts that f7 inserts into a note.",
            "type": "object",
            "properties": {name: {"type": "string"} for name in PASS_WORDS},
            "additionalProperties": False,
        },
        "follow": {
            "description": "New papers: what comes first, and last.",
            "type": "object",
            "properties": {
                **dict.fromkeys(Follow._fields, _TEXTS),
                "categories": {
                    "type": "array",
                    "items": {"type": "string", "pattern": f"^{config.CATEGORY}$"},
                },
            },
            "additionalProperties": False,
        },
        "mailto": {
            "description": "Your mail address, which the services of papers are told.",
            "type": "string",
            "pattern": f"^{config.MAIL_ADDRESS}$",
        },
        "recall": {"description": "Ask what you read.", **_ON_OFF},
        "recall_limit": {"description": "Cards at once.", **_numbers("integer", 1, 200)},
        "recall_retention": {
            "description": "The share to recall.",
            **_numbers("number", config.MIN_RETENTION, config.MAX_RETENTION),
        },
        "recall_parameters": {
            "description": "The numbers of FSRS-6 that papertui recall --fit prints.",
            "type": "array",
            "items": {"type": "number"},
            "minItems": config.PARAMETERS,
            "maxItems": config.PARAMETERS,
        },
        "sync": {
            "description": "When the app syncs by itself, and whether notes do.",
            "type": "object",
            "properties": {
                "on": {"type": "array", "items": {"enum": ["start", "quit"]}},
                "every": {"description": "Minutes.", **_numbers("integer", 1, 1440)},
                "notes": {"type": "boolean"},
            },
            "additionalProperties": False,
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "config.toml of papertui",
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
    }


def _keys(commands: Mapping[str, str]) -> dict[str, Any]:
    """Return the schema of a table of keys; ``tree.down`` is a name, and one in a table too."""
    properties: dict[str, Any] = {
        name: {"description": sentence, "type": "string", "pattern": r"\S"}
        for name, sentence in sorted(commands.items())
    }
    tables: dict[str, dict[str, str]] = {}
    for name, sentence in sorted(commands.items()):
        table, dot, inner = name.partition(".")
        if dot:
            tables.setdefault(table, {})[inner] = sentence
    for table, inner_commands in tables.items():
        inner_schema = _keys(inner_commands)
        named = properties.get(table)
        properties[table] = {"anyOf": [named, inner_schema]} if named else inner_schema
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _numbers(kind: str, least: float, most: float) -> dict[str, Any]:
    return {"type": kind, "minimum": least, "maximum": most}
