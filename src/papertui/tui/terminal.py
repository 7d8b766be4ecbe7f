"""The terminal's driver: Textual's, which then sleeps until a key comes."""

import os
import selectors
import signal
from codecs import getincrementaldecoder

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

UNFINISHED = 0.1
READ_AT_ONCE = 4096


class QuietDriver(LinuxDriver):
    """Waits for keys without looking ten times a second whether to stop.

    Textual's own driver wakes up every 0.1 seconds and takes as long to leave,
    spins when the terminal is gone, and leaves pixel reports of the mouse on.
    This one is woken through a pipe, looks again only while an escape sequence
    is unfinished, and hangs up when the terminal has.
    """

    _wake: tuple[int, int] | None = None

    def start_application_mode(self) -> None:
        """Take the terminal over."""
        self._wake = os.pipe()
        super().start_application_mode()  # type: ignore[no-untyped-call]

    def disable_input(self) -> None:
        """Stop reading keys."""
        if self._wake:
            os.write(self._wake[1], b"x")
        super().disable_input()
        for end in self._wake or ():
            os.close(end)
        self._wake = None

    def run_input_thread(self) -> None:
        """Read keys until there is word on the pipe."""
        assert self._wake
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")(errors="replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            wake = selector.register(self._wake[0], selectors.EVENT_READ)
            while True:
                unfinished = parser._timeout_time is not None
                ready = [key for key, _ in selector.select(UNFINISHED if unfinished else None)]
                if wake in ready:
                    return
                if ready:
                    if not (data := self._read()):
                        os.kill(os.getpid(), signal.SIGHUP)
                        return
                    # Half a letter is none yet, and nothing would be the end to the parser.
                    if text := decode(data):
                        for message in parser.feed(text):
                            self.process_message(message)
                for message in parser.tick():
                    self.process_message(message)

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, READ_AT_ONCE)
        except OSError:
            return b""

    def _disable_mouse_support(self) -> None:
        super()._disable_mouse_support()
        self.write("\x1b[?1016l")
