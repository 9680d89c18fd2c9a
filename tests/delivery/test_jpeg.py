"""The photograph, judged by zbar and Pillow."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.delivery.faces_cast import MISCHIEF, POSTER, mischievous
from tests.delivery.outside import codes_in
from tmam.delivery.faces import TicketFace
from tmam.delivery.jpeg import render_jpeg
from tmam.delivery.sample import sample_face

FACES = {
    "with a poster": replace(sample_face("es"), poster_svg=POSTER),
    "of 300 letters": mischievous(MISCHIEF["300 letters"]),
}


@pytest.mark.parametrize("face", FACES.values(), ids=FACES.keys())
def test_the_code_reads_also_when_a_messenger_made_it_smaller(face: TicketFace, tmp_path: Path) -> None:
    content = render_jpeg(face)
    path = tmp_path / "ticket.jpg"
    path.write_bytes(content)
    assert codes_in(path) == [face.token]
    with Image.open(io.BytesIO(content)) as image:
        assert (image.format, image.mode, image.width) == ("JPEG", "RGB", 1080)
        half = image.resize((image.width // 2, image.height // 2))
    half.save(path, "JPEG", quality=50)
    assert codes_in(path) == [face.token]


def test_an_ordinary_ticket_is_small_enough_for_a_message() -> None:
    assert len(render_jpeg(FACES["with a poster"])) <= 500_000
