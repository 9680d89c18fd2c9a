"""The code in a mail that waits: plain to the letter, unreadable in the table."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.cast import NOW, unique
from tmam.notifications.mail_context import seal, unseal
from tmam.notifications.models import Mail
from tmam.notifications.queue_mail import queue_mail

pytestmark = pytest.mark.django_db


def stored(mail_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT context::text FROM notifications_mail WHERE id = %s", [mail_id])
        return str(cursor.fetchone()[0])


def test_a_code_is_encrypted_in_the_table_and_plain_in_the_letter() -> None:
    context = {"code": "583-201", "ip": "192.0.2.1"}
    mail_id = queue_mail(
        cause=unique("code"), template="account.x", to="a@b.example", language="en", now=NOW, context=context
    )
    assert mail_id is not None
    mail = Mail.objects.get(pk=mail_id)
    assert mail.context == context
    assert "583-201" not in stored(mail_id)
    assert "192.0.2.1" in stored(mail_id)
    mail.save()
    assert "583-201" not in stored(mail_id)
    assert Mail.objects.get(pk=mail_id).context == context
    assert Mail.objects.filter(pk=mail_id, context__has_key="code", context__ip="192.0.2.1").exists()


def test_what_holds_no_secret_stays_as_it_is_and_a_lost_key_breaks_nothing() -> None:
    assert seal({"order_id": "7"}) == {"order_id": "7"}
    assert unseal({"code": "not ours", "ip": "x"}) == {"code": "", "ip": "x"}
