"""The security headers, on every address we have, whatever the answer is; and the flags of our cookies."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client

from tests.cast import make_event, make_member, make_user
from tests.signing_in import sign_in
from tests.web.routes import all_paths
from tmam.web.security_headers import content_security_policy, permissions_policy, security_headers

pytestmark = pytest.mark.django_db
PATHS = all_paths()
OWN_POLICY = ("/demo/mail/x/html/",)


def assert_guarded(path: str, answer: HttpResponse) -> None:
    for name, value in security_headers(path, is_secure=False).items():
        assert name in answer.headers, f"{path}: no {name}"
        if name == "Content-Security-Policy" and path in OWN_POLICY:
            continue
        if name != "Referrer-Policy":  # some pages are stricter
            assert answer.headers[name] == value, path
    assert "Strict-Transport-Security" not in answer.headers


def test_there_are_many_addresses() -> None:
    assert len(PATHS) > 70
    assert "/accounts/login/" in PATHS


@pytest.mark.parametrize("path", PATHS)
def test_every_address_is_guarded_for_visitors(path: str, client: Client) -> None:
    cache.clear()
    for answer in (client.get(path), client.post(path), client.options(path)):
        assert answer.status_code < 500 or path == "/readyz", path
        assert_guarded(path, answer)


def test_every_address_is_guarded_for_who_is_signed_in() -> None:
    client = Client()
    client.force_login(make_member(make_event().organizer, "owner", is_staff=True))
    for path in PATHS:
        if "logout" in path:
            continue
        answer = client.get(path)
        assert answer.status_code < 500 or path == "/readyz", path
        assert_guarded(path, answer)


@pytest.mark.parametrize(
    ("path", "status", "headers"),
    [
        ("/nowhere/", 404, {}),
        ("/nowhere/", 404, {"accept": "application/json"}),
        ("/en/?" + "&".join(f"a{n}=1" for n in range(300)), 400, {}),
        ("/en/", 400, {"host": "evil.example"}),
    ],
)
def test_errors_are_guarded(client: Client, path: str, status: int, headers: dict[str, str]) -> None:
    answer = client.get(path, headers=headers)
    assert answer.status_code == status
    assert_guarded(path.partition("?")[0], answer)


def test_a_refused_form_and_a_bug_are_guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    refused = Client(enforce_csrf_checks=True).post("/accounts/login/", {})
    assert refused.status_code == 403
    assert_guarded("/accounts/login/", refused)
    monkeypatch.setattr("tmam.web.me.tickets_page.proven_addresses", None)
    bug = Client(raise_request_exception=False).get("/me/tickets/")
    assert bug.status_code == 500
    assert_guarded("/me/tickets/", bug)


def test_over_https_browsers_stay_there() -> None:
    headers = security_headers("/", is_secure=True)
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    for value in headers.values():
        assert "preload" not in value
        assert "includeSubDomains" not in value


def test_nothing_is_inline_and_nothing_is_from_elsewhere() -> None:
    for path in ("/", "/gate/", "/accounts/login/", "/studio/"):
        policy = content_security_policy(path)
        for word in ("unsafe-inline", "'unsafe-eval'", "http:", "https:", "*"):
            assert word not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert ("wasm-unsafe-eval" in policy) == (path == "/gate/")


def test_powerful_features_are_on_only_where_they_are_used() -> None:
    assert "camera=(self)" in permissions_policy("/gate/scan/")
    assert "camera=()" in permissions_policy("/en/")
    assert "publickey-credentials-get=(self)" in permissions_policy("/accounts/login/")
    assert "publickey-credentials-create=(self)" in permissions_policy("/me/account/security/")
    assert "publickey-credentials-get=()" in permissions_policy("/me/orders/x/")
    for feature in ("microphone", "geolocation", "payment", "usb"):
        assert f"{feature}=()" in permissions_policy("/gate/")


@pytest.mark.parametrize(
    "path", [path for path in PATHS if path.startswith(("/me/", "/accounts/", "/studio/"))]
)
def test_personal_pages_are_kept_by_nobody(path: str) -> None:
    client = Client()
    client.force_login(make_user())
    control = client.get(path).headers.get("Cache-Control", "")
    assert "public" not in control
    assert {"no-store", "private"} & set(control.replace(" ", "").split(",")), f"{path}: {control!r}"


def test_our_cookies_have_their_flags() -> None:
    cache.clear()
    client = Client()
    client.get("/accounts/login/?language=es")
    sign_in(client, make_user().email)
    assert set(client.cookies) == {"tmam_session", "tmam_csrf", "tmam_device", "tmam_language"}
    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] == "Lax", cookie.key
        assert (cookie["path"], cookie["domain"]) == ("/", ""), cookie.key


def test_under_https_no_neighbour_can_plant_them() -> None:
    """The names are made from the settings when the program starts: asked of a program that serves a network."""
    names = ("SESSION", "CSRF", "LANGUAGE", "DEVICE")
    ask = (
        "import json; from django.conf import settings as s; print(json.dumps(["
        f"[getattr(s, n + '_COOKIE_NAME') for n in {names}], "
        "[s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.LANGUAGE_COOKIE_SECURE], "
        "[s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH]]))"
    )
    environment = {**os.environ, "TMAM_HOST": "tickets.example"}
    answer = subprocess.run([sys.executable, "-c", ask], env=environment, capture_output=True, check=True)
    found, secure, place = json.loads(answer.stdout)
    assert found == ["__Host-tmam_session", "__Host-tmam_csrf", "__Host-tmam_language", "__Host-tmam_device"]
    assert secure == [True, True, True]
    assert place == [None, "/"]
