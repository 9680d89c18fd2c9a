"""Sending for real: a mail server on this machine, a server that refuses, a server that is not there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.mail import EmailMessage

from tests.cast import NOW, unique
from tests.notifications.post_office import PostOffice, free_port, open_post_office
from tmam.notifications.models import Mail
from tmam.notifications.queries import mail_trouble
from tmam.notifications.queue_mail import queue_mail
from tmam.notifications.send_mail import MAX_ATTEMPTS, MailNotSentError, retry_wait_s, send_mail
from tmam.notifications.transports import open_transport

pytestmark = pytest.mark.django_db


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    with open_post_office() as office:
        yield office


def owed() -> Mail:
    mail_id = queue_mail(
        cause=unique("cause"),
        template="x",
        to="ana@buyers.example",
        language="en",
        now=NOW,
        context={"code": "1"},
    )
    return Mail.objects.get(id=mail_id)


def write(mail: Mail, now: object) -> EmailMessage:
    del now
    return EmailMessage("Your tickets: Ñandú", "Hello Ana", "tmam <tickets@tmam.example>", [mail.to])


def test_a_mail_arrives_and_is_sent_once(post_office: PostOffice, tmp_path: Path) -> None:
    transport = open_transport(f"smtp://127.0.0.1:{post_office.port}", tmp_path)
    mail = owed()
    assert send_mail(mail.id, transport=transport, compose=write, now=NOW) == "sent"
    assert send_mail(mail.id, transport=transport, compose=write, now=NOW) == "sent"
    (arrived,) = post_office.mails
    assert arrived["To"] == "ana@buyers.example"
    assert arrived["Subject"] == "Your tickets: Ñandú"
    mail.refresh_from_db()
    assert (mail.state, mail.attempts, mail.sent_at, mail.context) == ("sent", 1, NOW, {})


def test_a_refused_mail_is_tried_again_then_given_up_and_seen(
    post_office: PostOffice, tmp_path: Path
) -> None:
    transport = open_transport(f"smtp://127.0.0.1:{post_office.port}", tmp_path)
    post_office.refusal = "451 try again later"
    mail = owed()
    for _ in range(MAX_ATTEMPTS - 1):
        with pytest.raises(MailNotSentError):
            send_mail(mail.id, transport=transport, compose=write, now=NOW)
    mail.refresh_from_db()
    assert mail.state == "waiting"
    assert mail_trouble(NOW + timedelta(hours=1)).late >= 1
    assert send_mail(mail.id, transport=transport, compose=write, now=NOW) == "failed"
    trouble = mail_trouble(NOW)
    assert trouble.failed >= 1
    assert "451" in trouble.last_error
    post_office.refusal = ""
    assert send_mail(mail.id, transport=transport, compose=write, now=NOW) == "failed", (
        "given up stays given up"
    )
    assert post_office.mails == []


def test_a_server_that_comes_back_gets_the_mail(post_office: PostOffice, tmp_path: Path) -> None:
    mail = owed()
    nobody = open_transport(f"smtp://127.0.0.1:{free_port()}", tmp_path)
    with pytest.raises(MailNotSentError):
        send_mail(mail.id, transport=nobody, compose=write, now=NOW)
    mail.refresh_from_db()
    assert "ConnectionRefused" in mail.last_error
    back = open_transport(f"smtp://127.0.0.1:{post_office.port}", tmp_path)
    assert send_mail(mail.id, transport=back, compose=write, now=NOW) == "sent"
    mail.refresh_from_db()
    assert (mail.attempts, mail.last_error) == (2, "")


def test_a_mail_that_cannot_be_written_ends_as_failed_too(tmp_path: Path) -> None:
    def fail(mail: Mail, now: object) -> EmailMessage:
        raise LookupError("no such order")

    mail = owed()
    for _ in range(MAX_ATTEMPTS - 1):
        with pytest.raises(MailNotSentError):
            send_mail(mail.id, transport=open_transport("folder:", tmp_path), compose=fail, now=NOW)
    assert (
        send_mail(mail.id, transport=open_transport("folder:", tmp_path), compose=fail, now=NOW) == "failed"
    )


def test_a_mail_that_is_gone_is_no_error(tmp_path: Path) -> None:
    assert (
        send_mail(987654321, transport=open_transport("folder:", tmp_path), compose=write, now=NOW) == "gone"
    )


def test_waits_grow_to_an_hour() -> None:
    waits = [retry_wait_s(attempts) for attempts in range(1, MAX_ATTEMPTS)]
    assert waits[:4] == [10, 20, 40, 80]
    assert waits[-1] == 3600
    assert 6 * 3600 < sum(waits) < 9 * 3600
