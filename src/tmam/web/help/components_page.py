"""`/design/`: every component of the style sheet, for whoever makes the next page."""

from __future__ import annotations

import functools
import tomllib
from urllib.parse import quote

from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from tmam.web.posters import poster_svg
from tmam.web.public import public_page

SHOWN = (
    ("concert", "Noche de Jazz con Lucía Vega", "Sala Caracol, Madrid", 265),
    ("theatre", "La vida es sueño", "Teatro Real, Madrid", 15),
    ("cinema", "The Last Projectionist", "Cine Doré, Madrid", 240),
    ("museum", "Light and Stone", "Museo del Agua, Lisboa", 200),
    ("tour", "Isla Saona by catamaran", "Bayahíbe", 40),
    ("train", "Madrid to Sevilla", "Puerta de Atocha", 160),
)


@public_page
def components_page(request: HttpRequest) -> HttpResponse:
    """Every component once, with posters of made-up events."""
    problems = [
        ("Choose a date", "#show-date"),
        ("Type an e-mail address, like ana@example.com", "#show-email"),
    ]
    posters = [
        (quote(poster_svg("design", kind, title, hue)), title, place) for kind, title, place, hue in SHOWN
    ]
    given = {
        "problems": problems,
        "posters": posters,
        "icons": icon_names(),
        "language": "en",
        "languages": [],
        "other_languages": [],
    }
    with translation.override("en"):
        return render(request, "design/components.html", given)


@functools.cache
def icon_names() -> list[str]:
    """The icons of the sprite, from the manifest that made it."""
    manifest = finders.find("vendor/lucide/VENDORED.toml")
    if not isinstance(manifest, str):
        raise FileNotFoundError("vendor/lucide/VENDORED.toml")
    with open(manifest, "rb") as file:  # noqa: PTH123 - the finder gives a plain path
        return sorted(tomllib.load(file)["file"][0]["icons"])
