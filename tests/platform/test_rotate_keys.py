"""Keys are rotated while everything stays readable; what was interrupted is finished by running it again."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from cryptography.fernet import Fernet, InvalidToken

from tmam.orders.models import KeptRecord
from tmam.platform import keys, rotate_keys
from tmam.platform.data_keys import forget_open_keys
from tmam.platform.errors import SealBrokenError
from tmam.platform.keys import MasterKeys, add_master_key, drop_old_master_keys
from tmam.platform.master_sealed import locked_under_old_keys, unreadable
from tmam.platform.models import WrappedDataKey
from tmam.platform.rotate_keys import (
    data_keys_under_old_keys,
    relock_all,
    reseal_event,
    rotate_data_key,
    waiting_values,
)
from tmam.platform.settings import Settings
from tmam.platform.statements import run_verb
from tmam.tickets.live_masters import live_master
from tmam.tickets.models import SigningKey
from tmam.tickets.signing_keys import load_signing_key, make_signing_key

EVENT = 4_100_010
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SEEDS = [bytes([number] * 32) for number in range(5)]

pytestmark = pytest.mark.django_db


def fill() -> bytes:
    for seed in SEEDS:
        run_verb(make_signing_key(EVENT, NOW, seed))
    return run_verb(live_master(EVENT, NOW))


def assert_readable(master: bytes) -> None:
    forget_open_keys()
    assert [run_verb(load_signing_key(EVENT, number)).private_key for number in range(1, 6)] == SEEDS
    assert run_verb(live_master(EVENT, NOW)) == master


def kept_record() -> KeptRecord:
    return KeptRecord.objects.create(
        event_id=EVENT,
        order_id="01940000-0000-7000-8000-000000000000",
        booking_reference="A",
        confirmed_at=NOW,
        total_minor=1,
        currency="EUR",
        sealed=keys.encrypt(b"{}"),
        legal_basis="tax",
        kept_since=NOW,
        keep_until=NOW,
    )


def test_a_new_master_key_locks_the_data_keys_anew_and_touches_no_value(settings_here: Settings) -> None:
    master, record = fill(), kept_record()
    values = list(SigningKey.objects.filter(event_id=EVENT).values_list("private_key_encrypted", flat=True))
    add_master_key(settings_here)
    assert data_keys_under_old_keys() == 1
    assert locked_under_old_keys() == {"orders_keptrecord": 1}
    assert_readable(master)
    done = relock_all()
    assert (done.data_keys, done.values) == (1, 1)
    assert (data_keys_under_old_keys(), locked_under_old_keys()) == (0, {})
    assert (
        list(SigningKey.objects.filter(event_id=EVENT).values_list("private_key_encrypted", flat=True))
        == values
    )
    assert relock_all() == rotate_keys.Relocked(0, 0)
    assert drop_old_master_keys(settings_here) == 1
    assert_readable(master)
    record.refresh_from_db()
    assert keys.decrypt(record.sealed) == b"{}"
    assert unreadable() == {}


def test_an_old_key_that_is_dropped_too_soon_is_said_and_can_be_put_back(settings_here: Settings) -> None:
    master = fill()
    kept = (settings_here.state / "keys" / "master_keys").read_text()
    add_master_key(settings_here)
    drop_old_master_keys(settings_here)
    with pytest.raises(InvalidToken):
        relock_all()
    newest = (settings_here.state / "keys" / "master_keys").read_text()
    (settings_here.state / "keys" / "master_keys").write_text(f"{newest},{kept}")
    assert relock_all().data_keys == 1
    assert_readable(master)


def test_keys_set_outside_are_not_ours_to_change(settings_here: Settings) -> None:
    outside = msgspec.structs.replace(settings_here, master_keys=Fernet.generate_key().decode())
    with pytest.raises(ValueError, match="TMAM_MASTER_KEYS"):
        add_master_key(outside)


def test_a_new_data_key_seals_what_comes_at_once_and_the_rest_bit_by_bit(
    settings_here: Settings,
) -> None:
    del settings_here
    master = fill()
    assert waiting_values(EVENT) == 0
    assert run_verb(rotate_data_key(EVENT, NOW))
    assert waiting_values(EVENT) == 6
    assert_readable(master)
    interrupted = reseal_event(EVENT, NOW, at_once=2)
    assert next(interrupted) == 2
    interrupted.close()
    assert waiting_values(EVENT) == 4
    assert_readable(master)
    assert list(reseal_event(EVENT, NOW, at_once=2)) == [2, 1, 1]
    assert waiting_values(EVENT) == 0
    assert_readable(master)
    WrappedDataKey.objects.filter(event_id=EVENT, version=1).delete()
    assert_readable(master)
    assert list(reseal_event(EVENT, NOW)) == []


def test_an_event_without_values_has_nothing_to_rotate(settings_here: Settings) -> None:
    del settings_here
    assert not run_verb(rotate_data_key(EVENT + 1, NOW))


def test_values_from_before_data_keys_are_sealed_by_the_migration_s_walk_alone(
    settings_here: Settings,
) -> None:
    del settings_here
    master = fill()
    SigningKey.objects.filter(event_id=EVENT, key_id=3).update(private_key_encrypted=keys.encrypt(SEEDS[2]))
    assert waiting_values(EVENT) == 1
    with pytest.raises(SealBrokenError):
        list(reseal_event(EVENT, NOW))
    assert list(reseal_event(EVENT, NOW, takes_unsealed=True)) == [1]
    assert_readable(master)


def test_the_newest_key_is_told_from_the_others() -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    locked = MasterKeys((old,)).wrap(b"secret")
    rotated = MasterKeys((new, old))
    assert (rotated.unwrap(locked), rotated.is_newest(locked)) == (b"secret", False)
    assert rotated.is_newest(rotated.wrap(b"secret"))
    assert new not in repr(rotated)
