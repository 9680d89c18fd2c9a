"""Where private keys can be: our database, a secret of the environment, a hardware module (SoftHSM plays it)."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.kernel.test_bound_token import BODY
from tmam.kernel.bound_token import bound_text, decode_bound, sign_certificate, verify_certificate
from tmam.kernel.token import decode_token, encode_token, verify_token
from tmam.platform.statements import run_verb
from tmam.tickets.adapters import pkcs11_token
from tmam.tickets.adapters.environment import Environment
from tmam.tickets.errors import KeyKeeperAwayError
from tmam.tickets.key_keepers import keeper_named
from tmam.tickets.models import SigningKey
from tmam.tickets.signing_keys import load_signing_key, make_signing_key, public_keys, signs_well

EVENT = 4_000_012
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so")

pytestmark = pytest.mark.django_db


def choose(monkeypatch: pytest.MonkeyPatch, keeper: str, **more: str) -> None:
    monkeypatch.setenv("TMAM_KEY_KEEPER", keeper)
    for name, value in more.items():
        monkeypatch.setenv(f"TMAM_{name.upper()}", value)


@pytest.fixture
def hardware(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A token in a hardware module made of software, initialised and chosen."""
    module = next((path for path in MODULES if Path(path).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM is not installed: apt-get install softhsm2")
    (tmp_path / "tokens").mkdir()
    conf = tmp_path / "softhsm2.conf"
    conf.write_text(
        f"directories.tokendir = {tmp_path}/tokens\nobjectstore.backend = file\nlog.level = ERROR\n"
    )
    monkeypatch.setenv("SOFTHSM2_CONF", str(conf))
    subprocess.run(
        [
            "softhsm2-util",
            "--init-token",
            "--free",
            "--label",
            "tmam",
            "--so-pin",
            "12345678",
            "--pin",
            "5678",
        ],
        check=True,
        capture_output=True,
    )
    choose(monkeypatch, "pkcs11", pkcs11_module=module, pkcs11_token="tmam", pkcs11_pin="5678")
    pkcs11_token.forget_module(module)
    yield
    pkcs11_token.forget_module(module)


def sign_and_check() -> str:
    """A token and a certificate by the newest key, checked by the public keys on record."""
    key = run_verb(load_signing_key(EVENT))
    assert signs_well(key)
    body = BODY.__class__(**{**vars(BODY), "event_id": EVENT, "key_id": key.key_id})
    token = encode_token(body, key.private_key)
    assert verify_token(token, run_verb(public_keys(EVENT))) == body
    certificate = sign_certificate(body, b"d" * 32, key.private_key)
    bound = decode_bound(bound_text(certificate, 1, b"p" * 64))
    assert verify_certificate(bound, run_verb(public_keys(EVENT))) == body
    return token


def test_a_secret_of_the_environment_gives_the_same_key_again(monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, "environment", key_secret="s" * 32)
    run_verb(make_signing_key(EVENT, NOW))
    assert sign_and_check() == sign_and_check()
    assert SigningKey.objects.get(event_id=EVENT).keeper == "environment"
    monkeypatch.setenv("TMAM_KEY_SECRET", "t" * 32)
    assert not signs_well(run_verb(load_signing_key(EVENT)))
    monkeypatch.setenv("TMAM_KEY_SECRET", "short")
    with pytest.raises(KeyKeeperAwayError, match="less than 32"):
        run_verb(load_signing_key(EVENT))


def test_each_event_and_key_of_the_environment_differs(monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, "environment", key_secret="s" * 32)
    keeper = Environment()
    seeds = {keeper.open(1, b"a" * 16), keeper.open(2, b"a" * 16), keeper.open(1, b"b" * 16)}
    assert len(seeds) == 3


def test_keys_stay_with_the_keeper_that_made_them(monkeypatch: pytest.MonkeyPatch) -> None:
    choose(monkeypatch, "environment", key_secret="s" * 32)
    assert run_verb(make_signing_key(EVENT, NOW)) == 1
    choose(monkeypatch, "database")
    assert run_verb(make_signing_key(EVENT, NOW)) == 2
    kept = dict(SigningKey.objects.filter(event_id=EVENT).values_list("key_id", "keeper"))
    assert kept == {1: "environment", 2: "database"}
    assert all(signs_well(run_verb(load_signing_key(EVENT, key_id))) for key_id in kept)


def test_a_keeper_of_another_version_is_named() -> None:
    with pytest.raises(KeyKeeperAwayError, match="does not know"):
        keeper_named("papyrus")


@pytest.mark.usefixtures("hardware")
def test_a_hardware_module_signs_and_its_key_cannot_be_had() -> None:
    run_verb(make_signing_key(EVENT, NOW))
    key = run_verb(load_signing_key(EVENT))
    assert callable(key.private_key)
    token = sign_and_check()
    assert sign_and_check() == token, "deterministic: a token can be made again"
    assert decode_token(token).body.key_id == 1
    pkcs11_token.close_session()  # as after a restart
    assert sign_and_check() == token


@pytest.mark.usefixtures("hardware")
def test_a_module_that_fails_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    run_verb(make_signing_key(EVENT, NOW))
    for name, value, words in (
        ("TMAM_PKCS11_PIN", "0000", "PinIncorrect"),
        ("TMAM_PKCS11_TOKEN", "nobody", "NoSuchToken"),
        ("TMAM_PKCS11_PIN", "", "are needed"),
    ):
        with monkeypatch.context() as changed:
            changed.setenv(name, value)
            pkcs11_token.close_session()
            with pytest.raises(KeyKeeperAwayError, match=words):
                run_verb(load_signing_key(EVENT))
    assert sign_and_check()
