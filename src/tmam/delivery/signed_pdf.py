"""A PDF with a signature that every reader can check: PAdES-B-B (ETSI EN 319 142-1) with P-256.

The signature certifies: any later change to the file breaks it. It says nothing about who may enter, which is the
business of the code on the ticket.
"""

from __future__ import annotations

import io
import threading
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives import serialization
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tmam.delivery.errors import RenderBusyError
from tmam.delivery.pdf_certificate import PdfCertificate
from tmam.delivery.protected_pdf import AT_ONCE, WAIT_S

FIELD: Final = "tmam"
# What the signature may take in the file; P-256 with a chain of three needs a third of it.
SIGNATURE_BYTES: Final = 12_000

_slots = threading.BoundedSemaphore(AT_ONCE)


def signed_pdf(
    pdf: bytes,
    certificate: PdfCertificate,
    *,
    now: datetime,
    password: str | None = None,
    wait_s: float = WAIT_S,
) -> bytes:
    """The same file with a signature appended; `password` opens a file that `protected_pdf` encrypted.

    Raises:
        CertificateNotUsableError: the certificate is not valid at `now`.
        RenderBusyError: `AT_ONCE` others are being made and none was done within `wait_s` seconds.
    """
    certificate.assert_valid(now)
    if not _slots.acquire(timeout=wait_s):
        raise RenderBusyError
    try:
        return _signed(pdf, certificate, password)
    finally:
        _slots.release()


def _signed(pdf: bytes, certificate: PdfCertificate, password: str | None) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    if password is not None:
        writer.encrypt(password)  # type: ignore[no-untyped-call]  # the library leaves it untyped
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    signer = PdfSigner(metadata, signer=_signer(certificate))
    made = signer.sign_pdf(writer, bytes_reserved=2 * SIGNATURE_BYTES)
    content: bytes = made.getvalue()
    return content


def _signer(certificate: PdfCertificate) -> SimpleSigner:
    encoding = serialization.Encoding.PEM
    private = certificate.key.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    certificates = [each.public_bytes(encoding) for each in (certificate.certificate, *certificate.chain)]
    own, *above = load_certs_from_pemder_data(b"".join(certificates))
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # the library leaves it untyped
    store.register_multiple(above)
    return SimpleSigner(
        signing_cert=own,
        signing_key=load_private_key_from_pemder_data(private, passphrase=None),
        cert_registry=store,
    )
