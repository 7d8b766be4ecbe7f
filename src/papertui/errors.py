"""The errors that papertui expects: each has a message for the reader."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import ClassVar


class PapertuiError(Exception):
    """The base of every expected error; the message is one line that says what to do."""

    exit_code: ClassVar = 1


class Refused(PapertuiError):
    """The reader asked for something that is not possible.

    The message in the shell ends with `in_shell`; the app names commands, `offers`, by the
    reader's own keys, each with what it does.
    """

    def __init__(
        self, says: str, in_shell: str = "", offers: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        super().__init__(f"{says}{in_shell}")
        self._says = says
        self._offers = offers

    def in_app(self, key: Callable[[str], str]) -> str:
        """Return the message with commands by their keys, which `key` returns by their names."""
        offers = " and ".join(f"{key(name)} {does}" for name, does in self._offers.items())
        return f"{self._says}: {offers}." if offers else str(self)
