"""The way out of a command to a terminal, a pipe or a file."""

import io

from papertui.core.text import file_safe, terminal_safe


class SafeOutput(io.TextIOWrapper):
    """Writes to the place of another stream, and makes every text safe for what is there."""

    def __init__(self, stream: io.TextIOWrapper) -> None:
        super().__init__(
            stream.buffer,
            encoding=stream.encoding,
            errors="replace",
            line_buffering=stream.line_buffering,
            write_through=stream.write_through,
        )
        # If it were forgotten, it would close what it writes to.
        self._original = stream
        self._make_safe = terminal_safe if self.isatty() else file_safe

    def write(self, text: str) -> int:
        """Write `text` without characters that could steer a terminal."""
        return super().write(self._make_safe(text))
