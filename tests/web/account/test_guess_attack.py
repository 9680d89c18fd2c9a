"""The attack: a thousand guesses at a code, from several sessions at the same time."""

from django.test import Client

from tests.threads import at_the_same_moment
from tests.web.account.factor_help import make_protected


def test_a_thousand_guesses_at_the_same_time_are_ten(live_database: None) -> None:
    person = make_protected()
    wrong = person.wrong_code()

    def guess_on() -> list[int]:
        attacker = Client()
        attacker.force_login(person.user)  # at step-up: fast, and within a session
        return [
            attacker.post("/accounts/reauthenticate/?with=app", {"code": wrong}).status_code
            for _ in range(250)
        ]

    statuses = [status for thread in at_the_same_moment(4, guess_on) for status in thread]
    assert len(statuses) == 1000
    assert statuses.count(200) == 9, "the tenth begins the pause"
    assert statuses.count(429) == 991
