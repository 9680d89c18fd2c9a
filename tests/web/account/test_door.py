"""The door before sign-in: bounded, cheap, and open again afterwards."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.conf import settings

from tmam.web.account.door import SignInDoor
from tmam.web.security_headers import security_headers

LOGIN = {"REQUEST_METHOD": "POST", "PATH_INFO": "/accounts/login/"}


def test_so_many_are_inside_at_once_and_the_rest_is_told_to_come_back() -> None:
    inside, go, said = threading.Semaphore(0), threading.Event(), []

    def slow(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        inside.release()
        go.wait(10)
        return [b"in"]

    door = SignInDoor(slow, inside_at_once=2)
    with ThreadPoolExecutor(2) as pool:
        first = [pool.submit(door, dict(LOGIN), None) for _ in range(2)]
        for _ in first:
            inside.acquire(timeout=10)
        (page,) = door(dict(LOGIN, HTTP_ACCEPT_LANGUAGE="es"), lambda *given: said.append(given))
        go.set()
        assert [each.result(10) for each in first] == [[b"in"]] * 2
    status, headers = said[0]
    assert status.startswith("503")
    assert dict(headers)["Retry-After"] == "3"
    assert b'lang="es"' in page
    assert b'<a href="/accounts/login/">Intentar de nuevo</a>' in page, "a way back"
    assert door(dict(LOGIN), None) == [b"in"], "open again"
    assert door({"REQUEST_METHOD": "GET", "PATH_INFO": "/accounts/login/"}, None) == [b"in"]


def turned_away(environ: dict[str, Any]) -> tuple[dict[str, str], str]:
    said: list[Any] = []
    door = SignInDoor(lambda *_: [b"in"], inside_at_once=0)
    (page,) = door(LOGIN | environ, lambda *given: said.append(given))
    return dict(said[0][1]), bytes(page).decode()


def test_whoever_is_turned_away_gets_the_headers_of_every_page() -> None:
    headers, _ = turned_away({"wsgi.url_scheme": "https"})
    assert security_headers("/accounts/login/", is_secure=True).items() <= headers.items()
    assert "Strict-Transport-Security" not in turned_away({"wsgi.url_scheme": "http"})[0]


def test_whoever_is_turned_away_is_told_in_their_language() -> None:
    chosen = {"HTTP_COOKIE": f"a=b; {settings.LANGUAGE_COOKIE_NAME}=es", "HTTP_ACCEPT_LANGUAGE": "en"}
    for environ, language in (
        (chosen, "es"),
        ({"HTTP_ACCEPT_LANGUAGE": "ca, es-MX;q=0.9, en;q=0.8"}, "es"),
        ({"HTTP_ACCEPT_LANGUAGE": "fr"}, "en"),
        ({"HTTP_COOKIE": f"{settings.LANGUAGE_COOKIE_NAME}=xx"}, "en"),
    ):
        headers, page = turned_away(environ)
        assert headers["Content-Language"] == language
        assert f'lang="{language}"' in page


def test_a_failure_inside_gives_the_place_back() -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise RuntimeError

    door = SignInDoor(broken, inside_at_once=1)
    for _ in range(3):
        try:
            door(dict(LOGIN), None)
        except RuntimeError:
            continue
        raise AssertionError
