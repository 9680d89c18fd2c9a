"""The visitor cookie: who holds these places, before anybody has said who they are.

`<uuid hex>.<HMAC-SHA-256, 32 hex digits>`: the hot shell recognises a visitor without a session look-up.
"""

from __future__ import annotations

import hmac
from uuid import UUID

COOKIE = "tmam_visitor"
COOKIE_AGE_S = 30 * 24 * 3600


def sign_visitor(visitor_id: UUID, secret: str) -> str:
    """The cookie's value for a visitor."""
    return f"{visitor_id.hex}.{_seal(visitor_id.hex, secret)}"


def read_visitor(cookie: str | None, secret: str) -> UUID | None:
    """The visitor a cookie names, or None when it is absent, malformed or not signed by us."""
    name, dot, seal = (cookie or "").partition(".")
    if not dot or len(name) != 32 or not hmac.compare_digest(seal.encode(), _seal(name, secret).encode()):
        return None
    return UUID(hex=name)


def _seal(name: str, secret: str) -> str:
    return hmac.digest(secret.encode(), b"visitor:" + name.encode(), "sha256").hex()[:32]
