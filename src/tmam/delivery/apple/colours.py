"""The colours of a pass, from the organizer's hue."""

from __future__ import annotations

from typing import Final, NamedTuple, TypeAlias

from tmam.kernel.colour import Oklch, hex_colour

Rgb: TypeAlias = tuple[int, int, int]

# Dark enough for white text at 7 : 1 and labels at 4.5 : 1, whatever the hue.
_GROUND: Final = (0.32, 0.075)
_LABEL: Final = (0.86, 0.05)


class PassColours(NamedTuple):
    """Ground, text and labels, each as (red, green, blue) of 0–255."""

    ground: Rgb
    text: Rgb
    label: Rgb


def pass_colours(hue: int) -> PassColours:
    """The colours for an OKLCH hue in degrees."""
    return PassColours(_rgb(Oklch(*_GROUND, hue)), (255, 255, 255), _rgb(Oklch(*_LABEL, hue)))


def css(colour: Rgb) -> str:
    """As pass.json writes a colour: `rgb(12, 34, 56)`."""
    return f"rgb({colour[0]}, {colour[1]}, {colour[2]})"


def _rgb(colour: Oklch) -> Rgb:
    red, green, blue = bytes.fromhex(hex_colour(colour).removeprefix("#"))
    return red, green, blue
