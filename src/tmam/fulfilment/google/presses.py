"""How many people may wait for Google at once, and for how long: a Google that does not answer must not stop our pages.

Each press of "Save to Google Wallet" holds one of the product server's few threads (`TMAM_WEB_THREADS`) while Google is
asked. So two may do so at once in a process and the next are told at once to come back; a press takes ten seconds at
most; and after one that Google kept waiting nobody is sent there for a while.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Final

import structlog

from tmam.fulfilment.errors import GoogleNotReachedError
from tmam.platform.errors import BusyError
from tmam.platform.slots import Slots

AT_ONCE: Final = 2
# For everything that one press has to say to Google, a token and up to eleven requests.
WHOLE_S: Final = 10.0
# A press that fails after so long was kept waiting; one that fails sooner was told something.
SLOW_S: Final = 3.0
REST_S: Final = 15.0
BUSY_AGAIN_S: Final = 5
_log = structlog.get_logger()


class Presses:
    """The bounds of one process. `clock` counts seconds from anywhere."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, at_once: int = AT_ONCE) -> None:
        self._clock = clock
        self._slots = Slots(at_once, most_waiting=0, longest_wait_s=0)
        self._rests_until = -math.inf

    @contextmanager
    def one(self) -> Iterator[None]:
        """Ask Google within the block.

        Raises:
            GoogleNotReachedError: `AT_ONCE` others are asking, or Google kept somebody waiting less than `REST_S` ago.
        """
        began_at = self._clock()
        if began_at < self._rests_until:
            raise GoogleNotReachedError(retry_after_s=math.ceil(self._rests_until - began_at))
        with ExitStack() as held:
            try:
                held.enter_context(self._slots.one())
            except BusyError as error:
                raise GoogleNotReachedError(retry_after_s=BUSY_AGAIN_S) from error
            try:
                yield
            except GoogleNotReachedError:
                self._note_failure(began_at)
                raise

    def _note_failure(self, began_at: float) -> None:
        now = self._clock()
        if now - began_at >= SLOW_S:
            self._rests_until = now + REST_S
            _log.warning("google.rests", for_s=REST_S)


PRESSES: Final = Presses()
