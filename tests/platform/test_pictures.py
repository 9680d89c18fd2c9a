"""Pictures from strangers: what is taken becomes a small clean PNG, what is not is refused for a reason, in bounds."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from tmam.platform import pictures
from tmam.platform.errors import BusyError
from tmam.platform.picture_child import MEMORY_BYTES, RefusedError, clean
from tmam.platform.picture_headers import MOST_SCANS, bare_png, read_header
from tmam.platform.pictures import PictureRefusedError, clean_picture

BOX, MOST = (600, 200), 30_000
PNG_START = b"\x89PNG\r\n\x1a\n"


def picture(mode: str = "RGB", size: tuple[int, int] = (900, 300)) -> Image.Image:
    """Dark above, light below, so that one sees which way is up."""
    drawn = Image.new("RGB", size, (250, 240, 200))
    ImageDraw.Draw(drawn).rectangle((0, 0, size[0], size[1] // 3), fill=(20, 40, 120))
    return drawn.convert(mode)


def encoded(drawn: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    drawn.save(file, kind, **options)
    return file.getvalue()


def cleaned(data: bytes) -> Image.Image:
    png = clean(data, BOX, MOST)
    assert len(png) <= MOST
    shown = Image.open(io.BytesIO(png), formats=["PNG"])
    shown.load()
    assert shown.width <= BOX[0]
    assert shown.height <= BOX[1]
    return shown


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def is_upright(shown: Image.Image) -> bool:
    shown = shown.convert("RGBA").convert("L")
    above, below = ((shown.width // 2, shown.height * part // 10) for part in (1, 8))
    return shown.getpixel(above) < shown.getpixel(below)  # type: ignore[operator]  # grey: numbers


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "I;16"])
def test_every_kind_of_png_is_taken(mode: str) -> None:
    drawn = picture("L" if mode == "I;16" else mode)
    if mode == "I;16":
        drawn = drawn.convert("I").point(lambda grey: grey * 256).convert("I;16")
    shown = cleaned(encoded(drawn, "PNG"))
    assert shown.size == (600, 200)
    assert is_upright(shown)


@pytest.mark.parametrize(
    ("kind", "mode", "options"),
    [
        ("JPEG", "RGB", {}),
        ("JPEG", "L", {"progressive": True}),
        ("JPEG", "CMYK", {}),
        ("WEBP", "RGB", {}),
        ("WEBP", "RGBA", {"lossless": True}),
        ("WEBP", "RGBA", {"exact": True}),
    ],
)
def test_jpeg_and_webp_are_taken(kind: str, mode: str, options: dict[str, Any]) -> None:
    assert is_upright(cleaned(encoded(picture(mode), kind, **options)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photograph_taken_sideways_stands_upright(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90° to the right to see it upright
    exif[0x010E] = "Maria's garden"
    sideways = picture(size=(900, 300)).transpose(Image.Transpose.ROTATE_90)
    data = encoded(sideways, kind, exif=exif)
    shown = cleaned(data)
    assert shown.size == (600, 200)
    assert is_upright(shown)
    assert b"garden" in data
    assert b"garden" not in clean(data, BOX, MOST)


def test_what_is_clear_stays_clear_and_its_margins_go() -> None:
    drawn = Image.new("RGBA", (1000, 1000))
    ImageDraw.Draw(drawn).rectangle((400, 450, 599, 549), fill=(200, 0, 0, 255))
    shown = cleaned(encoded(drawn, "PNG"))
    assert (shown.width, shown.height) == pytest.approx((200, 100), abs=2)
    ring = Image.new("RGBA", (300, 100), (0, 0, 0, 255))
    ring.paste((0, 0, 0, 0), (100, 30, 200, 70))
    assert cleaned(encoded(ring, "PNG")).convert("RGBA").getpixel((150, 50)) == (0, 0, 0, 0)


def test_small_ones_stay_small_and_noise_is_made_to_fit() -> None:
    assert cleaned(encoded(picture(size=(60, 20)), "PNG")).size == (60, 20)
    noise = Image.merge("RGB", [Image.effect_noise((600, 200), 120) for _ in range(3)])
    assert cleaned(encoded(noise, "PNG")).width > 200


def test_nothing_but_pixels_comes_through() -> None:
    """A picture that is a page as well, with texts that unpack to a gigabyte."""
    page = b"<!doctype html><script>alert(1)</script>"
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", page.decode())
    plain = encoded(picture(), "PNG", pnginfo=info)
    bomb = chunk(b"zTXt", b"bomb\0\0" + zlib.compress(bytes(100_000_000)))
    head = len(b"\x89PNG\r\n\x1a\n") + 25
    data = plain[:head] + bomb + chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(1_000_000))) + plain[head:]
    data += page
    assert b"bomb" not in bare_png(data)
    png = clean(data, BOX, MOST)
    assert b"script" not in png
    names = [name for name in (b"tEXt", b"zTXt", b"iTXt", b"iCCP", b"eXIf", b"tIME") if name in png]
    assert names == []


def refusal(data: bytes) -> str:
    with pytest.raises(RefusedError) as refused:
        clean(data, BOX, MOST)
    return str(refused.value)


def test_each_refusal_has_its_reason() -> None:
    good = {kind: encoded(picture(), kind) for kind in ("PNG", "JPEG", "WEBP")}
    two = [picture(), picture().rotate(180)]
    for kind in ("PNG", "WEBP"):
        moving = encoded(two[0], kind, save_all=True, append_images=two[1:])
        assert refusal(moving) == "animated", kind
    for kind, data in good.items():
        for length in (13, 30, len(data) // 2, len(data) - 20):
            assert refusal(data[:length]) == "damaged", (kind, length)
    for side in ((4001, 10), (10, 4001)):
        assert refusal(encoded(Image.new("1", side), "PNG")) == "too_many_pixels"
    for nothing in (
        Image.new("RGB", (90, 30), "white"),
        Image.new("RGBA", (90, 30)),
        Image.new("RGBA", (90, 30), (255, 255, 255, 255)),
        Image.new("L", (90, 30), 250),
    ):
        assert refusal(encoded(nothing, "PNG")) == "empty"


def test_a_bomb_is_known_by_its_header() -> None:
    """Sides as large as the format knows, in a few bytes: nothing is decoded."""
    png = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0))
    png += chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    webp = b"RIFF\x20\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0" + b"\xff\xff\xff" * 2
    jpeg = b"\xff\xd8\xff\xe0\0\x02\xff\xc0\0\x11\x08" + struct.pack(">HH", 65_000, 65_000) + bytes(20)
    sides = []
    for bomb in (png, webp, jpeg):
        header = read_header(bomb)
        sides.append((header.width, header.height))
        assert refusal(bomb) == "too_many_pixels"
    assert sides == [(60_000, 60_000), (1 << 24, 1 << 24), (65_000, 65_000)]


def test_a_jpeg_that_is_read_over_and_over_is_refused_before_it_is_decoded() -> None:
    """Ten bytes a scan, each of which costs the decoder a walk over the whole picture."""
    honest = encoded(picture(size=(1200, 400)), "JPEG", progressive=True)
    assert read_header(honest).scans <= 12
    assert cleaned(honest).size == (600, 200)
    last = honest.rindex(b"\xff\xda")
    bomb = honest[:last] + honest[last:-2] * MOST_SCANS + b"\xff\xd9"
    assert read_header(bomb).scans > MOST_SCANS
    assert refusal(bomb) == "too_slow"
    filled = bomb.replace(b"\xff\xda", b"\xff\xff\xff\xda")  # fill bytes before the marker (T.81, B.1.1.2)
    assert refusal(filled) == "too_slow"


def test_whoever_comes_while_two_wait_is_told_at_once() -> None:
    """And a decoder that the machine has no time for is no fault of the picture."""
    with pytest.raises(BusyError) as late:
        clean_picture(encoded(picture(), "PNG"), box=BOX, most_bytes=MOST, patience_s=0.0)
    with ExitStack() as held:
        held.enter_context(pictures._one_at_a_time.one())
        with ThreadPoolExecutor(pictures.MOST_WAITING) as pool:
            waiting = [
                pool.submit(clean_picture, PNG_START, box=BOX, most_bytes=MOST, patience_s=0.0)
                for _ in range(2)
            ]
            while pictures._one_at_a_time._places.acquire(blocking=False):  # until both have their place
                pictures._one_at_a_time._places.release()
            with pytest.raises(BusyError) as full:
                clean_picture(PNG_START, box=BOX, most_bytes=MOST)
            held.close()
            assert all(isinstance(each.exception(), BusyError) for each in waiting)
    assert late.value.retry_after_s == full.value.retry_after_s == pictures.RETRY_AFTER_S


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + bytes(50), b"%PDF-1.7", b"<html>\x89PNG"],
)
def test_other_files_are_not_even_looked_at(data: bytes) -> None:
    with pytest.raises(PictureRefusedError) as refused:
        clean_picture(data, box=BOX, most_bytes=MOST)
    assert refused.value.why == "unknown_kind"


def test_the_largest_picture_is_taken_by_a_process_within_its_bound(tmp_path: Path) -> None:
    """4,000 × 4,000 with transparency, as WebP the worst case for memory."""
    drawn = Image.new("RGBA", (4000, 4000), (20, 40, 120, 255))
    path = tmp_path / "large.webp"
    path.write_bytes(encoded(drawn, "WEBP", lossless=True, quality=0, method=0))
    # A process of its own: this one has had other children, browsers among them.
    program = (
        "import resource, sys; from pathlib import Path; from tmam.platform.pictures import clean_picture; "
        f"done = clean_picture(Path(sys.argv[1]).read_bytes(), box={BOX!r}, most_bytes={MOST!r}); "
        "print(done.width, done.height, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    said = subprocess.run([sys.executable, "-c", program, path], capture_output=True, text=True, check=True)
    width, height, peak_kib = map(int, said.stdout.split())
    assert (width, height) == (200, 200)
    assert peak_kib * 1024 <= MEMORY_BYTES
    with pytest.raises(PictureRefusedError) as refused:
        clean_picture(b"\xff\xd8\xff" + bytes(5_000), box=BOX, most_bytes=MOST)
    assert refused.value.why == "damaged"
