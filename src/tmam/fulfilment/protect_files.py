"""The PDF of an order on request: encrypted, signed, or both. Made for one download and not stored."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime

from tmam.delivery.pdf_certificate import pdf_certificate
from tmam.delivery.protected_pdf import protected_pdf
from tmam.fulfilment.files import TicketFile
from tmam.platform.settings import current_settings


@dataclass(frozen=True)
class ProtectionWish:
    """What a file is to be protected by; `password` None leaves it open to read."""

    password: str | None = field(repr=False)
    signed: bool

    @property
    def form(self) -> str:
        """The name under which `record_downloads` counts it."""
        return "pdf-protected" if self.password is not None else "pdf-signed"


def protected_file(file: TicketFile, wish: ProtectionWish, now: datetime) -> TicketFile:
    """A PDF protected as wished. Encrypting comes first: the signature is over what is sent.

    Raises:
        PasswordNotUsableError, RenderBusyError: see `delivery.protected_pdf`.
        CertificateNotUsableError: see `delivery.pdf_certificate`.
    """
    content, name = file.content, file.name.removesuffix(".pdf")
    if wish.password is not None:
        content, name = protected_pdf(content, wish.password), f"{name}-protected"
    if wish.signed:
        # A second's worth of libraries that few processes ever need.
        from tmam.delivery.signed_pdf import signed_pdf

        certificate = pdf_certificate(current_settings())
        content = signed_pdf(content, certificate, now=now, password=wish.password)
        name = f"{name}-signed"
    return replace(file, content=content, name=f"{name}.pdf")
