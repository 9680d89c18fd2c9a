"""The certificate that signs PDFs: the operator's, or one made for this installation that nobody else vouches for."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

from tmam.delivery.errors import CertificateNotUsableError
from tmam.platform.kept_secrets import kept_secret
from tmam.platform.settings import Settings

KEPT_AS: Final = "pdf_signing.pem"
SELF_MADE_FOR: Final = timedelta(days=3650)
DOCUMENT_SIGNING: Final = ObjectIdentifier("1.3.6.1.5.5.7.3.36")  # RFC 9336


@dataclass(frozen=True)
class PdfCertificate:
    """A P-256 key with its certificate and the certificates above it, nearest first."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    is_self_made: bool

    def assert_valid(self, now: datetime) -> None:
        """Refuse to sign outside of the certificate's time.

        Raises:
            CertificateNotUsableError: it has ended, or has not begun.
        """
        begins, ends = self.certificate.not_valid_before_utc, self.certificate.not_valid_after_utc
        if not begins <= now <= ends:
            raise CertificateNotUsableError(reason="ended" if now > ends else "not_begun")


def pdf_certificate(settings: Settings) -> PdfCertificate:
    """The certificate of these settings; a self-made one is made on first use and kept in the state folder.

    Raises:
        CertificateNotUsableError: only one of the two files is set, one cannot be read, the key is not on P-256 or
            does not belong to the certificate.
    """
    return _loaded(
        settings.state, settings.host, settings.pdf_certificate_file, settings.pdf_certificate_key_file
    )


def signs_with_self_made(settings: Settings) -> bool:
    """Whether PDFs are signed with the certificate made here, which programs that show PDFs call not trusted."""
    return not (settings.pdf_certificate_file or settings.pdf_certificate_key_file)


@functools.lru_cache(maxsize=4)
def _loaded(state: Path, host: str, certificate_file: str, key_file: str) -> PdfCertificate:
    is_self_made = not (certificate_file or key_file)
    try:
        if is_self_made:
            kept = kept_secret(state / "keys", KEPT_AS, _self_made(host)).encode()
            certificates, key_text = kept, kept
        else:
            certificates, key_text = Path(certificate_file).read_bytes(), Path(key_file).read_bytes()
        key = serialization.load_pem_private_key(key_text, password=None)
        certificate, *chain = x509.load_pem_x509_certificates(certificates)
    except (OSError, ValueError, TypeError) as error:
        raise CertificateNotUsableError(reason="unreadable") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise CertificateNotUsableError(reason="not_p256")
    if certificate.public_key() != key.public_key():
        raise CertificateNotUsableError(reason="not_a_pair")
    return PdfCertificate(key, certificate, tuple(chain), is_self_made)


def _self_made(host: str) -> bytes:
    """Key and certificate in one PEM text."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "tmam"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"tmam at {host} (self-made)"[:64]),
        ]
    )
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + SELF_MADE_FOR)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_for_signing(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([DOCUMENT_SIGNING]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def _for_signing() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
