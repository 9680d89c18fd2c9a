"""Every layout and every kind of code, judged by qpdf, poppler and zbar at 150 dpi."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader

from tests.delivery.faces_cast import MISCHIEF, POSTER, mischievous, png_logo
from tests.delivery.outside import (
    assert_archivable,
    assert_reads_aloud,
    codes_in,
    pages_of,
    run_tool,
    text_of,
)
from tmam.delivery.faces import TicketFace
from tmam.delivery.pdf import render_pdf
from tmam.delivery.printed import PageLayout
from tmam.delivery.sample import sample_face
from tmam.delivery.themes import TicketTheme

LAYOUTS: tuple[PageLayout, ...] = get_args(PageLayout)
THEMED = replace(
    sample_face("es"),
    date_label="Sala 3",
    theme=TicketTheme(accent_hue=20, logo=png_logo(), paper="letter", shows_reference_bars=True),
    poster_svg=POSTER,
)
PAPERS = {"a4": "(A4)", "letter": "(letter)"}


def saved(face: TicketFace, layout: PageLayout, folder: Path) -> Path:
    path = folder / f"{layout}.pdf"
    path.write_bytes(render_pdf([face], layout))
    return path


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_small_sound_page_on_the_right_paper_whose_codes_read(layout: PageLayout, tmp_path: Path) -> None:
    pdf = saved(THEMED, layout, tmp_path)
    run_tool("qpdf", "--check", pdf)
    assert_archivable(pdf)
    assert_reads_aloud(pdf)
    facts = run_tool("pdfinfo", pdf)
    assert PAPERS["a4" if layout == "a4" else "letter"] in facts
    assert "PDF version:     1.7" in facts
    (page,) = pages_of(pdf, tmp_path)
    assert codes_in(page) == [THEMED.token]
    bars = run_tool("zbarimg", "-q", "--raw", "-Sdisable", "-Scode128.enable", page)
    assert bars.strip() == THEMED.booking_reference
    assert pdf.stat().st_size <= 100_000
    text = text_of(pdf)
    for fact in (
        THEMED.day,
        THEMED.time,
        THEMED.doors,
        THEMED.venue_name,
        THEMED.holder_name,
        THEMED.place,
        THEMED.price,
    ):
        assert all(word in text for word in fact.split()), fact


@pytest.mark.parametrize("layout", ["low-ink", "large"])
def test_plain_layouts_need_no_colour_and_little_ink(layout: PageLayout, tmp_path: Path) -> None:
    pdf = saved(replace(THEMED, theme=TicketTheme(accent_hue=20)), layout, tmp_path)
    run_tool("pdftoppm", "-r", "50", "-png", pdf, tmp_path / "page")
    with Image.open(tmp_path / "page-1.png") as picture:
        red, green, blue = picture.convert("RGB").split()
    for one, other in ((red, green), (green, blue)):
        assert ImageChops.difference(one, other).getextrema()[1] <= 12  # greys, a little warm
    inked = (
        sum((255 - value) * count for value, count in enumerate(red.histogram()))
        / 255
        / (red.width * red.height)
    )
    assert inked < 0.13  # of which the code itself is 0.06


def test_large_print_has_nothing_small_and_is_black(tmp_path: Path) -> None:
    pdf = saved(THEMED, "large", tmp_path)
    sizes: set[float] = set()
    PdfReader(pdf).pages[0].extract_text(
        visitor_text=lambda text, _cm, _tm, _font, size: sizes.add(round(size, 2)) if text.strip() else None
    )
    assert min(sizes) >= 18
    assert max(sizes) >= 30
    (page,) = pages_of(pdf, tmp_path)
    with Image.open(page) as picture:
        assert picture.convert("L").getextrema() == (0, 255)


@pytest.mark.parametrize("layout", ["letter", "low-ink", "large"])
def test_mischief_stays_on_one_page_in_every_layout(layout: PageLayout, tmp_path: Path) -> None:
    texts = [MISCHIEF[name] for name in ("300 letters", "300 words", "300 hangul", "tower of accents")]
    faces = [replace(mischievous(text), theme=THEMED.theme) for text in texts]
    pdf = tmp_path / "tickets.pdf"
    pdf.write_bytes(render_pdf(faces, layout))
    assert [codes_in(page) for page in pages_of(pdf, tmp_path)] == [[face.token] for face in faces]


def test_the_number_of_tickets_is_counted_on_every_large_page(tmp_path: Path) -> None:
    pdf = tmp_path / "both.pdf"
    pdf.write_bytes(render_pdf([sample_face(), replace(sample_face(), serial=8)], "large"))
    text = text_of(pdf)
    assert "1/2" in text
    assert "2/2" in text
