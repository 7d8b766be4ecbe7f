"""Keys and pastes as a terminal sends them: escape is a key of its own, a paste only text."""

import re
from collections.abc import Iterable

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from papertui.tui.key_names import SAME_KEYS, sent_with_alt

_BEGIN, _END = "\x1b[200~", "\x1b[201~"
# What terminals send for alt with ← → and backspace, which is what two keys in one read are too.
WITH_ALT = frozenset(("\x1bb", "\x1bf", "\x1b\x7f"))
# The beginning of a paste, or an escape before a key that continues no sequence: a [, what is
# sent with alt, or an O with a letter of the arrows and the first function keys.
_MARK = rf"{re.escape(_BEGIN)}|\x1b(?=[^\x1b\[Obf\x7f{{}}]|O[^A-DFHP-Sa-d]|\[\x1b)"
_BEGINNING_OF_END = re.compile(
    "(?:{})$".format("|".join(re.escape(_END[:n]) for n in range(5, 0, -1)))
)


class KeyParser(XTermParser):
    """Gives an escape and a letter that are read together as two keys, and a paste as one text.

    Textual takes an escape and a letter for one key with alt: both would be lost, or another
    character typed. They are one only if it is among `own_keys`, those that the reader has chosen.
    Of the three that are sent with alt, the characters are those that were read. An escape in a
    paste has what follows it taken for keys, which would be commands.
    """

    _is_pasting = False
    # The latest of what was read, and how much of it was parsed.
    _tail, _parsed = "", 0

    def __init__(self, debug: bool = False, own_keys: Iterable[str] = ()) -> None:
        self._own = sent_with_alt(own_keys)
        self._mark = re.compile(_MARK.format("".join(sent[1] for sent in self._own)))
        super().__init__(debug)

    def feed(self, data: str) -> Iterable[Message]:
        """Yield the keys and pastes in data."""
        if not data:
            yield from super().feed(data)
        text, start = self._tail + data, self._parsed
        while True:
            if self._is_pasting:
                pasted, end, rest = text[start:].partition(_END)
                cut = None if end else _BEGINNING_OF_END.search(pasted)
                held = cut[0] if cut else ""
                pasted = pasted[: len(pasted) - len(held)].replace("\x1b", "\ufffd")
                yield from self._parse(pasted + end)
                self._tail, self._parsed = held, 0
                if not end:
                    return
                self._is_pasting, text, start = False, rest, 0
            elif mark := next((m for m in self._mark.finditer(text) if m.end() >= start), None):
                yield from self._parse(text[start : mark.end()])
                text, start = text[mark.end() :], 0
                if mark[0] == _BEGIN:
                    self._is_pasting = True
                else:
                    yield from self.end_sequence()
            else:
                yield from self._parse(text[start:])
                self._tail = text[1 - len(_BEGIN) :]
                self._parsed = len(self._tail)
                return

    def end_sequence(self) -> Iterable[Message]:
        """Yield the keys of an unfinished sequence, as if nothing had followed in time."""
        if self._timeout_time is not None:
            self._timeout_time = 0.0
        yield from self.tick()

    def _parse(self, text: str) -> Iterable[Message]:
        # An empty text would be the end of all input.
        return super().feed(text) if text else ()

    def _sequence_to_key_events(self, sequence: str, alt: bool = False) -> Iterable[events.Key]:
        if own := self._own.get(sequence):
            yield events.Key(own, None)
            return
        if alt:
            yield events.Key("escape", "\x1b")
        for key in super()._sequence_to_key_events(sequence):
            sent = sequence if sequence in WITH_ALT else key.character
            yield events.Key(SAME_KEYS.get(key.key, key.key), sent)
