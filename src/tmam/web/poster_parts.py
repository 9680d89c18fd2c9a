"""What the posters are drawn with: a seeded hand, a palette, and shapes on a sheet of 600 × 400.

Coordinates are whole units of that sheet. What matters stays within the middle 400 × 400, for square crops.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from itertools import pairwise

WIDTH, HEIGHT = 600, 400
Point = tuple[float, float]


@dataclass(frozen=True)
class Palette:
    """Hex colours: the ground, three layers from far to near, what stands out, and one note of another hue."""

    ground: str
    far: str
    middle: str
    near: str
    light: str
    note: str


@dataclass
class Sheet:
    """A poster in the making: its chance, its colours, and the shapes so far."""

    chance: random.Random
    colours: Palette
    shapes: list[str] = field(default_factory=list)
    definitions: list[str] = field(default_factory=list)

    def draw(self, shape: str) -> None:
        """Lay one shape over the others."""
        self.shapes.append(shape)

    def fill(self, colour: str) -> None:
        """Cover the sheet."""
        self.draw(f'<path fill="{colour}" d="M0 0h{WIDTH}v{HEIGHT}H0z"/>')

    def fade(self, top: str, bottom: str, *, across: bool = False) -> str:
        """A gradient from the top down (or across), as a fill."""
        name = f"g{len(self.definitions)}"
        direction = "" if across else ' x2="0" y2="1"'
        stops = f'<stop stop-color="{top}"/><stop offset="1" stop-color="{bottom}"/>'
        self.definitions.append(f'<linearGradient id="{name}"{direction}>{stops}</linearGradient>')
        return f"url(#{name})"

    def glow(self, colour: str, strength: float = 0.8) -> str:
        """A light that fades outwards, as a fill."""
        name = f"g{len(self.definitions)}"
        stops = (
            f'<stop stop-color="{colour}" stop-opacity="{strength:g}"/>'
            f'<stop offset="1" stop-color="{colour}" stop-opacity="0"/>'
        )
        self.definitions.append(f'<radialGradient id="{name}">{stops}</radialGradient>')
        return f"url(#{name})"

    def circle(self, at: Point, radius: float, paint: str) -> None:
        """A disc."""
        self.draw(f'<circle cx="{num(at[0])}" cy="{num(at[1])}" r="{num(radius)}" fill="{paint}"/>')

    def ring(self, at: Point, radius: float, stroke: str, width: float) -> None:
        """A circle's line."""
        self.draw(
            f'<circle cx="{num(at[0])}" cy="{num(at[1])}" r="{num(radius)}" fill="none" stroke="{stroke}" stroke-width="{num(width)}"/>'
        )

    def polygon(self, points: list[Point], paint: str, opacity: float = 1) -> None:
        """Straight edges through the points."""
        self.path("M" + "L".join(f"{num(x)} {num(y)}" for x, y in points) + "z", paint, opacity)

    def path(self, data: str, paint: str, opacity: float = 1) -> None:
        """A filled outline."""
        see_through = "" if opacity == 1 else f' opacity="{opacity:g}"'
        self.draw(f'<path fill="{paint}"{see_through} d="{data}"/>')

    def line(self, data: str, stroke: str, width: float, opacity: float = 1) -> None:
        """A stroke with round ends."""
        see_through = "" if opacity == 1 else f' opacity="{opacity:g}"'
        self.draw(
            f'<path fill="none" stroke="{stroke}" stroke-width="{num(width)}" stroke-linecap="round"{see_through} d="{data}"/>'
        )

    def rect(self, x: float, y: float, width: float, height: float, paint: str, *, corner: float = 0) -> None:
        """A box, with round corners if wanted."""
        rounded = f' rx="{num(corner)}"' if corner else ""
        self.draw(
            f'<rect x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}"{rounded} fill="{paint}"/>'
        )

    def svg(self) -> str:
        """The finished picture. It holds no words: the page gives them."""
        defs = f"<defs>{''.join(self.definitions)}</defs>" if self.definitions else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
            f'preserveAspectRatio="xMidYMid slice">{defs}{"".join(self.shapes)}</svg>'
        )


def num(value: float) -> str:
    """A coordinate, short: one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")


def wave(baseline: float, height: float, length: float, shift: float) -> str:
    """The outline of a body of water: a smooth wave at `baseline`, closed at the foot of the sheet."""
    half = length / 2
    start = -((shift % length) + length)
    data = f"M{num(start)} {num(baseline)}q{num(half / 2)} {num(-height)} {num(half)} 0"
    data += f"t{num(half)} 0" * (math.ceil((WIDTH - start) / half) + 1)
    return f"{data}V{HEIGHT}H{num(start)}z"


def hills(points: list[Point]) -> str:
    """A smooth skyline through the points, closed at the foot of the sheet."""
    data = f"M{num(points[0][0])} {num(points[0][1])}"
    for (x0, y0), (x1, y1) in pairwise(points):
        middle = num((x0 + x1) / 2)
        data += f"C{middle} {num(y0)} {middle} {num(y1)} {num(x1)} {num(y1)}"
    return f"{data}V{HEIGHT}H{num(points[0][0])}z"


def around(centre: Point, radius: float, degrees: float) -> Point:
    """The point at an angle (0 is right, clockwise)."""
    angle = math.radians(degrees)
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)
