"""A work as a Markdown file with YAML front matter, for Obsidian and similar programs."""

import re
import sys
from collections.abc import Iterable, Iterator, MutableMapping, Sequence
from datetime import date
from hashlib import blake2b
from io import StringIO
from typing import TYPE_CHECKING, Any

from papertui.core.catalog import Work
from papertui.core.labels import full_date
from papertui.core.records import Note
from papertui.core.text import file_safe, fold, safe_line
from papertui.errors import Refused
from papertui.exporters.exported_work import ExportedWork, begun_on, of_pass

if TYPE_CHECKING:
    from ruamel.yaml import YAML

MAX_STEM = 80
_PLAIN_STEM = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)")
# A comment, which no program shows.
LINE = "<!-- papertui: what you write below this line stays -->"
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
_TAG = "papertui"


def file_name(key: str) -> str:
    """Return the name of the file of a work with this key, safe on every system.

    Names of two keys differ in more than case if the keys do.
    """
    stem = key
    if len(stem) > MAX_STEM or not _is_plain(stem):
        digest = blake2b(key.lower().encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
        stem = re.sub(r"[^a-z0-9._-]+", "-", fold(key)).lstrip(".-")
        stem = stem[: MAX_STEM - len(digest) - 1].rstrip(".-")
        stem = f"{stem if _is_plain(stem) else 'work'}-{digest}"
    return f"{stem}.md"


def _is_plain(stem: str) -> bool:
    return bool(_PLAIN_STEM.fullmatch(stem)) and not _RESERVED.match(stem.lower())


def dumps(exported: ExportedWork) -> str:
    """Return the file of a work: its facts as front matter, its summary, the reader's notes.

    The reader can go on below its last line.
    """
    return f"{_head(exported, '')}{LINE}\n"


def refreshed(content: bytes, exported: ExportedWork, known_as: str = "") -> bytes:
    """Return a file that was written earlier with what is known now.

    If it is of a work that was merged into this one, it stays `known_as` that work, which an
    undo may bring back.

    What is below papertui's line stays to the byte, and so do fields of the front matter
    that papertui does not write, its own tags and aliases included. Raises Refused as
    `written_citekey` does.
    """
    front_matter, has_returns, below = _parts(content) or ("", False, b"\n")
    head = file_safe(f"{_head(exported, front_matter, known_as)}{LINE}")
    if has_returns:
        head = head.replace("\r\n", "\n").replace("\n", "\r\n")
    return head.encode() + below


def written_citekey(content: bytes) -> str | None:
    """Return papertui's citekey in a file that it wrote, None for the file of another program.

    Raises Refused if its front matter cannot be read.
    """
    parts = _parts(content)
    fields = _fields(parts[0]) if parts else {}
    # The reader's own key is the citekey; papertui's stands beside it.
    citekey = fields.get("papertui") or fields.get("citekey")
    # Without its quotes, which other programs take off, a citekey may be a number.
    return str(citekey) if isinstance(citekey, str | int) else None


def _parts(content: bytes) -> tuple[str, bool, bytes] | None:
    """Return the front matter of a file, whether its lines end in CRLF, all below papertui's line.

    None if the file has no front matter or no such line.
    """
    line = re.search(rb"^%b(?=[ \t\r]*$)" % re.escape(LINE.encode()), content, re.MULTILINE)
    if not line:
        return None
    try:
        head = content[: line.start()].decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused("it is not UTF-8") from None
    front_matter = _FRONT_MATTER.match(head)
    if not front_matter:
        return None
    has_returns = "\r\n" in front_matter[0]
    return front_matter[1].replace("\r\n", "\n"), has_returns, content[line.end() :]


def note_parts(notes: Iterable[Note], kind: str) -> Iterator[str]:
    """Yield a heading with the day and the text of each note on a work of a kind."""
    for note in notes:
        yield f"## Note of {full_date(begun_on(note))}{of_pass(note, kind)}"
        yield note.body.strip("\n")


def _head(exported: ExportedWork, old: str, known_as: str = "") -> str:
    """Return all above the line that the reader writes below; `old` is a former front matter.

    The file is that of the work `known_as`, which may have been merged into this one.
    """
    work, record = exported.work, exported.record
    parts = [f"# {safe_line(work.title)}", *_prose(work), *note_parts(record.notes, work.kind)]
    text = "\n\n".join(part for part in parts if part)
    # The first such line is the one that the reader writes below.
    text = text.replace(LINE, LINE.replace(" ", "", 1))
    return f"---\n{_front_matter(exported, old, known_as)}---\n\n{text}\n\n"


def _front_matter(exported: ExportedWork, old: str, known_as: str) -> str:
    """Return the front matter of a work as YAML, with what the reader added to an old one."""
    from ruamel.yaml.error import YAMLError
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    work, record, written = exported.work, exported.record, _fields(old)
    known_as = known_as or work.citekey
    fields: dict[str, str | int | date | list[str] | None] = {
        "title": work.title,
        "aliases": [work.title, *work.aliases],
        "citekey": exported.key,
        "papertui": known_as if exported.key != known_as else None,
        "authors": exported.authors,
        **exported.facts(),
        "queued": True if record.rank is not None else None,
        "starred": record.is_starred or None,
        "tagged": list(record.tags),
        "passes": exported.passes(),
        "minutes": exported.minutes or None,
        "last_read": exported.last_read,
        "tags": [_TAG, *dict.fromkeys(map(_tag, exported.sections)), *record.tags],
    }
    # Tags of papertui's may have been taken away since.
    tagged = written.get("tagged")
    former = tagged if isinstance(tagged, list) else ()
    for name, value in fields.items():
        if name in ("aliases", "tags") and isinstance(value, list):
            known = [*value, *(former if name == "tags" else ())]
            value += [own for own in _added(written.get(name), name) if own not in known]
        if value is None or value == []:
            written.pop(name, None)
        elif written.get(name) != value:
            # In double quotes nothing in a text has a special meaning.
            quoted = DoubleQuotedScalarString
            written[name] = (
                [*map(quoted, value)]
                if isinstance(value, list)
                else quoted(value)
                if isinstance(value, str)
                else value
            )
    stream = StringIO()
    try:
        _yaml().dump(written, stream)
    except (YAMLError, RecursionError) as error:
        raise Refused("its front matter cannot be written again") from error
    return stream.getvalue()


def _added(value: object, name: str) -> list[str]:
    """Return the tags or aliases of a front matter that may be the reader's."""
    texts = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    return [
        text
        for text in map(str, filter(None, texts))
        if name != "tags" or not (text == _TAG or text.startswith(f"{_TAG}/"))
    ]


def _fields(front_matter: str) -> MutableMapping[str, Any]:
    """Return the fields of a front matter. Raises Refused if it is not YAML."""
    from ruamel.yaml.comments import CommentedMap
    from ruamel.yaml.error import YAMLError

    try:
        fields = _yaml().load(front_matter)
    except (YAMLError, ValueError, RecursionError) as error:
        reason = safe_line(str(getattr(error, "problem", "") or "it is not YAML"))
        raise Refused(f"its front matter cannot be read: {reason}") from error
    if fields is None:
        return CommentedMap()
    if not isinstance(fields, CommentedMap):
        raise Refused("its front matter has no fields")
    return fields


def _yaml() -> "YAML":
    """Return a reader and writer of YAML that keeps what it does not change as it was."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = sys.maxsize
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def _tag(section: str) -> str:
    """Return a section, named ``List/Section``, as a tag without blanks, nested in `papertui`."""
    parts = ("-".join(re.findall(r"[^\W_]+", fold(part))) for part in section.split("/"))
    return "/".join([_TAG, *filter(None, parts)])


def _prose(work: Work) -> Iterator[str]:
    yield work.summary or ""
    yield f"**The idea:** {work.insight}" if work.insight else ""
    yield f"**Why it matters:** {work.matters}" if work.matters else ""


def explanation(work: Work, notes: Sequence[Note]) -> str:
    """Return an explanation of a work to send to somebody: its idea and the reader's notes."""
    names = ", ".join(work.authors[:3]) + (" and others" if len(work.authors) > 3 else "")
    by = ", ".join(part for part in (names, str(work.year or "")) if part)
    page = f"<{work.page}>" if work.page else ""
    parts = [
        f"## {work.title}",
        " · ".join(part for part in (by, page) if part),
        *_prose(work),
        *(["**My notes:**"] if notes else []),
        *(note.body.strip() for note in notes),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"
