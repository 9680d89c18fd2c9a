"""Certificates: what Apple gives is read as text or file, and what does not belong together is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from tests.cast import NOW
from tests.delivery.apple.cast import certificate
from tmam.delivery.apple.certificates import (
    DEVELOPMENT_PASS_TYPE,
    DEVELOPMENT_TEAM,
    CertificateError,
    load_certificate,
    load_development_certificate,
    make_development_certificate,
)

SIGNER = certificate().signer
KEY = SIGNER.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
GIVEN = {
    "certificate": SIGNER.certificate.public_bytes(Encoding.PEM).decode(),
    "key": KEY,
    "intermediate": SIGNER.intermediate.public_bytes(Encoding.PEM).decode(),
    "pass_type": DEVELOPMENT_PASS_TYPE,
    "team": DEVELOPMENT_TEAM,
}


def test_texts_and_files_are_read_alike(tmp_path: Path) -> None:
    (tmp_path / "pass.cer").write_bytes(
        SIGNER.certificate.public_bytes(Encoding.DER)
    )  # as Apple's portal gives it
    (tmp_path / "key.pem").write_text(KEY)
    files = {"certificate": str(tmp_path / "pass.cer"), "key": str(tmp_path / "key.pem")}
    for given in (GIVEN, GIVEN | files):
        assert load_certificate(**given).signer.certificate == SIGNER.certificate


def test_a_certificate_made_for_development_says_so() -> None:
    assert certificate().is_development
    assert not load_certificate(**GIVEN).is_development


def other() -> dict[str, str]:
    signer = load_development_certificate(make_development_certificate(NOW).decode()).signer
    return {
        "key": signer.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        "elliptic": ec.generate_private_key(ec.SECP256R1())
        .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        .decode(),
        "locked": signer.key.private_bytes(
            Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
        ).decode(),
    }


def test_what_does_not_belong_together_is_refused_in_words(tmp_path: Path) -> None:
    others = other()
    for wrong, words in (
        ({"key": others["key"]}, "not the key of"),
        ({"key": others["elliptic"]}, "RSA"),
        ({"key": others["locked"]}, "without a password"),
        ({"key": str(tmp_path / "absent.pem")}, "No such file"),
        ({"key": "\0"}, "neither PEM nor a path"),
        ({"certificate": str(tmp_path)}, "cannot be read"),
        (
            {"certificate": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"},
            "is no certificate",
        ),
        ({"intermediate": GIVEN["certificate"]}, "not issued by"),
        ({"pass_type": "pass.org.other"}, "pass type"),
        ({"team": "OTHERTEAM0"}, "team"),
    ):
        with pytest.raises(CertificateError, match=words) as refused:
            load_certificate(**GIVEN | wrong)
        assert "PRIVATE" not in str(refused.value)
