"""What a scanner read, taken apart, and the check that tells a forged code from one of ours."""

from __future__ import annotations

import json
from dataclasses import dataclass

from tmam.gates.errors import WrongEventError
from tmam.kernel.errors import TmamError
from tmam.kernel.ids import LARGEST_EVENT_ID
from tmam.kernel.token import (
    DecodedToken,
    TokenError,
    TokenForgedError,
    decode_token,
    token_sha256,
    verify_decoded,
)
from tmam.platform.statements import Verb, statement
from tmam.tickets.signing_keys import public_keys

_EVENT_TITLE = statement("tmam.gates", "event_title")


@dataclass(frozen=True)
class ReadCode:
    """A code as read: `decoded` and its hash if it has the shape of a token, else the `error` that says why not."""

    decoded: DecodedToken | None = None
    sha256: bytes | None = None
    error: TokenError | None = None


def read_code(text: str) -> ReadCode:
    """Take a code apart without checking its signature: a ticket on record is known by its hash alone."""
    try:
        decoded = decode_token(text)
    except TokenError as error:
        return ReadCode(error=error)
    return ReadCode(decoded=decoded, sha256=token_sha256(decoded.token))


def verify_unknown(event_id: int, decoded: DecodedToken) -> Verb[TmamError | None]:
    """Why a token whose hash is not on record cannot admit here, or None if we did sign it for this event.

    Only unknown tokens pay for this signature check. A key id that its event never had is a forgery too:
    the database knows every key.
    """
    token_event_id = decoded.body.event_id
    if token_event_id > LARGEST_EVENT_ID:  # tokens have a bit more for it than the database
        return TokenForgedError()
    keys = yield from public_keys(token_event_id)
    try:
        verify_decoded(decoded, keys)
    except TokenError:
        return TokenForgedError()
    if token_event_id == event_id:
        return None
    titles = yield _EVENT_TITLE, (token_event_id,)
    return WrongEventError(event=json.loads(titles[0][0]) if titles else {})
