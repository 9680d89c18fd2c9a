"""Programs that judge our files without having read our code. A missing one fails the test and says what to install."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import outloud
import pytest

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


def pages_of(pdf: Path, folder: Path, resolution: int = 150) -> list[Path]:
    """The pages of a PDF as pictures, drawn by poppler."""
    run_tool("pdftoppm", "-r", str(resolution), "-gray", "-png", pdf, folder / "page")
    return sorted(folder.glob("page*.png"))
