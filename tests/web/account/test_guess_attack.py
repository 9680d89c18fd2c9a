"""The attack: many guesses at a code, from several sessions at the same moment."""

import itertools

from django import forms
from django.contrib.sessions.backends.db import SessionStore
from django.http import QueryDict
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.threads import at_the_same_moment
from tests.web.account.factor_help import make_protected
from tmam.accounts.guesses import MOST_TRIES
from tmam.accounts.happenings import Happening
from tmam.accounts.models import SecurityEntry, TotpUse
from tmam.web.account.factors.app import AppMethod
from tmam.web.account.factors.method import Asking, Proof
from tmam.web.account.factors.prove import Attempt, try_to_prove

THREADS = 4


def test_a_thousand_guesses_at_a_code_are_ten(live_database: None) -> None:
    person = make_protected()
    TotpUse.objects.filter(authenticator__user=person.user).update(
        last_counter=2**62
    )  # a lucky guess is none here
    numbers = itertools.count()
    looked_at: list[str] = []

    class Watched(AppMethod):
        def check(self, asking: Asking, form: forms.Form) -> Proof | None:
            looked_at.append(form.cleaned_data["code"])
            return super().check(asking, form)

    def guess_on() -> list[Attempt]:
        attempts = []
        for _ in range(1000 // THREADS):
            request = RequestFactory().post("/accounts/second-factor/")
            request.session = SessionStore()  # each guess in a session of its own
            asking = Asking(request, person.user, timezone.now(), is_step_up=False)
            attempts.append(try_to_prove(asking, Watched(), QueryDict(f"code={next(numbers):06d}")))
        return attempts

    attempts = [attempt for thread in at_the_same_moment(THREADS, guess_on) for attempt in thread]
    assert len(attempts) == 1000
    assert len(looked_at) == MOST_TRIES
    assert [attempt for attempt in attempts if attempt.proof] == []
    assert len([attempt for attempt in attempts if attempt.free_at is None]) == MOST_TRIES - 1
    assert SecurityEntry.objects.filter(user=person.user, name=Happening.CODES_PAUSED).count() == 1


def test_guesses_through_the_page_at_the_same_moment_are_ten(live_database: None) -> None:
    person = make_protected()
    wrong = person.wrong_code()

    def guess_on() -> list[int]:
        attacker = Client()
        attacker.force_login(person.user)
        path = "/accounts/reauthenticate/?with=app"
        return [attacker.post(path, {"code": wrong}).status_code for _ in range(8)]

    statuses = [status for thread in at_the_same_moment(THREADS, guess_on) for status in thread]
    assert statuses.count(200) < MOST_TRIES, "the tenth begins the pause"
    assert set(statuses) == {200, 429}
