"""Checks of wallets: can passes be signed, and for how long."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from tmam.cli.doctor.findings import Check, Finding, Patient, fine, watch, wrong
from tmam.delivery.apple.certificates import CertificateError
from tmam.delivery.apple.site_certificate import certificate_of

RENEW_BEFORE: Final = timedelta(days=30)
_APPLE = "apple_wallet"


def wallet_checks() -> list[Check]:
    """Apple's certificate."""
    return [Check(_APPLE, _apple)]


def _apple(patient: Patient) -> Finding:
    settings = patient.settings
    if settings.mode == "production" and not settings.apple_pass_certificate:
        return fine(_APPLE, "Apple Wallet is not offered: no certificate is set (docs/apple-wallet.md).")
    try:
        certificate = certificate_of(settings)
    except CertificateError as error:
        advice = "See docs/apple-wallet.md; until then Apple Wallet is not offered."
        return wrong(_APPLE, f"Apple passes cannot be signed: {error}.", advice)
    if certificate.is_development:
        return fine(_APPLE, "Apple passes are signed by a self-made certificate: iPhones refuse them.")
    ends = min(
        each.not_valid_after_utc for each in (certificate.signer.certificate, certificate.signer.intermediate)
    )
    if ends <= patient.now:
        return wrong(_APPLE, f"The Apple certificate ended on {ends:%Y-%m-%d}.", "Get a new one from Apple.")
    if ends <= patient.now + RENEW_BEFORE:
        return watch(_APPLE, f"The Apple certificate ends on {ends:%Y-%m-%d}.", "Get a new one from Apple.")
    return fine(_APPLE, f"Apple passes can be signed until {ends:%Y-%m-%d}.")
