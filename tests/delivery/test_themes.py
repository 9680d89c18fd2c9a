"""An organizer's choices: what is taken, what is left out, and that the ticket stays a ticket."""

from __future__ import annotations

import io
import pickle
import random
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.delivery.faces_cast import POSTER, png_logo
from tests.delivery.outside import codes_in, pages_of, run_tool, text_of
from tmam.delivery.pdf import render_pdf
from tmam.delivery.png import render_png
from tmam.delivery.sample import sample_face
from tmam.delivery.themes import MAX_LINE_CHARACTERS, MAX_LOGO_BYTES, TicketTheme, is_printable_logo, logo_svg

LINE = "Forty years of music: thank you for being part of it."


def test_logo_line_and_poster_are_printed_and_the_code_reads(tmp_path: Path) -> None:
    theme = TicketTheme(accent_hue=150, logo=png_logo(), line=LINE)
    face = replace(sample_face(), theme=theme, poster_svg=POSTER)
    pdf = tmp_path / "ticket.pdf"
    pdf.write_bytes(render_pdf([face]))
    run_tool("qpdf", "--check", pdf)
    assert LINE in text_of(pdf)
    assert len(run_tool("pdfimages", "-list", pdf).splitlines()) > 2
    (page,) = pages_of(pdf, tmp_path)
    assert codes_in(page) == [face.token]
    with Image.open(io.BytesIO(render_png(face))) as image:
        colours = {colour for _, colour in image.convert("RGB").getcolors(1 << 24) or ()}
    assert (200, 30, 60) in colours  # the logo's own red, unchanged


def test_a_noisy_logo_of_the_largest_size_keeps_the_file_small(tmp_path: Path) -> None:
    chance = random.Random(1)  # noqa: S311 - noise, not a secret
    noise = Image.frombytes("RGB", (98, 98), chance.randbytes(98 * 98 * 3))
    kept = io.BytesIO()
    noise.save(kept, "PNG")
    assert MAX_LOGO_BYTES - 2_000 < len(kept.getvalue()) <= MAX_LOGO_BYTES
    face = replace(sample_face(), theme=TicketTheme(logo=kept.getvalue()), poster_svg=POSTER)
    assert len(render_pdf([face])) <= 100_000


def test_a_theme_without_poster_leaves_it_out() -> None:
    bare = replace(sample_face(), theme=TicketTheme(shows_poster=False))
    assert render_png(replace(bare, poster_svg=POSTER)) == render_png(bare)


def test_a_long_line_is_cut_and_the_ticket_stays_one_page(tmp_path: Path) -> None:
    face = replace(sample_face(), theme=TicketTheme(line="word " * 100, logo=png_logo()))
    pdf = tmp_path / "ticket.pdf"
    pdf.write_bytes(render_pdf([face]))
    assert len(pages_of(pdf, tmp_path)) == 1
    shown = text_of(pdf)
    assert "word…" in shown
    assert shown.count("word") <= MAX_LINE_CHARACTERS // 5


@pytest.mark.parametrize(
    "logo",
    [
        b"",
        b"GIF89a",
        png_logo()[:20],
        png_logo(601, 100),
        png_logo(100, 301),
        png_logo() + bytes(MAX_LOGO_BYTES),
        png_logo()[:16] + b"\x00\x00\x00\x00" + png_logo()[20:],
    ],
    ids=["empty", "a gif", "cut short", "too wide", "too high", "too long", "no width"],
)
def test_what_is_no_printable_logo_is_left_out(logo: bytes) -> None:
    assert not is_printable_logo(logo)
    with pytest.raises(ValueError, match="printed"):
        logo_svg(logo)
    assert render_png(replace(sample_face(), theme=TicketTheme(logo=logo))) == render_png(sample_face())


def test_a_logo_with_broken_insides_prints_a_ticket_all_the_same(tmp_path: Path) -> None:
    broken = png_logo()[:60] + b"\xff" * 200
    assert is_printable_logo(broken)
    face = replace(sample_face(), theme=TicketTheme(logo=broken))
    path = tmp_path / "ticket.png"
    path.write_bytes(render_png(face))
    assert codes_in(path) == [face.token]


def test_a_theme_travels_to_another_process() -> None:
    theme = TicketTheme(
        accent_hue=1, code="aztec", logo=png_logo(), line=LINE, shows_poster=False, paper="letter"
    )
    assert pickle.loads(pickle.dumps(theme)) == theme  # noqa: S301 - our own bytes
