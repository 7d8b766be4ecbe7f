"""The timer of a reading session: what was reading, and in which sitting."""

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple

from papertui.core.reading_session import Session

# A longer silence between two ticks of the clock is a laptop closed or ctrl+z, not reading.
MAX_TICK = 30.0
IDLE_AFTER = 600.0
# Seconds in question that come up while the question is asked, and are asked about once more.
MIN_ASKED = 60.0


class Passed(NamedTuple):
    """Seconds that were reading, and those in question."""

    read: float = 0.0
    doubt: float = 0.0


class Timer:
    """Turns ticks of a clock into reading time, and finds time that is in question.

    Nothing is counted while paused, over a gap between two ticks, or once no key
    came for `IDLE_AFTER` seconds.
    """

    def __init__(self, clock: Callable[[], datetime], running: bool = True) -> None:
        self.running = running
        self._clock = clock
        self._last = self._last_key = clock()

    def tick(self, *, outside: bool = False) -> Passed:
        """Return what has passed since the last tick.

        Of time that the reader spent in an editor `outside` as much counts as of time without
        keys.
        """
        now = self._clock()
        passed, self._last = (now - self._last).total_seconds(), now
        if not self.running or passed <= 0:
            return Passed()
        if passed > MAX_TICK or outside:
            self._last_key = now
            read = min(passed, IDLE_AFTER) if outside else 0.0
            return Passed(read, passed - read)
        if (now - self._last_key).total_seconds() > IDLE_AFTER:
            return Passed(doubt=passed)
        return Passed(passed)

    def key(self) -> None:
        """Note that the reader is there, who has pressed a key."""
        self._last_key = self._clock()

    def pause(self) -> Passed:
        """Stop, or go on; return what has passed until then."""
        passed = self.tick()
        self.running = not self.running
        self._last_key = self._last
        return passed


# Text and ticked lines of a session.
Written = tuple[str, frozenset[int]]


class SittingTimer:
    """Adds the time that a screen measures to the sittings of a session.

    Time in question belongs to the sitting in which it came up; what is read or written after a
    break, to a sitting of its day. Without a `timer` nothing is measured. What is `written` tells
    whether something was done in a sitting.
    """

    def __init__(self, clock: Callable[[], datetime], today: Callable[[], date]) -> None:
        self.timer: Timer | None = None
        self._clock, self._today = clock, today
        # What the sittings of this screen began with, by their numbers, and what was written at
        # the last tick.
        self._began_with: dict[int, Written] = {}
        self._seen: Written = ("", frozenset())
        self._is_broken_off = False
        # The seconds that were in question last, by the numbers of their sittings, and whether
        # they are counted: until a key comes.
        self._settled: dict[int, float] = {}
        self._is_counted = False

    def take_up(self, session: Session, written: Written, *, measures: bool) -> Session:
        """Begin a sitting, or go on with the one that the shell times, if that is no long time."""
        now = self._clock()
        goes_on = session.since is not None and not session.is_forgotten(now)
        self._seen = written
        # Without a timer nothing tells whether the reader goes on over a night.
        self._is_broken_off = not measures
        if measures:
            self.timer = Timer(self._clock)
        session = session.stop(now)
        if not goes_on:
            return self._sit_down(session)
        self._began_with[len(session.sittings) - 1] = written
        return session

    def tick(self, session: Session, written: Written, *, outside: bool = False) -> Session:
        """Count the time since the last tick, and note what was written.

        Time in an editor `outside` belongs to the sitting in which that was opened.
        """
        read, doubt = self.timer.tick(outside=outside) if self.timer else Passed()
        if outside:
            session, read = session.read_for(read), 0.0
        return self._counted(session, Passed(read, doubt), written)

    def pause(self, session: Session, written: Written) -> Session:
        """Stop the timer, or start it again."""
        if self.timer:
            session = self._counted(session, self.timer.pause(), written)
            self._is_broken_off = True
        return session

    def key(self) -> bool:
        """Note that the reader has pressed a key; return True if that makes an answer final."""
        if self.timer:
            self.timer.key()
        was_settled, self._settled = bool(self._settled), {}
        return was_settled

    def can_settle(self, session: Session, *, count: bool) -> bool:
        """Return True if time is in question, or the latest answer can still become this one."""
        return bool(session.doubt or (self._settled and count != self._is_counted))

    def settle_doubt(self, session: Session, count: bool, asked: float = math.inf) -> Session:
        """Count the time in question or drop it, each part in its sitting.

        What has come since the reader was `asked` about some seconds stays in question, if it
        is a minute or more. Until a key comes, the other answer takes that back. The answer is
        a sign of the reader too.
        """
        if self.timer:
            self.timer.key()
        if session.doubt:
            late = session.doubt - asked if session.doubt - asked >= MIN_ASKED else 0.0
            doubts = {n: sitting.doubt for n, sitting in enumerate(session.sittings)}
            newest = max(number for number, doubt in doubts.items() if doubt)
            self._settled = {
                n: doubt - late * (n == newest) for n, doubt in doubts.items() if doubt
            }
            self._is_counted = False
            for number, doubt in self._settled.items():
                session = session.question(-doubt, number)
        for number, seconds in self._settled.items():
            # That of a look may be forgotten.
            if number < len(session.sittings):
                session = session.read_for(seconds * (count - self._is_counted), number)
        self._is_counted = count
        return session

    def settle_sittings(self, session: Session, written: Written) -> Session:
        """Forget the latest sittings in which nothing was read, written or ticked.

        Once something is, there is a sitting again.
        """
        settled = self._marked(session, written).without_looks()
        if len(settled.sittings) < len(session.sittings):
            self._is_broken_off = True
        return settled

    def _counted(self, session: Session, passed: Passed, written: Written) -> Session:
        session = session.question(passed.doubt)
        self._is_broken_off = self._is_broken_off or bool(passed.doubt)
        if self._is_broken_off and (passed.read or written != self._seen):
            if session.day != self._today():
                session = self._sit_down(self._marked(session, self._seen))
            self._is_broken_off = not passed.read
        self._seen = written
        return self._marked(session.read_for(passed.read), written)

    def _marked(self, session: Session, written: Written) -> Session:
        """Say whether the last sitting is a look, if it is of this screen."""
        began_with = self._began_with.get(len(session.sittings) - 1)
        return session.looked_at(began_with == written) if began_with else session

    def _sit_down(self, session: Session) -> Session:
        session = session.sit_down(self._today())
        self._began_with[len(session.sittings) - 1] = self._seen
        return session.looked_at()
