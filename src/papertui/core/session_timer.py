"""The timer of a reading session: what was reading, and in which sitting."""

import math
from collections.abc import Callable
from datetime import date, datetime

from papertui.core.reading_session import MAX_UNASKED, Session

# A longer silence between two ticks of the clock is a laptop closed or ctrl+z, not reading.
MAX_TICK = 30.0
IDLE_AFTER = 600.0


class Timer:
    """Turns ticks of a clock into reading time, and finds time that is in question.

    Nothing is counted while paused, over a gap between two ticks, or once no key
    came for `IDLE_AFTER` seconds. Time in question, in seconds, waits in `doubt`
    until the reader says whether it was reading.
    """

    def __init__(self, clock: Callable[[], datetime], running: bool = True) -> None:
        self.running = running
        self.doubt = 0.0
        # The time that was in question last, and whether it is counted, until a key comes.
        self.settled, self._is_counted = 0.0, False
        self._clock = clock
        self._last = self._last_key = clock()

    def tick(self) -> float:
        """Return the seconds of reading since the last tick."""
        now = self._clock()
        passed, self._last = (now - self._last).total_seconds(), now
        if not self.running or passed <= 0:
            return 0.0
        if passed > MAX_TICK:
            self.doubt += passed
            self._last_key = now
            return 0.0
        if (now - self._last_key).total_seconds() > IDLE_AFTER:
            self.doubt += passed
            return 0.0
        return passed

    def key(self) -> None:
        """Note that the reader has pressed a key."""
        self._last_key = self._clock()
        self.settled = 0.0

    def pause(self) -> float:
        """Stop, or go on; return the seconds read until then."""
        read = self.tick()
        self.running = not self.running
        self._last_key = self._last
        return read

    def can_settle(self, count: bool) -> bool:
        """Return True if an answer to the latest question can still be changed to this one."""
        return bool(self.settled) and count != self._is_counted

    def settle(self, count: bool, asked: float = math.inf) -> float:
        """Count the time in question or drop it; return the seconds to count.

        What has come since the reader was `asked` about some seconds stays in question, if it
        is a minute or more. Until a key comes, the other answer takes that back: the seconds
        may be less than 0. The answer is a sign of the reader too.
        """
        self._last_key = self._clock()
        if self.doubt:
            self.settled = asked if self.doubt - asked >= 60 else self.doubt
            self.doubt, self._is_counted = self.doubt - self.settled, False
        was_counted, self._is_counted = self._is_counted, count
        return self.settled * (count - was_counted)


class SittingTimer:
    """Adds the time that a screen measures to the sittings of a session.

    Time in question belongs to the sitting in which it came up; what is read after a break, to a
    sitting of its day. Without a `timer` nothing is measured.
    """

    def __init__(self, clock: Callable[[], datetime], today: Callable[[], date]) -> None:
        self.timer: Timer | None = None
        self._clock, self._today = clock, today
        # The numbers of the sitting that time in question is of, and of those before this screen.
        self._in_question, self._before = -1, 0
        self._is_broken_off = False

    def take_up(self, session: Session, *, measures: bool) -> Session:
        """Begin a sitting, or go on with the one that the shell times, if that is no long time."""
        now = self._clock()
        running = session.running(now)
        goes_on = session.since is not None and running <= MAX_UNASKED
        self._in_question = len(session.sittings) - 1
        self._before = len(session.sittings) - goes_on
        if measures:
            self.timer = Timer(self._clock)
            self.timer.doubt = session.doubt + (0.0 if goes_on else running)
            session = session._replace(doubt=self.timer.doubt)
        taken_up = session.stop(now) if goes_on else session.sit_down(self._today())
        return taken_up._replace(since=None)

    def tick(self, session: Session) -> Session:
        """Count the time since the last tick."""
        return self._measured(session, self.timer.tick) if self.timer else session

    def pause(self, session: Session) -> Session:
        """Stop the timer, or start it again."""
        if self.timer:
            session = self._measured(session, self.timer.pause)
            self._is_broken_off = True
        return session

    def settle_doubt(self, session: Session, count: bool, asked: float = math.inf) -> Session:
        """Count the time in question or drop it, as `Timer.settle` does."""
        if self.timer:
            session = session.read_for(self.timer.settle(count, asked), self._in_question)
            session = session._replace(doubt=self.timer.doubt)
        return session

    def settle_sitting(self, session: Session, *, is_same: bool) -> Session:
        """Forget the sitting of this screen if nothing was read, written or ticked in it.

        The session `is_same` if text and ticks are as they were. Once they are not, there is a
        sitting again.
        """
        in_question = self.timer and (self.timer.doubt or self.timer.settled)
        has_own = len(session.sittings) > self._before
        if has_own and is_same and not in_question:
            self._in_question, self._is_broken_off = -1, True
            return session.without_idle_sitting()
        return session if has_own or is_same else session.sit_down(self._today())

    def _measured(self, session: Session, measure: Callable[[], float]) -> Session:
        assert self.timer is not None
        before = self.timer.doubt
        seconds = measure()
        if self.timer.doubt and not before:
            self._in_question, self._is_broken_off = len(session.sittings) - 1, True
        if seconds and self._is_broken_off:
            self._is_broken_off = False
            if session.day != (today := self._today()):
                session = session.sit_down(today)
        return session.read_for(seconds)._replace(doubt=self.timer.doubt)
