"""Whether a code is live: digits that change, or a fresh proof by the device a ticket is bound to. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tmam.gates.errors import ClockAheadError, LiveCodeNeededError, StaleCodeError, WrongDigitsError
from tmam.gates.read_code import ReadCode
from tmam.kernel.bound_token import DecodedBound, is_proof_genuine
from tmam.kernel.errors import TmamError
from tmam.kernel.live_digits import STEP_S, STEPS_ASIDE, live_secret, live_step, step_of_digits
from tmam.kernel.token import DecodedToken
from tmam.kernel.token_errors import TokenForgedError

# Digits that are refused are looked for this far to either side, to say by how much they are off: ten minutes.
SEARCHED_STEPS: Final = 40


@dataclass(frozen=True)
class Liveness:
    """`is_live`: the code proved its moment. `error`: it tried and failed, or did not try where it must."""

    is_live: bool = False
    error: TmamError | None = None


STILL: Final = Liveness()


_ABOUT_MOMENT: Final = frozenset(
    error.code for error in (StaleCodeError, ClockAheadError, WrongDigitsError, LiveCodeNeededError)
)


def is_about_moment(code: str) -> bool:
    """Whether this error code is one of those that `judge_liveness` gives for a ticket on record."""
    return code in _ABOUT_MOMENT


def judge_liveness(
    code: ReadCode, *, generation: int, master: bytes | None, at: datetime, is_demanded: bool
) -> Liveness:
    """What a code that is on record says of its moment; `generation` is the ticket's present one.

    `master` is the event's secret for live digits, None if it has none (then no digits are right). A still code
    is fine unless live ones are demanded.
    """
    decoded = code.decoded
    if isinstance(decoded, DecodedBound):
        if not is_proof_genuine(decoded):
            return Liveness(error=TokenForgedError())
        return _judge_step(decoded.step, at)
    if decoded is None or decoded.live_digits is None:
        return Liveness(error=LiveCodeNeededError()) if is_demanded else STILL
    step = _step_shown(decoded, decoded.live_digits, generation, master, at)
    return Liveness(error=WrongDigitsError()) if step is None else _judge_step(step, at)


def _step_shown(
    decoded: DecodedToken, digits: str, generation: int, master: bytes | None, at: datetime
) -> int | None:
    if master is None:
        return None
    secret = live_secret(master, decoded.body.event_id, decoded.body.serial, generation)
    return step_of_digits(digits, secret, at, SEARCHED_STEPS)


def _judge_step(step: int, at: datetime) -> Liveness:
    now = live_step(at)
    if abs(step - now) <= STEPS_ASIDE:
        return Liveness(is_live=True)
    off_s = (step - now) * STEP_S
    return Liveness(error=ClockAheadError(ahead_s=off_s) if off_s > 0 else StaleCodeError(age_s=-off_s))
