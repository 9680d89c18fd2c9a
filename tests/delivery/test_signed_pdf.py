"""The signed PDF, judged by poppler's pdfsig and by pyHanko's validation."""

from __future__ import annotations

import io
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.pdf_utils.generic import TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from tests.delivery.outside import run_tool
from tmam.delivery import signed_pdf as module
from tmam.delivery.errors import CertificateNotUsableError, RenderBusyError
from tmam.delivery.pdf import render_pdf
from tmam.delivery.pdf_certificate import PdfCertificate, pdf_certificate
from tmam.delivery.protected_pdf import protected_pdf
from tmam.delivery.sample import sample_face
from tmam.delivery.signed_pdf import signed_pdf
from tmam.platform.settings import Settings, current_settings

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return msgspec.structs.replace(current_settings(), state=tmp_path_factory.mktemp("state"))


@pytest.fixture(scope="module")
def certificate(settings: Settings) -> PdfCertificate:
    return pdf_certificate(settings)


@pytest.fixture(scope="module")
def plain() -> bytes:
    return render_pdf([sample_face("en")])


@pytest.fixture(scope="module")
def signed(plain: bytes, certificate: PdfCertificate) -> bytes:
    return signed_pdf(plain, certificate, now=datetime.now(UTC))


def pdfsig(content: bytes, folder: Path) -> str:
    """What poppler says, in a home without certificates. Without a database, `-nssdir` makes it judge nothing."""
    path = folder / "signed.pdf"
    path.write_bytes(content)
    return run_tool("env", f"HOME={folder}", "pdfsig", "-nocert", path)


def judged(content: bytes, certificate: PdfCertificate, password: str | None = None) -> PdfSignatureStatus:
    """PyHanko's opinion."""
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    if password is not None:
        reader.decrypt(password)
    (signature,) = reader.embedded_signatures
    der = certificate.certificate.public_bytes(serialization.Encoding.DER)
    context = ValidationContext(trust_roots=[asn1_x509.Certificate.load(der)], allow_fetching=False)
    return validate_pdf_signature(signature, signer_validation_context=context)


def test_poppler_and_pyhanko_find_it_valid(
    signed: bytes, certificate: PdfCertificate, tmp_path: Path
) -> None:
    said = pdfsig(signed, tmp_path)
    assert "Signature Validation: Signature is Valid." in said
    assert "ETSI.CAdES.detached" in said
    assert "Total document signed" in said
    assert judged(signed, certificate).summary() == "INTACT:TRUSTED,UNTOUCHED"
    run_tool("qpdf", "--check", tmp_path / "signed.pdf")


@pytest.mark.parametrize("place", [200, 5_000, 20_000])
def test_any_changed_byte_breaks_it(place: int, signed: bytes, tmp_path: Path) -> None:
    changed = bytearray(signed)
    changed[place] ^= 1
    assert "Signature Validation: Digest Mismatch." in pdfsig(bytes(changed), tmp_path)


def test_what_is_appended_later_breaks_the_certification(signed: bytes, certificate: PdfCertificate) -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed), strict=False)
    writer.root["/Lang"] = TextStringObject("xx")
    writer.update_root()
    changed = io.BytesIO()
    writer.write(changed)
    assert judged(signed, certificate).bottom_line
    assert not judged(changed.getvalue(), certificate).bottom_line


def test_an_encrypted_file_can_be_signed_too(
    plain: bytes, certificate: PdfCertificate, tmp_path: Path
) -> None:
    both = signed_pdf(protected_pdf(plain, PASSWORD), certificate, now=datetime.now(UTC), password=PASSWORD)
    assert judged(both, certificate, PASSWORD).summary() == "INTACT:TRUSTED,UNTOUCHED"
    path = tmp_path / "both.pdf"
    path.write_bytes(both)
    assert "R = 6" in run_tool("qpdf", f"--password={PASSWORD}", "--show-encryption", path)
    refused = subprocess.run(["qpdf", "--check", path], capture_output=True, text=True, check=False)
    assert "invalid password" in refused.stderr


def test_the_self_made_certificate_is_made_once_and_kept_for_us_alone(settings: Settings) -> None:
    first, again = pdf_certificate(settings), pdf_certificate(settings)
    assert first.certificate == again.certificate
    assert first.is_self_made
    assert (settings.state / "keys" / "pdf_signing.pem").stat().st_mode & 0o077 == 0
    assert "key" not in repr(first).partition("certificate=")[0]


def test_the_operators_certificate_is_used(settings: Settings, tmp_path: Path) -> None:
    assert pdf_certificate(settings).is_self_made  # and is kept there
    kept = (settings.state / "keys" / "pdf_signing.pem").read_text()
    key, _, certificate = kept.partition("-----BEGIN CERTIFICATE")
    (tmp_path / "key.pem").write_text(key)
    (tmp_path / "certificate.pem").write_text(f"-----BEGIN CERTIFICATE{certificate}")
    theirs = msgspec.structs.replace(
        settings,
        pdf_certificate_file=str(tmp_path / "certificate.pem"),
        pdf_certificate_key_file=str(tmp_path / "key.pem"),
    )
    assert not pdf_certificate(theirs).is_self_made
    lonely = msgspec.structs.replace(theirs, pdf_certificate_key_file="")
    with pytest.raises(CertificateNotUsableError) as refused:
        pdf_certificate(lonely)
    assert refused.value.reason == "unreadable"
    other = ec.generate_private_key(ec.SECP256R1())
    for name, made, reason in (
        ("other.pem", other, "not_a_pair"),
        ("large.pem", ec.generate_private_key(ec.SECP384R1()), "not_p256"),
    ):
        (tmp_path / name).write_bytes(
            made.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        wrong = msgspec.structs.replace(theirs, pdf_certificate_key_file=str(tmp_path / name))
        with pytest.raises(CertificateNotUsableError) as refused:
            pdf_certificate(wrong)
        assert refused.value.reason == reason


def test_nothing_is_signed_with_a_certificate_that_has_ended(
    plain: bytes, certificate: PdfCertificate
) -> None:
    for now, reason in (
        (certificate.certificate.not_valid_after_utc + timedelta(seconds=1), "ended"),
        (certificate.certificate.not_valid_before_utc - timedelta(seconds=1), "not_begun"),
    ):
        with pytest.raises(CertificateNotUsableError) as refused:
            signed_pdf(plain, certificate, now=now)
        assert refused.value.reason == reason


def test_more_at_once_than_there_are_slots_is_an_honest_busy(
    plain: bytes, certificate: PdfCertificate
) -> None:
    for _ in range(module.AT_ONCE):
        module._slots.acquire()
    try:
        with pytest.raises(RenderBusyError):
            signed_pdf(plain, certificate, now=datetime.now(UTC), wait_s=0.01)
    finally:
        module._slots.release(module.AT_ONCE)
