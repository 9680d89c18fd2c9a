"""Which tickets of an event are no longer good, as one small signed file: a bitmap and the exceptions.

A deflated bitmap over the dense serials is exact and smaller than anything else we measured (5,000 of 100,000:
4.7 kB). Tickets that were replaced are listed with the lowest generation that is still good.

The file, big-endian:

| offset | bytes | part | meaning |
|---|---|---|---|
| 0 | 4 | format | `TRV2` |
| 4 | 4 | event | u32 |
| 8 | 4 | version | u32, only rises |
| 12 | 8 | made at | seconds since 1970-01-01 UTC (u64): when the content changed last |
| 20 | 4 | serials | the bitmap speaks of serials 1 to this (u32) |
| 24 | 4 | replaced | how many replaced tickets follow the bitmap (u32) |
| 28 | 8 | issued at | seconds since 1970-01-01 UTC (u64) |
| 36 | 8 | good until | seconds since 1970-01-01 UTC (u64): go by a newer one from then on |
| 44 | n | content | zlib (RFC 1950) of: bitmap, then serials of the replaced, then their generations |
| 44 + n | 64 | signature | Ed25519 over `TMAM-REVOKED-1` ‖ everything before |

Bitmap: serial s is revoked if bit `(s - 1) % 8` (1 the lowest) of byte `(s - 1) // 8` is set; ⌈serials / 8⌉ bytes.
Serials of the replaced: rising, each as its distance from the one before it (from 0 for the first), u32.
Generations: one byte each, the lowest that is good.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from tmam.kernel.lifetime import Lifetime
from tmam.kernel.token import SIGNATURE_BYTES, Signer, sign_bytes

FORMAT: Final = b"TRV2"
DOMAIN: Final = b"TMAM-REVOKED-1"
# Ten million tickets, half of them replaced: what a reader unpacks at most (about 26 MB).
MOST_SERIALS: Final = 10_000_000
MOST_REPLACED: Final = 5_000_000

_HEAD = struct.Struct(">4sIIQIIQQ")
_BYTES_OF_REPLACED: Final = 5


class UntrustedListError(ValueError):
    """The file is not a revocation list signed by this key; the text says why."""


@dataclass(frozen=True)
class RevocationList:
    """What is no longer good of an event's tickets. `bitmap` and `minimums` as the module's docstring has them."""

    event_id: int
    version: int
    made_at: datetime
    lifetime: Lifetime
    serials: int
    bitmap: bytes = field(repr=False)
    minimums: Mapping[int, int] = field(repr=False)

    def is_good(self, serial: int, generation: int) -> bool:
        """Whether a ticket's code may still admit. A serial beyond the list is newer than it: good."""
        if 1 <= serial <= self.serials and self.bitmap[(serial - 1) // 8] >> (serial - 1) % 8 & 1:
            return False
        return generation >= self.minimums.get(serial, 0)


def pack_content(serials: int, revoked: Iterable[int], minimums: Mapping[int, int]) -> bytes:
    """The deflated content for serials 1 to `serials`; the same input gives the same bytes.

    Raises:
        ValueError: a serial is not among them, a generation is no byte, or there are too many of either.
    """
    if serials > MOST_SERIALS or len(minimums) > MOST_REPLACED:
        raise ValueError(f"no list has {serials} serials or {len(minimums)} replaced tickets")
    bitmap = bytearray((serials + 7) // 8)
    for serial in revoked:
        if not 1 <= serial <= serials:
            raise ValueError(f"serial {serial} is not among {serials}")
        bitmap[(serial - 1) // 8] |= 1 << (serial - 1) % 8
    ordered = sorted(minimums)
    distances = [serial - before for before, serial in zip([0, *ordered], ordered, strict=False)]
    raw = bytes(bitmap) + struct.pack(f">{len(ordered)}I", *distances)
    # Anybody may ask for a list: level 9 takes many times the processor of 6 and saves next to nothing.
    return zlib.compress(raw + bytes(minimums[serial] for serial in ordered), 6)


def sign_list(
    event_id: int,
    version: int,
    made_at: datetime,
    lifetime: Lifetime,
    *,
    serials: int,
    replaced: int,
    content: bytes,
    private_key: bytes | Signer,
) -> bytes:
    """The whole file around a `content` that `pack_content` made."""
    made, issued, until = (
        int(each.timestamp()) for each in (made_at, lifetime.issued_at, lifetime.good_until)
    )
    head = _HEAD.pack(FORMAT, event_id, version, made, serials, replaced, issued, until)
    return head + content + sign_bytes(DOMAIN + head + content, private_key)


def read_list(raw: bytes, public_key: bytes, now: datetime) -> RevocationList:
    """Check a file against the key (32 bytes) that the event's key set delegates to, at an aware instant, and unpack it.

    Unpacks at most what the head announces, and never more than about 26 MB.

    Raises:
        UntrustedListError: not signed by this key, not such a file, or one whose time is over.
    """
    signed, signature = raw[:-SIGNATURE_BYTES], raw[-SIGNATURE_BYTES:]
    try:
        VerifyKey(public_key).verify(DOMAIN + signed, signature)
    except (BadSignatureError, ValueError) as error:
        raise UntrustedListError("the signature does not fit") from error
    if len(signed) < _HEAD.size or signed[:4] != FORMAT:
        raise UntrustedListError("another format")
    _, event_id, version, made, serials, replaced, issued, until = _HEAD.unpack_from(signed)
    if serials > MOST_SERIALS or replaced > MOST_REPLACED:
        raise UntrustedListError("too large")
    made_at, lifetime = _times(made, issued, until)
    if not lifetime.holds(now):
        raise UntrustedListError(f"good from {lifetime.issued_at} until {lifetime.good_until}")
    bitmap_bytes = (serials + 7) // 8
    content = _inflated(signed[_HEAD.size :], bitmap_bytes + _BYTES_OF_REPLACED * replaced)
    minimums: dict[int, int] = {}
    serial = 0
    distances = struct.unpack_from(f">{replaced}I", content, bitmap_bytes)
    for distance, generation in zip(distances, content[len(content) - replaced :], strict=True):
        serial += distance
        minimums[serial] = generation
    return RevocationList(event_id, version, made_at, lifetime, serials, content[:bitmap_bytes], minimums)


def _times(made: int, issued: int, until: int) -> tuple[datetime, Lifetime]:
    try:
        made_at, issued_at, good_until = (datetime.fromtimestamp(each, UTC) for each in (made, issued, until))
    except (ValueError, OverflowError, OSError) as error:
        raise UntrustedListError("its times are none") from error
    return made_at, Lifetime(issued_at, good_until)


def _inflated(deflated: bytes, size: int) -> bytes:
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(deflated, size + 1)
    except zlib.error as error:
        raise UntrustedListError("the content does not unpack") from error
    if len(content) != size or not inflater.eof:
        raise UntrustedListError("the content has another length than announced")
    return content
