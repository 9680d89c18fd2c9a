"""A person's own data on the pages: what happened, the download, consent, the end."""

from __future__ import annotations

import io
import json
import zipfile

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone, translation

from tests.cast import make_event, make_member, make_organizer, make_user, unique
from tests.notifications.purchases import buy
from tests.signing_in import sign_in
from tests.web.account.factor_help import prove_by_password
from tmam.accounts.erasure import continue_erasures
from tmam.accounts.happenings import Happening
from tmam.accounts.models import Consent, User
from tmam.accounts.personal_data import parts
from tmam.accounts.security_log import Visit, record
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.organizers.models import Membership, Role
from tmam.platform.event_log import drain
from tmam.web.account.activity_words import WORDS, happening_words

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh_limits() -> None:
    """The limits of the tests before."""
    cache.clear()


@pytest.fixture
def person() -> User:
    return make_user(name="Maria Quintanilla")


@pytest.fixture
def signed_in(client: Client, person: User) -> Client:
    """Signed in a moment ago by password: the proof is fresh."""
    sign_in(client, person.email)
    assert prove_by_password(client, "/me/account/").status_code == 302
    return client


def text(response: HttpResponse) -> str:
    return " ".join(response.content.decode().split())


def old_session(person: User) -> Client:
    """Signed in, but the proof is long ago."""
    client = Client()
    client.force_login(person)
    return client


def test_every_happening_has_words_in_both_languages() -> None:
    assert [happening for happening in Happening if happening not in WORDS] == []
    with translation.override("en"):
        english = {name: happening_words(name) for name in WORDS}
    with translation.override("es"):
        same = [name for name in WORDS if happening_words(name) == english[name]]
    assert same == []
    assert not any(words.endswith(".") for words in english.values())


def test_the_account_lately_in_sentences(signed_in: Client, person: User) -> None:
    visit = Visit(network="192.0.2.0", browser="Mozilla/5.0 (X11; Linux) Firefox/140.0", place="Lugo, Spain")
    record(person.pk, Happening.PASSWORD_CHANGED, now=timezone.now(), visit=visit)
    record(person.pk, Happening.STAFF_LOOKED, now=timezone.now(), actor="staff:3", reason="Asked by phone")
    page = text(signed_in.get("/me/account/activity/"))
    for words in (
        "The password was changed",
        "Lugo, Spain · 192.0.2.0",
        "Firefox on Linux",
        "tmam staff",
        "Asked by phone",
    ):
        assert words in page
    assert "Something here was not you?" in page
    assert "Choose a new password" in text(signed_in.get("/me/account/activity/not-me/"))


def test_the_list_has_pages_and_an_empty_state(person: User) -> None:
    client = old_session(person)
    person.security_entries.all().delete()
    assert "Nothing yet" in text(client.get("/me/account/activity/"))
    for _ in range(51):
        record(person.pk, Happening.SIGNED_IN, now=timezone.now())
    first, second = (text(client.get(f"/me/account/activity/?page={page}")) for page in (1, 2))
    assert (first.count("Signed in"), second.count("Signed in")) == (50, 1)
    assert "Older" in first
    assert "Newer" in second
    for odd in ("-1", "9" * 5_000, "٣", ""):
        assert client.get(f"/me/account/activity/?page={odd}").status_code == 200


def test_nobody_sees_what_happened_to_others(person: User) -> None:
    record(person.pk, Happening.PASSWORD_CHANGED, now=timezone.now(), visit=Visit(network="198.51.100.0"))
    assert "198.51.100.0" not in text(old_session(make_user()).get("/me/account/activity/"))
    assert Client().get("/me/account/activity/").status_code == 302


def archive_of(response: HttpResponse) -> zipfile.ZipFile:
    assert response.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))  # type: ignore[attr-defined]


def test_the_download_holds_everything_documented_and_no_secret(signed_in: Client, person: User) -> None:
    order = buy(make_event(), email=person.email, holders=["Luis Quintanilla", "Ana Quintanilla"])
    drain()
    archive = archive_of(signed_in.post("/me/account/data/download/"))
    rows = {part.name: json.loads(archive.read(f"{part.name}.json")) for part in parts()}
    assert rows["account"][0]["name"] == "Maria Quintanilla"
    assert rows["orders"][0]["booking_reference"] == order.booking_reference
    assert [ticket["holder_name"] for ticket in rows["tickets"]] == ["Luis Quintanilla", "Ana Quintanilla"]
    assert rows["security_log"][-1]["name"] == "account.data_downloaded"
    assert "order_confirmed" in {mail["kind"] for mail in rows["mails"]}
    documented = json.loads(archive.read("fields.json"))
    for part in parts():
        for row in rows[part.name]:
            assert set(row) == set(part.fields) == set(documented[part.name]["fields"])
    everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for secret in ("token_sha256", 'password":', "argon2"):
        assert secret not in everything
    assert "<h1>Your data at tmam</h1>" in archive.read("read-me.html").decode()


def test_the_download_speaks_the_persons_language(signed_in: Client) -> None:
    answer = signed_in.post("/me/account/data/download/", headers={"accept-language": "es"})
    (page,) = [name for name in archive_of(answer).namelist() if name.endswith(".html")]
    assert page != "read-me.html"


def test_the_download_and_the_end_ask_for_a_fresh_proof(person: User) -> None:
    client = old_session(person)
    for path in ("/me/account/data/download/", "/me/account/erase/"):
        assert client.post(path).headers["Location"].startswith("/accounts/reauthenticate/")


def test_consent_is_given_and_withdrawn_by_one_press_each_and_remembered(
    signed_in: Client, person: User
) -> None:
    for answer in ("yes", "yes", "no", "no", "yes"):
        signed_in.post("/me/account/data/consent/", {"agree": answer})
    rows = list(
        Consent.objects.filter(user=person)
        .order_by("id")
        .values_list("is_given", "text_version", "language", "place")
    )
    assert rows == [
        (True, "2026-11", "en", "account"),
        (False, "2026-11", "en", "account"),
        (True, "2026-11", "en", "account"),
    ]
    assert "Stop these mails" in text(signed_in.get("/me/account/data/"))


@pytest.mark.parametrize("ticked", [True, False])
def test_sign_up_asks_without_a_tick_and_keeps_a_yes(client: Client, ticked: bool) -> None:
    assert "checked" not in client.get("/accounts/signup/").content.decode()
    email = f"{unique('new')}@buyers.example"
    fields = {"email": email, "password1": "three quiet lanterns"} | ({"marketing": "on"} if ticked else {})
    client.post("/accounts/signup/", fields)
    given = list(Consent.objects.filter(user__email=email).values_list("is_given", "place"))
    assert given == ([(True, "signup")] if ticked else [])


@pytest.fixture
def tickets(person: User) -> str:
    order = buy(make_event(now=timezone.now()), email=person.email, now=timezone.now())
    drain()
    return order.booking_reference


def test_the_end_is_explained_then_done_with_a_farewell_that_opens_the_tickets(
    signed_in: Client, person: User, tickets: str
) -> None:
    page = text(signed_in.get("/me/account/erase/"))
    for words in (tickets, "10 years", "can't be undone", "They stay valid"):
        assert words in page
    assert signed_in.post("/me/account/erase/", {"email": "other@buyers.example"}).status_code == 422
    answer = signed_in.post("/me/account/erase/", {"email": person.email.upper()})
    assert answer.headers["Location"] == "/me/account/erased/"
    assert not User.objects.filter(pk=person.pk).exists()
    assert "Your account is erased" in text(signed_in.get("/me/account/erased/"))
    assert signed_in.get("/me/account/").status_code == 302
    continue_erasures(timezone.now())
    farewell = Mail.objects.get(to=person.email, template="account_erased")
    body = str(compose_mail(farewell, timezone.now()).body)
    link = next(word for word in body.split() if "/me/tickets/open/" in word)
    assert Client().get(link, follow=True).status_code == 200


def test_the_last_owner_hands_over_first(client: Client) -> None:
    organizer = make_organizer()
    owner = make_member(organizer, "owner")
    sign_in(client, owner.email)
    prove_by_password(client, "/me/account/")
    assert organizer.name in text(client.get("/me/account/erase/"))
    assert client.post("/me/account/erase/", {"email": owner.email}).status_code == 422
    assert User.objects.filter(pk=owner.pk).exists()
    Membership.objects.create(organizer=organizer, user=make_user(), role=Role.OWNER)
    assert client.post("/me/account/erase/", {"email": owner.email}).status_code == 302
