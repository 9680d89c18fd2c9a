"""Posters: the same for the same event, light, well-formed, and deaf to what titles contain."""

from __future__ import annotations

import pytest
from django.test import Client
from lxml import etree

from tests.cast import make_event
from tmam.catalog.models import Kind
from tmam.web.poster_scenes import SCENES_BY_KIND
from tmam.web.posters import poster_path, poster_svg

HUES = (0, 85, 160, 265, 330)
SVG = "{http://www.w3.org/2000/svg}"
SHAPES = {
    SVG + name
    for name in (
        "svg",
        "defs",
        "clipPath",
        "linearGradient",
        "radialGradient",
        "stop",
        "path",
        "circle",
        "ellipse",
        "rect",
        "g",
        "use",
    )
}


@pytest.mark.parametrize("kind", Kind.values)
def test_small_well_formed_and_wordless(kind: str) -> None:
    for number in range(40):
        svg = poster_svg(f"seed-{number}", kind, "A title", HUES[number % 5])
        assert len(svg.encode()) < 8_000, number
        root = etree.fromstring(svg.encode())
        assert {element.tag for element in root.iter()} <= SHAPES
        assert root.get("viewBox") == "0 0 600 400"
        assert "".join(root.itertext()).strip() == ""


def test_same_seed_same_picture_other_seed_other_picture() -> None:
    assert poster_svg("a", "concert", "x", 265) == poster_svg("a", "concert", "x", 265)
    pictures = {poster_svg(f"{number}", "concert", "x", 265) for number in range(30)}
    assert len(pictures) == 30


def test_the_title_stands_in_for_an_empty_seed() -> None:
    assert poster_svg("", "museum", "one", 20) != poster_svg("", "museum", "two", 20)
    assert poster_svg("s", "museum", "one", 20) == poster_svg("s", "museum", "two", 20)


@pytest.mark.parametrize("evil", ['"><script>alert(1)</script>', "]]>", "&entity;", "\x00\x1b", "🎟" * 500])
def test_nothing_of_what_is_given_gets_into_the_picture(evil: str) -> None:
    svg = poster_svg(evil, evil, evil, 10**6)
    etree.fromstring(svg.encode())
    assert "script" not in svg
    assert "entity" not in svg


def test_every_kind_has_compositions() -> None:
    assert set(SCENES_BY_KIND) == set(Kind.values)
    assert all(len(scenes) >= 3 for scenes in SCENES_BY_KIND.values())


@pytest.mark.django_db
def test_served_and_kept_forever_under_its_seed() -> None:
    event = make_event()
    event.poster_seed = "moon & sea"
    event.save()
    kept = Client().get(poster_path(event.pk, event.poster_seed))
    assert kept.status_code == 200
    assert kept.headers["Content-Type"] == "image/svg+xml"
    assert "immutable" in kept.headers["Cache-Control"]
    assert not kept.cookies
    changed = Client().get(f"/posters/{event.pk}.svg?v=old")
    assert "immutable" not in changed.headers["Cache-Control"]
    assert changed.content == kept.content
    assert Client().get("/posters/999999999.svg").status_code == 404
    assert Client().post(f"/posters/{event.pk}.svg").status_code == 405
