"""The server's right to publish: asked for, signed by an offline root, installed; and what is published of an event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cast import NOW
from tests.gates.guests import issue, make_event_tonight
from tmam.kernel.key_set import verify_key_set
from tmam.kernel.revocation import read_list
from tmam.kernel.token import public_key_of
from tmam.platform.statements import run_verb
from tmam.tickets.errors import KeySetUnsignedError
from tmam.tickets.key_sets.delegations import (
    NotOurDelegationError,
    delegated,
    install_delegation,
    is_own_root,
    request_delegation,
    trusted_root,
)
from tmam.tickets.key_sets.publish import key_set, key_set_text, revocations
from tmam.tickets.key_sets.root_key import (
    DelegationRequest,
    RootKeyError,
    make_root,
    open_root,
    read_request,
    request_text,
    sign_request,
)
from tmam.tickets.models import KeySetSigner, SigningKey, Ticket
from tmam.tickets.signing_keys import make_signing_key

pytestmark = pytest.mark.django_db
ROOT, OTHER = b"r" * 32, b"o" * 32
QUARTER = timedelta(days=90)


@pytest.fixture
def production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMAM_MODE", "production")


def granted(root: bytes = ROOT, lasting: timedelta = QUARTER, at: datetime = NOW) -> str:
    request = read_request(request_text(request_delegation("tickets.example", at)))
    return sign_request(request, root, at, lasting)


def test_a_root_is_a_file_that_only_its_passphrase_opens() -> None:
    passphrase = "correct horse battery staple"
    pem, public_key = make_root(passphrase)
    assert pem.startswith(b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
    assert public_key_of(open_root(pem, passphrase)) == public_key
    for content, words in ((pem, "another passphrase altogether"), (b"rubbish", passphrase), (pem, "")):
        with pytest.raises(RootKeyError):
            open_root(content, words)
    with pytest.raises(RootKeyError, match="20 characters"):
        make_root("too short")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"format": "tmam-delegation-request-1", "public_key": "00"}']
)
def test_only_a_request_is_signed_and_for_a_while_only(text: str) -> None:
    with pytest.raises(RootKeyError, match="no request"):
        read_request(text)
    request = DelegationRequest(public_key_of(OTHER), "tickets.example", NOW)
    assert request.fingerprint.split()[0] == public_key_of(OTHER).hex()[:4]
    for lasting in (timedelta(0), timedelta(days=401)):
        with pytest.raises(RootKeyError, match="400 days"):
            sign_request(request, ROOT, NOW, lasting)


@pytest.mark.usefixtures("production")
def test_in_production_nothing_is_published_until_the_root_signed() -> None:
    with pytest.raises(KeySetUnsignedError):
        delegated(NOW)
    text = granted()
    assert request_delegation("tickets.example", NOW).public_key == bytes(
        KeySetSigner.objects.get().public_key
    )
    with pytest.raises(NotOurDelegationError, match="No root is known"):
        install_delegation(text, None, NOW)
    install_delegation(text, public_key_of(ROOT), NOW)
    assert (delegated(NOW).root_public_key, trusted_root()) == (public_key_of(ROOT),) * 2
    with pytest.raises(KeySetUnsignedError):
        delegated(NOW + QUARTER)


@pytest.mark.usefixtures("production")
def test_the_next_quarter_goes_by_the_root_that_is_known() -> None:
    install_delegation(granted(), public_key_of(ROOT), NOW)
    first, later = delegated(NOW), NOW + timedelta(days=60)
    with pytest.raises(NotOurDelegationError, match="did not sign"):
        install_delegation(granted(OTHER, at=later), None, later)
    install_delegation(granted(at=later), None, later)
    assert delegated(later).not_after == later + QUARTER
    assert delegated(later).private_key != first.private_key
    assert delegated(NOW) == first
    with pytest.raises(NotOurDelegationError, match="over already"):
        install_delegation(granted(at=NOW), None, NOW + timedelta(days=200))


def test_a_delegation_for_somebody_else_s_key_is_refused() -> None:
    request = DelegationRequest(public_key_of(OTHER), "elsewhere.example", NOW)
    with pytest.raises(NotOurDelegationError, match="does not have"):
        install_delegation(sign_request(request, ROOT, NOW, QUARTER), public_key_of(ROOT), NOW)


def test_elsewhere_the_server_is_its_own_root_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMAM_STATE", str(tmp_path))
    found = delegated(NOW)
    assert is_own_root(found.root_public_key)
    assert not is_own_root(public_key_of(ROOT))
    assert "(development)" in found.delegation
    assert delegated(NOW) == found
    assert (tmp_path / "keys" / "development_root").stat().st_mode & 0o777 == 0o600


def test_a_key_set_has_every_key_until_its_last_ticket_ends() -> None:
    event = make_event_tonight()
    issue(event)
    run_verb(make_signing_key(event.id, NOW + timedelta(hours=1)))
    run_verb(make_signing_key(event.id, NOW + timedelta(hours=2)))
    last_end = Ticket.objects.get(event_id=event.id).valid_until
    signer = delegated(NOW)
    published = run_verb(key_set(event.id, NOW))
    text = key_set_text(published, signer.private_key, signer.delegation)
    read, _ = verify_key_set(text, signer.root_public_key, NOW)
    assert [(key.key_id, key.not_after) for key in read.keys] == [
        (1, last_end),
        (2, NOW + timedelta(hours=2)),
        (3, None),
    ]
    assert (read.revision, read.revoked) == (3, ())
    SigningKey.objects.filter(event_id=event.id, key_id=3).update(stolen_at=NOW)
    stolen = run_verb(key_set(event.id, NOW))
    assert (stolen.revision, stolen.revoked, [key.key_id for key in stolen.keys]) == (4, (3,), [1, 2])
    assert stolen.keys[1].not_after is None, "the newest good key signs again"


def test_an_event_without_keys_has_an_empty_set() -> None:
    assert run_verb(key_set(4_000_099, NOW)).keys == ()


def test_the_revocation_list_follows_the_rows_and_its_version_what_changed() -> None:
    event = make_event_tonight()
    issue(event, "good", "cancelled", "revoked", "replaced")
    first = run_verb(revocations(event.id, NOW))
    rows = Ticket.objects.filter(event_id=event.id)
    rows.filter(serial=2).update(state="cancelled")
    rows.filter(serial=3).update(state="revoked")
    rows.filter(serial=4).update(generation=2)
    later = NOW + timedelta(minutes=1)
    second = run_verb(revocations(event.id, later))
    assert (first.version, second.version, second.made_at) == (1, 2, later)
    assert run_verb(revocations(event.id, NOW + timedelta(minutes=2))) == second
    signer = delegated(NOW)
    read = read_list(second.signed(signer.private_key, later), public_key_of(signer.private_key), later)
    good = {
        (serial, generation)
        for serial in range(1, 6)
        for generation in (0, 1, 2)
        if read.is_good(serial, generation)
    }
    assert good == {(1, 0), (1, 1), (1, 2), (4, 2), (5, 0), (5, 1), (5, 2)}
    assert read.made_at == later.astimezone(UTC)
    assert run_verb(revocations(uuid4().int % 10_000 + 5_000_000, NOW)).serials == 0
