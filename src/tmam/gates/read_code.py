"""What a scanner read, taken apart, and the check that tells a forged code from one of ours."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tmam.gates.errors import KeyStolenError, SampleTicketError, WrongEventError
from tmam.kernel.bound_token import (
    DecodedBound,
    certificate_sha256,
    decode_bound,
    looks_bound,
    verify_certificate,
)
from tmam.kernel.errors import TmamError
from tmam.kernel.ids import LARGEST_EVENT_ID
from tmam.kernel.sample_key import SAMPLE_EVENT_ID, SAMPLE_KEY_ID, SAMPLE_PRIVATE_KEY
from tmam.kernel.token import (
    DecodedToken,
    TokenError,
    TokenForgedError,
    decode_token,
    public_key_of,
    token_sha256,
    verify_decoded,
)
from tmam.platform.statements import Verb, statement
from tmam.tickets.signing_keys import keys_on_record

_SAMPLE_KEYS = {SAMPLE_KEY_ID: public_key_of(SAMPLE_PRIVATE_KEY)}
_EVENT_TITLE = statement("tmam.gates", "event_title")


@dataclass(frozen=True)
class ReadCode:
    """A code as read: `decoded` and its hash if it has the shape of one of ours, else the `error` that says why not."""

    decoded: DecodedToken | DecodedBound | None = None
    sha256: bytes | None = None
    error: TokenError | None = None

    @property
    def claims_moment(self) -> bool:
        """Whether it carries digits that only the event's master can judge."""
        return isinstance(self.decoded, DecodedToken) and self.decoded.live_digits is not None


def read_code(text: str) -> ReadCode:
    """Take a code apart without checking its signature: a ticket on record is known by its hash alone."""
    try:
        if looks_bound(text):
            bound = decode_bound(text)
            return ReadCode(bound, certificate_sha256(bound.certificate))
        decoded = decode_token(text)
    except TokenError as error:
        return ReadCode(error=error)
    return ReadCode(decoded, token_sha256(decoded.token))


def verify_unknown(event_id: int, decoded: DecodedToken | DecodedBound) -> Verb[TmamError | None]:
    """Why a code whose hash is not on record cannot admit here, or None if we did sign it for this event.

    A sample is told by the sample key and its event 0, which has no keys of its own.

    Only unknown codes pay for this signature check. A key id that its event never had is a forgery too: the
    database knows every key. What a stolen key signed is refused as such, whoever held the pen.
    """
    code_event_id = decoded.body.event_id
    if code_event_id > LARGEST_EVENT_ID:  # tokens have a bit more for it than the database
        return TokenForgedError()
    is_sample = code_event_id == SAMPLE_EVENT_ID
    keys = {} if is_sample else (yield from keys_on_record(code_event_id))
    public_keys = _SAMPLE_KEYS if is_sample else {key_id: key.public_key for key_id, key in keys.items()}
    try:
        if isinstance(decoded, DecodedBound):
            verify_certificate(decoded, public_keys)
        else:
            verify_decoded(decoded, public_keys)
    except TokenError:
        return TokenForgedError()
    if is_sample:
        return SampleTicketError()
    if code_event_id != event_id:
        titles = yield _EVENT_TITLE, (code_event_id,)
        return WrongEventError(event=json.loads(titles[0][0]) if titles else {})
    return KeyStolenError() if keys[decoded.body.key_id].stolen_at else None
