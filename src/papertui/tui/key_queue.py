"""Keys handed on one by one, so that each acts on the state that the keys before it made."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

from textual.app import App
from textual.dom import DOMNode
from textual.events import Key, Paste
from textual.screen import Screen
from textual.widget import Widget
from textual.worker import Worker

from papertui.tui.key_parser import WITH_ALT

# Seconds that a key waits for what an earlier one began, and those that it waits for an
# action if the reader wants to leave.
MAX_WAIT, MAX_WAIT_TO_LEAVE = 6.0, 1.5
# Seconds after which escape leaves what goes on; one that comes with the key that began it waits.
LEAVE_DELAY = 0.3
# Seconds within which a key belongs to the same word as the one before it.
BURST = 0.05
# Seconds between two looks at a node that may have gone.
_LOOK_INTERVAL = 0.05
# Seconds after which the effects of a key are looked for if no other key came.
_SETTLE_DELAY = 0.02

T = TypeVar("T")


class KeyQueue:
    """Hands a key on once everything that the key before it began is complete.

    Textual hands keys on as they are read. Most of them act in several steps, through
    messages, the focus, a new screen or a worker, so that the second of two keys that
    are read together would act on the state before the first. `leaves` returns True for
    a key that ends the app.
    """

    def __init__(
        self,
        app: App[Any],
        hand_on: Callable[[Key | Paste], Awaitable[None]],
        leaves: Callable[[Key | Paste], bool],
    ) -> None:
        self._app = app
        self._hand_on = hand_on
        self._leaves = leaves
        self._keys: deque[Key | Paste] = deque()
        self._feeding: asyncio.Task[None] | None = None
        self._ready_screen: Screen[Any] | None = None
        # Workers that keys began, and the answers of the reader that they wait for.
        self._actions: dict[Worker[None], asyncio.Future[Any] | None] = {}
        self._action_moved = asyncio.Event()
        self._looking = asyncio.Lock()
        self._latest = float("inf")
        self._settled = self._was_simple = False
        # What escape leaves now, and since when.
        self._left: asyncio.Future[None] | None = None
        self._leavable_since = 0.0
        self._dropped_until = float("-inf")

    @property
    def is_idle(self) -> bool:
        """True while no key is handed on and no effect is looked for."""
        return self._feeding is None

    @property
    def holds_keys(self) -> bool:
        """True while a key waits."""
        return bool(self._keys)

    async def put(self, key: Key | Paste) -> None:
        """Hand a key on after all before it: at once, if their effects are complete."""
        if self._is_left_by(key):
            return
        if _now() < self._dropped_until and not self._leaves(key):
            self._dropped_until = _now() + BURST
            return
        if self._leaves(key):
            self._latest = min(self._latest, _now() + MAX_WAIT_TO_LEAVE)
        if self._feeding is None and self._is_ready():
            await self._pass(key)
            # Looking for its effects at once would slow them down.
            asyncio.get_running_loop().call_later(_SETTLE_DELAY, self._begin_to_look)
        else:
            self._keys.append(key)
            self._begin_to_feed()

    def _begin_to_look(self) -> None:
        # The loop may be about to close.
        if self._app.is_running:
            self._begin_to_feed()

    def _begin_to_feed(self) -> None:
        if self._feeding is None:
            self._feeding = asyncio.create_task(self._feed())

    async def unless_left(self, work: Awaitable[T]) -> T | None:
        """Wait for work that changes nothing; return None if escape leaves it meanwhile."""
        running = asyncio.ensure_future(work)
        self._left, self._leavable_since = asyncio.get_running_loop().create_future(), _now()
        try:
            await asyncio.wait((running, self._left), return_when=asyncio.FIRST_COMPLETED)
            return running.result() if running.done() else None
        finally:
            running.cancel()
            self._left = None

    def _is_left_by(self, key: Key | Paste) -> bool:
        """Return True for the escape that leaves what goes on."""
        is_escape = isinstance(key, Key) and key.key == "escape"
        if not (is_escape and self._left) or _now() < self._leavable_since + LEAVE_DELAY:
            return False
        if not self._left.done():
            self._left.set_result(None)
        return True

    def drop_burst(self) -> None:
        """Drop the keys of the same word as the latest one, which is not what it was typed for."""
        kept = [key for key in self._keys if self._leaves(key)]
        self._keys.clear()
        self._keys.extend(kept)
        self._dropped_until = _now() + BURST

    def hold_for(self, action: Worker[None]) -> None:
        """Keep keys back until an action is done or asks the reader."""
        self._actions[action] = None

    def asks(self, action: Worker[None], answer: asyncio.Future[Any]) -> None:
        """Hand keys on while an action waits for the reader's answer."""
        if action in self._actions:
            self._actions[action] = answer
            self._action_moved.set()

    def release(self, action: Worker[None]) -> None:
        """Hand keys on although an action is not done, or note that it is."""
        self._actions.pop(action, None)
        self._action_moved.set()

    async def _feed(self) -> None:
        """Hand on the keys that wait; with the last one complete, the next need not wait."""
        try:
            while self._app.return_code is None:
                # The widget in focus handles two of its own keys one after the other.
                if not (self._keys and self._was_simple and self._is_simple(self._keys[0])):
                    await self.wait_for_effects()
                if not self._keys:
                    return
                if self._app.return_code is None:
                    await self._pass(self._keys.popleft())
        except Exception as error:
            self._app._handle_exception(error)
        finally:
            self._feeding = None
            self._latest = float("inf")

    async def _pass(self, key: Key | Paste) -> None:
        if isinstance(key, Key) and key.character in WITH_ALT and not self._is_bound(key):
            letter = key.character[1]
            self._keys.appendleft(Key("backspace" if letter == "\x7f" else letter, letter))
            key = Key("escape", "\x1b")
        self._settled, self._was_simple = False, self._is_simple(key)
        if not self._was_simple and (catch_up := getattr(self._screen(), "catch_up", None)):
            catch_up(key.key if isinstance(key, Key) else "")
        await self._hand_on(key)

    def _is_bound(self, key: Key) -> bool:
        return key.key in self._app.screen.active_bindings

    def _is_simple(self, key: Key | Paste) -> bool:
        """Return True for a key that only inserts a letter or moves the cursor of a widget.

        One that comes after a number says how far with it, which the next key makes void.
        """
        focused = self._app.focused
        if focused is None or isinstance(key, Paste) or getattr(focused, "is_counting", False):
            return False
        if getattr(focused, "takes_text", False):
            return key.is_printable
        bindings = focused._bindings.key_to_bindings.get(key.key, ())
        moves, sized = getattr(focused, "MOVES", ()), getattr(focused, "SIZED_MOVES", ())
        actions = [binding.action for binding in bindings]
        return any(each.startswith(moves) and not each.startswith(sized) for each in actions)

    def _is_ready(self) -> bool:
        is_same = self._ready_screen is not None and self._screen() is self._ready_screen
        return self._settled and is_same and not self._under_way()

    async def wait_for_effects(self) -> None:
        """Wait until everything that was begun is complete, or takes too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(MAX_WAIT):
                while self._app.return_code is None and not await self.is_settled():
                    if self._under_way() and _now() > self._latest:
                        return
                    # A node that a fault ended answers at once, and handles nothing any more.
                    await asyncio.sleep(0)
                self._settled = True

    async def is_settled(self) -> bool:
        """Wait for what is under way; return False if that may have begun something else."""
        # Two that look at the same time would each find the messages of the other.
        async with self._looking:
            return await self._is_settled()

    async def _is_settled(self) -> bool:
        if not (screen := self._screen()):
            await asyncio.sleep(_LOOK_INTERVAL)
            return False
        focused = self._app.focused
        nodes = list((focused or screen).ancestors_with_self)
        await _handled(nodes)
        if screen is not self._ready_screen:
            # Focus and sizes are known after the first refresh.
            await _refreshed(screen)
            self._ready_screen = screen
            return False
        if screen._callbacks or _awaits_layout(screen):
            # What comes after the next refresh, such as the page of a work, or another size.
            await _refreshed(screen)
            return False
        if self._under_way():
            self._action_moved.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_INTERVAL):
                    await self._action_moved.wait()
            return False
        is_same = self._screen() is screen and self._app.focused is focused
        return is_same and not any(node.message_queue_size for node in nodes)

    def _screen(self) -> Screen[Any] | None:
        """Return the screen in front, None while there is none that runs."""
        stack = self._app.screen_stack
        return stack[-1] if stack and stack[-1].is_running else None

    def _under_way(self) -> bool:
        for action in [action for action in self._actions if action.is_finished]:
            del self._actions[action]
        return any(answer is None or answer.done() for answer in self._actions.values())


def _awaits_layout(screen: Screen[Any]) -> bool:
    return screen._layout_required or any(
        widget._layout_required for widget in screen.walk_children(Widget)
    )


async def _refreshed(screen: Screen[Any]) -> None:
    """Wait until a screen has been painted, or has gone."""
    painted = asyncio.get_running_loop().create_future()
    screen.call_after_refresh(_resolve, painted)
    while not painted.done() and screen.is_running:
        await asyncio.wait([painted], timeout=_LOOK_INTERVAL)


async def _handled(nodes: list[DOMNode]) -> None:
    """Wait until a message that `nodes` send to each other has come to the last of them.

    The messages that they have had until then are handled.
    """
    arrived = asyncio.get_running_loop().create_future()
    left = iter(nodes)

    def hand_on() -> None:
        if not any(node.call_later(hand_on) for node in left):
            _resolve(arrived)

    hand_on()
    while not arrived.done() and nodes[0].is_running:
        await asyncio.wait([arrived], timeout=_LOOK_INTERVAL)


def _resolve(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _now() -> float:
    return asyncio.get_running_loop().time()
