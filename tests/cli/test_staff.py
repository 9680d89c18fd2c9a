"""`tmam staff` and `tmam mail-dns`, as the operator types them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.cast import make_user
from tmam.cli.mail_dns import run_mail_dns
from tmam.cli.operator_error import OperatorError
from tmam.cli.staff import run_staff
from tmam.platform.settings import Settings, current_settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return replace(current_settings(), state=tmp_path, database_url=os.environ["DATABASE_URL"])


@pytest.mark.django_db
def test_the_operator_names_lists_and_removes_staff(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    user = make_user()
    run_staff(settings, "list", "")
    assert user.email not in capsys.readouterr().out
    run_staff(settings, "add", user.email)
    assert f"{user.email} is staff now." in capsys.readouterr().out
    run_staff(settings, "list", "")
    assert user.email in capsys.readouterr().out
    run_staff(settings, "remove", user.email)
    run_staff(settings, "remove", user.email)
    assert capsys.readouterr().out.splitlines() == [
        f"{user.email} is no longer staff.",
        f"{user.email} was not staff.",
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(("email", "words"), [("", "Say whom"), ("nobody@nowhere.example", "sign up")])
def test_what_cannot_be_is_said_in_one_sentence(settings: Settings, email: str, words: str) -> None:
    with pytest.raises(OperatorError, match=words):
        run_staff(settings, "add", email)


def test_the_dns_records_are_printed_with_and_without_a_key(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    run_mail_dns(settings)
    assert "set TMAM_DKIM_SELECTOR" in capsys.readouterr().out
    run_mail_dns(replace(settings, dkim_selector="s1"))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith('s1._domainkey.tmam.example. IN TXT "v=DKIM1; k=rsa; p=')
    assert lines[1].startswith('_dmarc.tmam.example. IN TXT "v=DMARC1;')
