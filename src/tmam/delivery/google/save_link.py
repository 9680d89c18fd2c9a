"""The link that opens Google Wallet with passes to save: a signed JWT (RFC 7519, RS256) with their names only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from google.auth import crypt, jwt

SAVE_ADDRESS: Final = "https://pay.google.com/gp/v/save/"
# Google: "the maximum safe length for the JWT is 1800 characters".
MAX_LINK_CHARACTERS: Final = 1_800

_SECTION = {"eventTicket": "eventTicketObjects", "transit": "transitObjects"}


def save_link(
    signer: crypt.Signer,
    *,
    account: str,
    origin: str,
    objects: Sequence[tuple[str, str, str]],
    now: datetime,
) -> tuple[str, int]:
    """The link for as many of the objects, in their order, as it has room for; and how many those are.

    `objects` are (kind, object id, class id) of passes that exist at Google already; `account` is the service
    account's address, `origin` the site the button is on.
    """
    for count in range(len(objects), 0, -1):
        token = jwt.encode(signer, _claims(account, origin, objects[:count], now)).decode()
        link = SAVE_ADDRESS + token
        if len(link) <= MAX_LINK_CHARACTERS:
            return link, count
    raise ValueError("not even one pass fits into a link")


def _claims(
    account: str, origin: str, objects: Sequence[tuple[str, str, str]], now: datetime
) -> Mapping[str, Any]:
    payload: dict[str, list[dict[str, str]]] = {}
    for kind, object_id, class_id in objects:
        payload.setdefault(_SECTION[kind], []).append({"id": object_id, "classId": class_id})
    return {
        "iss": account,
        "aud": "google",
        "typ": "savetowallet",
        "iat": int(now.timestamp()),
        "origins": [origin],
        "payload": payload,
    }
