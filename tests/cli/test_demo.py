from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tmam.accounts.models import User
from tmam.cli.demo import KeptCast, cast_lines, prepare_demo
from tmam.demo.cast import DEMO_PASSWORDS
from tmam.platform.settings import load_settings

pytestmark = pytest.mark.django_db


def prepared(state: Path, host: str = "localhost") -> KeptCast:
    cast = prepare_demo(load_settings({"TMAM_STATE": str(state), "TMAM_HOST": host}))
    assert cast is not None
    return cast


def test_the_logins_suit_who_is_served(tmp_path: Path) -> None:
    at_home = prepared(tmp_path)
    assert {login.part: login.password for login in at_home.logins} == DEMO_PASSWORDS
    assert prepared(tmp_path) == at_home
    to_all = prepared(tmp_path, "tickets.test")
    for before, after in zip(at_home.logins, to_all.logins, strict=True):
        user = User.objects.get(email=after.email)
        assert len(after.password) >= 12
        assert user.check_password(after.password)
        assert not user.check_password(before.password)
    kept = tmp_path / "keys" / "demo_logins.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert prepared(tmp_path, "tickets.test") == to_all
    assert prepared(tmp_path) == at_home
    kept.unlink()
    assert "another data folder" in cast_lines(prepare_demo(load_settings({"TMAM_STATE": str(tmp_path)})))[0]
