"""Colour arithmetic: OKLCH to sRGB, and the contrast of WCAG 2.2.

Sources: Björn Ottosson, "A perceptual color space for image processing" (2020), as CSS Color 4 §9.3 uses it;
WCAG 2.2, "relative luminance" and "contrast ratio".
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Oklch(NamedTuple):
    """Lightness 0–1, chroma 0–0.4, hue in degrees."""

    lightness: float
    chroma: float
    hue: float

    def css(self) -> str:
        """As a style sheet writes it: `oklch(47% 0.21 265)`."""
        return f"oklch({self.lightness * 100:.4g}% {self.chroma:.4g} {self.hue:.4g})"


Rgb = tuple[float, float, float]


def linear_rgb(colour: Oklch) -> Rgb:
    """Linear-light sRGB; a component outside 0–1 is one that no screen can show."""
    a = colour.chroma * math.cos(math.radians(colour.hue))
    b = colour.chroma * math.sin(math.radians(colour.hue))
    long = (colour.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (colour.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (colour.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def is_showable(colour: Oklch) -> bool:
    """Whether an ordinary (sRGB) screen can show the colour as it is."""
    return all(-0.0005 <= component <= 1.0005 for component in linear_rgb(colour))


def showable(colour: Oklch) -> Oklch:
    """The same lightness and hue with as much of the chroma as an sRGB screen can show."""
    low, high = 0.0, colour.chroma
    if is_showable(colour):
        return colour
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if is_showable(colour._replace(chroma=middle)) else (low, middle)
    return colour._replace(chroma=math.floor(low * 1000) / 1000)


def accent_on_white(hue: int) -> Oklch:
    """An organizer's accent where white letters stand on it or it stands on white: tickets, passes, mails."""
    return Oklch(0.43, 0.14, hue % 360)


def accent_on_black(hue: int) -> Oklch:
    """The same where it stands on a dark ground, or dark letters on it."""
    return Oklch(0.8, 0.1, hue % 360)


def hex_colour(colour: Oklch) -> str:
    """`#rrggbb`, after fitting the chroma to the screen."""
    return "#" + "".join(
        f"{round(_encoded(component) * 255):02x}" for component in linear_rgb(showable(colour))
    )


def luminance(colour: Oklch) -> float:
    """Relative luminance, 0 (black) to 1 (white), of what an sRGB screen shows."""
    red, green, blue = (min(1.0, max(0.0, component)) for component in linear_rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Oklch, other: Oklch) -> float:
    """Contrast ratio, 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _encoded(component: float) -> float:
    clipped = min(1.0, max(0.0, component))
    return 12.92 * clipped if clipped <= 0.0031308 else 1.055 * clipped ** (1 / 2.4) - 0.055
