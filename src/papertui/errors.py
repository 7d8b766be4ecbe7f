"""The errors that papertui expects: each has a message for the reader."""

from typing import ClassVar


class PapertuiError(Exception):
    """The base of every expected error; the message is one line that says what to do."""

    exit_code: ClassVar = 1


class Refused(PapertuiError):
    """The reader asked for something that is not possible."""
