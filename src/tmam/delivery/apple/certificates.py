"""The certificate that signs passes: read from what Apple gave, or made for development.

A pass certificate names its pass type in the subject's user id and its team in the organizational unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from tmam.delivery.apple.signature import PassSigner

KEY_BITS = 2048
DEVELOPMENT_DAYS = 3650
DEVELOPMENT_PASS_TYPE = "pass.example.tmam.tickets"  # noqa: S105 - a name, no secret
DEVELOPMENT_TEAM = "TMAMDEV000"
_PEM = "-----BEGIN "


class CertificateError(ValueError):
    """A certificate or key that cannot sign passes; the message says which and why, in one sentence."""


@dataclass(frozen=True)
class PassCertificate:
    """Everything that one pass type needs. `pem` (certificates and key) also proves us to the push service."""

    signer: PassSigner
    pass_type: str
    team: str
    is_development: bool
    pem: bytes = field(repr=False)


def load_certificate(
    *, certificate: str, key: str, intermediate: str, pass_type: str, team: str, is_development: bool = False
) -> PassCertificate:
    """Read the three parts, each a PEM text or the path of a PEM or DER file.

    Raises:
        CertificateError: one cannot be read, they do not belong together, or they are of another pass type or team.
    """
    leaf = _certificate("the pass certificate", certificate)
    above = _certificate("Apple's intermediate certificate (WWDR)", intermediate)
    private = _private_key(key)
    if private.public_key().public_numbers() != _numbers_of(leaf):
        raise CertificateError("the key is not the key of the pass certificate")
    if leaf.issuer != above.subject:
        raise CertificateError("the pass certificate was not issued by that intermediate certificate")
    for wanted, oid, what in (
        (pass_type, NameOID.USER_ID, "pass type"),
        (team, NameOID.ORGANIZATIONAL_UNIT_NAME, "team"),
    ):
        found = [str(each.value) for each in leaf.subject.get_attributes_for_oid(oid)]
        if wanted not in found:
            raise CertificateError(f"the pass certificate is for the {what} {found}, not {wanted!r}")
    pem = leaf.public_bytes(Encoding.PEM) + above.public_bytes(Encoding.PEM) + _key_pem(private)
    return PassCertificate(PassSigner(leaf, above, private), pass_type, team, is_development, pem)


def make_development_certificate(now: datetime) -> bytes:
    """A self-made authority, a pass certificate below it and its key, in one PEM text. No iPhone accepts it."""
    authority_key = rsa.generate_private_key(65537, KEY_BITS)
    authority = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, "tmam development authority"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "tmam"),
        ]
    )
    key = rsa.generate_private_key(65537, KEY_BITS)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.USER_ID, DEVELOPMENT_PASS_TYPE),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Pass Type ID: {DEVELOPMENT_PASS_TYPE}"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, DEVELOPMENT_TEAM),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "tmam development"),
        ]
    )
    root = _build(authority, authority, authority_key.public_key(), authority_key, now, is_authority=True)
    leaf = _build(subject, authority, key.public_key(), authority_key, now, is_authority=False)
    return leaf.public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM) + _key_pem(key)


def load_development_certificate(pem: str) -> PassCertificate:
    """Read what `make_development_certificate` made.

    Raises:
        CertificateError: the text is damaged.
    """
    begin, end = pem.find(_PEM, 1), pem.rfind(_PEM)
    return load_certificate(
        certificate=pem[:begin],
        intermediate=pem[begin:end],
        key=pem[end:],
        pass_type=DEVELOPMENT_PASS_TYPE,
        team=DEVELOPMENT_TEAM,
        is_development=True,
    )


def _build(
    subject: x509.Name,
    issuer: x509.Name,
    public: rsa.RSAPublicKey,
    signing: rsa.RSAPrivateKey,
    now: datetime,
    *,
    is_authority: bool,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=DEVELOPMENT_DAYS))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    return builder.sign(signing, SHA256())


def _bytes_of(what: str, given: str) -> bytes:
    if _PEM in given:
        return given.encode()
    try:
        return Path(given).read_bytes()
    except OSError as error:
        raise CertificateError(f"{what} cannot be read: {error.strerror or 'not a path'}") from error
    except ValueError as error:  # a path that no system has
        raise CertificateError(f"{what} cannot be read: it is neither PEM nor a path") from error


def _certificate(what: str, given: str) -> x509.Certificate:
    content = _bytes_of(what, given)
    try:
        if _PEM.encode() in content:
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except ValueError as error:
        raise CertificateError(f"{what} is no certificate") from error


def _private_key(given: str) -> rsa.RSAPrivateKey:
    try:
        key = load_pem_private_key(_bytes_of("the key", given), None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        if isinstance(error, CertificateError):
            raise
        raise CertificateError("the key is no PEM private key without a password") from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise CertificateError("the key is not an RSA key, as Apple's pass certificates have")
    return key


def _numbers_of(certificate: x509.Certificate) -> rsa.RSAPublicNumbers | None:
    public = certificate.public_key()
    return public.public_numbers() if isinstance(public, rsa.RSAPublicKey) else None


def _key_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
