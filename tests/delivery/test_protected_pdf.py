"""The encrypted PDF, judged by qpdf and poppler."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pikepdf
import pytest

from tmam.delivery import protected_pdf as module
from tmam.delivery.errors import PasswordNotUsableError, RenderBusyError
from tmam.delivery.pdf import render_pdf
from tmam.delivery.protected_pdf import LONGEST_BYTES, protected_pdf, usable_password
from tmam.delivery.sample import sample_face

PASSWORD = "kürbis & 소금 7"


@pytest.fixture(scope="module")
def plain() -> bytes:
    return render_pdf([sample_face("en")])


@pytest.fixture(scope="module")
def locked(plain: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("locked") / "locked.pdf"
    path.write_bytes(protected_pdf(plain, PASSWORD))
    return path


def ask(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_qpdf_finds_aes_256_of_revision_6(locked: Path) -> None:
    shown = ask("qpdf", f"--password={PASSWORD}", "--show-encryption", locked)
    assert shown.returncode == 0, shown.stderr
    assert "R = 6" in shown.stdout
    assert "stream encryption method: AESv3" in shown.stdout
    assert "print high resolution: allowed" in shown.stdout
    assert "extract for accessibility: allowed" in shown.stdout
    assert ask("qpdf", f"--password={PASSWORD}", "--check", locked).returncode == 0


@pytest.mark.parametrize("wrong", ["", "kürbis & 소금 8", "tmam"])
def test_a_wrong_password_opens_nothing(wrong: str, locked: Path) -> None:
    assert "invalid password" in ask("qpdf", f"--password={wrong}", "--check", locked).stderr
    assert ask("pdftotext", "-upw", wrong, locked, "-").stdout == ""


def test_the_file_says_nothing_of_what_is_in_it(locked: Path, plain: bytes) -> None:
    content = locked.read_bytes()
    face = sample_face("en")
    for secret in (face.holder_name, face.event_title, face.booking_reference, face.token, PASSWORD):
        assert secret.encode() not in content
    assert protected_pdf(plain, PASSWORD) != content


def test_the_right_password_shows_the_same_pages(locked: Path) -> None:
    text = ask("pdftotext", "-upw", PASSWORD, locked, "-").stdout
    assert sample_face("en").booking_reference in text


def test_it_no_longer_claims_to_be_an_archive(locked: Path, plain: bytes, tmp_path: Path) -> None:
    (tmp_path / "plain.pdf").write_bytes(plain)
    with pikepdf.open(tmp_path / "plain.pdf") as document, document.open_metadata() as metadata:
        assert metadata["pdfaid:part"] == "2"
    with pikepdf.open(locked, password=PASSWORD) as document, document.open_metadata() as metadata:
        assert "pdfaid:part" not in metadata
        assert metadata["pdfuaid:part"] == "1"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "short"),
        ("1234567", "short"),
        ("x" * (LONGEST_BYTES + 1), "long"),
        ("소" * 43, "long"),
        ("pass\x00word", "characters"),
        ("pass\nword", "characters"),
        ("pass\u202eword", "characters"),
        ("password\ud800", "characters"),
        ("pässwörd 😀 1", "characters"),
        ("مرحبا hello 12", "directions"),
        ("שלוםשלום12", "directions"),
        ("        ", "short"),
    ],
)
def test_passwords_that_would_lock_their_owner_out_are_refused(typed: str, reason: str) -> None:
    with pytest.raises(PasswordNotUsableError) as refused:
        usable_password(typed)
    assert refused.value.reason == reason


def test_a_password_means_the_same_however_it_is_typed() -> None:
    assert usable_password("pa\u0301ssword") == usable_password("p\u00e1ssword")
    assert usable_password("x" * LONGEST_BYTES) == "x" * LONGEST_BYTES


def test_more_at_once_than_there_are_slots_is_an_honest_busy(plain: bytes) -> None:
    for _ in range(module.AT_ONCE):
        module._slots.acquire()
    try:
        with pytest.raises(RenderBusyError):
            protected_pdf(plain, PASSWORD, wait_s=0.01)
    finally:
        module._slots.release(module.AT_ONCE)
