"""`tmam keys …`, as the operator and the holder of the root type them."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from typer.testing import CliRunner

from tests.cast import make_user
from tests.gates.guests import make_event_tonight
from tests.notifications.purchases import buy
from tmam.accounts.models import User
from tmam.cli.main import app
from tmam.cli.operator_error import OperatorError
from tmam.cli.ticket_keys.root import run_install, run_request, run_root_new, run_root_sign
from tmam.cli.ticket_keys.run import run_drill, run_rotate, run_show, run_stolen
from tmam.fulfilment.stolen_key import replace_all
from tmam.platform.models import LogEntry
from tmam.platform.settings import Settings, current_settings
from tmam.tickets.key_sets.delegations import delegated, trusted_root
from tmam.tickets.models import SigningKey

pytestmark = pytest.mark.django_db


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("TMAM_STATE", str(tmp_path))
    return replace(current_settings(), database_url=os.environ["DATABASE_URL"], host="tickets.example")


def test_the_whole_ceremony_of_a_root(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("TMAM_MODE", "production")
    words, root, request, signed = (
        tmp_path / name for name in ("words", "root.pem", "ask.json", "signed.json")
    )
    words.write_text("five words chosen by dice\n")
    run_root_new(root, words)
    public_key = capsys.readouterr().out.split()[-1]
    assert root.stat().st_mode & 0o777 == 0o600
    run_show(settings, 0)
    assert "No root has signed" in capsys.readouterr().out
    run_request(settings, request)
    on_the_server = capsys.readouterr().out.splitlines()[-1]
    run_root_sign(request, root, signed, 90, words)
    assert on_the_server in capsys.readouterr().out, "both see the same key"
    run_install(settings, signed, public_key)
    assert trusted_root() == bytes.fromhex(public_key) == delegated(datetime.now(UTC)).root_public_key
    run_show(settings, 0)
    assert f"root: {public_key}" in capsys.readouterr().out
    for again, sentence in (
        (lambda: run_root_new(root, words), "not overwritten"),
        (lambda: run_root_sign(root, root, tmp_path / "x", 90, words), "no request"),
        (lambda: run_root_sign(request, root, tmp_path / "x", 90, request), "does not open"),
        (lambda: run_install(settings, request, ""), "did not sign"),
        (lambda: run_install(settings, signed, "abc"), "64 hex digits"),
        (lambda: run_install(settings, tmp_path / "nowhere", ""), "cannot be read"),
    ):
        with pytest.raises(OperatorError, match=sentence):
            again()


def test_rotating_changes_nothing_for_tickets_that_are_out(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    event = make_event_tonight()
    buy(event)
    run_rotate(settings, event.id)
    buy(event, quantities={1: 1})
    run_show(settings, event.id)
    out = capsys.readouterr().out
    assert "development root" in out
    assert "key 1: 2 valid tickets" in out
    assert "key 2: 1 valid tickets" in out
    with pytest.raises(OperatorError, match="no event"):
        run_rotate(settings, 2_000_000_000)


def test_a_stolen_key_ends_with_a_table_and_a_drill_with_nothing(
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(replace_all, "LAST_SIGNATURE_AFTER", -replace_all.LAST_SIGNATURE_AFTER)
    event = make_event_tonight()
    buy(event, email="ana@buyers.example")
    assert run_drill(settings, event.id, None) == 0
    assert "ok    old codes refused: 2 of 2" in capsys.readouterr().out
    table = tmp_path / "affected.csv"
    run_stolen(settings, event.id, 1, table, is_sure=True)
    assert "2 tickets replaced. The 1 orders concerned" in capsys.readouterr().out
    assert "ana@buyers.example" in table.read_text()
    assert table.stat().st_mode & 0o777 == 0o600
    assert SigningKey.objects.filter(event_id=event.id, stolen_at=None).count() == 1
    run_show(settings, event.id)
    assert "stolen" in capsys.readouterr().out
    with pytest.raises(OperatorError, match="not overwritten"):
        run_stolen(settings, event.id, 1, table, is_sure=True)


def test_a_key_that_is_not_there_is_said_before_anything_is_asked(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    event = make_event_tonight()
    buy(event, quantities={1: 1})
    for ask in (
        lambda: run_stolen(settings, event.id, 9, tmp_path / "affected.csv", is_sure=False),
        lambda: run_drill(settings, event.id, 9),
    ):
        with pytest.raises(OperatorError, match=f"^Event {event.id} has no key 9; there is: 1.$"):
            ask()
    assert capsys.readouterr().out == ""
    assert not (tmp_path / "affected.csv").exists()
    SigningKey.objects.filter(event_id=event.id).delete()
    with pytest.raises(OperatorError, match=f"^Event {event.id} has no keys yet.$"):
        run_drill(settings, event.id, 1)


def test_the_log_has_the_number_of_who_turned_a_key(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replace_all, "LAST_SIGNATURE_AFTER", -replace_all.LAST_SIGNATURE_AFTER)
    event = make_event_tonight()
    someone = make_user()
    with pytest.raises(OperatorError, match="nobody of the staff"):
        run_rotate(settings, event.id, someone.email)
    User.objects.filter(pk=someone.pk).update(is_staff=True)
    run_rotate(settings, event.id, someone.email.upper())
    run_rotate(settings, event.id)
    run_stolen(settings, event.id, 3, tmp_path / "affected.csv", is_sure=True, by=someone.email)
    facts = LogEntry.objects.filter(event_id=event.id, name__startswith="event.key_").order_by("at", "id")
    assert [(fact.name, fact.actor, fact.data["key_id"]) for fact in facts] == [
        ("event.key_rotated", f"staff:{someone.pk}", 2),
        ("event.key_rotated", "operator", 3),
        ("event.key_stolen", f"staff:{someone.pk}", 3),
    ]


def test_who_says_no_changes_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event_tonight()
    monkeypatch.setattr("typer.confirm", lambda _question: False)
    with pytest.raises(OperatorError, match="Nothing was changed"):
        run_stolen(settings, event.id, 1, tmp_path / "affected.csv", is_sure=False)
    assert SigningKey.objects.get(event_id=event.id).stolen_at is None


def test_the_commands_are_there() -> None:
    said = CliRunner().invoke(app, ["keys", "--help"]).output
    for name in ("root", "request", "install", "show", "rotate", "stolen", "drill"):
        assert name in said


def test_they_start_without_django_and_the_root_s_without_anything() -> None:
    """In a process of its own: everything here has Django loaded already."""
    code = (
        "import sys, tmam.cli.ticket_keys.run, tmam.cli.ticket_keys.root; "
        "sys.exit('django.conf' in sys.modules and sys.modules['django.conf'].settings.configured)"
    )
    bare = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    subprocess.run([sys.executable, "-c", code], check=True, env=bare)
