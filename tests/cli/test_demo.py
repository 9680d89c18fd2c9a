from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tmam.accounts.models import User
from tmam.cli.demo import EMAILS, KeptCast, cast_lines, close_demo_logins, prepare_demo
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


def passwords_work(passwords: dict[str, str]) -> set[bool]:
    return {User.objects.get(email=EMAILS[part]).check_password(text) for part, text in passwords.items()}


def test_production_closes_the_logins_and_demo_opens_them_again(tmp_path: Path) -> None:
    at_home = prepared(tmp_path)
    assert {login.part: login.email for login in at_home.logins} == EMAILS
    production = load_settings({"TMAM_STATE": str(tmp_path), "TMAM_MODE": "production"})
    assert close_demo_logins(production) == len(EMAILS)
    assert passwords_work(DEMO_PASSWORDS) == {False}
    assert close_demo_logins(production) == 0
    assert prepared(tmp_path) == at_home
    assert passwords_work(DEMO_PASSWORDS) == {True}


def test_demo_and_tests_on_this_machine_keep_their_logins(tmp_path: Path) -> None:
    prepared(tmp_path)
    for mode in ("demo", "test"):
        assert close_demo_logins(load_settings({"TMAM_MODE": mode})) == 0
    assert close_demo_logins(load_settings({"TMAM_MODE": "test", "TMAM_HOST": "tickets.test"})) == len(EMAILS)


def test_a_new_state_folder_never_serves_the_documented_logins_to_others(tmp_path: Path) -> None:
    prepared(tmp_path / "first")
    to_all = prepared(tmp_path / "second", "tickets.test")
    assert passwords_work(DEMO_PASSWORDS) == {False}
    assert passwords_work({login.part: login.password for login in to_all.logins}) == {True}
    assert prepared(tmp_path / "second", "tickets.test") == to_all
    # Random ones of another folder are left alone: that one has printed them.
    third = load_settings({"TMAM_STATE": str(tmp_path / "third"), "TMAM_HOST": "tickets.test"})
    assert prepare_demo(third) is None
    assert passwords_work({login.part: login.password for login in to_all.logins}) == {True}
