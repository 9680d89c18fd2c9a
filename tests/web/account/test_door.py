"""The door before sign-in: bounded, cheap, and open again afterwards."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tmam.web.account.door import SignInDoor

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
    assert door(dict(LOGIN), None) == [b"in"], "open again"
    assert door({"REQUEST_METHOD": "GET", "PATH_INFO": "/accounts/login/"}, None) == [b"in"]


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
