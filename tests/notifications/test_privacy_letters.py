"""The letters of recovery and of the end of an account: whole in both languages, with the right links only."""

import re

import pytest
from django.conf import settings

from tests.cast import NOW, make_event, unique
from tests.notifications.purchases import buy
from tmam.accounts.recovery_links import LinkPurpose, read_recovery_link
from tmam.notifications.compose import compose_mail
from tmam.notifications.letters.privacy_letters import PRIVACY_LETTERS
from tmam.notifications.models import Mail
from tmam.platform.event_log import drain

pytestmark = pytest.mark.django_db
LINK = re.compile(r"/accounts/recover/open/\?t=(\S+)")
PURPOSES = {
    "recovery_prove": {LinkPurpose.PROVE},
    "recovery_asked": {LinkPurpose.CANCEL},
    "recovery_approved": {LinkPurpose.CANCEL},
    "recovery_soon": {LinkPurpose.CANCEL},
    "recovery_ready": {LinkPurpose.COMPLETE, LinkPurpose.CANCEL},
    "recovery_cancelled": set(),
    "recovery_refused": set(),
    "recovered": set(),
}


def plain(template: str, language: str, kind: str, to: str = "maria@buyers.example") -> str:
    mail = Mail.objects.create(
        cause=unique("cause"),
        template=template,
        to=to,
        language=language,
        context={"request_id": 7, "kind": kind, "ready_at": NOW.isoformat()},
        queued_at=NOW,
    )
    return str(compose_mail(mail, NOW).body)


@pytest.mark.parametrize("name", PRIVACY_LETTERS)
def test_each_letter_has_its_links_and_no_others(name: str) -> None:
    for kind in ("factors", "email"):
        words = {language: plain(f"account.{name}", language, kind) for language in ("en", "es")}
        assert words["en"] != words["es"]
        for text in words.values():
            links = [read_recovery_link(secret) for secret in LINK.findall(text)]
            assert {link.purpose for link in links if link} == PURPOSES[name]
            assert all(link and link.request_id == 7 for link in links)


def test_the_farewell_opens_what_is_to_come_and_nothing_else() -> None:
    email = f"{unique('maria')}@buyers.example"
    order = buy(make_event(), email=email)
    drain()
    text = plain("account_erased", "en", "", to=email)
    assert text.count(f"{settings.SITE_ORIGIN}/me/tickets/open/?t=") == 1
    assert "winter lights" in text.lower()
    assert order.booking_reference not in text
    assert "/me/tickets/open/" not in plain("account_erased", "en", "", to="nobody@buyers.example")
