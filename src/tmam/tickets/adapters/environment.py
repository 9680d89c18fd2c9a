"""Private keys derived from a secret of the environment: the database alone signs nothing, nor does a copy of it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import struct

from tmam.kernel.token import public_key_of
from tmam.platform.settings import current_settings
from tmam.tickets.errors import KeyKeeperAwayError
from tmam.tickets.ports import MadeKey

SALT_BYTES = 16
SHORTEST_SECRET = 32


class Environment:
    """Seed = HMAC-SHA-256(secret, "tmam event key" ‖ event u32 ‖ salt); what is kept is the salt, 16 random bytes.

    Who changes `TMAM_KEY_SECRET` makes every ticket's code impossible to make again: the public half on record tells.
    """

    name = "environment"

    def make(self, event_id: int) -> MadeKey:
        """See `KeyKeeper`."""
        salt = secrets.token_bytes(SALT_BYTES)
        return MadeKey(public_key_of(self.open(event_id, salt)), salt)

    def open(self, event_id: int, kept: bytes) -> bytes:
        """See `KeyKeeper`."""
        secret = current_settings().key_secret
        if len(secret) < SHORTEST_SECRET:
            raise KeyKeeperAwayError(self.name, f"TMAM_KEY_SECRET has less than {SHORTEST_SECRET} characters")
        message = b"tmam event key" + struct.pack(">I", event_id) + kept
        return hmac.new(secret.encode(), message, hashlib.sha256).digest()
