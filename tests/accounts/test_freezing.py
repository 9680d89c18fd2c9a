"""Locking an account: once, whatever comes at the same moment; and what it takes along."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.cast import make_user
from tests.threads import at_the_same_moment
from tmam.accounts.alert_snapshots import KEPT
from tmam.accounts.devices import add_device, known_device
from tmam.accounts.errors import AccountFrozenError
from tmam.accounts.forget_spent import forget_spent
from tmam.accounts.freezing import freeze, is_frozen, require_not_frozen, thaw
from tmam.accounts.happenings import Happening
from tmam.accounts.models import AlertSnapshot, Freeze, SecurityEntry, User
from tmam.accounts.security_log import NOWHERE


@pytest.mark.django_db
def test_a_frozen_account_has_no_password_and_trusts_nobody() -> None:
    person, now = make_user(), timezone.now()
    known = add_device(person.pk, key="", visit=NOWHERE, now=now)
    assert known_device(person.pk, known.key, now=now)
    require_not_frozen(person.pk)
    assert freeze(person.pk, alert_entry_id=None, now=now)
    assert known_device(person.pk, known.key, now=now) is None
    assert not User.objects.get(pk=person.pk).has_usable_password()
    with pytest.raises(AccountFrozenError):
        require_not_frozen(person.pk)


@pytest.mark.django_db
def test_freezing_twice_is_freezing_once_and_a_second_time_is_possible_later() -> None:
    person, now = make_user(), timezone.now()
    assert freeze(person.pk, alert_entry_id=11_000_001, now=now)
    assert not freeze(person.pk, alert_entry_id=11_000_002, now=now)
    assert thaw(person.pk, by="staff:1", reason="Asked on the telephone.", now=now)
    assert not freeze(person.pk, alert_entry_id=11_000_001, now=now), "answered before"
    assert not is_frozen(person.pk)
    assert freeze(person.pk, alert_entry_id=11_000_003, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Freeze.objects.create(user=person, frozen_at=now)


def test_many_clicks_at_the_same_moment_lock_once(live_database: None) -> None:
    person, now = make_user(), timezone.now()
    entry = SecurityEntry.objects.create(user=person, at=now, name=Happening.DEVICE_ADDED, actor="system")
    answers = at_the_same_moment(6, lambda: freeze(person.pk, alert_entry_id=entry.pk, now=now))
    assert sorted(answers) == [False] * 5 + [True]
    assert Freeze.objects.filter(user=person).count() == 1
    assert SecurityEntry.objects.filter(user=person, name=Happening.CASE_RAISED).count() == 1


@pytest.mark.django_db
def test_an_alert_keeps_how_the_account_stood_for_a_while_and_no_longer_than_the_account() -> None:
    person, now = make_user(), timezone.now()
    add_device(person.pk, key="", visit=NOWHERE, now=now)
    add_device(person.pk, key="", visit=NOWHERE, now=now, at_sign_up=True)
    snapshot = AlertSnapshot.objects.get(user=person)
    assert (snapshot.main_address, snapshot.addresses) == (person.email, [person.email])
    forget_spent(now + KEPT - timedelta(minutes=1))
    assert AlertSnapshot.objects.filter(user=person).exists()
    forget_spent(now + KEPT + timedelta(minutes=1))
    assert not AlertSnapshot.objects.filter(user=person).exists()
    add_device(person.pk, key="", visit=NOWHERE, now=now)
    user_id = person.pk
    person.delete()
    assert not AlertSnapshot.objects.filter(user_id=user_id).exists()


@pytest.mark.django_db
def test_an_alert_of_which_nothing_is_known_leaves_the_opening_to_staff() -> None:
    person = make_user()
    freeze(person.pk, alert_entry_id=11_000_009, now=timezone.now())
    assert Freeze.objects.get(user=person).needs_staff
