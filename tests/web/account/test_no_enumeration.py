"""Nobody learns who has an account: same words, same way on, same work (hashes and statements), same number of mails."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import make_user, unique
from tmam.accounts.hashing import BoundedArgon2Hasher
from tmam.accounts.models import User
from tmam.accounts.security_log import NOWHERE
from tmam.accounts.usernames import change_username
from tmam.notifications.models import Mail

pytestmark = pytest.mark.django_db
PASSWORD = "three quiet lanterns"
WRONG = "wrong wrong wrong"
TOKEN = re.compile(r'value="\w{64}"')


@dataclass(frozen=True)
class Seen:
    """What somebody at the other end can tell of an answer, and the work that went into it."""

    status: int
    location: str
    words: str
    hashes: int
    statements: list[str]
    mails: int


class Work:
    hashes = 0


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Work:
    """Counts Argon2: making and checking a hash cost the same."""
    counted = Work()
    for name in ("encode", "verify"):
        real = getattr(BoundedArgon2Hasher, name)

        def count(self: object, *args: object, real: Callable[..., object] = real) -> object:
            counted.hashes += 1
            return real(self, *args)

        monkeypatch.setattr(BoundedArgon2Hasher, name, count)
    return counted


@contextmanager
def watching() -> Iterator[CaptureQueriesContext]:
    with CaptureQueriesContext(connection) as queries:
        yield queries


def seen(work: Work, path: str, login: str, fields: dict[str, str], client: Client | None = None) -> Seen:
    """Send a form in which `@` stands for the login."""
    hashes, mails = work.hashes, Mail.objects.count()
    with watching() as queries:
        answer = (client or Client()).post(
            path, {name: login if value == "@" else value for name, value in fields.items()}
        )
    return Seen(
        answer.status_code,
        answer.headers.get("Location", ""),
        words_of(answer, login),
        work.hashes - hashes,
        sorted(shape(query["sql"]) for query in queries.captured_queries),
        Mail.objects.count() - mails,
    )


def words_of(answer: HttpResponse, login: str) -> str:
    return TOKEN.sub("", answer.content.decode()).replace(login, "@")


def shape(sql: str) -> str:
    """A statement without its values."""
    return re.sub(r"'[^']*'|\b\d+\b|\bNULL\b|_x[0-9a-z_]+|s\d+_x\d+", "?", " ".join(sql.split()))[:300]


def pair() -> tuple[str, str]:
    """An address that has an account and one that has none, equally long."""
    known = make_user().email
    name, _, domain = known.partition("@")
    return known, f"{unique('x').replace('-', '')[: len(name)].ljust(len(name), 'z')}@{domain}"


def warm_up(path: str, fields: dict[str, str]) -> None:
    """Contents of first times: content types, template caches."""
    Client().post(
        path, {name: f"{unique('w')}@b.example" if value == "@" else value for name, value in fields.items()}
    )


FORMS = [
    ("/accounts/login/", {"login": "@", "password": WRONG}),
    ("/accounts/password/reset/", {"email": "@"}),
    ("/accounts/login/code/", {"email": "@"}),
    ("/me/tickets/lost/", {"email": "@"}),
]


@pytest.mark.parametrize(("path", "fields"), FORMS)
def test_a_form_answers_alike_and_works_alike(work: Work, path: str, fields: dict[str, str]) -> None:
    warm_up(path, fields)
    known, unknown = pair()
    first, second = seen(work, path, known, fields), seen(work, path, unknown, fields)
    assert first == second
    assert first.hashes == (1 if "password" in fields else 0)


def test_so_does_each_wrong_try_up_to_the_pause_and_in_it(work: Work) -> None:
    path, fields = FORMS[0]
    warm_up(path, fields)
    known, unknown = pair()
    for number in range(7):
        first, second = seen(work, path, known, fields), seen(work, path, unknown, fields)
        assert first == second, f"try {number + 1}"
        assert first.hashes == (1 if number < 5 else 0)


def test_user_names_are_no_more_told_than_addresses(work: Work) -> None:
    user, name = make_user(), unique("ana").replace("-", "_")
    change_username(user, name, now=user.joined_at, visit=NOWHERE)
    path, fields = FORMS[0]
    warm_up(path, fields)
    first = seen(work, path, name, fields)
    assert first == seen(work, path, name[:-1] + "~", fields)
    assert first.words == seen(work, path, make_user().email, fields).words


def test_accounts_that_are_closed_or_have_no_password_are_like_the_others(work: Work) -> None:
    path, fields = FORMS[0]
    warm_up(path, fields)
    closed, bare, usual = make_user(), make_user(), make_user()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    bare.set_unusable_password()
    bare.save()
    answers = [seen(work, path, user.email, fields) for user in (usual, closed, bare)]
    assert {answer.status for answer in answers} == {200}
    assert {answer.words for answer in answers} == {answers[0].words}
    assert {answer.hashes for answer in answers} == {1}
    assert answers[0].statements == answers[1].statements == answers[2].statements


@pytest.mark.parametrize(
    ("ask", "confirm"),
    [
        ("/accounts/password/reset/", "/accounts/password/reset/confirm/"),
        ("/accounts/login/code/", "/accounts/login/code/confirm/"),
    ],
)
def test_the_page_for_the_code_and_wrong_codes_are_alike(work: Work, ask: str, confirm: str) -> None:
    known, unknown = pair()
    shown: dict[str, list[Seen | str]] = {}
    for login in (known, unknown, *pair()):  # the first two warm up
        client = Client()
        client.post(ask, {"email": login})
        with watching() as queries:
            page = words_of(client.get(confirm), login)
        wrong_codes = [seen(work, confirm, login, {"code": "000000"}, client) for _ in range(3)]
        shown[login] = [page, str(len(queries)), *wrong_codes]
    first, second = list(shown.values())[2:]
    assert first == second


def test_sign_up_answers_alike_and_costs_the_same(work: Work) -> None:
    path, fields = "/accounts/signup/", {"email": "@", "password1": PASSWORD}
    warm_up(path, fields)
    known, unknown = pair()
    clients = Client(), Client()
    first = seen(work, path, known, fields, clients[0])
    second = seen(work, path, unknown, fields, clients[1])
    assert (first.status, first.location, first.words) == (second.status, second.location, second.words)
    assert first.hashes == second.hashes == 1
    assert first.mails == second.mails == 1
    writes = [
        [each for each in side.statements if each.startswith(("INSERT", "UPDATE"))]
        for side in (first, second)
    ]
    assert abs(len(writes[0]) - len(writes[1])) <= 2
    pages = []
    for client, login in zip(clients, (known, unknown), strict=True):
        with watching() as queries:
            page = words_of(client.get(first.location), login)
        pages.append((page, len(queries), seen(work, first.location, login, {"code": "000000"}, client)))
    assert pages[0] == pages[1]
    assert User.objects.filter(email=known).count() == 1
    assert not User.objects.filter(email__endswith="decoy.invalid").exists()


def test_choosing_a_user_name_does_not_tell_taken_from_reserved(client: Client) -> None:
    owner, curious = make_user(), make_user()
    name = unique("ana")
    change_username(owner, name, now=owner.joined_at, visit=NOWHERE)
    client.force_login(curious)
    client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    answers = [client.post("/me/account/name/", {"username": typed}) for typed in (name.upper(), "support")]
    pages = [
        words_of(answer, typed) for answer, typed in zip(answers, (name.upper(), "support"), strict=True)
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert pages[0] == pages[1]
    assert "cannot be had" in pages[0]
    tries = [client.post("/me/account/name/", {"username": name}).status_code for _ in range(4)]
    assert tries == [422, 422, 422, 429], "nobody lists others' names"


def test_an_address_no_table_holds_is_refused_in_the_same_words_everywhere() -> None:
    """The first sign-up, the second, and the forms that would send a mail."""
    too_long = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example"
    assert 255 <= len(too_long) <= 320
    words = "That is too long: at most 254 characters fit here."
    sign_up = {"email": too_long, "password1": PASSWORD}
    for path, fields in (
        ("/accounts/signup/", sign_up),
        ("/accounts/signup/", sign_up),
        ("/accounts/password/reset/", {"email": too_long}),
        ("/accounts/login/code/", {"email": too_long}),
        ("/me/tickets/lost/", {"email": too_long}),
        ("/accounts/login/", {"login": too_long, "password": WRONG}),
    ):
        answer = Client().post(path, fields)
        assert answer.status_code in (200, 422), path
        assert words in html.unescape(answer.content.decode()), path
        assert 'maxlength="254"' in answer.content.decode(), path
    assert not User.objects.filter(email=too_long).exists()


def test_one_more_address_is_no_longer_than_the_first(client: Client) -> None:
    client.force_login(make_user())
    client.post("/accounts/reauthenticate/", {"password": "correct horse battery"})
    too_long = f"{'a' * 60}@{'.'.join(['b' * 60] * 4)}.example"
    answer = client.post("/accounts/email/", {"email": too_long, "action_add": "1"})
    assert answer.status_code == 200
    assert "That is too long: at most 254 characters fit here." in answer.content.decode()


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/reset/", "/accounts/login/code/"])
@pytest.mark.parametrize("typed", ["a" * 10_000, f"{'a' * 10_000}@b.example", "a\0b@b.example"])
def test_what_no_field_takes_is_refused_in_plain_words(path: str, typed: str) -> None:
    page = Client().post(path, {"email": typed, "password1": PASSWORD}).content.decode()
    assert "That is too long" in page or "There is an invisible character in this" in page
    for theirs in ("Ensure this value", "Null characters"):
        assert theirs not in page


def test_a_null_character_in_a_password_is_named_plainly() -> None:
    page = Client().post("/accounts/login/", {"login": "a\0b@b.example", "password": "a\0b"}).content.decode()
    assert page.count("There is an invisible character in this") >= 2
    assert "Null characters" not in page
