"""A pass's serial number and the secret that its updates ask for: both derived, neither stored.

The number is one AES block: event, ticket, and the generation of the ticket that its holder got first. It tells
nobody anything, is the same at every download, and leads back to its ticket without a table. Whoever gets the
ticket afterwards has another generation, hence another number and another secret: Apple lets neither change.
"""

from __future__ import annotations

import functools
import hmac
import struct
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK: Final = struct.Struct(">IIB7s")
_PURPOSE: Final = b"\0" * 7  # also tells our numbers from invented ones, but for one in 2⁵⁶
NUMBER_CHARACTERS: Final = 32


class PassNumber(NamedTuple):
    """What a serial number stands for."""

    event_id: int
    serial: int
    generation: int


def pass_number(secret_key: str, of: PassNumber) -> str:
    """The serial number of a pass: 32 hexadecimal digits."""
    block = _BLOCK.pack(of.event_id, of.serial, of.generation, _PURPOSE)
    encryptor = _cipher(secret_key).encryptor()
    return (encryptor.update(block) + encryptor.finalize()).hex()


def read_pass_number(secret_key: str, text: str) -> PassNumber | None:
    """What a serial number stands for, or None for one that is not ours."""
    if len(text) != NUMBER_CHARACTERS or not text.isascii():
        return None
    try:
        block = bytes.fromhex(text)
    except ValueError:
        return None
    if block.hex() != text:  # one spelling only
        return None
    decryptor = _cipher(secret_key).decryptor()
    event_id, serial, generation, purpose = _BLOCK.unpack(decryptor.update(block) + decryptor.finalize())
    return PassNumber(event_id, serial, generation) if purpose == _PURPOSE else None


def update_secret(secret_key: str, number: str) -> str:
    """The `authenticationToken` of a pass: 64 hexadecimal digits."""
    return hmac.digest(secret_key.encode(), b"apple-update:" + number.encode(), "sha256").hex()


def is_update_secret(secret_key: str, number: str, given: str) -> bool:
    """Whether this is the secret of that pass; takes the same time for any text."""
    return hmac.compare_digest(update_secret(secret_key, number).encode(), given.encode())


@functools.lru_cache(maxsize=4)
def _cipher(secret_key: str) -> Cipher[modes.ECB]:
    key = hmac.digest(secret_key.encode(), b"apple-pass-number", "sha256")[:16]
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - a single block: a permutation of numbers is wanted
