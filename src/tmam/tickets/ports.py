"""What tickets need of the outside world: somebody who keeps the private halves of signing keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from tmam.kernel.token import Signer


@dataclass(frozen=True)
class MadeKey:
    """A new key: the 32-byte public half, and what its keeper wants to be handed to find the private one again.

    `kept` is at most 256 bytes and is encrypted at rest like any secret, though for some keepers it is none.
    """

    public_key: bytes
    kept: bytes = field(repr=False)


class KeyKeeper(Protocol):
    """Keeps Ed25519 private keys. `name` is written beside every key it made and never changes.

    A cloud's key management fits here: `make` asks it for an Ed25519 key and keeps the key's name, `open` returns a
    function that asks it to sign (`docs/ticket-keys.md` works that out). Signing must be deterministic (RFC 8032).
    """

    name: str

    def make(self, event_id: int) -> MadeKey:
        """A new key for an event.

        Raises:
            KeyKeeperAwayError: the keeper is not set up, or does not answer.
        """
        ...

    def open(self, event_id: int, kept: bytes) -> bytes | Signer:
        """The private half that `make` made: its 32-byte seed, or who signs with it.

        Raises:
            KeyKeeperAwayError: the keeper is not set up, does not answer, or lost the key. The signer raises it too.
        """
        ...
