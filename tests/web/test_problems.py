"""How errors leave: what a program needs to know beside the words."""

import json
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client, RequestFactory
from django.utils import timezone
from structlog.testing import capture_logs

from tmam.accounts import errors as account_errors
from tmam.delivery.errors import RenderBusyError
from tmam.kernel.errors import TmamError
from tmam.platform.errors import BusyError, NotFoundError
from tmam.web.problems import error_response

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (BusyError(retry_after_s=3), "3"),
        (RenderBusyError(retry_after_s=5), "5"),
        (account_errors.TooManyRequestsError(retry_after_s=300), "300"),
        (account_errors.TooManySmsError(retry_after_s=3600), "3600"),
        (account_errors.PausedError(minutes=5), "300"),
        (NotFoundError(), None),
    ],
)
def test_whoever_has_to_wait_is_told_how_long(error: TmamError, seconds: str | None) -> None:
    request = RequestFactory().get("/", headers={"Accept": "application/json"})
    assert error_response(request, error).headers.get("Retry-After") == seconds


def test_a_moment_is_told_in_seconds_from_now() -> None:
    now = timezone.now()
    error = account_errors.TooManyCodesError(free_at=now + timedelta(seconds=90.5))
    assert error.retry_after(now) == 91
    assert error.retry_after(now + timedelta(hours=1)) == 1
    request = RequestFactory().get("/", headers={"Accept": "application/json"})
    assert "Retry-After" in error_response(request, error).headers


@pytest.mark.parametrize("path", ["/wallet/api/sync/", "/wallet/api/nowhere/", "/wallets/apple/v1/log"])
def test_programs_are_told_in_json_whatever_they_say_they_accept(path: str) -> None:
    for accept in ("", "*/*", "text/html"):
        request = RequestFactory().get(path, headers={"Accept": accept})
        assert json.loads(error_response(request, NotFoundError()).content)["code"] == "platform.not_found"
    request = RequestFactory().get("/wallet/", headers={"Accept": "*/*"})
    assert error_response(request, NotFoundError()).headers["Content-Type"].startswith("text/html")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "code", "words"),
    [
        ({f"f{number}": "1" for number in range(501)}, "platform.too_many_fields", "At most 500 fields"),
        ({"x": "y" * 262_145}, "platform.too_large", "No form of ours needs more than 256 kB"),
    ],
)
def test_a_form_beyond_bounds_is_told_why_and_is_a_line_of_information(
    fields: dict[str, str], code: str, words: str
) -> None:
    with capture_logs() as logs:
        answer = Client().post("/me/tickets/lost/", urlencode(fields), content_type=FORM)
    assert code in answer.content.decode()
    assert words in answer.content.decode()
    (line,) = (line for line in logs if line["event"] == "body_refused")
    assert (line["log_level"], line["length"]) == ("info", str(len(urlencode(fields))))


@pytest.mark.django_db
@pytest.mark.parametrize("brings_cookie", [True, False])
def test_a_sign_in_too_large_to_read_is_told_so(brings_cookie: bool) -> None:
    client = Client(enforce_csrf_checks=True)
    if brings_cookie:
        client.get("/accounts/login/")
    for size, status, code in ((300_000, 413, "platform.too_large"), (10, 403, "platform.cross_site")):
        body = urlencode({"login": "a@b.example", "password": "x" * size})
        answer = client.generic("POST", "/accounts/login/", body, content_type=FORM)
        assert (answer.status_code, code in answer.content.decode()) == (status, True)
