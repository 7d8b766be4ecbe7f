"""Actions that go on while the screen stays responsive."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from textual import work
from textual.worker import Worker, get_current_worker

from papertui.errors import Refused
from papertui.storage.database import DatabaseError

S = TypeVar("S")
P = ParamSpec("P")


def background_action(
    action: Callable[Concatenate[S, P], Awaitable[None]],
) -> Callable[Concatenate[S, P], Worker[None]]:
    """Run an action in a worker, and show why it was refused.

    The screen stays responsive; keys wait until the action is done or asks the reader.
    """

    @work
    async def run(self: Any, *args: P.args, **kwargs: P.kwargs) -> None:
        try:
            await action(self, *args, **kwargs)
        except (DatabaseError, Refused) as error:
            self.app.show_error(error)
        finally:
            self.app.keys.release(get_current_worker())

    @wraps(action)
    def begin(self: Any, /, *args: P.args, **kwargs: P.kwargs) -> Worker[None]:
        worker: Worker[None] = run(self, *args, **kwargs)  # type: ignore[no-untyped-call]
        self.app.keys.hold_for(worker)
        return worker

    return begin
