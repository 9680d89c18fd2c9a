"""QR codes: the matrix from zxing-cpp, drawn by ourselves as one SVG path or as a 1-bit PNG.

Level M (a quarter of the code may be dirty or torn). A token, with or without its live digits, gives
version 6: 41 × 41 modules.
"""

from __future__ import annotations

import struct
import zlib
from typing import TypeAlias

import zxingcpp

# ISO/IEC 18004 §6.3.8: readers need four light modules on each side.
QUIET_ZONE_MODULES = 4
MAX_CHARACTERS = 1000
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"

# Rows from top to bottom, one byte per module from left to right: 1 is dark.
Matrix: TypeAlias = tuple[bytes, ...]


def qr_matrix(text: str) -> Matrix:
    """The modules of a text's QR code, without a quiet zone.

    Raises:
        ValueError: the text is empty or longer than 1,000 characters.
    """
    if not 0 < len(text) <= MAX_CHARACTERS:
        raise ValueError(f"a QR code holds 1 to {MAX_CHARACTERS} characters here, not {len(text)}")
    barcode = zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level="M")
    image = barcode.to_image(scale=1, add_quiet_zones=False)
    # The type stubs do not say so, but an image is a buffer: one byte of lightness per module.
    width, lightness = image.shape[1], bytes(memoryview(image))  # type: ignore[arg-type]
    return tuple(
        bytes(0 if module else 1 for module in lightness[start : start + width])
        for start in range(0, len(lightness), width)
    )


def qr_svg(text: str) -> bytes:
    """A square SVG with its quiet zone, dark on white: one path, one unit a module, sharp at any size.

    Raises:
        ValueError: see `qr_matrix`.
    """
    matrix = qr_matrix(text)
    side = len(matrix) + 2 * QUIET_ZONE_MODULES
    path = "".join(
        f"M{QUIET_ZONE_MODULES + begin} {QUIET_ZONE_MODULES + y}h{end - begin}v1h-{end - begin}z"
        for y, row in enumerate(matrix)
        for begin, end in _dark_runs(row)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{path}"/></svg>'
    ).encode()


def qr_png(text: str, module_px: int = 8) -> bytes:
    """A square 1-bit PNG with its quiet zone, `module_px` pixels a module (1–64).

    Raises:
        ValueError: see `qr_matrix`, or `module_px` is out of range.
    """
    if not 1 <= module_px <= 64:
        raise ValueError(f"module_px must be 1 to 64, not {module_px}")
    matrix = qr_matrix(text)
    quiet = QUIET_ZONE_MODULES * module_px
    side = len(matrix) * module_px + 2 * quiet
    blank = _scanline(bytes(side))
    lines = [blank] * quiet
    for row in matrix:
        dark = bytes(quiet) + b"".join(bytes([module]) * module_px for module in row) + bytes(quiet)
        lines += [_scanline(dark)] * module_px
    lines += [blank] * quiet
    # Bit depth 1, greyscale, the only compression and filter methods there are, not interlaced.
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    body = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(b"".join(lines), 6)) + _chunk(b"IEND", b"")
    return _PNG_SIGNATURE + body


def _dark_runs(row: bytes) -> list[tuple[int, int]]:
    """The stretches of dark modules of a row: (first, one past the last)."""
    runs: list[tuple[int, int]] = []
    begin = row.find(1)
    while begin != -1:
        end = row.find(0, begin)
        end = len(row) if end == -1 else end
        runs.append((begin, end))
        begin = row.find(1, end)
    return runs


def _scanline(dark: bytes) -> bytes:
    """One PNG line (filter type 0) from one byte per pixel; in PNG 1 is white."""
    padded_bits = -len(dark) % 8
    bits = int(dark.translate(_TO_BIT_DIGITS) + b"1" * padded_bits, 2)
    return b"\0" + bits.to_bytes((len(dark) + padded_bits) // 8, "big")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


_TO_BIT_DIGITS = bytes.maketrans(b"\x00\x01", b"10")
