"""Under attack each unknown browser solves a puzzle first; nothing is looked at without."""

import base64
import html
import re

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from tests.cast import PASSWORD, make_user, unique
from tmam.accounts.adapters.altcha import solve
from tmam.accounts.models import AttemptCount
from tmam.accounts.trusted_browsers import trust_for_now
from tmam.notifications.models import Mail

pytestmark = pytest.mark.django_db
PAGES = [
    ("/accounts/login/", {"login": "@", "password": PASSWORD}),
    ("/accounts/signup/", {"email": "@", "password1": "three quiet lanterns"}),
    ("/accounts/password/reset/", {"email": "@"}),
    ("/accounts/login/code/", {"email": "@"}),
    ("/me/tickets/lost/", {"email": "@"}),
]


@pytest.fixture
def _under_attack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "TMAM", msgspec.structs.replace(settings.TMAM, challenge="on"))


def puzzle_of(client: Client, path: str) -> str:
    found = re.search(r'data-puzzle="([^"]+)"', client.get(path).content.decode())
    assert found is not None, "no puzzle"
    return html.unescape(found[1])


@pytest.mark.parametrize(("path", "fields"), PAGES)
def test_there_is_none_in_quiet_times(client: Client, path: str, fields: dict[str, str]) -> None:
    assert "data-puzzle" not in client.get(path).content.decode()


@pytest.mark.usefixtures("_under_attack")
@pytest.mark.parametrize(("path", "fields"), PAGES)
def test_without_a_solution_nothing_is_looked_at(client: Client, path: str, fields: dict[str, str]) -> None:
    email = make_user().email if "login" in fields else f"{unique('new')}@buyers.example"
    typed = {name: email if value == "@" else value for name, value in fields.items()}
    page = client.get(path).content.decode()
    assert "<noscript>" in page, "whoever has no scripts is told what to do"
    refused = client.post(path, typed)
    assert refused.status_code in {200, 422}
    assert "solve a small puzzle" in refused.content.decode()
    assert not AttemptCount.objects.filter(key__startswith="sign_in").exists()
    assert not Mail.objects.filter(to=email).exists()
    solution = solve(puzzle_of(client, path))
    assert client.post(path, {**typed, "puzzle": solution}).status_code == 302
    if "login" in fields:
        again = Client().post(path, {**typed, "puzzle": solution})
        assert again.status_code == 200, "a solution is worth one attempt"


@pytest.mark.usefixtures("_under_attack")
def test_a_solution_of_brackets_is_none(client: Client) -> None:
    deep = base64.b64encode(b"[" * 1_400).decode()
    answer = client.post("/me/tickets/lost/", {"email": "ana@buyers.example", "puzzle": deep})
    assert "solve a small puzzle" in answer.content.decode()


@pytest.mark.usefixtures("_under_attack")
def test_a_trusted_browser_needs_none(client: Client, rf: object) -> None:
    from django.utils import timezone

    user = make_user()
    client.get("/accounts/login/")
    session = client.session
    request = type("Request", (), {"session": session})()
    trust_for_now(request, user.pk, "test", timezone.now())
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    typed = {"login": user.email, "password": PASSWORD}
    assert client.post("/accounts/login/", typed).status_code == 302
