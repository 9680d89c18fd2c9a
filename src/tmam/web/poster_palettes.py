"""The colours of the posters, chosen by hand. A chance hue makes mud; these were mixed to be looked at."""

from __future__ import annotations

import random

from tmam.web.poster_parts import Palette

# hue (degrees) → colours, for grounds as dark as a hall before the show …
DARK: tuple[tuple[int, Palette], ...] = (
    (265, Palette("#0f1b3d", "#1d2f66", "#3050a8", "#7394e6", "#f6efe2", "#ff8a5c")),
    (268, Palette("#2b45c9", "#2238a6", "#192876", "#6f8cf0", "#f8f1e4", "#ffc24b")),
    (320, Palette("#2a1038", "#4b1d5c", "#85308c", "#cf6bb4", "#fdeadd", "#ffb44d")),
    (300, Palette("#33235c", "#5b378a", "#9650a6", "#ea8ea6", "#fff0e0", "#ffd27a")),
    (285, Palette("#1f1636", "#3a2766", "#664aa6", "#a68fe0", "#f4efe2", "#d3e56c")),
    (195, Palette("#06303a", "#0b5563", "#138a92", "#63cbbf", "#f6f1dd", "#ff9a66")),
    (180, Palette("#0f6b62", "#0b544f", "#083c3b", "#5fc7ac", "#fdf3dc", "#ffcb57")),
    (160, Palette("#0d2420", "#17443a", "#2b7259", "#84bd90", "#f6efdb", "#f5b34a")),
    (30, Palette("#d8432b", "#b63222", "#84201f", "#f6875f", "#fceedb", "#ffc65c")),
    (15, Palette("#3a0f22", "#681b35", "#a62c46", "#e76a63", "#fdebd9", "#f9b64e")),
    (60, Palette("#2b1710", "#5a2b17", "#9c4a20", "#e38b45", "#fdf0d6", "#5fb3b3")),
    (240, Palette("#0b2a45", "#124a72", "#1f77a8", "#6cbbdf", "#f7f2e4", "#f4694f")),
)
# … and as light as paper.
LIGHT: tuple[tuple[int, Palette], ...] = (
    (40, Palette("#f7ecdd", "#f0cba6", "#e38c5d", "#ba4830", "#3b1a1a", "#2f7f86")),
    (160, Palette("#eff1e2", "#cadabd", "#86b096", "#3d7768", "#16302e", "#ef7b5a")),
    (10, Palette("#fcebe6", "#f6c3ba", "#e78982", "#b54058", "#3d1230", "#f2b03f")),
    (75, Palette("#fdf1d3", "#fad27a", "#f1a23c", "#c95b1f", "#4a1c10", "#2d6d8f")),
    (240, Palette("#e8f1f7", "#b9d7ec", "#76add9", "#2f6ca8", "#12294b", "#f1694f")),
    (200, Palette("#f6eddb", "#e7d5b2", "#7fbab7", "#2e7d8c", "#123a4c", "#e8643f")),
    (300, Palette("#f4ecf5", "#dcc6e6", "#b08acb", "#6f4596", "#2a1740", "#f0813f")),
    (265, Palette("#f1efe9", "#cdd3ea", "#8a9de0", "#3a50c2", "#141c4a", "#ff7a45")),
    (345, Palette("#f9e9ee", "#f2b9c9", "#e0799b", "#a1336b", "#34123a", "#2f9c95")),
    (130, Palette("#f3f2dc", "#dbe3a4", "#a7c267", "#4d8a4b", "#18352a", "#e9573f")),
)
NEAREST = 6


def pick_palette(chance: random.Random, hue: int, *, dark_only: bool) -> Palette:
    """One of the palettes nearest to a hue; light and dark grounds alike unless the scene needs the dark."""
    shelf = DARK if dark_only or chance.random() < 0.55 else LIGHT
    near = sorted(shelf, key=lambda entry: abs((entry[0] - hue + 180) % 360 - 180))
    return chance.choice(near[:NEAREST])[1]
