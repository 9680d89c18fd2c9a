"""Codes for scanners: the modules from zxing-cpp, drawn by ourselves as one SVG path or as a 1-bit PNG.

| symbology | holds | for |
|---|---|---|
| `qr` | the token: 41 × 41 modules (version 6, level M) | everything; the default |
| `aztec` | the token: 41 × 41 modules | venues and railways whose scanners ask for it |
| `pdf417` | the token: 171 × 57 modules | laser line scanners and airline gates |
| `code128` | a booking reference, never a token: in one dimension it would be half a metre wide | a reader that types |

A Code 128 with the booking reference types into the gate's look-up what a person would type. It admits nobody by itself.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import zxingcpp

Symbology: TypeAlias = Literal["qr", "aztec", "pdf417", "code128"]
# Rows from top to bottom, one byte per module from left to right: 1 is dark.
Matrix: TypeAlias = tuple[bytes, ...]

LARGEST_MODULE_PX = 64
_PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_BYTE_PX = 8
_DARK = re.compile(b"\x01+")


@dataclass(frozen=True)
class _Kind:
    """How one symbology is made. `quiet` modules stay light at both ends, `height` is that of a code with one line."""

    name: str
    zxing: zxingcpp.BarcodeFormat
    quiet: int
    max_characters: int
    ec_level: str = ""
    height: int = 0

    @property
    def quiet_above(self) -> int:
        return min(self.quiet, 4)


_KINDS: Final[dict[Symbology, _Kind]] = {
    # ISO/IEC 18004 §6.3.8 asks for four light modules; level M: a quarter of the code may be dirty or torn.
    "qr": _Kind("QR code", zxingcpp.BarcodeFormat.QRCode, 4, 1000, ec_level="M"),
    # ISO/IEC 24778 needs none; a little white keeps a coloured ground away.
    "aztec": _Kind("Aztec code", zxingcpp.BarcodeFormat.Aztec, 3, 1000),
    # ISO/IEC 15438 §5.8.3: two modules.
    "pdf417": _Kind("PDF417 code", zxingcpp.BarcodeFormat.PDF417, 3, 500),
    # ISO/IEC 15417 §4.1: ten modules at both ends.
    "code128": _Kind("Code 128", zxingcpp.BarcodeFormat.Code128, 10, 30, height=28),
}


def code_matrix(text: str, symbology: Symbology = "qr") -> Matrix:
    """The modules of a text's code, without a quiet zone. Only ASCII fits everywhere.

    Raises:
        ValueError: the text is empty, or longer than the symbology's bound here (1,000, PDF417 500, Code 128 30).
    """
    kind = _KINDS[symbology]
    if not 0 < len(text) <= kind.max_characters:
        raise ValueError(f"a {kind.name} holds 1 to {kind.max_characters} characters here, not {len(text)}")
    options = {"ec_level": kind.ec_level} if kind.ec_level else {}
    barcode = zxingcpp.create_barcode(text, kind.zxing, **options)
    image = barcode.to_image(scale=1, add_quiet_zones=False)
    # The type stubs do not say so, but an image is a buffer: one byte of lightness per module.
    width, lightness = image.shape[1], bytes(memoryview(image))  # type: ignore[arg-type]
    modules = lightness.translate(_TO_MODULES)
    if kind.height:
        return (modules[:width],) * kind.height
    return tuple(modules[start : start + width] for start in range(0, len(modules), width))


def code_svg(text: str, symbology: Symbology = "qr") -> bytes:
    """An SVG with its quiet zone, dark on white: one path, one unit a module, sharp at any size.

    Raises:
        ValueError: see `code_matrix`.
    """
    matrix, kind = code_matrix(text, symbology), _KINDS[symbology]
    width, height = len(matrix[0]) + 2 * kind.quiet, len(matrix) + 2 * kind.quiet_above
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{width}v{height}H0z"/>'
        f'<path d="{_path(matrix, kind)}"/></svg>'
    ).encode()


def code_png(text: str, symbology: Symbology = "qr", module_px: int = 8) -> bytes:
    """A 1-bit PNG with its quiet zone, `module_px` pixels a module (1–64).

    Raises:
        ValueError: see `code_matrix`, or `module_px` is out of range.
    """
    if not 1 <= module_px <= LARGEST_MODULE_PX:
        raise ValueError(f"module_px must be 1 to {LARGEST_MODULE_PX}, not {module_px}")
    matrix, kind = code_matrix(text, symbology), _KINDS[symbology]
    width = (len(matrix[0]) + 2 * kind.quiet) * module_px
    height = (len(matrix) + 2 * kind.quiet_above) * module_px
    margin = bytes(kind.quiet)
    blank = _scanline(bytes(width // module_px), module_px) * (kind.quiet_above * module_px)
    lines = b"".join(
        _scanline(margin + row + margin, module_px) * rows * module_px for row, rows in _repeated(matrix)
    )
    # Bit depth 1, greyscale, the only compression and filter methods there are, not interlaced.
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    data = zlib.compress(blank + lines + blank, 6)
    return _PNG_SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _path(matrix: Matrix, kind: _Kind) -> str:
    parts: list[str] = []
    y = kind.quiet_above
    for row, rows in _repeated(matrix):
        parts += [
            f"M{kind.quiet + begin} {y}h{end - begin}v{rows}h-{end - begin}z"
            for begin, end in _dark_runs(row)
        ]
        y += rows
    return "".join(parts)


def _repeated(matrix: Matrix) -> list[tuple[bytes, int]]:
    """The rows with how often each comes in a row (PDF417 and Code 128 draw the same one several times)."""
    found: list[tuple[bytes, int]] = []
    for row in matrix:
        if found and found[-1][0] == row:
            found[-1] = row, found[-1][1] + 1
        else:
            found.append((row, 1))
    return found


def _dark_runs(row: bytes) -> list[tuple[int, int]]:
    """The stretches of dark modules of a row: (first, one past the last)."""
    return [found.span() for found in _DARK.finditer(row)]


def _scanline(modules: bytes, module_px: int) -> bytes:
    """One PNG line (filter type 0) of modules that are `module_px` wide; in PNG 1 is white."""
    if module_px == _BYTE_PX:  # a module is a byte
        return b"\0" + modules.translate(_TO_WHITE_BYTES)
    digits = b"".join(b"01"[not module : 2 - module] * module_px for module in modules)
    padded_bits = -len(digits) % 8
    return b"\0" + int(digits + b"1" * padded_bits, 2).to_bytes((len(digits) + padded_bits) // 8, "big")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


_TO_MODULES = bytes([1] + [0] * 255)  # lightness 0 is dark
_TO_WHITE_BYTES = bytes([255] + [0] * 255)
