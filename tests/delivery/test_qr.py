"""QR codes: our SVG and PNG, read by zbar."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from tests.delivery.outside import codes_in
from tmam.delivery.qr import MAX_CHARACTERS, qr_matrix, qr_png, qr_svg
from tmam.delivery.sample import sample_face

TOKEN = sample_face().token


def test_a_token_is_version_6_with_and_without_live_digits() -> None:
    assert len(qr_matrix(TOKEN)) == len(qr_matrix(TOKEN + "12345678")) == 41
    assert {len(row) for row in qr_matrix(TOKEN)} == {41}
    assert set(b"".join(qr_matrix(TOKEN))) == {0, 1}


@pytest.mark.parametrize("module_px", [2, 3, 8])
@pytest.mark.parametrize("text", [TOKEN, TOKEN + "12345678", "A"])
def test_the_png_reads(text: str, module_px: int, tmp_path: Path) -> None:
    path = tmp_path / "code.png"
    path.write_bytes(qr_png(text, module_px))
    assert codes_in(path) == [text]
    with Image.open(path) as image:
        assert image.mode == "1"
        assert image.width == image.height == (len(qr_matrix(text)) + 8) * module_px


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=100), st.integers(1, 5)
)
@settings(max_examples=30, deadline=None)
def test_the_png_shows_the_matrix(text: str, module_px: int) -> None:
    matrix = qr_matrix(text)
    with Image.open(io.BytesIO(qr_png(text, module_px))) as image:
        shown = [
            bytes(
                0 if image.getpixel((4 * module_px + x * module_px, 4 * module_px + y * module_px)) else 1
                for x in range(len(row))
            )
            for y, row in enumerate(matrix)
        ]
    assert tuple(shown) == matrix


def test_the_svg_is_one_path_over_white_that_covers_the_dark_modules() -> None:
    root = etree.fromstring(qr_svg(TOKEN))
    background, code = root
    assert (root.get("viewBox"), background.get("fill")) == ("0 0 49 49", "#fff")
    shown = [bytearray(41) for _ in range(41)]
    for run in code.get("d").removesuffix("z").split("z"):
        begin, width = run[1:].split("v")[0].split("h")
        x, y = map(int, begin.split())
        for step in range(int(width)):
            shown[y - 4][x - 4 + step] = 1
    assert tuple(map(bytes, shown)) == qr_matrix(TOKEN)


@pytest.mark.parametrize("text", ["", "A" * (MAX_CHARACTERS + 1)])
def test_too_little_and_too_much(text: str) -> None:
    with pytest.raises(ValueError, match="QR code holds"):
        qr_matrix(text)


@pytest.mark.parametrize("module_px", [0, 65])
def test_impossible_sizes(module_px: int) -> None:
    with pytest.raises(ValueError, match="module_px"):
        qr_png(TOKEN, module_px)
