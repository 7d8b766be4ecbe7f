"""Answers of services, kept in a folder of bounded size."""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

MAX_CACHE_BYTES = 64 * 2**20
MAX_ANSWERS = 1000


class Answer(NamedTuple):
    """The answer of a service; it is fresh `until` then, and recognised by `etag` or the date."""

    status: int
    body: bytes
    etag: str | None = None
    modified: str | None = None
    until: datetime | None = None

    @property
    def conditions(self) -> Mapping[str, str]:
        """The headers of a request that is answered only if the answer has changed."""
        headers = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in headers.items() if value}


class Cache:
    """Keeps answers in a folder, one a file, the latest ones.

    It spares services and readers some waiting, and nothing depends on it: a folder that
    cannot be read or written keeps nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def read(self, key: str) -> Answer | None:
        """Return the answer that is kept for `key`, if there is one."""
        try:
            head, _, body = self._path(key).read_bytes().partition(b"\n")
            facts = json.loads(head)
            if facts["key"] != key or facts["length"] != len(body):
                return None
            until = datetime.fromisoformat(facts["until"])
            etag, modified = facts["etag"], facts["modified"]
            if until.tzinfo and all(isinstance(each, str | None) for each in (etag, modified)):
                return Answer(200, body, etag, modified, until)
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            pass
        return None

    def write(self, key: str, answer: Answer) -> None:
        """Keep an answer; forget the oldest ones if there are too many."""
        facts = {
            "key": key,
            "length": len(answer.body),
            "etag": answer.etag,
            "modified": answer.modified,
            "until": answer.until.isoformat() if answer.until else None,
        }
        path = self._path(key)
        partial = path.with_name(f"{path.name}.{uuid4().hex[:8]}.partial")
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                partial.touch(0o600)
                partial.write_bytes(json.dumps(facts).encode() + b"\n" + answer.body)
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        with os.scandir(self._folder) as entries:
            files = [(entry.stat(), entry.path) for entry in entries if entry.is_file()]
        total = 0
        files.sort(key=lambda file: file[0].st_mtime_ns, reverse=True)
        for number, (stat, path) in enumerate(files, 1):
            total += stat.st_size
            if number > MAX_ANSWERS or total > MAX_CACHE_BYTES:
                Path(path).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / blake2b(key.encode(), digest_size=16).hexdigest()
