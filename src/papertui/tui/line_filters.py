"""What every line passes on its way to the terminal, whichever widget shows it."""

from collections.abc import Sequence

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from papertui.core.labels import plain_signs
from papertui.core.text import cell_safe


class _SafeLines(LineFilter):
    """Replaces control characters in what any widget shows."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the parts of a line without control characters."""
        return [
            segment
            if (text := cell_safe(segment.text)) is segment.text
            else Segment(text, *segment[1:])
            for segment in segments
        ]


class _PlainSigns(LineFilter):
    """Replaces the signs that papertui and Textual draw by plain twins."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Return the parts of a line in ASCII, but for letters and signs of texts."""
        line = "".join(segment.text for segment in segments)
        if line.isascii():
            return segments
        # Each sign is one character, and so is its twin, but for wide ones.
        plain, parts, at = plain_signs(line), [], 0
        if len(plain) != len(line):
            return [Segment(plain_signs(segment.text), *segment[1:]) for segment in segments]
        for text, style, control in segments:
            parts.append(Segment(plain[at : at + len(text)], style, control))
            at += len(text)
        return parts


SAFE_LINES, PLAIN_SIGNS = _SafeLines(), _PlainSigns()


def as_typed(filters: Sequence[LineFilter]) -> Sequence[LineFilter]:
    """Return filters that leave the signs of a text as the reader typed them."""
    return [each for each in filters if each is not PLAIN_SIGNS]
