"""Which certificate signs Apple passes here: the operator's, or one made for development in the state folder."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import Final

import structlog

from tmam.delivery.apple.certificates import (
    CertificateError,
    PassCertificate,
    load_certificate,
    load_development_certificate,
    make_development_certificate,
)
from tmam.platform.kept_secrets import kept_secret
from tmam.platform.settings import Settings, current_settings

KEPT_AS: Final = "apple_development.pem"
_NEEDED: Final = (
    "apple_pass_certificate",
    "apple_pass_key",
    "apple_wwdr",
    "apple_pass_type_id",
    "apple_team_id",
)

log = structlog.get_logger("tmam.apple")


@functools.lru_cache(maxsize=4)
def certificate_of(settings: Settings) -> PassCertificate:
    """The certificate these settings name; kept for the process's life.

    Raises:
        CertificateError: with one sentence for the operator.
    """
    given = {name: str(getattr(settings, name)) for name in _NEEDED}
    missing = [f"TMAM_{name.upper()}" for name, value in given.items() if not value]
    if not missing:
        return load_certificate(
            certificate=given["apple_pass_certificate"],
            key=given["apple_pass_key"],
            intermediate=given["apple_wwdr"],
            pass_type=given["apple_pass_type_id"],
            team=given["apple_team_id"],
        )
    if len(missing) < len(_NEEDED):
        raise CertificateError(f"these are not set: {', '.join(missing)}")
    if settings.mode == "production":
        raise CertificateError("no pass certificate is set")
    folder = settings.state / "keys"
    fresh = None if (folder / KEPT_AS).exists() else make_development_certificate(datetime.now(UTC))
    return load_development_certificate(kept_secret(folder, KEPT_AS, fresh))


def apple_certificate() -> PassCertificate | None:
    """The certificate of this process's settings, or None where Apple Wallet is not set up; why is in the log."""
    return _of(current_settings())


def is_apple_offered() -> bool:
    """Whether passes can be made here."""
    return apple_certificate() is not None


@functools.cache
def sample_certificate() -> PassCertificate:
    """What signs the sample pass: the operator's certificate, else one made for this process and kept nowhere."""
    settings = current_settings()
    certificate = _of(settings) if settings.apple_pass_certificate else None
    return certificate or load_development_certificate(
        make_development_certificate(datetime.now(UTC)).decode()
    )


@functools.lru_cache(maxsize=4)
def _of(settings: Settings) -> PassCertificate | None:
    try:
        return certificate_of(settings)
    except CertificateError as error:
        log.warning("apple.not_offered", reason=str(error))
        return None
