"""The way out of a command to a terminal, a pipe or a file."""

import codecs
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from papertui.core.text import file_safe, terminal_safe


class SafeOutput(io.TextIOWrapper):
    """Writes to the place of another stream, and makes every text safe for what is there.

    Signs that the encoding does not have come out as their plain twins; so do all if it is `plain`.
    """

    def __init__(self, stream: io.TextIOWrapper) -> None:
        # Click writes UTF-8 past a stream that says it is ASCII.
        self._is_ascii = codecs.lookup(stream.encoding).name == "ascii"
        super().__init__(
            stream.buffer,
            encoding="latin-1" if self._is_ascii else stream.encoding,
            errors=_PLAIN_TWINS,
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )
        # If it were forgotten, it would close what it writes to.
        self._original = stream
        self._make_safe = terminal_safe if self.isatty() else file_safe
        self.plain = False

    def write(self, text: str) -> int:
        """Write `text` without characters that could steer a terminal."""
        safe = self._make_safe(text)
        safe = _plain(safe) if self.plain else safe
        if self._is_ascii:
            safe = safe.encode("ascii", _PLAIN_TWINS).decode("ascii")
        return super().write(safe)


def shows_colours() -> bool:
    """Return False if the user wants no colours, or if the terminal has none."""
    return not (os.environ.get("NO_COLOR") or os.environ.get("TERM", "").startswith("vt"))


def draw_plain() -> None:
    """Draw every sign in ASCII from now on."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, SafeOutput):
            stream.plain = True


@contextmanager
def signs_kept() -> Iterator[None]:
    """Write texts as they are, for programs or others, until the block ends."""
    stream = sys.stdout
    if not isinstance(stream, SafeOutput):
        yield
        return
    plain, stream.plain = stream.plain, False
    try:
        yield
    finally:
        stream.plain = plain


def _plain(text: str) -> str:
    # Most commands write ASCII, or a terminal that shows all signs.
    from papertui.core.labels import plain_signs

    # Unlike a screen, the shell has room for an ellipsis.
    return "\n".join(map(plain_signs, text.replace("…", "...").split("\n")))


def _plain_twins(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    plain = _plain(error.object[error.start : error.end])
    return plain.encode("ascii", "replace").decode("ascii"), error.end


_PLAIN_TWINS = "papertui.plain-twins"
codecs.register_error(_PLAIN_TWINS, _plain_twins)
