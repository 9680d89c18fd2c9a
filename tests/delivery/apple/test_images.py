"""The images: the right sizes, readable ground, and nothing that a bad picture could break."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.delivery.faces_cast import POSTER, png_logo
from tmam.delivery.apple.colours import pass_colours
from tmam.delivery.apple.images import pass_images


def size(content: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.format == "PNG"
        return picture.size


def test_the_sizes_are_apples() -> None:
    files = pass_images("eventTicket", 265, POSTER).files
    sizes = {name: size(content) for name, content in files.items()}
    assert [sizes[name] for name in ("icon.png", "icon@2x.png", "icon@3x.png")] == [
        (29, 29),
        (58, 58),
        (87, 87),
    ]
    assert sizes["artwork@2x.png"] == (716, 896)
    assert sizes["background.png"] == (180, 220)
    assert sizes["thumbnail@3x.png"] == (270, 180)
    assert sum(map(len, files.values())) < 250_000


def test_a_boarding_pass_has_no_room_for_a_poster() -> None:
    assert {
        name.partition("@")[0].partition(".")[0] for name in pass_images("boardingPass", 1, POSTER).files
    } == {
        "icon",
        "logo",
    }


def test_the_organizers_logo_stands_in_the_header() -> None:
    files = pass_images("boardingPass", 265, None, png_logo(480, 160)).files
    assert size(files["logo.png"]) == (150, 50)
    with Image.open(io.BytesIO(files["logo@3x.png"])) as picture:
        assert (200, 30, 60) in {colour[:3] for _, colour in picture.convert("RGBA").getcolors(1 << 20) or ()}


@pytest.mark.parametrize(
    "logo",
    [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", png_logo()[:200], b"\x89PNG\r\n\x1a\n" + b"\0" * 50_000_000],
    ids=["empty", "signature", "gif", "cut", "50 MB"],
)
def test_a_logo_that_is_none_leaves_ours(logo: bytes) -> None:
    assert size(pass_images("generic", 40, None, logo).files["logo.png"]) == (50, 50)


@pytest.mark.parametrize(
    "svg", [b"<svg", b"no drawing", b"\xff\xfe", b'<svg xmlns="http://www.w3.org/2000/svg"/>']
)
def test_a_poster_that_cannot_be_drawn_is_left_out(svg: bytes) -> None:
    assert "icon.png" in pass_images("eventTicket", 265, svg).files


@pytest.mark.parametrize("hue", range(0, 360, 15))
def test_texts_are_readable_on_every_ground_and_on_the_lightest_poster(hue: int) -> None:
    ground, text, label = pass_colours(hue)
    assert contrast(ground, text) >= 7
    assert contrast(ground, label) >= 4.5


def test_the_background_is_dark_whatever_the_poster() -> None:
    white = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 6 4"><rect width="6" height="4" fill="#fff"/></svg>'
    with Image.open(io.BytesIO(pass_images("eventTicket", 90, white).files["background.png"])) as picture:
        brightest = max(colour for _, colour in picture.convert("RGB").getcolors(1 << 20) or ())
    assert contrast(brightest, (255, 255, 255)) >= 4.5


def contrast(one: tuple[int, ...], other: tuple[int, ...]) -> float:
    """WCAG 2.2's contrast ratio, written down here once more so that nobody judges himself."""

    def luminance(colour: tuple[int, ...]) -> float:
        linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
