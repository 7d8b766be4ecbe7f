"""A service that papertui asks, a request to it, and the errors of one."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import NamedTuple

from papertui.errors import PapertuiError


class SourceError(PapertuiError):
    """A service could not be asked, or its answer is of no use; the message says which and why."""


class Unreachable(SourceError):
    """A service cannot be reached."""


class Service(NamedTuple):
    """A service that papertui asks.

    The reader can name a mirror in the environment `variable`, in place of `address`. It may
    send papertui on to its own `hosts` only. Requests of all services with the same `pause`
    begin `interval` seconds after the end of the last one, whichever process sent it.
    """

    name: str
    variable: str
    address: str
    hosts: tuple[str, ...]
    pause: str
    interval: float = 0.0


class Request(NamedTuple):
    """A request for a path below a service's address.

    `statuses` are those with an answer that can be read. `fresh_for` is how long an answer is
    kept without asking again, unless the service says how long.
    """

    path: str = ""
    params: Mapping[str, str] = {}
    accept: str = "*/*"
    statuses: Sequence[int] = (200,)
    fresh_for: timedelta = timedelta(hours=12)
