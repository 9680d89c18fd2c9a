"""Which certificate counts here: set whole or not at all, self-made only outside production, kept once made."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.delivery.apple.cast import certificate
from tmam.delivery.apple.certificates import DEVELOPMENT_PASS_TYPE, DEVELOPMENT_TEAM, CertificateError
from tmam.delivery.apple.site_certificate import KEPT_AS, certificate_of, sample_certificate
from tmam.platform.settings import Settings

SIGNER = certificate().signer
WHOLE: dict[str, Any] = {
    "apple_pass_certificate": SIGNER.certificate.public_bytes(Encoding.PEM).decode(),
    "apple_pass_key": SIGNER.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    "apple_wwdr": SIGNER.intermediate.public_bytes(Encoding.PEM).decode(),
    "apple_pass_type_id": DEVELOPMENT_PASS_TYPE,
    "apple_team_id": DEVELOPMENT_TEAM,
}


def test_a_self_made_one_is_made_once_and_for_us_alone(tmp_path: Path) -> None:
    made = certificate_of(Settings(state=tmp_path, mode="demo"))
    assert made.is_development
    certificate_of.cache_clear()
    again = certificate_of(Settings(state=tmp_path, mode="demo"))
    assert again.signer.certificate == made.signer.certificate
    assert stat.S_IMODE((tmp_path / "keys" / KEPT_AS).stat().st_mode) == 0o600


def test_production_makes_none_by_itself(tmp_path: Path) -> None:
    with pytest.raises(CertificateError, match="no pass certificate is set"):
        certificate_of(Settings(state=tmp_path, mode="production"))
    assert not (tmp_path / "keys").exists()
    assert not certificate_of(Settings(state=tmp_path, mode="production", **WHOLE)).is_development


@pytest.mark.parametrize("name", [*WHOLE])
def test_half_of_it_is_said_in_words(tmp_path: Path, name: str) -> None:
    with pytest.raises(CertificateError, match=f"TMAM_{name.upper()}"):
        certificate_of(Settings(state=tmp_path, mode="demo", **(WHOLE | {name: ""})))


def test_the_sample_needs_no_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMAM_STATE", str(tmp_path / "absent"))
    sample_certificate.cache_clear()
    assert sample_certificate().is_development
    assert not (tmp_path / "absent").exists()
    sample_certificate.cache_clear()
