"""An erased account: gone at once, forgotten everywhere step by step, whatever crashes; kept is only what must be."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from tests.cast import NOW, Type, make_event, make_organizer, make_user, unique
from tests.notifications.purchases import buy
from tests.orders.buyers import checkout_with, fill
from tmam.accounts import erasure as erasures
from tmam.accounts.consents import answer_consent
from tmam.accounts.devices import add_device
from tmam.accounts.erasure import continue_erasures, erase_account
from tmam.accounts.models import Erasure, Phone, Sms, User
from tmam.accounts.personal_data import Departed
from tmam.accounts.security_log import Visit
from tmam.notifications.models import Mail
from tmam.notifications.queue_mail import queue_mail
from tmam.orders.forget_buyer import forget_buyer, opened, sweep_kept_records
from tmam.orders.models import Checkout, KeptRecord, Order, PersonOrder
from tmam.organizers.models import Invitation
from tmam.platform.event_log import drain
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.django_db
VISIT = Visit(network="192.0.2.0", browser="Firefox")
LATER = NOW + timedelta(days=60)

TEXT_COLUMNS = """
SELECT table_name, column_name FROM information_schema.columns
WHERE table_schema = 'public'
  AND (data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'bytea', 'character'))
  AND table_name IN (SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace)
"""


def traces(*words: str) -> list[str]:
    """Every column of the whole database in which one of these words stands, as text or as plain bytes."""
    found = []
    with connection.cursor() as cursor:
        cursor.execute(TEXT_COLUMNS)
        for table, column in cursor.fetchall():
            for word in words:
                cursor.execute(
                    f'SELECT EXISTS (SELECT FROM "{table}" WHERE "{column}"::text ILIKE %s OR "{column}"::text ILIKE %s)',
                    [f"%{word}%", f"%{word.lower().encode().hex()}%"],
                )
                if cursor.fetchone()[0]:
                    found.append(f"{table}.{column}: {word}")
    return found


def someone() -> tuple[User, str]:
    """A person with a name that nobody else has; every table that can know them does."""
    surname = unique("Quintanilla").replace("-", "")
    user = make_user(f"{surname}@buyers.example".lower(), name=f"Maria {surname}")
    Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})
    Invitation.objects.create(
        organizer=make_organizer(),
        email=user.email,
        role="gate",
        invited_by=make_user(),
        made_at=NOW,
        expires_at=NOW + timedelta(days=7),
    )
    Phone.objects.create(user=user, number="+34600111222", added_at=NOW)
    add_device(user.pk, key="", visit=VISIT, now=NOW)
    Sms.objects.create(to="+34600111222", queued_at=NOW, expires_at=NOW)
    answer_consent(user.pk, is_given=True, language="en", place="account", now=NOW)
    Client().force_login(user)
    return user, surname


def bought(user: User, surname: str, **fields: object) -> Order:
    event = make_event(types=(Type(asks_name=True),), **fields)
    order = buy(event, email=user.email.upper(), holders=[f"Luis {surname}", f"Ana {surname}"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE orders_order SET name = %s WHERE event_id = %s AND id = %s",
            [user.name, event.id, order.id],
        )
    fill(checkout_with(event), email=user.email, name=user.name, user_id=user.pk)
    queue_mail(cause=unique("mail"), template="lost_tickets", to=user.email, language="en", now=NOW)
    Mail.objects.filter(to=user.email).update(state="sent")
    drain()
    Mail.objects.update(state="sent")
    return order


def erase(user: User, now: datetime = NOW) -> Erasure:
    return erase_account(user, now=now, visit=VISIT)


def test_nothing_in_the_whole_database_knows_the_person_afterwards() -> None:
    user, surname = someone()
    order = bought(user, surname, starts_in=timedelta(days=1))
    assert len(traces(user.email, surname)) > 8, "the search finds what there is"
    erase(user, LATER)
    continue_erasures(LATER)
    assert traces(user.email, surname, "600111222") == []
    continue_erasures(LATER + timedelta(hours=2))
    row = Erasure.objects.get(asked_at=LATER)
    assert (row.sealed, row.finished_at) == (None, LATER + timedelta(hours=2))
    record = KeptRecord.objects.get(order_id=order.id)
    kept = opened(record)
    assert (kept["name"].startswith("Maria"), kept["email"].lower()) == (True, user.email)
    assert record.keep_until > LATER + timedelta(days=3500)
    assert sweep_kept_records(record.keep_until) == 1
    assert not KeptRecord.objects.filter(order_id=order.id).exists()


def test_tickets_to_come_stay_valid_and_named_until_they_are_over() -> None:
    user, surname = someone()
    order = bought(user, surname, starts_in=timedelta(days=10))
    erase(user)
    continue_erasures(NOW)
    continue_erasures(NOW + timedelta(hours=2))
    order.refresh_from_db()
    assert order.email.lower() == user.email
    assert PersonOrder.objects.filter(order_id=order.id).exists(), "lost tickets can be asked for"
    assert {ticket.state for ticket in Ticket.objects.filter(order_id=order.id)} == {"valid"}
    assert Erasure.objects.get(asked_at=NOW).finished_at is None
    assert not Checkout.objects.filter(email__iexact=user.email).exists()

    over = NOW + timedelta(days=11)
    continue_erasures(over)
    assert traces(user.email, surname) == []
    assert Erasure.objects.get(asked_at=NOW).finished_at == over
    assert {ticket.state for ticket in Ticket.objects.filter(order_id=order.id)} == {"valid"}


def test_a_crash_half_way_is_finished_by_the_next_look(monkeypatch: pytest.MonkeyPatch) -> None:
    user, surname = someone()
    bought(user, surname, starts_in=timedelta(days=1))
    erase(user, LATER)

    def crash(departed: Departed, now: datetime) -> bool:
        forget_buyer(departed, now)
        raise ConnectionError

    real = erasures.steps()
    monkeypatch.setattr(erasures, "steps", lambda: {"orders": crash, "mails": real["mails"]})
    assert continue_erasures(LATER) == 1
    assert traces(surname) != [], "the mails were not reached"
    monkeypatch.undo()
    assert continue_erasures(LATER) == 0, "not before it is due again"
    continue_erasures(LATER + timedelta(hours=1))
    assert traces(user.email, surname) == []
    assert Erasure.objects.get(asked_at=LATER).finished_at is not None


def test_what_is_being_paid_is_forgotten_when_it_is_done() -> None:
    user, surname = someone()
    bought(user, surname, starts_in=timedelta(days=1))
    Checkout.objects.filter(email=user.email).update(state="paying")
    erase(user, LATER)
    continue_erasures(LATER)
    assert any(each.startswith("orders_checkout.") for each in traces(user.email))
    Checkout.objects.filter(email=user.email).update(state="done")
    continue_erasures(LATER + timedelta(hours=1))
    assert traces(user.email, surname) == []


def test_whoever_has_the_address_later_keeps_their_own() -> None:
    user, surname = someone()
    bought(user, surname, starts_in=timedelta(days=10))
    erase(user)
    continue_erasures(NOW)
    heir = make_user(user.email)
    new = buy(make_event(starts_in=timedelta(days=3)), email=user.email, now=NOW + timedelta(days=2))
    drain()
    Mail.objects.filter(to__iexact=user.email).update(state="sent")
    continue_erasures(NOW + timedelta(days=30))
    new.refresh_from_db()
    assert new.email.lower() == heir.email
    assert PersonOrder.objects.filter(order_id=new.id).exists()
    assert Mail.objects.filter(cause=f"order-confirmed:{new.id}").exists()
