"""Whatever hue an organizer picks, words on and of its accent can be read."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from tests.cast import make_organizer
from tmam.kernel.colour import Oklch, contrast, hex_colour, is_showable, luminance
from tmam.web.brand import PAPER, SUNKEN, SURFACE, Theme, accent_for, brand_css


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("hue", range(0, 360, 5))
def test_every_hue_passes_4_5_in_both_themes(hue: int, theme: Theme) -> None:
    accent = accent_for(hue, theme)
    assert contrast(accent.on_accent, accent.accent) >= 4.5
    assert contrast(accent.on_accent, accent.accent_deep) >= 4.5
    for ground in (PAPER[theme], SURFACE[theme], SUNKEN[theme], accent.accent_soft):
        assert contrast(accent.accent_text, ground) >= 4.5
    assert all(
        is_showable(colour)
        for colour in (accent.accent, accent.accent_deep, accent.accent_text, accent.accent_soft)
    )


def test_style_sheet_sets_the_five_accent_colours_in_the_token_layer() -> None:
    css = brand_css(150)
    assert css.startswith("@layer tokens {")
    for name in ("accent", "accent-deep", "accent-text", "accent-soft", "on-accent"):
        assert (
            len(
                re.findall(
                    rf"--{name}: oklch\([\d.]+% [\d.]+ 150\);|--{name}: oklch\([\d.]+% [\d.]+ 80\);", css
                )
            )
            == 2
        )


def test_hues_beyond_the_circle_come_round() -> None:
    assert accent_for(385, "light") == accent_for(25, "light")


def test_known_colours() -> None:
    """Against CSS Color 4's own sample values."""
    assert hex_colour(Oklch(0.627955, 0.257683, 29.234)) == "#ff0000"
    assert hex_colour(Oklch(1, 0, 0)) == "#ffffff"
    assert luminance(Oklch(0, 0, 0)) == 0
    assert contrast(Oklch(0, 0, 0), Oklch(1, 0, 0)) == pytest.approx(21, abs=0.01)


@pytest.mark.django_db
def test_served_with_and_without_its_version() -> None:
    organizer = make_organizer(accent_hue=150)
    fresh = Client().get(f"/brand/{organizer.pk}.css")
    kept = Client().get(f"/brand/{organizer.pk}.css?v=150")
    assert fresh.headers["Content-Type"] == "text/css; charset=utf-8"
    assert fresh.content == kept.content == brand_css(150).encode()
    assert "max-age=300" in fresh.headers["Cache-Control"]
    assert "immutable" in kept.headers["Cache-Control"]
    assert not fresh.cookies
    assert Client().get("/brand/999999999.css").status_code == 404
