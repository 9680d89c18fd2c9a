"""The browsers of an account, below the pages: keys, trust, and what is kept of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session

from tests.cast import NOW, make_user
from tmam.accounts.devices import (
    TRUSTED_FOR,
    add_device,
    devices_of,
    forget_all_devices,
    forget_device,
    known_device,
    see_device,
)
from tmam.accounts.forget_spent import forget_spent
from tmam.accounts.models import Device
from tmam.accounts.security_log import NOWHERE, Visit

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)


def test_a_browser_is_known_to_its_account_by_its_key_only() -> None:
    person, other = make_user(), make_user()
    known = add_device(person.pk, key="", visit=Visit("203.0.113.7", "Firefox/132.0", "Madrid"), now=NOW)
    assert known_device(person.pk, known.key, now=LATER) == known.device
    assert known_device(other.pk, known.key, now=LATER) is None
    assert known_device(person.pk, "", now=LATER) is None
    assert known_device(person.pk, known.key, now=NOW + TRUSTED_FOR) is None


def test_each_visit_keeps_it_known_but_not_once_it_was_sent_away() -> None:
    person = make_user()
    known = add_device(person.pk, key="", visit=NOWHERE, now=NOW)
    assert see_device(known.device.pk, visit=Visit("203.0.113.8", "Firefox/133.0", ""), now=LATER)
    assert devices_of(person.pk)[0].network == "203.0.113.8"
    assert known_device(person.pk, known.key, now=NOW + TRUSTED_FOR) is not None
    assert forget_device(person.pk, known.device.pk, visit=NOWHERE, now=LATER)
    assert forget_device(person.pk, known.device.pk, visit=NOWHERE, now=LATER) is None, "gone already"
    assert not see_device(known.device.pk, visit=NOWHERE, now=LATER)
    assert known_device(person.pk, known.key, now=LATER) is None


def test_becoming_known_to_one_more_account_changes_the_key_of_all() -> None:
    ana, luis = make_user(), make_user()
    first = add_device(ana.pk, key="", visit=NOWHERE, now=NOW)
    second = add_device(luis.pk, key=first.key, visit=NOWHERE, now=LATER)
    assert second.key != first.key
    assert known_device(ana.pk, first.key, now=LATER) is None
    assert known_device(ana.pk, second.key, now=LATER) == first.device
    assert known_device(luis.pk, second.key, now=LATER) == second.device


def test_what_is_trusted_no_longer_and_sessions_that_ended_are_deleted() -> None:
    person = make_user()
    gone, kept = (add_device(person.pk, key="", visit=NOWHERE, now=at) for at in (NOW, LATER))
    session = SessionStore()
    session.create()
    Session.objects.filter(session_key=session.session_key).update(expire_date=NOW + TRUSTED_FOR)
    UserSession.objects.create(user=person, ip="203.0.113.7", session_key=session.session_key, user_agent="")
    now = NOW + TRUSTED_FOR + timedelta(seconds=1)
    forget_spent(now)
    assert not Device.objects.filter(pk=gone.device.pk).exists()
    assert Device.objects.filter(pk=kept.device.pk).exists()
    assert not Session.objects.filter(session_key=session.session_key).exists()
    forget_spent(now)
    assert not UserSession.objects.filter(user=person).exists()
    forget_all_devices(person.pk, now=now)
    forget_spent(now + timedelta(seconds=1))
    assert not Device.objects.filter(user=person).exists()
