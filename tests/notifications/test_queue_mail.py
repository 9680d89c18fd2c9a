"""Owing a mail: once per cause; the lost-tickets mail at most three times an hour."""

from datetime import timedelta

import pytest

from tests.cast import NOW, unique
from tmam.notifications.models import Mail
from tmam.notifications.queue_mail import LOST_MAILS_PER_HOUR, queue_lost_tickets_mail, queue_mail

pytestmark = pytest.mark.django_db


def test_a_cause_has_one_mail() -> None:
    cause = unique("cause")
    first = queue_mail(cause=cause, template="x", to="a@b.example", language="en", now=NOW, context={"a": 1})
    assert Mail.objects.get(id=first).context == {"a": 1}
    assert queue_mail(cause=cause, template="x", to="a@b.example", language="en", now=NOW) is None


def test_lost_mails_are_limited_by_the_clock_hour_and_the_address() -> None:
    email = f"{unique('Ana')}@buyers.example"
    sent = [queue_lost_tickets_mail(email=email, language="en", now=NOW) for _ in range(5)]
    assert sent == [True] * LOST_MAILS_PER_HOUR + [False, False]
    assert not queue_lost_tickets_mail(email=email.upper(), language="en", now=NOW + timedelta(minutes=59))
    assert queue_lost_tickets_mail(email=email, language="en", now=NOW + timedelta(hours=1))
    assert queue_lost_tickets_mail(email=f"{unique('other')}@buyers.example", language="en", now=NOW)
    assert Mail.objects.filter(to=email.lower()).count() == LOST_MAILS_PER_HOUR + 1
