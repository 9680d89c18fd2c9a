"""Account news reaches the event log: who, what, when; no address, no secret."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.cast import make_user
from tests.signing_in import change_password, sign_in
from tmam.accounts.happenings import Happening
from tmam.accounts.models import SecurityEntry
from tmam.platform.event_log import NO_EVENT
from tmam.platform.models import LogEntry

pytestmark = pytest.mark.django_db


def facts_of(user_id: int) -> list[str]:
    return list(
        LogEntry.objects.filter(event_id=NO_EVENT, actor=f"user:{user_id}")
        .order_by("id")
        .values_list("name", flat=True)
    )


def test_signing_in_and_changing_the_password_are_on_record(client: Client) -> None:
    cache.clear()
    user = make_user()
    sign_in(client, user.email)
    change_password(client, "three quiet lanterns")
    assert facts_of(user.pk) == [
        "account.signed_in",
        "account.device_added",
        "account.proven_again",
        "account.password_changed",
    ]
    entry = LogEntry.objects.filter(event_id=NO_EVENT, actor=f"user:{user.pk}").first()
    assert entry is not None
    written = SecurityEntry.objects.get(user=user, name=Happening.SIGNED_IN)
    assert entry.data == {"user_id": user.pk, "entry_id": written.pk}
    assert entry.request_id
    assert (written.network, written.actor) == ("127.0.0.1", f"user:{user.pk}")


def test_a_failed_sign_in_is_nobodys_news(client: Client) -> None:
    cache.clear()
    user = make_user()
    client.post("/accounts/login/", {"login": user.email, "password": "wrong wrong wrong"})
    assert facts_of(user.pk) == []
