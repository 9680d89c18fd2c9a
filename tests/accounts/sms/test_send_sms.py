"""Owed messages: sent once, again while their code is good, and never lost to a crash of ours."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from pytest_django.fixtures import Settings

from tests.accounts.sms.twilio_server import twilio_server
from tests.cast import NOW, make_user
from tmam.accounts.models import Sms
from tmam.accounts.security_log import NOWHERE
from tmam.accounts.sms.codes import Wanted, send_code
from tmam.accounts.sms.ports import SmsLaterError
from tmam.accounts.sms.send_sms import retry_wait_s, send_sms
from tmam.accounts.sms.twilio_sender import TwilioSender
from tmam.platform.jobs import run_waiting_jobs

TO = "+34612345678"
SOON = NOW + timedelta(seconds=5)


def owed() -> Sms:
    return Sms.objects.create(
        to=TO, text="tmam: 123456", queued_at=NOW, expires_at=NOW + timedelta(minutes=10)
    )


def sender(base: str) -> TwilioSender:
    return TwilioSender("AC1", "token", "+34600000000", base)


@pytest.mark.django_db
def test_a_message_is_sent_once_and_its_text_forgotten() -> None:
    sms = owed()
    with twilio_server() as server:
        assert send_sms(sms.pk, sender=sender(server.base), now=SOON) == "sent"
        assert send_sms(sms.pk, sender=sender(server.base), now=SOON) == "sent"
    assert len(server.asked) == 1
    sms.refresh_from_db()
    assert (sms.text, sms.provider_reference, sms.sent_at, sms.attempts) == ("", "SM0123", SOON, 1)


@pytest.mark.django_db
def test_a_busy_provider_gets_it_again_until_the_code_is_too_old() -> None:
    sms = owed()
    with twilio_server(503, 429, 201) as server:
        for _ in range(2):
            with pytest.raises(SmsLaterError):
                send_sms(sms.pk, sender=sender(server.base), now=SOON)
        assert send_sms(sms.pk, sender=sender(server.base), now=SOON) == "sent"

        late = owed()
        assert send_sms(late.pk, sender=sender(server.base), now=late.expires_at) == "expired"
    assert len(server.asked) == 3
    late.refresh_from_db()
    assert (late.state, late.text) == ("expired", "")


@pytest.mark.django_db
def test_a_refused_message_is_not_tried_again_and_keeps_the_reason() -> None:
    sms = owed()
    with twilio_server(400) as server:
        for _ in range(2):
            assert send_sms(sms.pk, sender=sender(server.base), now=SOON) == "failed"
    assert len(server.asked) == 1
    sms.refresh_from_db()
    assert (sms.text, sms.last_error) == ("", "status 400, code 21211")
    assert send_sms(0, sender=sender(server.base), now=SOON) == "gone"


def test_waits_are_short() -> None:
    assert [retry_wait_s(attempts) for attempts in (1, 2, 3, 9)] == [2, 4, 8, 60]


def test_the_job_sends_what_was_owed(live_database: None, settings: Settings) -> None:
    from django.utils import timezone

    number = f"+346{timezone.now().timestamp():.0f}"[:12]
    with twilio_server() as server:
        settings.TMAM = msgspec.structs.replace(
            settings.TMAM, sms_url=f"twilio://AC1:t@+34600000000?base={server.base}"
        )
        asked = Wanted(make_user().pk, number, "prove", "en")
        send_code(asked, visit=NOWHERE, settings=settings.TMAM, now=timezone.now())
        assert server.asked == [], "not in the transaction, not while the page waits"
        run_waiting_jobs()
    assert [each["To"] for each in server.asked].count(number) == 1
    assert Sms.objects.get(to=number).state == "sent"
