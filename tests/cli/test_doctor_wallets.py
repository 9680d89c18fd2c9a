"""The doctor on Apple's certificate: in words, and before it ends."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cast import NOW
from tests.delivery.apple.cast import certificate
from tests.delivery.apple.test_site_certificate import WHOLE
from tmam.cli.doctor.findings import Finding, Patient, Severity
from tmam.cli.doctor.wallets import wallet_checks
from tmam.platform.settings import Settings


def said(state: Path, now: datetime = NOW, **fields: Any) -> Finding:
    (check,) = wallet_checks()
    connection: Any = None  # not asked
    return check.ask(Patient(Settings(state=state, **fields), connection, now))


def test_without_a_certificate_it_says_what_is_offered(tmp_path: Path) -> None:
    assert "not offered" in said(tmp_path, mode="production").finding
    assert "iPhones refuse" in said(tmp_path, mode="demo").finding


def test_a_whole_certificate_is_watched_until_it_ends(tmp_path: Path) -> None:
    ends = certificate().signer.certificate.not_valid_after_utc
    for left, severity in (
        (timedelta(days=31), Severity.FINE),
        (timedelta(days=29), Severity.WATCH),
        (timedelta(0), Severity.WRONG),
    ):
        assert said(tmp_path, ends - left, mode="production", **WHOLE).severity is severity


@pytest.mark.parametrize("name", ["apple_pass_key", "apple_team_id"])
def test_half_a_certificate_is_wrong(tmp_path: Path, name: str) -> None:
    found = said(tmp_path, mode="production", **(WHOLE | {name: ""}))
    assert found.severity is Severity.WRONG
    assert f"TMAM_{name.upper()}" in found.finding
    assert "PRIVATE" not in found.finding
