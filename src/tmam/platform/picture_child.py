"""The process that looks at a picture from a stranger: `python -m tmam.platform.picture_child WIDTH HEIGHT BYTES`.

Reads the file from stdin, writes a small PNG without any metadata to stdout. Should a decoder be tricked, it is in
here: with no secrets, `MEMORY_BYTES` of address space and `CPU_SECONDS` at most. A refusal is exit status
`REFUSED` and its word on stderr. Started by `pictures.clean_picture` only.
"""

from __future__ import annotations

import io
import resource
import sys
import warnings
from typing import Final

from PIL import Image, ImageFile

from tmam.platform.picture_headers import MOST_SCANS, MOST_SIDE_PX, REFUSED, bare_png, read_header

MEMORY_BYTES: Final = 640 * 1024 * 1024
# The dearest honest picture that we found, 4,000 × 4,000 pixels of WebP, takes 0.55 s.
CPU_SECONDS: Final = 2
# Lighter than this on white paper nobody sees it.
_WHITE: Final = 245
_ORIENTATION: Final = 0x0112
_COLOURS: Final = (256, 128, 64, 32)


class RefusedError(Exception):
    """The picture is not taken; the word says why."""


def clean(data: bytes, box: tuple[int, int], most_bytes: int) -> bytes:
    """The picture as a PNG within `box` (pixels) and `most_bytes`, upright, without metadata.

    Raises:
        RefusedError: `damaged`, `animated`, `too_many_pixels`, `too_slow`, `empty`.
    """
    try:
        header = read_header(data)
    except ValueError as error:
        raise RefusedError("damaged") from error
    if max(header.width, header.height) > MOST_SIDE_PX:
        raise RefusedError("too_many_pixels")
    if header.scans > MOST_SCANS:
        raise RefusedError("too_slow")
    if header.is_animated:
        raise RefusedError("animated")
    try:
        source = bare_png(data) if header.kind == "PNG" else data
        with Image.open(io.BytesIO(source), formats=[header.kind]) as opened:
            if opened.size != (header.width, header.height) or getattr(opened, "n_frames", 1) != 1:
                raise RefusedError("damaged")
            picture = _small(opened, box)
    except MemoryError as error:
        raise RefusedError("too_many_pixels") from error
    except (OSError, SyntaxError, ValueError, EOFError, Warning, Image.DecompressionBombError) as error:
        raise RefusedError("damaged") from error
    if _is_invisible(picture):
        raise RefusedError("empty")
    return _within(picture, most_bytes)


def _small(opened: Image.Image, box: tuple[int, int]) -> Image.Image:
    """Decoded, upright, grey or RGBA with eight bits, within the box, its transparent margins cut off."""
    orientation = opened.getexif().get(_ORIENTATION, 1)
    # JPEG can be decoded at a half, a quarter, an eighth: never less than twice what is needed.
    opened.draft("RGB", (2 * max(box), 2 * max(box)))
    picture = _eight_bits(opened)
    factor = min(picture.width // (2 * max(box)), picture.height // (2 * max(box)))
    if factor > 1:
        picture = picture.reduce(factor)
    picture = picture.convert("RGBA")
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    if orientation in turns:
        picture = picture.transpose(turns[orientation])
    shown = picture.getchannel("A").getbbox()
    if shown is None:
        raise RefusedError("empty")
    picture = picture.crop(shown)
    picture.thumbnail(box, Image.Resampling.LANCZOS)
    return picture


def _eight_bits(opened: Image.Image) -> Image.Image:
    """The pixels in a mode that can be made smaller: palettes unfolded, sixteen bits cut to eight."""
    opened.load()
    if opened.mode.startswith("I"):
        return opened.convert("I").point(lambda value: value / 256).convert("L")
    if opened.mode in ("P", "PA", "1"):
        return opened.convert("RGBA")
    if opened.mode in ("L", "LA", "RGB", "RGBA"):
        return opened
    return opened.convert("RGB")


def _is_invisible(picture: Image.Image) -> bool:
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    darkest: int = paper.convert("L").getextrema()[0]  # type: ignore[assignment]  # one channel: two numbers
    return darkest >= _WHITE


def _within(picture: Image.Image, most_bytes: int) -> bytes:
    """The PNG; with fewer colours, then smaller, until it is small enough."""
    while True:
        for colours in (None, *_COLOURS):
            shown = picture if colours is None else picture.quantize(colours, Image.Quantize.FASTOCTREE)
            file = io.BytesIO()
            shown.save(file, "PNG", optimize=True)
            if file.tell() <= most_bytes:
                return file.getvalue()
        picture = picture.resize((max(1, picture.width * 3 // 4), max(1, picture.height * 3 // 4)))


def main() -> int:
    """Bound oneself, then look at the picture."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    # The soft limit ends it with SIGXCPU, which says why.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = MOST_SIDE_PX * MOST_SIDE_PX
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    width, height, most_bytes = (int(argument) for argument in sys.argv[1:4])
    try:
        png = clean(sys.stdin.buffer.read(), (width, height), most_bytes)
    except RefusedError as refused:
        sys.stderr.write(str(refused))
        return REFUSED
    except MemoryError:
        sys.stderr.write("too_many_pixels")
        return REFUSED
    sys.stdout.buffer.write(png)
    return 0


if __name__ == "__main__":
    sys.exit(main())
