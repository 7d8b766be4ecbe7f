"""The words that tell what a part of a reading list is, as the file beside this one has them."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

_TABLES = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def _sets(table: str) -> Mapping[str, frozenset[str]]:
    return {
        name: frozenset(word.replace("_", " ") for word in words.split())
        for name, words in _TABLES[table].items()
    }


WORDS = _sets("words")
HOSTS = _sets("hosts")
KINDS = _sets("kinds")
FIELDS = _sets("fields")
COLUMNS = _sets("columns")
TITLES = _sets("titles")


def one_of(words: str) -> str:
    """Return the pattern of any of these `words`."""
    return "|".join(map(re.escape, sorted(WORDS[words])))
