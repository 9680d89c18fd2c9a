"""Two sign-ups with one address at the same moment: one account, and no error of ours."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from tests.cast import unique
from tmam.accounts.models import User
from tmam.notifications.models import Mail


@pytest.mark.usefixtures("live_database")
def test_a_form_that_was_slower_by_a_blink_is_answered_like_one_for_an_account_that_exists() -> None:
    cache.clear()
    email, start = f"{unique('ana')}@buyers.example", threading.Barrier(2)

    def sign_up(number: int) -> tuple[int, str]:
        client = Client(REMOTE_ADDR=f"198.51.100.{number + 1}")
        start.wait()
        answer = client.post("/accounts/signup/", {"email": email, "password1": "three quiet lanterns"})
        connection.close()
        return answer.status_code, answer.headers.get("Location", "")

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(sign_up, range(2)))
    assert (302, "/accounts/confirm-email/") in answers
    # A second mail within three minutes is refused, as it is whenever a form is sent twice.
    assert set(answers) <= {(302, "/accounts/confirm-email/"), (429, "")}
    assert User.objects.filter(email=email).count() == 1
    assert Mail.objects.filter(to=email, template="account.email_confirmation_signup").count() == 1
