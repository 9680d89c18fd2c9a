"""How fast tickets become files, and how large they are: one core, no database; accessible PDFs beside typst alone.

Each kind of file has its turn again and again, so that whatever else the machine does falls on all of them alike.
Times are of this process's CPU; every file is of another ticket. `tmam bench files` prints the table.
"""

from __future__ import annotations

import functools
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import typst

from tmam.delivery.barcodes import code_png, code_svg
from tmam.delivery.faces import TicketFace
from tmam.delivery.fonts import FOLDER as FONT_FOLDER
from tmam.delivery.html import render_html
from tmam.delivery.jpeg import render_jpeg
from tmam.delivery.pdf import render_pdf
from tmam.delivery.png import render_png
from tmam.delivery.printed import PageLayout, printed_document
from tmam.delivery.sample import sample_face

TURN_S: Final = 0.1
BARE: Final = "typst alone: a bare page"
DRAWINGS_BY_POPPLER: Final = 5
EVERY_SCRIPT: Final = "Zoë Жанна Αθηνά محمد שרה दीपिका สมชาย 김민수 李雷 カナ বাংলা தமிழ் ქართული 🎉"
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@dataclass(frozen=True)
class Maker:
    """One kind of file. `wanted_per_s` is what a core has to make in a second; `against` names what it is compared with."""

    make: Callable[[TicketFace], bytes]
    wanted_per_s: int | None = None
    against: str = ""


@dataclass(frozen=True)
class FileRate:
    """What was found: files a second of one core, the share of what it is compared with, bytes of one file."""

    name: str
    per_s: float
    wanted_per_s: int | None
    share: float | None
    size: int


def _pdf(face: TicketFace, layout: PageLayout = "sheet") -> bytes:
    return render_pdf([face], layout)


def _pdf_of_every_script(face: TicketFace) -> bytes:
    return render_pdf([replace(face, holder_name=EVERY_SCRIPT, event_title=EVERY_SCRIPT)])


def _bare(face: TicketFace) -> bytes:
    output = _bare_compiler().compile(
        format="pdf",
        sys_inputs={"data": printed_document([face], "sheet").data},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=0,
    )
    if not isinstance(output, bytes):
        raise TypeError("typst made several files of one page")
    return output


@functools.cache
def _bare_compiler() -> typst.Compiler:
    template = Path(__file__).parent / "bare.typ"
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONT_FOLDER])
    return typst.Compiler(template, root=template.parent, font_paths=fonts, ignore_system_fonts=True)


# Who makes another kind of file adds a line.
MAKERS: Final[Mapping[str, Maker]] = {
    BARE: Maker(_bare),
    "PDF, accessible (A4)": Maker(_pdf, 50, BARE),
    "PDF, accessible, low ink": Maker(functools.partial(_pdf, layout="low-ink"), 50, BARE),
    "PDF, accessible, large print": Maker(functools.partial(_pdf, layout="large"), 50, BARE),
    "PDF with every script": Maker(_pdf_of_every_script, None, BARE),
    "PNG, 1080 px wide": Maker(render_png),
    "JPEG, 1080 px wide": Maker(render_jpeg),
    "plain page (HTML)": Maker(lambda face: render_html([face])),
    "QR code, PNG": Maker(lambda face: code_png(face.token), 500),
    "QR code, SVG": Maker(lambda face: code_svg(face.token)),
    "Aztec code, PNG": Maker(lambda face: code_png(face.token, "aztec")),
    "PDF417 code, PNG": Maker(lambda face: code_png(face.token, "pdf417")),
}


def measure_files(seconds: float = 2.0) -> list[FileRate]:
    """Measure every kind of file for about so many seconds of CPU each."""
    tickets = {name: _tickets() for name in MAKERS}
    sizes = {name: len(maker.make(next(tickets[name]))) for name, maker in MAKERS.items()}
    done = dict.fromkeys(MAKERS, 0)
    spent = dict.fromkeys(MAKERS, 0.0)
    while min(spent.values()) < seconds:
        for name, maker in MAKERS.items():
            begun = now = time.process_time()
            while now - begun < min(TURN_S, seconds):
                maker.make(next(tickets[name]))
                done[name] += 1
                now = time.process_time()
            spent[name] += now - begun
    per_s = {name: done[name] / spent[name] for name in MAKERS}
    return [
        FileRate(
            name,
            per_s[name],
            maker.wanted_per_s,
            per_s[name] / per_s[maker.against] if maker.against else None,
            sizes[name],
        )
        for name, maker in MAKERS.items()
    ]


def poppler_ms() -> float | None:
    """How long poppler takes to draw a ticket at 150 dpi, the start of the program included; None where there is none."""
    if shutil.which("pdftoppm") is None:
        return None
    taken: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ticket.pdf"
        path.write_bytes(render_pdf([sample_face()]))
        for _ in range(DRAWINGS_BY_POPPLER):
            begun = time.perf_counter()
            subprocess.run(["pdftoppm", "-r", "150", "-gray", path, Path(folder) / "page"], check=True)
            taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def file_lines(rates: list[FileRate], drawn_in_ms: float | None) -> list[str]:
    """The table in Markdown."""
    lines = [
        "| file of one ticket, on one core | a second | wanted | share of typst alone | bytes |",
        "|---|---:|---:|---:|---:|",
    ]
    for rate in rates:
        wanted = "" if rate.wanted_per_s is None else f"{rate.wanted_per_s}"
        share = "" if rate.share is None else f"{rate.share:.2f}"
        lines.append(f"| {rate.name} | {rate.per_s:,.0f} | {wanted} | {share} | {rate.size:,} |")
    if drawn_in_ms is not None:
        lines += ["", f"Poppler draws the PDF at 150 dpi in {drawn_in_ms:.0f} ms (wanted: at most 150)."]
    return lines


def _tickets() -> Iterator[TicketFace]:
    """Ticket after ticket, each with a number and a code of its own."""
    face = sample_face()
    serial = 0
    while True:
        serial += 1
        tail = _LETTERS[serial % 32] + _LETTERS[serial // 32 % 32]
        name = f"{face.holder_name} {serial}"
        yield replace(face, serial=serial, holder_name=name, token=face.token[:-8] + tail + face.token[-6:])
