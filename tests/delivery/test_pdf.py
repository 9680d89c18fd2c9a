"""The PDF, judged by qpdf, poppler and zbar."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path

import pikepdf
import pytest

from tests.delivery.faces_cast import MISCHIEF, POSTER, SCRIPTS, mischievous, png_logo
from tests.delivery.outside import (
    assert_archivable,
    assert_reads_aloud,
    codes_in,
    pages_of,
    run_tool,
    text_of,
)
from tmam.delivery.errors import TooManyTicketsError
from tmam.delivery.faces import TicketFace
from tmam.delivery.pdf import render_pdf
from tmam.delivery.printed import MAX_POSTER_BYTES, MAX_TICKETS_PER_FILE
from tmam.delivery.sample import sample_face
from tmam.delivery.themes import TicketTheme

NOT_PRINTED = {
    "language",
    "token",
    "serial",
    "issued_at",
    "theme",
    "poster_svg",
    "instructions",
    "is_trip",
}


def saved(faces: list[TicketFace], folder: Path) -> Path:
    path = folder / "tickets.pdf"
    path.write_bytes(render_pdf(faces))
    return path


def full_face(language: str) -> TicketFace:
    return replace(sample_face(language), date_label="Sala 3", poster_svg=POSTER)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_fact_is_text_and_the_code_reads(language: str, tmp_path: Path) -> None:
    face = full_face(language)
    pdf = saved([face], tmp_path)
    run_tool("qpdf", "--check", pdf)
    text = text_of(pdf)
    for field in fields(face):
        if field.name not in NOT_PRINTED:
            assert all(word in text for word in str(getattr(face, field.name)).split()), field.name
    for sentence in face.instructions:
        assert all(word in text for word in sentence.split())
    assert text.count(face.booking_reference) == 2  # on the ticket and at the foot
    (page,) = pages_of(pdf, tmp_path)
    assert codes_in(page) == [face.token]
    assert pdf.stat().st_size <= 100_000


def test_all_tickets_of_an_order_one_page_each_in_order(tmp_path: Path) -> None:
    other = replace(sample_face("es"), token=sample_face().token[:-1] + "A", serial=8, holder_name="Berta")
    pdf = saved([sample_face(), other], tmp_path)
    pages = pages_of(pdf, tmp_path)
    assert [codes_in(page) for page in pages] == [[sample_face().token], [other.token]]


def test_fonts_are_embedded_and_ours(tmp_path: Path) -> None:
    rows = run_tool("pdffonts", saved([full_face("es")], tmp_path)).splitlines()[2:]
    assert rows
    for row in rows:
        name, *_, embedded, subset, has_unicode, _, _ = row.split()
        assert "Inter" in name
        assert (embedded, subset, has_unicode) == ("yes", "yes", "yes")


def test_tagged_titled_archivable(tmp_path: Path) -> None:
    with pikepdf.open(saved([full_face("es")], tmp_path)) as pdf:
        assert pdf.pdf_version == "1.7"
        assert str(pdf.Root.Lang) == "es"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        assert "/StructTreeRoot" in pdf.Root
        facts = pdf.open_metadata()
        assert facts["dc:title"] == "Una tarde de invierno con Mahler · 0-SAMP7E"
        assert facts["pdfuaid:part"] == "1"
        assert (facts["pdfaid:part"], facts["pdfaid:conformance"]) == ("2", "A")
        alternatives = [
            str(item.Alt) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/Alt" in item
        ]
        assert len(alternatives) == 1  # the code speaks; the poster is decoration
        roles = [str(item.S) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item]
        assert "/H1" in roles
        assert "/Figure" in roles


def test_the_same_face_gives_the_same_bytes() -> None:
    assert render_pdf([full_face("en")]) == render_pdf([full_face("en")])


def test_threads_render_side_by_side() -> None:
    faces = [replace(sample_face(), serial=serial) for serial in range(1, 9)]
    expected = [render_pdf([face]) for face in faces]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda face: render_pdf([face]), faces)) == expected


def test_whatever_people_type_the_ticket_is_one_page_that_reads(tmp_path: Path) -> None:
    faces = [mischievous(text) for text in MISCHIEF.values()]
    pdf = saved(faces, tmp_path)
    run_tool("qpdf", "--check", pdf)
    pages = pages_of(pdf, tmp_path)
    assert [codes_in(page) for page in pages] == [[face.token] for face in faces]


@pytest.mark.parametrize("text", ["300 letters", "300 emoji", "300 han", "300 hangul"])
def test_many_different_signs_stay_small(text: str) -> None:
    assert len(render_pdf([mischievous(MISCHIEF[text])])) <= 100_000


def test_markup_in_names_stays_text(tmp_path: Path) -> None:
    typed = "#sys.inputs *x* $y$ [z] \\ @a <b>"
    assert typed in text_of(saved([replace(sample_face(), holder_name=typed)], tmp_path))


def test_every_script_is_drawn_with_its_own_glyphs_and_can_be_copied(tmp_path: Path) -> None:
    pdf = saved([mischievous(name) for name, _ in SCRIPTS.values()], tmp_path)
    assert_archivable(pdf)
    assert_reads_aloud(pdf)
    fonts = run_tool("pdffonts", pdf)
    pages = pages_of(pdf, tmp_path)
    for number, (page, (script, (name, font))) in enumerate(
        zip(pages, SCRIPTS.items(), strict=True), start=1
    ):
        assert font in fonts, script
        text = run_tool("pdftotext", "-f", str(number), "-l", str(number), pdf, "-")
        assert "could not be printed" not in text
        # Poppler takes some Indic vowel signs for the end of a word.
        assert name.replace(" ", "") in "".join(text.replace("\u200b", "").split()), script
        assert codes_in(page) == [sample_face().token], script


def test_all_scripts_on_one_ticket_stay_small(tmp_path: Path) -> None:
    everything = " ".join(name for name, _ in SCRIPTS.values())
    logo = TicketTheme(logo=png_logo())
    face = replace(
        sample_face(),
        event_title=everything,
        holder_name=everything,
        venue_name=everything,
        theme=logo,
        poster_svg=POSTER,
    )
    pdf = saved([face], tmp_path)
    run_tool("qpdf", "--check", pdf)
    assert_archivable(pdf)
    assert_reads_aloud(pdf)  # also after being compacted
    assert [codes_in(page) for page in pages_of(pdf, tmp_path)] == [[face.token]]
    assert pdf.stat().st_size <= 100_000


def test_letters_that_no_font_has_are_owned_up_to(tmp_path: Path) -> None:
    pdf = saved([replace(sample_face(), holder_name="ዓለም")], tmp_path)
    assert "Some letters could not be printed here." in text_of(pdf)


@pytest.mark.parametrize("poster", [b"not a drawing", b"<svg", b"\xff\xfe", b"x" * (MAX_POSTER_BYTES + 1)])
def test_a_broken_poster_is_left_out(poster: bytes, tmp_path: Path) -> None:
    face = replace(sample_face(), poster_svg=poster)
    (page,) = pages_of(saved([face], tmp_path), tmp_path)
    assert codes_in(page) == [face.token]


def test_how_many_tickets_fit_one_file() -> None:
    with pytest.raises(TooManyTicketsError) as refused:
        render_pdf([sample_face()] * (MAX_TICKETS_PER_FILE + 1))
    assert refused.value.facts() == {"count": 101, "limit": 100}
    with pytest.raises(ValueError, match="at least one"):
        render_pdf([])
    with pikepdf.open(io.BytesIO(render_pdf([sample_face()] * MAX_TICKETS_PER_FILE))) as pdf:
        assert len(pdf.pages) == MAX_TICKETS_PER_FILE
