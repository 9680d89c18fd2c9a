"""Guessing at the forms: what stops, for whom, what people read, and the owner's way out."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from tests.cast import PASSWORD, make_user, unique
from tmam.accounts.happenings import Happening
from tmam.accounts.lockout import Purpose, network_subject
from tmam.accounts.models import AttemptCount, SecurityEntry, User
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.platform.event_log import drain
from tmam.platform.jobs import app

pytestmark = pytest.mark.django_db
WRONG = "wrong wrong wrong"
LINK = re.compile(r"/accounts/unlock/\?t=[^\s\"]+")


def type_password(
    login: str, password: str = WRONG, client: Client | None = None, **extra: str
) -> HttpResponse:
    return (client or Client()).post("/accounts/login/", {"login": login, "password": password}, **extra)


def run_jobs_of(user: User) -> None:
    """What the worker does with the job that tells of a pause, inside this test's transaction."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    for job in ProcrastinateJob.objects.filter(task_name="accounts.tell_of_pause", status="todo"):
        if job.args["user_id"] == user.pk:
            app.tasks[job.task_name](**job.args)
    drain()


def unlock_link(user: User) -> str:
    run_jobs_of(user)
    mail = Mail.objects.get(to=user.email, template="account.locked")
    found = LINK.search(str(compose_mail(mail, mail.queued_at).body))
    assert found is not None
    return found[0]


def test_hundreds_of_guesses_get_five_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    user, looks = make_user(), []
    monkeypatch.setattr(User, "check_password", lambda _, typed: looks.append(typed))
    client = Client()
    answers = [
        type_password(user.email, f"guess number {number}", client).status_code for number in range(200)
    ]
    assert len(looks) == 5
    assert answers == [200] * 5 + [429] * 195


def test_every_name_of_a_browser_and_every_claimed_address_counts_as_one_network() -> None:
    limit = network_subject(Purpose.SIGN_IN, "192.0.2.1").rule.limit
    answers = [
        type_password(
            f"{unique('x')}@b.example",
            headers={"x-forwarded-for": f"203.0.113.{number}, 192.0.2.1", "user-agent": f"browser {number}"},  # type: ignore[arg-type]
        ).status_code
        for number in range(limit + 1)
    ]
    assert answers == [200] * limit + [429], "only what the front wrote last is believed"


def test_what_is_said_is_the_same_for_a_login_that_nobody_has() -> None:
    known, unknown = make_user().email, f"{unique('nobody')}@buyers.example"
    pages = {}
    for login in (known, unknown):
        for _ in range(5):
            type_password(login)
        answer = type_password(login, PASSWORD)
        pages[login] = (answer.status_code, re.sub(r"value=\"\w{64}\"", "", answer.content.decode()))
    assert pages[known] == pages[unknown]
    assert pages[known][0] == 429
    assert Mail.objects.filter(to=unknown).count() == 0


def test_the_right_password_is_not_looked_at_while_paused_and_the_owner_has_a_way_in() -> None:
    user, owner = make_user(), Client()
    for _ in range(5):
        type_password(user.email)
    assert type_password(user.email, PASSWORD).status_code == 429
    link = unlock_link(user)
    page = owner.get(link)
    assert page.headers["Referrer-Policy"] == "same-origin", "the secret in the address stays with us"
    secret = link.partition("?t=")[2]
    assert AttemptCount.objects.filter(locked_until__isnull=False).exists(), (
        "opening the link alone does nothing"
    )
    assert owner.post("/accounts/unlock/", {"t": secret}).headers["Location"] == "/accounts/login/"
    for _ in range(5):
        type_password(user.email)  # whoever guesses goes on
    assert type_password(user.email, PASSWORD).status_code == 429
    assert type_password(user.email, PASSWORD, owner).status_code == 302, (
        "the owner's browser is apart from that"
    )
    names = SecurityEntry.objects.filter(user=user).values_list("name", flat=True)
    assert {Happening.LOCKED, Happening.UNLOCKED} <= set(names)


def test_the_link_works_once_and_only_whole() -> None:
    user = make_user()
    for _ in range(5):
        type_password(user.email)
    secret = unlock_link(user).partition("?t=")[2]
    first, second = Client(), Client()
    first.post("/accounts/unlock/", {"t": secret})
    answer = second.post("/accounts/unlock/", {"t": secret}, follow=True)
    assert "over already" in answer.content.decode()
    for _ in range(5):
        type_password(user.email)
    assert type_password(user.email, PASSWORD, second).status_code == 429, "a used link lets nobody in"
    broken = Client().get("/accounts/unlock/", {"t": secret[:-2]})
    assert broken.status_code == 404
    assert "accounts.unlock_link" in broken.content.decode()


def test_one_mail_per_pause() -> None:
    user = make_user()
    for _ in range(9):
        type_password(user.email)
    run_jobs_of(user)
    run_jobs_of(user)
    assert Mail.objects.filter(to=user.email, template="account.locked").count() == 1


def test_a_new_password_ends_the_pause() -> None:
    user, client = make_user(), Client()
    for _ in range(5):
        type_password(user.email)
    client.post("/accounts/password/reset/", {"email": user.email})
    code = Mail.objects.get(to=user.email, template="account.password_reset_code").context["code"]
    client.post("/accounts/password/reset/confirm/", {"code": code})
    client.post("/accounts/password/reset/complete/", {"password1": "three quiet lanterns"})
    assert type_password(user.email, "three quiet lanterns").status_code == 302


def test_a_mailed_code_is_no_way_around_a_pause() -> None:
    user = make_user()
    for _ in range(5):
        type_password(user.email)
    assert Client().post("/accounts/login/code/", {"email": user.email}).status_code == 429


def test_codes_are_guessed_at_five_times_however_many_are_asked_for() -> None:
    user, answers = make_user(), []
    for _ in range(4):
        client = Client()
        client.post("/accounts/password/reset/", {"email": user.email})
        right = Mail.objects.filter(to=user.email).latest("id").context["code"]
        wrong = "111111" if right != "111111" else "222222"
        answers += [
            client.post("/accounts/password/reset/confirm/", {"code": wrong}).status_code for _ in range(2)
        ]
    assert answers == [200] * 5 + [429] * 3


def test_a_used_reset_code_and_its_page_are_spent() -> None:
    user, client = make_user(), Client()
    client.post("/accounts/password/reset/", {"email": user.email})
    code = Mail.objects.get(to=user.email).context["code"]
    confirm, complete = "/accounts/password/reset/confirm/", "/accounts/password/reset/complete/"
    client.post(confirm, {"code": code})
    client.post(complete, {"password1": "three quiet lanterns"})
    client.post("/accounts/logout/")
    again = client.post(confirm, {"code": code})
    assert again.headers["Location"] == "/accounts/login/"
    assert client.post(complete, {"password1": "four noisy lanterns"}).status_code == 302
    assert Client().post(confirm, {"code": code}).headers["Location"] == "/accounts/login/"
    user.refresh_from_db()
    assert user.check_password("three quiet lanterns")


def test_mails_to_one_address_are_counted_too() -> None:
    email = f"{unique('ana')}@buyers.example"
    answers = [Client().post("/accounts/password/reset/", {"email": email}).status_code for _ in range(6)]
    assert answers == [302] * 5 + [429]


def test_signing_in_again_and_again_to_an_unproven_address_floods_no_mailbox() -> None:
    email = f"{unique('victim')}@buyers.example"
    Client().post("/accounts/signup/", {"email": email, "password1": "three quiet lanterns"})
    for _ in range(8):
        cache.clear()  # allauth's own limit, which forgets
        type_password(email, "three quiet lanterns")
    assert Mail.objects.filter(to=email).count() == 5


def test_an_address_that_is_added_is_counted_like_every_other() -> None:
    email, answers = f"{unique('victim')}@buyers.example", []
    for _ in range(6):
        cache.clear()  # allauth's own limit, which forgets
        client, user = Client(), make_user()
        client.force_login(user)
        client.post("/accounts/reauthenticate/", {"password": PASSWORD})
        answers.append(client.post("/accounts/email/", {"action_add": "", "email": email}).status_code)
    assert answers == [302] * 5 + [429]
    assert Mail.objects.filter(to=email).count() == 5


def test_a_person_with_many_logins_has_a_count_of_their_own() -> None:
    user = make_user()
    for number in range(2):
        EmailAddress.objects.create(user=user, email=f"{unique(str(number))}@buyers.example", verified=True)
    logins = list(EmailAddress.objects.filter(user=user).values_list("email", flat=True))
    for login in logins:
        for _ in range(5):
            type_password(login)
    another = EmailAddress.objects.create(user=user, email=f"{unique('4')}@buyers.example", verified=True)
    assert type_password(another.email, PASSWORD).status_code == 429
