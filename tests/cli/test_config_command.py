"""The settings that hold, and the schema of the config file."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from papertui.cli.settings import _toml, config_schema, settings_of
from papertui.cli.start import command_names
from papertui.config import Config, ConfigError, load
from papertui.tui.config_check import app_config
from tests.support.shell import data, run

ROOT = Path(__file__).parents[2]
SCHEMA = config_schema(command_names())
VALIDATOR = Draft202012Validator(SCHEMA)

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20)
VALUES: Any = st.one_of(
    st.none().map(lambda _: {}), st.booleans(), st.integers(-5, 1500), TEXT,
    st.sampled_from(["on", "off", "mon", "sat", "04:00", "06:00", "06:01", "a@b.org", "nord"]),
    st.floats(-1, 2).filter(lambda number: not number.is_integer()),
    st.lists(st.sampled_from(["start", "quit", "cs.LG", "cs", "LG", "", " ", "x"]), max_size=3),
    st.lists(st.floats(0.1, 0.9), min_size=20, max_size=22),
    st.dictionaries(
        st.sampled_from(["first", "categories", "words", "on", "every", "notes", "queue", "x"]),
        st.one_of(
            st.booleans(), st.integers(0, 1441), st.sampled_from(["a", " "]),
            st.lists(st.sampled_from(["start", "quit", "cs.LG", "LG", " ", "x"]), max_size=2),
        ),
        max_size=2,
    ),
)  # fmt: skip


def loaded(fields: dict[str, Any], path: Path) -> Config:
    path.write_text("\n".join(_toml(fields)), encoding="utf-8")
    assert tomllib.loads(path.read_text(encoding="utf-8")) == fields
    return load(path)


@given(fields=st.dictionaries(st.sampled_from([*Config._fields, "colour"]), VALUES, max_size=3))
def test_the_schema_accepts_what_papertui_accepts(
    fields: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    try:
        config = loaded(fields, tmp_path_factory.getbasetemp() / "config.toml")
    except ConfigError:
        assert not VALIDATOR.is_valid(fields)
        return
    names = set(config.keys)
    assert VALIDATOR.is_valid(fields) or not names <= set(command_names())
    assert loaded(settings_of(config), tmp_path_factory.getbasetemp() / "again.toml") == config


def test_every_setting_is_in_the_schema() -> None:
    assert set(SCHEMA["properties"]) == set(Config._fields)


def test_the_examples_of_the_documents_are_valid_and_accepted(tmp_path: Path) -> None:
    examples = [
        example
        for document in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
        for example in re.findall(r"```toml\n(.*?)```", document.read_text("utf-8"), re.DOTALL)
    ]
    assert len(examples) >= 4
    for example in examples:
        VALIDATOR.validate(tomllib.loads(example))
        (tmp_path / "example.toml").write_text(example, encoding="utf-8")
        assert app_config(tmp_path / "example.toml")[1] == []


def test_categories_are_spelt_as_arxiv_spells_them(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    names = ["cs.lg", "CS.LG", "cond-mat.MTRL-sci", "Quant-PH"]
    path.write_text(f"[follow]\ncategories = {json.dumps(names)}\n", encoding="utf-8")
    assert load(path).follow.categories == ("cs.LG", "cond-mat.mtrl-sci", "quant-ph")


def test_the_settings_that_hold_are_printed_as_the_file_has_them(tmp_path: Path) -> None:
    written = 'week_start = "sat"\n\n[templates]\nfirst = "## Mine\\n"\n'
    (tmp_path / "config.toml").write_text(written, encoding="utf-8")
    printed = run("config").stdout
    assert tomllib.loads(printed) == data("config")
    assert data("config")["week_start"] == "sat"
    assert data("config")["templates"] == {"first": "## Mine\n"}
    assert data("config")["day_start"] == "04:00"


def test_faults_are_named_with_file_line_and_remedy_and_the_defaults_printed(
    tmp_path: Path,
) -> None:
    path = tmp_path / "config.toml"
    # Of the keys and the theme, only the app knows what is wrong.
    written = (
        'streak = 3\nweek_start = "sat"\ntheme = "no"\n\n[keys]\npark = "W"\nqueue = "p"\n'
        'edit = "D"\n\n[sync]\nevery = 0\non = ["start"]\n'
    )
    path.write_text(written, encoding="utf-8")
    result = run("config")
    assert result.exit_code == 0
    holds = tomllib.loads(result.stdout)
    assert holds["streak"] == "on"
    assert holds["week_start"] == "sat"
    assert holds["sync"] == {"on": ["start"], "notes": True}
    assert "theme" not in holds
    loaded(holds, tmp_path / "again.toml")
    assert app_config(tmp_path / "again.toml")[1] == []
    lines = result.stderr.splitlines()
    assert [line.partition(f"{path}: line ")[2][:2] for line in lines] == [
        "1:", "11", "3:", "6:", "7:",
    ]  # fmt: skip
    assert "streak: should be one of on, off, is 3" in lines[0]
    assert "no command is called 'park'" in lines[3]
    assert "choose another" in lines[4]
    assert all("the app takes the default" in line for line in lines)


@pytest.mark.parametrize(
    ("written", "is_known"),
    [
        ('tree.down = "x"', True),
        ('"tree.down" = "x"', True),
        ('tree.down = " "', False),
        ('tree.nowhere = "x"', False),
        ('queue = "x, y"', True),
    ],
)
def test_the_schema_knows_the_names_of_commands_however_they_are_written(
    written: str, is_known: bool
) -> None:
    assert VALIDATOR.is_valid(tomllib.loads(f"[keys]\n{written}")) is is_known


def test_the_schema_names_the_commands_of_the_app() -> None:
    keys = data("config", "--schema")["properties"]["keys"]["properties"]
    assert {"queue", "tree.down", "session.finish"} <= set(keys)
