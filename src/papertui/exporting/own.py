"""All that is the reader's in papertui's own format: JSON that imports again.

``{"papertui": 1, "exported": …, "works": {…}, "settings": {…}, "events": […]}``:
`events` is the journal, whole, from which all else follows; `works`, those
that do not come with papertui, are there for other programs.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from math import isfinite
from typing import Any

from papertui.journal import Event
from papertui.text import escaped

FORMAT = 1


def document(
    events: Iterable[Event],
    works: Mapping[str, Mapping[str, Any]],
    settings: Mapping[str, str],
    moment: datetime,
) -> str:
    """Return the export of a journal as JSON, an event to a line."""
    head = {"exported": moment.isoformat(timespec="seconds"), "works": works, "settings": settings}
    parts = [f'"papertui": {FORMAT}', *(f"{_json(key)}: {_json(head[key])}" for key in head)]
    lines = ",\n".join(_json(_fields(event)) for event in events)
    return "{" + ",\n".join([*parts, f'"events": [\n{lines}\n]']) + "}\n"


def _fields(event: Event) -> dict[str, Any]:
    return {name: _finite(getattr(event, name)) for name in Event._fields}


def _finite(value: Any) -> Any:
    """Return `value` without what no JSON can hold; the fold passes over it either way."""
    if isinstance(value, float) and not isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {key: _finite(item) for key, item in value.items()}
    return [_finite(item) for item in value] if isinstance(value, list | tuple) else value


def _json(value: Any) -> str:
    return escaped(json.dumps(value, ensure_ascii=False))
