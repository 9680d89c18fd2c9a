"""What a picture says of itself in its first bytes, read before any decoder sees it. Pure, and linear in its input.

Sources: W3C PNG (third edition) §5, §11; ITU-T T.81 (JPEG) annex B; RFC 9649 (WebP) §2.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

Kind: TypeAlias = Literal["PNG", "JPEG", "WEBP"]
Why: TypeAlias = Literal["unknown_kind", "damaged", "animated", "too_many_pixels", "too_slow", "empty"]

MOST_SIDE_PX: Final = 4_000
# Each scan of a progressive JPEG goes over the whole picture again. Cameras and programs write ten or so.
MOST_SCANS: Final = 100
# The exit status of `picture_child` for a picture that is not taken.
REFUSED: Final = 3

_PNG: Final = b"\x89PNG\r\n\x1a\n"
# What a picture is drawn from. Texts, profiles and whatever else may burst when unpacked is left out.
_KEPT_CHUNKS: Final = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"eXIf"))
_LONGEST_EXIF: Final = 65_536
# Start of frame, except the markers among them that are something else: DHT, JPG, DAC.
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_BARE: Final = frozenset((0x01, *range(0xD0, 0xD9)))


@dataclass(frozen=True)
class Header:
    """Kind, sides in pixels, whether it moves, and how often a decoder goes over the whole picture (at most)."""

    kind: Kind
    width: int
    height: int
    is_animated: bool = False
    scans: int = 1


def kind_of(data: bytes) -> Kind | None:
    """Which of the three kinds of picture that we take this begins like."""
    if data.startswith(_PNG):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    return "WEBP" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def read_header(data: bytes) -> Header:
    """The header of a picture of a kind that we take.

    Raises:
        ValueError: it has none that makes sense.
    """
    readers = {"PNG": _png, "JPEG": _jpeg, "WEBP": _webp}
    kind = kind_of(data)
    if kind is None:
        raise ValueError("no picture of a kind that is taken")
    try:
        header = readers[kind](data)
    except (struct.error, IndexError) as error:
        raise ValueError("the header ends too soon") from error
    if not (header.width and header.height):
        raise ValueError("a picture without a side")
    return header


def bare_png(data: bytes) -> bytes:
    """A PNG without what is not drawn from: its texts and profiles could unpack to more than the picture.

    Raises:
        ValueError: a chunk is cut off.
    """
    parts = [_PNG]
    for name, chunk in _chunks(data):
        if name in _KEPT_CHUNKS and not (name == b"eXIf" and len(chunk) > _LONGEST_EXIF):
            parts.append(chunk)
    return b"".join(parts)


def _chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """The chunks up to the end of the picture, each whole; what follows the end is nobody's business."""
    found = []
    place = len(_PNG)
    while place < len(data):
        if place + 12 > len(data):
            raise ValueError("a chunk is cut off")
        (length,) = struct.unpack_from(">I", data, place)
        name, end = data[place + 4 : place + 8], place + 12 + length
        if end > len(data):
            raise ValueError("a chunk is cut off")
        found.append((name, data[place:end]))
        place = end
        if name == b"IEND":
            return found
    raise ValueError("the picture has no end")


def _png(data: bytes) -> Header:
    if data[12:16] != b"IHDR":
        raise ValueError("a PNG without a header")
    width, height = struct.unpack_from(">II", data, 16)
    return Header("PNG", width, height, any(name == b"acTL" for name, _ in _chunks(data)))


def _jpeg(data: bytes) -> Header:
    place = 2
    while True:
        if data[place] != 0xFF:
            raise ValueError("no marker where one must be")
        marker = data[place + 1]
        if marker == 0xFF:  # fill bytes
            place += 1
            continue
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", data, place + 5)
            # A start of scan cannot be part of the picture itself, where every FF is followed by 00.
            return Header("JPEG", width, height, scans=data.count(b"\xff\xda", place))
        if marker in _BARE:
            place += 2
            continue
        (length,) = struct.unpack_from(">H", data, place + 2)
        if length < 2 or marker in (0xD9, 0xDA):
            raise ValueError("a JPEG without a frame")
        place += 2 + length


def _webp(data: bytes) -> Header:
    name, body = data[12:16], 20
    if name == b"VP8X":
        width, height = (1 + int.from_bytes(data[at : at + 3], "little") for at in (body + 4, body + 7))
        return Header("WEBP", width, height, bool(data[body] & 0x02))
    if name == b"VP8 ":
        if data[body + 3 : body + 6] != b"\x9d\x01\x2a":
            raise ValueError("a WebP without a frame")
        width, height = struct.unpack_from("<HH", data, body + 6)
        return Header("WEBP", width & 0x3FFF, height & 0x3FFF)
    if name == b"VP8L" and data[body] == 0x2F:
        (bits,) = struct.unpack_from("<I", data, body + 1)
        return Header("WEBP", 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF))
    raise ValueError("a WebP of a kind unknown")
