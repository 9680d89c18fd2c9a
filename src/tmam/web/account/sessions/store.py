"""The session store: Django's, in the database, with our limits.

Django ends a session at the moment that its row names. Each save moves that moment, so counting from what the
session remembers is all it takes: nobody who saves, and no `set_expiry` of a library, can stretch it beyond.

What a session holds is encrypted: allauth keeps the codes it mailed in there, and a copy of the database must not
give them away.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from cryptography.fernet import InvalidToken
from django.contrib.sessions.backends import db
from django.utils import timezone

from tmam.platform.keys import decrypt, encrypt
from tmam.web.account.sessions.limits import seconds_left


class SessionStore(db.SessionStore):
    """Sessions whose end follows from their sign-in and their last use."""

    @classmethod
    def holding(cls, session_key: str, session_data: str) -> SessionStore:
        """The session of a row that somebody read already, and that has not ended."""
        store = cls(session_key)
        loaded: Any = store
        loaded._session_cache = store.decode(session_data)  # noqa: SLF001 - where Django keeps what it loaded
        return store

    def encode(self, session_dict: dict[str, Any]) -> str:
        """As stored: signed as Django does, then encrypted under the operator's key."""
        return encrypt(super().encode(session_dict).encode()).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """What it holds; nothing if it cannot be read, which ends the session."""
        sealed = session_data.encode() if isinstance(session_data, str) else session_data
        try:
            return super().decode(decrypt(sealed).decode())
        except InvalidToken:
            return {}

    def get_expiry_age(self, **given: Any) -> int:
        """Seconds until it ends if nobody comes any more; the cookie lives as long."""
        return seconds_left(self, given.get("modification") or timezone.now())

    def get_expiry_date(self, **given: Any) -> datetime:
        """The moment that the row names."""
        now = given.get("modification") or timezone.now()
        return now + timedelta(seconds=self.get_expiry_age(**given))

    def get_expire_at_browser_close(self) -> bool:
        """Never: closing a browser says nothing on telephones, and the server ends sessions itself."""
        return False
