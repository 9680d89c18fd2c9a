"""Programs that judge our files without having read our code. A missing one fails the test and says what to install."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import outloud
import pikepdf
import pytest
from pikepdf import pdfa

PACKAGES = {
    "qpdf": "qpdf",
    "pdftotext": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "pdffonts": "poppler-utils",
    "pdfinfo": "poppler-utils",
    "pdfsig": "poppler-utils",
    "pdfimages": "poppler-utils",
    "zbarimg": "zbar-tools",
}


def run_tool(*command: str | Path) -> str:
    """What a program printed; a failure of the program is a failure of the test."""
    program = str(command[0])
    if shutil.which(program) is None:
        pytest.fail(f"{program} is missing: apt-get install {PACKAGES[program]} (`make test` does it)")
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.fail(
            f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        )
    return done.stdout


def codes_in(picture: Path) -> list[str]:
    """The QR codes that zbar reads in a picture."""
    return run_tool("zbarimg", "-q", "--raw", "-Sdisable", "-Sqrcode.enable", picture).split()


def text_of(pdf: Path) -> str:
    """All text of a PDF, blanks of any kind squeezed to single spaces, invisible break points removed."""
    return " ".join(run_tool("pdftotext", "-layout", pdf, "-").replace("\u200b", "").split())


def assert_reads_aloud(pdf: Path) -> None:
    """The checker of PDF/UA-1 (ISO 14289-1) and WCAG `outloud` finds nothing wrong."""
    result = outloud.check(str(pdf))
    assert result.error is None, result.error
    complaints = [f"{found.rule}: {found.message}" for found in result.findings]
    assert (result.verdict, complaints) == ("pass", [])


# What pikepdf's checker of PDF/A-2 holds against every file of typst. It permits what it knows and refuses the rest
# ("a denial may be a false alarm"), and it knows conformance level B only; veraPDF is not to be had here.
KNOWN_DENIALS = {
    "pikepdf:schema-OutlineItem",  # a bookmark's destination behind a reference, as ISO 32000-1 §12.3.3 allows
    "ISO_19005_2:6.6.2.3.1-1",  # metadata that declares PDF/UA and its own schema, as ISO 19005-2 §6.6.2.3.2 allows
    "ISO_19005_2:6.6.4-3",  # says level A; the checker wants B
}


def assert_archivable(pdf: Path) -> None:
    """Pikepdf's checker finds nothing against PDF/A-2 but what it holds against typst's smallest file."""
    with pikepdf.open(pdf) as document:
        report = pdfa.check(document, "2b")
    found = {
        f"{denial.rule}: {denial.message}" for denial in report.violations if denial.rule not in KNOWN_DENIALS
    }
    assert found == set()


def pages_of(pdf: Path, folder: Path, resolution: int = 150) -> list[Path]:
    """The pages of a PDF as pictures, drawn by poppler."""
    run_tool("pdftoppm", "-r", str(resolution), "-gray", "-png", pdf, folder / "page")
    return sorted(folder.glob("page*.png"))
