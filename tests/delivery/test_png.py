"""The picture for a phone, judged by zbar."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.delivery.faces_cast import MISCHIEF, POSTER, mischievous
from tests.delivery.outside import codes_in
from tmam.delivery.png import render_png
from tmam.delivery.sample import sample_face


@pytest.mark.parametrize("poster", [None, POSTER], ids=["plain", "poster"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_made_for_a_phone_and_readable(language: str, poster: bytes | None, tmp_path: Path) -> None:
    face = replace(sample_face(language), poster_svg=poster)
    path = tmp_path / "ticket.png"
    path.write_bytes(render_png(face))
    assert codes_in(path) == [face.token]
    with Image.open(path) as image:
        assert image.width == 1080
        assert 1800 <= image.height <= 4000


@pytest.mark.parametrize("text", MISCHIEF.values(), ids=MISCHIEF.keys())
def test_whatever_people_type_the_code_reads(text: str, tmp_path: Path) -> None:
    face = mischievous(text)
    path = tmp_path / "ticket.png"
    path.write_bytes(render_png(face))
    assert codes_in(path) == [face.token]


def test_the_code_stands_on_white_with_a_quiet_zone() -> None:
    with Image.open(io.BytesIO(render_png(sample_face()))) as image:
        grey = image.convert("L")
    # 284 pt at 3 px a point over 41 + 2 · 4 modules.
    module_px = 284 * 3 / 49
    dark = grey.point(lambda value: 255 if value < 40 else 0)
    left, right = (1080 - 284 * 3) / 2 + 4 * module_px, (1080 + 284 * 3) / 2 - 4 * module_px
    rows = [y for y in range(grey.height) if dark.getpixel((round(left + module_px / 2), y))]
    top = next(
        y
        for y in rows
        if all(dark.getpixel((round(left) + x, y + 3)) for x in range(5, round(6 * module_px)))
    )
    quiet = grey.crop(
        (round(left - 3.9 * module_px), round(top - 3.9 * module_px), round(right), round(top - 1))
    )
    assert quiet.getextrema() == (255, 255)
