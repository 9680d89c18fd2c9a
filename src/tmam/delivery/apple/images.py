"""The images of a pass: icon and logo drawn here, thumbnail, background and artwork cut from the event's poster.

Made once for an event and kept in memory (a set is 60–200 kB). Sizes: Apple, "Wallet Passes", "Design the pass".
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

import structlog
import typst
from PIL import Image, ImageDraw, ImageOps

from tmam.delivery.apple.colours import Rgb, pass_colours
from tmam.delivery.apple.layout import Style
from tmam.delivery.apple.package import PassImages
from tmam.delivery.themes import is_printable_logo

SETS_KEPT: Final = 64
_TEMPLATE = Path(__file__).parent / "templates" / "poster.typ"
_POSTER_PPI = 216.0  # 360 × 240 pt: 1080 × 720 px
_COLOURS = 48
_ICON_PT, _LOGO_PT, _LOGO_WIDE_PT = 29, 50, 160
_THUMBNAIL_PT, _BACKGROUND_PT = (90, 60), (180, 220)
_ARTWORK_PT = (358, 448)  # the poster look of iOS 18
# How much of the ground's colour lies over the background: its white text stays readable on any poster.
_SHADE = 0.8
_FINEST = 8  # shapes are drawn so many times larger and shrunk, for smooth edges

_log = structlog.get_logger()


@lru_cache(maxsize=SETS_KEPT)
def pass_images(
    style: Style, hue: int, poster_svg: bytes | None = None, logo: bytes | None = None
) -> PassImages:
    """The images for a style: `poster_svg` a drawing of our own, `logo` an organizer's PNG.

    What cannot be drawn is left out: a pass needs nothing but its icon. A logo that `is_printable_logo` refuses
    (30 kB, 600 × 300 px) is not even opened.
    """
    files: dict[str, bytes] = {}
    for scale in (1, 2, 3):
        files[_name("icon", scale)] = _mark(_ICON_PT * scale, hue, is_icon=True)
    files.update(_logos(hue, logo))
    poster = _drawn(poster_svg) if poster_svg and style != "boardingPass" else None
    if poster is not None:
        files.update(_cuts(poster, style, hue))
    return PassImages(files)


def _cuts(poster: Image.Image, style: Style, hue: int) -> Iterator[tuple[str, bytes]]:
    for scale in (2, 3):
        yield _name("thumbnail", scale), _cut(poster, (_THUMBNAIL_PT[0] * scale, _THUMBNAIL_PT[1] * scale))
    if style == "eventTicket":
        # Wallet blurs the background: more pixels would not be seen.
        shade = Image.new("RGB", poster.size, pass_colours(hue).ground)
        yield "background.png", _cut(Image.blend(poster, shade, _SHADE), _BACKGROUND_PT)
        yield "artwork@2x.png", _cut(poster, (_ARTWORK_PT[0] * 2, _ARTWORK_PT[1] * 2))


def _logos(hue: int, logo: bytes | None) -> Iterator[tuple[str, bytes]]:
    picture = _opened(logo) if logo else None
    for scale in (1, 2, 3):
        if picture is None:
            yield _name("logo", scale), _mark(_LOGO_PT * scale, hue, is_icon=False)
        else:
            size = (_LOGO_WIDE_PT * scale, _LOGO_PT * scale)
            yield _name("logo", scale), _png(ImageOps.contain(picture, size, Image.Resampling.LANCZOS))


def _opened(logo: bytes) -> Image.Image | None:
    if not is_printable_logo(logo):
        return None
    try:
        with Image.open(io.BytesIO(logo), formats=("PNG",)) as picture:
            return picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError):
        _log.warning("apple.logo_left_out")
        return None


def _drawn(svg: bytes) -> Image.Image | None:
    try:
        png = typst.compile(
            _TEMPLATE,
            root=_TEMPLATE.parent,
            format="png",
            ppi=_POSTER_PPI,
            sys_inputs={"svg": svg.decode("utf-8", errors="replace")},
        )
        with Image.open(io.BytesIO(png)) as picture:
            return picture.convert("RGB")
    except (typst.TypstError, OSError) as error:
        _log.warning("apple.poster_left_out", reason=type(error).__name__)
        return None


def _cut(poster: Image.Image, size: tuple[int, int]) -> bytes:
    fitted = ImageOps.fit(poster, size, Image.Resampling.LANCZOS)
    return _png(fitted.quantize(_COLOURS, dither=Image.Dither.NONE))


def _mark(side: int, hue: int, *, is_icon: bool) -> bytes:
    """A ticket with its two notches and a star's dots: on a coloured square as icon, alone and white as logo."""
    large = side * _FINEST
    ground: Rgb = pass_colours(hue).ground
    picture = Image.new("RGBA", (large, large), (*ground, 255) if is_icon else (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    paper = (255, 255, 255, 255)
    hole = (*ground, 255) if is_icon else (0, 0, 0, 0)
    left, right = round(large * 0.14), round(large * 0.86)
    top, bottom = round(large * 0.28), round(large * 0.72)
    draw.rounded_rectangle((left, top, right, bottom), round(large * 0.06), fill=paper)
    notch, middle = round(large * 0.075), large // 2
    for x in (left, right):
        draw.ellipse((x - notch, middle - notch, x + notch, middle + notch), fill=hole)
    stub, dot = round(large * 0.62), round(large * 0.022)
    for step in range(5):
        y = round(top + (bottom - top) * (step + 0.5) / 5)
        draw.ellipse((stub - dot, y - dot, stub + dot, y + dot), fill=hole)
    small = picture.resize((side, side), Image.Resampling.LANCZOS)
    return _png(small.convert("RGB") if is_icon else small)


def _png(picture: Image.Image) -> bytes:
    packed = io.BytesIO()
    picture.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def _name(stem: str, scale: int) -> str:
    return f"{stem}.png" if scale == 1 else f"{stem}@{scale}x.png"
