"""Threads for work that the end of the program does not wait for."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import ParamSpec, TypeVar

# Seconds in which a thread may finish what it can give up, such as a copy.
GRACE = 0.25

P = ParamSpec("P")
T = TypeVar("T")


class DaemonThreads(ThreadPoolExecutor):
    """Runs each call in a thread of its own that ends with the program, whatever it does."""

    def __init__(self) -> None:
        super().__init__()
        self._started: list[Thread] = []

    def submit(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a call in a new thread."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(call(*args, **kwargs))
            except BaseException as error:
                future.set_exception(error)

        self._started = [thread for thread in self._started if thread.is_alive()]
        self._started.append(Thread(target=run, daemon=True))
        self._started[-1].start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Give the threads that still run a moment, and leave them then."""
        deadline = time.monotonic() + GRACE
        for thread in self._started if wait else ():
            thread.join(max(0.0, deadline - time.monotonic()))
