"""A colour as a browser's picker gives it, and the tone that tickets take from it. Pure."""

from __future__ import annotations

import math
import re

from tmam.kernel.colour import Oklch, contrast, hex_colour, showable

# The shades of `delivery/templates/parts.typ`, lightness and chroma: what carries white words, and words on the tint.
BAND, WORDS, TINT = (0.43, 0.14), (0.40, 0.13), (0.972, 0.012)
LEAST_CONTRAST = 4.5
# Below this a colour is a grey, which has no tone.
LEAST_CHROMA = 0.02
_WHITE = Oklch(1.0, 0.0, 0.0)
_HEX = re.compile(r"#[0-9a-f]{6}")


def picked_colour(hue: int) -> str:
    """`#rrggbb` of the band on a ticket with this hue."""
    return hex_colour(Oklch(*BAND, hue))


def hue_of(colour: str) -> int | None:
    """The OKLCH hue (0–359) of `#rrggbb`; None for a grey.

    Raises:
        ValueError: no such colour.
    """
    if not _HEX.fullmatch(colour):
        raise ValueError("not a colour like #1a2b3c")
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    # Björn Ottosson's matrices, the way back from `kernel.colour`.
    long = _cube_root(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = _cube_root(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = _cube_root(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    if math.hypot(a, b) < LEAST_CHROMA:
        return None
    return round(math.degrees(math.atan2(b, a))) % 360


def least_contrast(hue: int) -> float:
    """The weakest contrast of words on a ticket of this hue."""
    band, words, tint = (showable(Oklch(*shade, hue)) for shade in (BAND, WORDS, TINT))
    return min(contrast(band, _WHITE), contrast(words, tint))


def _linear(component: float) -> float:
    return component / 12.92 if component <= 0.04045 else ((component + 0.055) / 1.055) ** 2.4


def _cube_root(number: float) -> float:
    return float(number ** (1 / 3))  # never negative: a sum of light
