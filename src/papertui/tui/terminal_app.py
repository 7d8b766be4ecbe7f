"""An app that saves before any end: a signal, a lost terminal, a fault; a driver that sleeps."""

import asyncio
import os
import selectors
import signal
import sys
from codecs import getincrementaldecoder
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.filter import LineFilter, Monochrome, NoColor
from textual.theme import Theme
from textual.worker import WorkerFailed

from papertui.core.labels import spelt_keys
from papertui.core.text import replace_controls
from papertui.system.crash_log import report
from papertui.system.output import shows_colours
from papertui.tui.kept_screen import ENTER, EXIT_TIMEOUT, TakenTerminal
from papertui.tui.key_parser import KeyParser
from papertui.tui.key_queue import KeyQueue
from papertui.tui.line_filters import PLAIN_SIGNS, SAFE_LINES
from papertui.tui.themes import OWN_THEMES

# Textual looks for a relative path beside the subclass.
STYLES = Path(__file__).with_name("papertui.tcss")
STYLES_WITHOUT_COLOUR = STYLES.with_name("no_colour.tcss")
ESCAPE_TIMEOUT = 0.1  # seconds
MAX_READ = 4096  # bytes
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)


class TerminalApp(App[int]):
    """Saves what is open and restores the terminal, whatever ends the app."""

    CSS_PATH = STYLES
    TITLE = "papertui"
    has_plain_signs = False
    taken: TakenTerminal | None = None
    # The keys that the reader has given to commands.
    own_keys: Sequence[str] = ()
    # What is said in the shell once the app has ended.
    last_words = ""
    _crash: str | None = None

    def __init__(self, theme: str, driver_class: type[Driver] | None = None) -> None:
        # Set before the style sheet is made, which is coloured by it.
        self.set_reactive(TerminalApp.theme, theme)
        # Textual takes an empty NO_COLOR for a wish too, and paints in shades of grey for it.
        is_plain = not shows_colours()
        super().__init__(driver_class, [STYLES, STYLES_WITHOUT_COLOUR] if is_plain else STYLES)
        self.no_color = is_plain
        self._filters = [each for each in self._filters if not isinstance(each, Monochrome)]
        if self.no_color:
            self._filters.append(NoColor())

    @property
    def available_themes(self) -> dict[str, Theme]:
        """Textual's themes and papertui's own."""
        return {**super().available_themes, **OWN_THEMES}

    def save_all(self) -> bool:
        """Save what is being typed; return False if that failed."""
        return True

    def close(self) -> None:
        """Close what is open."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Let no text steer the terminal, whichever widget shows it."""
        plain = [PLAIN_SIGNS] if self.has_plain_signs else []
        return [*super().get_line_filters(), SAFE_LINES, *plain]

    def spelt(self, keys: str) -> str:
        """Return keys as they are shown: by their signs, or by words if signs are plain."""
        return spelt_keys(keys) if self.has_plain_signs else keys

    def is_explained(self, error: Exception) -> bool:
        """Return True if an error is no fault of papertui's, and what is behind it is said."""
        return False

    def guard(self) -> None:
        """Listen to signals."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            try:
                loop.add_signal_handler(number, self._leave_at_once, number)
            except (ValueError, RuntimeError, NotImplementedError):
                break

    def leave_threads_behind(self) -> None:
        """Let nothing that takes long hold up the end; SQLite takes back what is half written."""
        from papertui.system.daemon_threads import DaemonThreads

        asyncio.get_running_loop().set_default_executor(DaemonThreads())

    async def take_the_screen(self) -> None:
        """Draw over the kept screen, if there is one, once all is drawn that it shows."""
        await self.keys.wait_for_effects()
        if isinstance(self._driver, QuietDriver):
            self._driver.is_held = False
        self.refresh(layout=True)

    def run_guarded(self) -> int:
        """Run until the reader leaves; return the exit code."""
        self.run()
        for words in filter(None, (self._crash, self.last_words)):
            print(f"papertui: {words}", file=sys.stderr)
        return self.return_code or 0

    @cached_property
    def keys(self) -> KeyQueue:
        """The keys that are not handed on yet."""
        return KeyQueue(self, super().on_event, self._leaves)

    def _leaves(self, key: events.Key | events.Paste) -> bool:
        """Return True for a key that is to end the app even if something takes long."""
        if isinstance(key, events.Paste):
            return False
        bindings = self._bindings.key_to_bindings.get(key.key, ())
        return any(binding.id == "quit-now" for binding in bindings)

    async def on_event(self, event: events.Event) -> None:
        """Queue keys, and keep control characters out of pasted text, wherever it goes."""
        if isinstance(event, events.Paste):
            event.text = replace_controls(event.text)
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self.keys.put(event)
        else:
            await super().on_event(event)

    def _leave_at_once(self, number: signal.Signals) -> None:
        """Save what is being typed and end within a second of a signal.

        Textual waits for its output thread, which a closed terminal can block for
        ever; and after a hang-up there is no screen to restore.
        """
        code = 128 + number
        signal.signal(signal.SIGALRM, lambda *_: os._exit(code))
        signal.setitimer(signal.ITIMER_REAL, EXIT_TIMEOUT)
        self.save_all()
        self.close()
        if number == signal.SIGHUP:
            os._exit(code)
        self.exit(code, return_code=code)

    def _handle_exception(self, error: Exception) -> None:
        cause = error.error if isinstance(error, WorkerFailed) else error
        if not (isinstance(cause, Exception) and self.is_explained(cause)):
            self._crash = self._crash or report(cause, self.save_all())
        super()._handle_exception(error)

    def _fatal_error(self) -> None:
        self._close_messages_no_wait()

    def _print_error_renderables(self) -> None:
        self._exit_renderables.clear()


class QuietDriver(LinuxDriver):
    """Waits for keys without waking up ten times a second.

    Textual's own driver polls every 0.1 seconds and takes as long to leave, spins
    when the terminal is closed, and leaves pixel reports of the mouse on. This one
    is woken through a pipe, polls only while an escape sequence is unfinished, and
    hangs up when the terminal is closed. While `is_held` it draws nothing.
    """

    _wake: tuple[int, int] | None = None
    _is_entered = is_held = False

    def start_application_mode(self) -> None:
        """Take the terminal over; a kept screen stays in view until the app has drawn its own."""
        self._wake = os.pipe()
        assert isinstance(self._app, TerminalApp)
        taken, self._app.taken = self._app.taken, None
        self._is_entered = taken is not None
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if taken:
            self.attrs_before = taken.attributes
            self.is_held = True

    def _sigtstp_application(self, *_: object) -> None:
        """Give the terminal back, and stop with what started papertui and waits for it."""
        if self._auto_restart:
            self.suspend_application_mode()
            self._must_signal_resume = True
        os.kill(0, signal.SIGSTOP)

    def write(self, data: str) -> None:
        """Write to the terminal; entering its screen twice would clear it."""
        if not (self.is_held or (self._is_entered and data == ENTER)):
            super().write(data)

    def stop_application_mode(self) -> None:
        """Give the terminal back."""
        self.is_held = False
        super().stop_application_mode()

    def disable_input(self) -> None:
        """Stop reading keys."""
        if self._wake:
            os.write(self._wake[1], b"x")
        super().disable_input()
        for end in self._wake or ():
            os.close(end)
        self._wake = None

    def run_input_thread(self) -> None:
        """Read keys until the pipe is written to."""
        assert self._wake
        assert isinstance(self._app, TerminalApp)
        parser = KeyParser(self._debug, self._app.own_keys)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            wake = selector.register(self._wake[0], selectors.EVENT_READ)
            while True:
                unfinished = parser._timeout_time is not None
                ready = [key for key, _ in selector.select(ESCAPE_TIMEOUT if unfinished else None)]
                if wake in ready:
                    return
                if ready:
                    if not (data := self._read()):
                        os.kill(os.getpid(), signal.SIGHUP)
                        return
                    # Half a letter decodes to "", which the parser would take for the end of input.
                    if text := decode(data):
                        for message in parser.feed(text):
                            self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, MAX_READ)
        except OSError:
            return b""

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        self.write("\x1b[?1016l")
