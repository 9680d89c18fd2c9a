"""Aztec, PDF417 and Code 128: read by npm's zxing (a port of the Java original, not ours) from paper drawn by poppler."""

from __future__ import annotations

import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
import zxingcpp
from lxml import etree
from PIL import Image

from tests.delivery.outside import pages_of, run_tool
from tmam.delivery.barcodes import Symbology, code_matrix, code_png, code_svg
from tmam.delivery.pdf import render_pdf
from tmam.delivery.png import render_png
from tmam.delivery.sample import sample_face
from tmam.delivery.themes import CodeKind, TicketTheme
from tmam.kernel.ids import parse_booking_reference

OUTSIDERS = Path(__file__).parent.parent / "outsiders"
TOKEN = sample_face().token
TEXTS: dict[Symbology, str] = {"qr": TOKEN, "aztec": TOKEN, "pdf417": TOKEN, "code128": "2D-7K2M9Q"}
SYMBOLOGIES: tuple[Symbology, ...] = get_args(Symbology)
NAMES: dict[CodeKind, str] = {"aztec": "AZTEC", "pdf417": "PDF_417"}
ZXING = {"aztec": zxingcpp.BarcodeFormat.Aztec, "pdf417": zxingcpp.BarcodeFormat.PDF417}


def read_by_zxing(pictures: list[Image.Image], code: CodeKind, folder: Path) -> list[str]:
    """What npm's zxing reads in each picture; it looks for Aztec in the middle only, so the pictures are cut to it."""
    if shutil.which("node") is None or not (OUTSIDERS / "node_modules/@zxing/library").is_dir():
        pytest.fail("node or tests/outsiders/node_modules is missing: `make test` installs them")
    paths = [folder / f"{number}.pgm" for number, _ in enumerate(pictures)]
    for path, picture in zip(paths, pictures, strict=True):
        place = zxingcpp.read_barcodes(picture.convert("L"), ZXING[code])[0].position
        corners = (place.top_left, place.top_right, place.bottom_left, place.bottom_right)
        across, down = [corner.x for corner in corners], [corner.y for corner in corners]
        box = (min(across) - 12, min(down) - 12, max(across) + 12, max(down) + 12)
        picture.convert("L").crop(box).save(path)
    command = ["node", OUTSIDERS / "read_code.mjs", NAMES[code], *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout.split() if done.returncode == 0 else [done.stderr]


@pytest.mark.parametrize("code", ["aztec", "pdf417"])
def test_the_code_of_the_theme_reads_alone_on_paper_and_in_the_picture(
    code: CodeKind, tmp_path: Path
) -> None:
    face = replace(sample_face(), theme=TicketTheme(code=code))
    pdf = tmp_path / "ticket.pdf"
    pdf.write_bytes(render_pdf([face]))
    (page,) = pages_of(pdf, tmp_path)
    alone, phone = io.BytesIO(code_png(face.token, code, 3)), io.BytesIO(render_png(face))
    pictures = [Image.open(source) for source in (alone, page, phone)]
    assert pictures[0].mode == "1"
    assert read_by_zxing(pictures, code, tmp_path) == [face.token] * 3


def test_the_bars_of_a_reference_are_what_the_gate_looks_up(tmp_path: Path) -> None:
    path = tmp_path / "bars.png"
    path.write_bytes(code_png("2D-7K2M9Q", "code128", 2))
    typed = run_tool("zbarimg", "-q", "--raw", "-Sdisable", "-Scode128.enable", path)
    assert parse_booking_reference(typed) == (77, "2D-7K2M9Q")


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_the_svg_shows_the_matrix_and_keeps_its_surroundings_white(symbology: Symbology) -> None:
    matrix = code_matrix(TEXTS[symbology], symbology)
    root = etree.fromstring(code_svg(TEXTS[symbology], symbology))
    width, height = map(int, root.get("viewBox").split()[2:])
    left, above = (width - len(matrix[0])) // 2, (height - len(matrix)) // 2
    assert left >= {"qr": 4, "aztec": 2, "pdf417": 2, "code128": 10}[symbology]
    assert above >= 2
    shown = [bytearray(len(matrix[0])) for _ in matrix]
    for run in root[1].get("d").removesuffix("z").split("z"):
        begin, rest = run[1:].split("h", 1)
        x, y = map(int, begin.split())
        columns, rows = map(int, rest.split("h")[0].split("v"))
        for row in range(y - above, y - above + rows):
            shown[row][x - left : x - left + columns] = b"\x01" * columns
    assert tuple(map(bytes, shown)) == matrix


@pytest.mark.parametrize("symbology", SYMBOLOGIES)
def test_too_little_and_too_much(symbology: Symbology) -> None:
    for text in ("", "A" * 1001):
        with pytest.raises(ValueError, match="holds 1 to"):
            code_matrix(text, symbology)
