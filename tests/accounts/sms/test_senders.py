"""Both ways of sending, Twilio's by its own SDK against a server on this machine."""

from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest
from django.conf import settings

from tests.accounts.sms.twilio_server import twilio_server
from tmam.accounts.sms.outbox import OutboxSender, newest_messages, outbox_folder
from tmam.accounts.sms.ports import SmsLaterError, SmsRefusedError, SmsSender
from tmam.accounts.sms.senders import is_sms_offered, open_sender
from tmam.accounts.sms.twilio_sender import TwilioSender

TO = "+34612345678"


def sender_at(base: str, sender: str = "+34600000000") -> SmsSender:
    return open_sender(f"twilio://AC1:to%2Fken@{sender}?base={quote(base)}", Path("unused"))


def test_twilio_gets_the_message_as_its_api_wants_it() -> None:
    with twilio_server() as server:
        assert sender_at(server.base).send(TO, "tmam: 123456 ñ\n\n@localhost #123456") == "SM0123"
    assert server.asked == [
        {
            "path": "/2010-04-01/Accounts/AC1/Messages.json",
            "who": "AC1:to/ken",
            "To": TO,
            "From": "+34600000000",
            "Body": "tmam: 123456 ñ\n\n@localhost #123456",
        }
    ]


def test_a_messaging_service_may_be_the_sender() -> None:
    with twilio_server() as server:
        sender_at(server.base, "MGaB12").send(TO, "hello")
    assert server.asked[0]["MessagingServiceSid"] == "MGaB12"
    assert "From" not in server.asked[0]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_busy_provider_is_asked_again_later(status: int) -> None:
    with twilio_server(status) as server, pytest.raises(SmsLaterError) as caught:
        sender_at(server.base).send(TO, "hello")
    assert TO not in str(caught.value), "errors are logged: no numbers in them"


def test_a_provider_that_is_away_is_asked_again_later() -> None:
    with twilio_server() as server:
        pass
    with pytest.raises(SmsLaterError):
        sender_at(server.base).send(TO, "hello")


@pytest.mark.parametrize("status", [400, 401, 404])
def test_a_refusal_is_final(status: int) -> None:
    with twilio_server(status) as server, pytest.raises(SmsRefusedError) as caught:
        sender_at(server.base).send(TO, "hello")
    assert str(caught.value) == f"status {status}, code 21211"


def test_the_outbox_keeps_messages_for_this_user_only_newest_first(tmp_path: Path) -> None:
    sender = open_sender("outbox:", tmp_path)
    assert isinstance(sender, OutboxSender)
    for text in ("first", "second"):
        sender.send(TO, text)
    folder = outbox_folder(tmp_path)
    assert [(kept.to, kept.text) for kept in newest_messages(folder)] == [(TO, "second"), (TO, "first")]
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_an_outbox_nobody_wrote_to_is_empty(tmp_path: Path) -> None:
    assert newest_messages(outbox_folder(tmp_path)) == []


@pytest.mark.parametrize("url", ["", "twilio://", "twilio://AC1@+346", "twilio://AC1:t@", "smtp://a:b@c"])
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match="TMAM_SMS_URL"):
        open_sender(url, Path("unused"))


def test_without_base_twilio_is_twilio() -> None:
    assert open_sender("twilio://AC1:t@MG2", Path("unused")) == TwilioSender("AC1", "t", "MG2")


def test_in_production_the_outbox_is_no_way_to_people() -> None:
    usual = settings.TMAM
    assert is_sms_offered(msgspec.structs.replace(usual, mode="demo"))
    assert not is_sms_offered(msgspec.structs.replace(usual, mode="production"))
    assert is_sms_offered(msgspec.structs.replace(usual, mode="production", sms_url="twilio://a:b@c"))
