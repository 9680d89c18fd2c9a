"""The step that a browser nobody knows goes through: what asks for it, what spares it, what guessing gets."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from tests.cast import PASSWORD, make_member, make_organizer, make_user
from tests.signing_in import NEW_DEVICE, change_password, mailed_code, sign_in, type_password
from tmam.accounts.devices import TRUSTED_FOR
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Device, SecurityEntry, User
from tmam.notifications.models import Mail

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


def is_signed_in(client: Client) -> bool:
    return client.get("/me/account/").status_code == 200


def codes_to(user: User) -> list[Mail]:
    return list(Mail.objects.filter(to=user.email, template="account.new_device_code"))


def test_a_new_browser_needs_the_mailed_code_and_is_known_from_then_on() -> None:
    user, client = make_user(), Client(headers={"user-agent": FIREFOX})
    assert type_password(client, user.email).headers["Location"] == NEW_DEVICE
    assert not is_signed_in(client)
    page = client.get(NEW_DEVICE).content.decode()
    assert user.email in page
    assert 'autocomplete="one-time-code"' in page
    assert client.post(NEW_DEVICE, {"code": mailed_code(user.email)}).headers["Location"] == "/me/tickets/"
    assert is_signed_in(client)
    (device,) = Device.objects.filter(user=user)
    assert (device.browser, device.network) == (FIREFOX, "127.0.0.1")

    client.post("/accounts/logout/")
    assert type_password(client, user.email).headers["Location"] == "/me/tickets/", "known: nothing is asked"
    assert len(codes_to(user)) == 1
    assert Device.objects.filter(user=user).count() == 1


def test_an_empty_code_costs_no_try() -> None:
    user, client = make_user(), Client()
    type_password(client, user.email)
    for typed in ("", "   ", "", ""):
        answer = client.post(NEW_DEVICE, {"code": typed})
        assert answer.status_code == 200
        assert 'href="#id_code"' in answer.content.decode()
    assert client.post(NEW_DEVICE, {"code": mailed_code(user.email)}).headers["Location"] == "/me/tickets/"


def test_the_key_is_in_the_cookie_and_only_its_hash_in_the_table() -> None:
    user, client = make_user(), Client()
    sign_in(client, user.email)
    cookie = client.cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", "/")
    assert int(cookie["max-age"]) > 365 * 24 * 3600
    device = Device.objects.get(user=user)
    assert cookie.value not in {device.key_hash, device.browser}


def test_another_browser_or_a_made_up_key_is_not_known() -> None:
    user = make_user()
    sign_in(Client(), user.email)
    for value in ("", "A" * 43, "'; DROP", "x" * 4000):
        other = Client()
        if value:
            other.cookies[settings.DEVICE_COOKIE_NAME] = value
        assert type_password(other, user.email).headers["Location"] == NEW_DEVICE


def test_a_family_shares_a_browser() -> None:
    ana, luis, client = make_user(), make_user(), Client()
    for person in (ana, luis):
        assert type_password(client, person.email).headers["Location"] == NEW_DEVICE
        client.post(NEW_DEVICE, {"code": mailed_code(person.email)})
        client.post("/accounts/logout/")
    for person in (ana, luis):
        assert type_password(client, person.email).headers["Location"] == "/me/tickets/"
        client.post("/accounts/logout/")


def test_a_cookie_that_somebody_planted_is_worth_nothing() -> None:
    attacker, victim = make_user(), make_user()
    theirs, planted = Client(), Client()
    sign_in(theirs, attacker.email)
    key = theirs.cookies[settings.DEVICE_COOKIE_NAME].value
    planted.cookies[settings.DEVICE_COOKIE_NAME] = key
    sign_in(planted, victim.email)
    assert planted.cookies[settings.DEVICE_COOKIE_NAME].value != key
    again = Client()
    again.cookies[settings.DEVICE_COOKIE_NAME] = key
    assert type_password(again, victim.email).headers["Location"] == NEW_DEVICE


def test_a_browser_that_was_not_here_for_half_a_year_is_asked_again() -> None:
    user, client = make_user(), Client()
    sign_in(client, user.email)
    client.post("/accounts/logout/")
    device = Device.objects.get(user=user)
    Device.objects.filter(id=device.pk).update(
        last_seen_at=device.last_seen_at - TRUSTED_FOR - timedelta(seconds=1)
    )
    assert sign_in(client, user.email).headers["Location"] == "/me/tickets/"
    assert len(codes_to(user)) == 2
    assert Device.objects.filter(user=user, forgotten_at=None).count() == 1


def test_three_wrong_codes_end_the_sign_in_and_are_on_record(client: Client) -> None:
    user = make_user()
    type_password(client, user.email)
    code = mailed_code(user.email)
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(2):
        assert "not the code" in client.post(NEW_DEVICE, {"code": wrong}).content.decode()
    assert client.post(NEW_DEVICE, {"code": wrong}).headers["Location"] == "/accounts/login/"
    assert client.post(NEW_DEVICE, {"code": code}).headers["Location"] == "/accounts/login/"
    assert not is_signed_in(client)
    assert SecurityEntry.objects.filter(user=user, name=Happening.DEVICE_CODE_REFUSED).count() == 1


def test_a_new_code_makes_the_one_before_useless_and_can_be_had_twice(client: Client) -> None:
    user = make_user()
    type_password(client, user.email)
    first = mailed_code(user.email)
    assert client.post(NEW_DEVICE, {"action": "resend"}).headers["Location"] == NEW_DEVICE
    assert client.post(NEW_DEVICE, {"action": "resend"}).headers["Location"] == NEW_DEVICE
    assert "Send a new code" not in client.get(NEW_DEVICE).content.decode()
    client.post(NEW_DEVICE, {"action": "resend"})  # a forged third one counts as a wrong code
    assert len(codes_to(user)) == 3
    if first != mailed_code(user.email):
        assert client.post(NEW_DEVICE, {"code": first}).status_code == 200
    assert client.post(NEW_DEVICE, {"code": mailed_code(user.email)}).status_code == 302


def test_whoever_knows_a_password_gets_so_many_codes_an_hour_and_no_more() -> None:
    user = make_user()
    answers = [type_password(Client(), user.email) for _ in range(8)]
    assert [answer.status_code for answer in answers] == [302] * 6 + [429] * 2
    assert "accounts.too_many_device_codes" in answers[-1].content.decode()
    assert len(codes_to(user)) == 6


def test_a_code_is_old_after_a_quarter_of_an_hour(client: Client) -> None:
    user = make_user()
    type_password(client, user.email)
    session = client.session
    session["account_login"]["state"]["stages"]["new_device"]["data"]["at"] -= 15 * 60 + 1
    session.save()
    answer = client.post(NEW_DEVICE, {"code": mailed_code(user.email)})
    assert answer.headers["Location"] == "/accounts/login/"
    assert not is_signed_in(client)


def test_one_can_leave_and_sign_in_as_somebody_else(client: Client) -> None:
    user, other = make_user(), make_user()
    type_password(client, user.email)
    assert client.get("/accounts/login/").headers["Location"] == NEW_DEVICE, "a reload finds the step again"
    assert client.post(NEW_DEVICE, {"action": "cancel"}).headers["Location"] == "/accounts/login/"
    assert type_password(client, other.email).headers["Location"] == NEW_DEVICE
    assert client.post(NEW_DEVICE, {"code": mailed_code(other.email)}).status_code == 302
    assert is_signed_in(client)


def test_the_step_alone_leads_nowhere(client: Client) -> None:
    assert client.get(NEW_DEVICE).headers["Location"] == "/accounts/login/"
    assert client.post(NEW_DEVICE, {"code": "123456"}).headers["Location"] == "/accounts/login/"


def test_the_page_one_came_for_and_the_workplace_are_kept_over_the_step(client: Client) -> None:
    owner = make_member(make_organizer(), "owner")
    assert sign_in(client, owner.email).headers["Location"] == "/studio/"
    other = Client()
    assert sign_in(other, owner.email, next="/me/account/").headers["Location"] == "/me/account/"


def test_who_typed_a_mailed_code_in_this_sign_in_is_not_asked_for_another() -> None:
    signed_up = Client()
    email = f"new-{make_user().pk}@buyers.example"
    signed_up.post("/accounts/signup/", {"email": email, "password1": "three quiet lanterns"})
    signed_up.post("/accounts/confirm-email/", {"code": mailed_code(email)})
    assert is_signed_in(signed_up)
    assert Device.objects.filter(user__email=email).count() == 1
    entry = SecurityEntry.objects.get(user__email=email, name=Happening.DEVICE_ADDED)
    assert entry.details == {"at_sign_up": True}

    user, forgot = make_user(), Client()
    forgot.post("/accounts/password/reset/", {"email": user.email})
    forgot.post("/accounts/password/reset/confirm/", {"code": mailed_code(user.email)})
    answer = forgot.post("/accounts/password/reset/complete/", {"password1": "three quiet lanterns"})
    assert answer.headers["Location"] == "/me/tickets/"
    assert is_signed_in(forgot)


def test_an_address_proven_at_sign_in_is_proof_enough(client: Client) -> None:
    user = make_user(verified=False)
    assert type_password(client, user.email).headers["Location"] == "/accounts/confirm-email/"
    client.post("/accounts/confirm-email/", {"code": mailed_code(user.email)})
    assert is_signed_in(client)
    assert codes_to(user) == []


def test_a_further_address_proven_elsewhere_spares_nothing() -> None:
    """Proving another address while signed in is no proof for the next sign-in."""
    user, client = make_user(), Client()
    sign_in(client, user.email)
    client.post("/accounts/logout/")
    client.cookies.pop(settings.DEVICE_COOKIE_NAME)
    assert type_password(client, user.email).headers["Location"] == NEW_DEVICE


def test_a_wrong_password_mails_no_code(client: Client) -> None:
    user = make_user()
    assert type_password(client, user.email, "wrong wrong wrong").status_code == 200
    assert codes_to(user) == []


def test_who_signs_in_by_user_name_is_not_told_the_address(client: Client) -> None:
    user = make_user()
    type_password(client, user.email)
    session = client.session
    session["account_login"]["email"] = None
    session.save()
    page = client.get(NEW_DEVICE).content.decode()
    assert user.email not in page
    assert f"{user.email[0]}…@buyers.example" in page


def test_a_demonstration_on_a_network_shows_its_mail_to_nobody_so_it_asks_for_none(
    client: Client, settings: Settings
) -> None:
    user = make_user()
    settings.TMAM = msgspec.structs.replace(settings.TMAM, mode="demo", host="192.0.2.7")
    assert type_password(client, user.email, PASSWORD).headers["Location"] == "/me/tickets/"
    settings.TMAM = msgspec.structs.replace(settings.TMAM, mode="demo", host="localhost")
    assert type_password(Client(), user.email).headers["Location"] == NEW_DEVICE


def test_wrong_codes_of_all_sign_ins_count_together_and_pause() -> None:
    """Whoever knows the password starts again and again: ten guesses at most, whatever the session."""
    user = make_user()
    looked_at = 0
    for _ in range(5):
        client = Client()
        if type_password(client, user.email).status_code != 302:
            continue
        code = mailed_code(user.email)
        wrong = "111111" if code != "111111" else "222222"
        for _ in range(3):
            looked_at += client.post(NEW_DEVICE, {"code": wrong}).status_code != 429
    assert looked_at <= 10, "the lockout stops it sooner than the count of codes would"
    late = Client()
    type_password(late, user.email)
    answer = late.post(NEW_DEVICE, {"code": mailed_code(user.email)})
    assert answer.status_code == 429, "not even the right one while it pauses"


def test_a_new_password_leaves_only_the_browser_known_that_it_was_chosen_in() -> None:
    user, mine, thief = make_user(), Client(), Client()
    sign_in(mine, user.email)
    sign_in(thief, user.email)
    change_password(mine, "three quiet lanterns")
    assert not is_signed_in(thief)
    assert type_password(thief, user.email, "three quiet lanterns").headers["Location"] == NEW_DEVICE
    mine.post("/accounts/logout/")
    assert type_password(mine, user.email, "three quiet lanterns").headers["Location"] == "/me/tickets/"


def test_so_does_a_forgotten_one() -> None:
    user, mine, thief = make_user(), Client(), Client()
    sign_in(thief, user.email)
    mine.post("/accounts/password/reset/", {"email": user.email})
    mine.post("/accounts/password/reset/confirm/", {"code": mailed_code(user.email)})
    mine.post("/accounts/password/reset/complete/", {"password1": "three quiet lanterns"})
    assert is_signed_in(mine)
    assert type_password(thief, user.email, "three quiet lanterns").headers["Location"] == NEW_DEVICE
