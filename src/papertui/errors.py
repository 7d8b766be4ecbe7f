"""Errors that a reader may meet: each carries one line that says what to do."""


class PapertuiError(Exception):
    """The base of every expected error; the message is one line that says what to do."""


class Refused(PapertuiError):
    """Something the reader asked for that cannot be; the message says what to do."""
