"""A work as a Markdown file with YAML front matter, for Obsidian and similar programs."""

import re
from collections.abc import Iterator
from datetime import date
from hashlib import blake2b

from papertui.core.catalog import Work
from papertui.core.records import WorkRecord
from papertui.core.text import fold, safe_line
from papertui.exporters.exported_work import ExportedWork, saved_at

MAX_STEM = 80
_PLAIN_STEM = re.compile(r"[a-z0-9_][a-z0-9._-]*")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
_ESCAPED = re.compile(r'[\\"\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]')


def file_name(citekey: str) -> str:
    """Return the name of a work's file, safe on every system; two citekeys never share one."""
    stem = re.sub(r"[^a-z0-9._-]+", "-", fold(citekey)).lstrip(".-")
    if stem != citekey or len(stem) > MAX_STEM or not _is_plain(stem):
        digest = blake2b(citekey.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        stem = stem[: MAX_STEM - len(digest) - 1].rstrip(".-")
        stem = f"{stem if _is_plain(stem) else 'work'}-{digest}"
    return f"{stem}.md"


def _is_plain(stem: str) -> bool:
    return bool(_PLAIN_STEM.fullmatch(stem)) and not _RESERVED.match(stem)


def dumps(exported: ExportedWork) -> str:
    """Return the file of a work: its facts as front matter, its summary, the reader's notes."""
    work, record = exported.work, exported.record
    parts = [
        "\n".join(["---", *_front_matter(exported), "---"]),
        f"# {safe_line(work.title)}",
        *_prose(work),
    ]
    for note in record.notes:
        parts += [f"## Note of {saved_at(note, work.kind)}", note.body.strip("\n")]
    return "\n\n".join(part for part in parts if part) + "\n"


def _front_matter(exported: ExportedWork) -> Iterator[str]:
    work, record = exported.work, exported.record
    fields: dict[str, str | int | date | list[str] | None] = {
        "title": work.title,
        "aliases": [work.title, *work.aliases],
        "citekey": work.citekey,
        "authors": exported.authors,
        **exported.facts(),
        "queued": True if record.rank is not None else None,
        "passes": exported.passes(),
        "minutes": exported.minutes or None,
        "last_read": exported.last_read,
        "tags": ["papertui", *dict.fromkeys(map(_tag, exported.paths))],
    }
    for name, value in fields.items():
        if isinstance(value, list):
            if value:
                yield f"{name}:"
                yield from (f"  - {_scalar(item)}" for item in value)
        elif value is not None:
            yield f"{name}: {_scalar(value)}"


def _scalar(value: str | int | date | bool) -> str:
    """Return a value as YAML; in double quotes, nothing in a text has a special meaning."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | date):
        return str(value)
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    return f"\\{char}" if char in '\\"' else f"\\U{ord(char):08x}"


def _tag(path: str) -> str:
    """Return the path of a section as a tag without blanks, nested in `papertui`."""
    parts = ("-".join(re.findall(r"[^\W_]+", fold(part))) for part in path.split("/"))
    return "/".join(["papertui", *filter(None, parts)])


def _prose(work: Work) -> Iterator[str]:
    yield work.summary or ""
    yield f"**The idea:** {work.insight}" if work.insight else ""
    yield f"**Why it matters:** {work.matters}" if work.matters else ""


def explanation(work: Work, record: WorkRecord) -> str:
    """Return an explanation of a work to send to somebody: its idea and the reader's notes."""
    names = ", ".join(work.authors[:3]) + (" and others" if len(work.authors) > 3 else "")
    by = ", ".join(part for part in (names, str(work.year or "")) if part)
    page = f"<{work.page}>" if work.page else ""
    parts = [
        f"## {work.title}",
        " · ".join(part for part in (by, page) if part),
        *_prose(work),
        *(["**My notes:**"] if record.notes else []),
        *(note.body.strip() for note in record.notes),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
