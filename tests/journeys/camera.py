"""A film for Chromium's fake camera: somebody holds a picture before it."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

WIDTH, HEIGHT = 1280, 720
FRAMES = 30  # Chromium plays the film again and again
WALL = (96, 92, 88)


def film_of(picture: Path, film: Path) -> Path:
    """Write a `.mjpeg` film in which the picture fills the height of the frame. Returns the film's path.

    Raises:
        ValueError: Chromium knows the format by the name's ending, so it must be `.mjpeg`.
    """
    if film.suffix != ".mjpeg":
        raise ValueError(film)
    with Image.open(picture) as opened:
        flat = Image.new("RGB", opened.size, "white")
        shown = opened.convert("RGBA")
        flat.paste(shown, mask=shown)
    scale = min(WIDTH / flat.width, HEIGHT / flat.height) * 0.94
    held = flat.resize((round(flat.width * scale), round(flat.height * scale)), Image.Resampling.LANCZOS)
    frame = Image.new("RGB", (WIDTH, HEIGHT), WALL)
    frame.paste(held, ((WIDTH - held.width) // 2, (HEIGHT - held.height) // 2))
    packed = io.BytesIO()
    frame.save(packed, "JPEG", quality=90)
    film.write_bytes(packed.getvalue() * FRAMES)
    return film


def camera_arguments(film: Path | None) -> list[str]:
    """Chromium's arguments for a fake camera that shows the film and is allowed at once; without a film, none."""
    if film is None:
        return []
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
