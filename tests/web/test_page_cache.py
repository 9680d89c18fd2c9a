"""Public pages kept in front of Django, and everything that must not be kept."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.wsgi import get_wsgi_application

from tests.cast import make_event
from tmam.platform.metrics import registry
from tmam.web.page_cache import ADDRESS_CHARS_MAX, PAGE_BYTES_MAX, PageCache

PUBLIC = ("Cache-Control", "public, max-age=1")


@dataclass
class Origin:
    """What stands behind the cache: answers with what it is told to, and remembers what it was shown."""

    status: str = "200 OK"
    headers: list[tuple[str, str]] = field(default_factory=lambda: [PUBLIC, ("ETag", '"one"')])
    body: bytes = b"page"
    seen: list[dict[str, Any]] = field(default_factory=list)
    closed: int = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.seen.append(environ)
        environ["tmam.route"] = "the/route"
        length = ("Content-Length", str(len(self.body)))
        start_response(self.status, [*self.headers, length, ("X-Request-Id", f"origin-{len(self.seen)}")])
        return Body(self)


class Body(list[bytes]):
    def __init__(self, origin: Origin) -> None:
        super().__init__([origin.body])
        self.origin = origin

    def close(self) -> None:
        self.origin.closed += 1


@dataclass(frozen=True)
class Got:
    status: str
    headers: dict[str, str]
    body: bytes

    @property
    def is_kept(self) -> bool:
        return "age" in self.headers


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def ask(
    application: Callable[..., Iterable[bytes]], address: str = "/en/", method: str = "GET", **headers: str
) -> Got:
    path, _, query = address.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "8000",
        "HTTP_HOST": "localhost:8000",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
    } | {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    told: list[tuple[str, list[tuple[str, str]]]] = []
    parts = application(environ, lambda *answer: told.append(answer))
    body = b"".join(parts)
    close = getattr(parts, "close", None)
    if close is not None:
        close()
    status, found = told[-1]
    return Got(status, {name.lower(): value for name, value in found}, body)


@pytest.fixture
def origin() -> Origin:
    return Origin()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(origin: Origin, clock: Clock) -> PageCache:
    return PageCache(origin, clock=clock)


def test_a_page_is_made_once_and_kept_as_long_as_it_may_be(
    cache: PageCache, origin: Origin, clock: Clock
) -> None:
    first = ask(cache)
    clock.now += 0.9
    second = ask(cache)
    assert (first.body, first.is_kept) == (b"page", False)
    assert (second.body, second.status, second.headers["age"]) == (b"page", "200 OK", "0")
    assert (len(origin.seen), origin.closed) == (1, 1)
    clock.now += 0.1
    assert not ask(cache).is_kept
    assert len(origin.seen) == 2


def test_many_who_ask_at_once_wait_for_one_page(origin: Origin) -> None:
    is_asked, may_answer = threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        is_asked.set()
        may_answer.wait(10)
        return origin(environ, start_response)

    cache = PageCache(slow)
    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(ask, cache)
        is_asked.wait(10)
        rest = [pool.submit(ask, cache, "/en/", method) for method in ("GET", "HEAD") * 3]
        may_answer.set()
        bodies = [first.result().body, *(each.result().body for each in rest)]
    assert bodies == [b"page", *([b"page", b""] * 3)]
    assert len(origin.seen) == 1


def test_whoever_waited_for_a_page_that_may_not_be_kept_gets_their_own(origin: Origin) -> None:
    origin.headers = [("Cache-Control", "private"), ("Set-Cookie", "visitor=1")]
    is_asked, may_answer = threading.Event(), threading.Event()

    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        is_asked.set()
        may_answer.wait(10)
        return origin(environ, start_response)

    cache = PageCache(slow)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(ask, cache, cookie="visitor=first")
        is_asked.wait(10)
        second = pool.submit(ask, cache, cookie="visitor=second")
        may_answer.set()
        assert {first.result().is_kept, second.result().is_kept} == {False}
    answered = [environ.get("HTTP_COOKIE") for environ in origin.seen]
    assert {"visitor=first", "visitor=second"} <= set(answered)


def test_a_crash_behind_wakes_the_waiting_and_keeps_nothing(origin: Origin) -> None:
    def broken(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        raise RuntimeError

    cache = PageCache(broken)
    with pytest.raises(RuntimeError):
        ask(cache)
    cache.application = origin
    assert ask(cache).body == b"page"


def test_the_request_id_is_each_requests_own(cache: PageCache) -> None:
    ask(cache)
    assert ask(cache, x_request_id="abcd-1234").headers["x-request-id"] == "abcd-1234"
    made = {
        ask(cache).headers["x-request-id"],
        ask(cache, x_request_id="no good\r\n").headers["x-request-id"],
    }
    assert len(made) == 2
    assert all(len(each) == 16 for each in made)


@pytest.mark.parametrize("known", ['"one"', 'W/"one"', '"zero", "one"', "*"])
@pytest.mark.parametrize("is_kept", [False, True])
def test_who_has_the_page_already_is_told_so(cache: PageCache, known: str, is_kept: bool) -> None:
    if is_kept:
        ask(cache)
    answer = ask(cache, if_none_match=known)
    assert (answer.status, answer.body, answer.headers["etag"]) == ("304 Not Modified", b"", '"one"')
    assert answer.headers["cache-control"] == "public, max-age=1"
    assert not {"content-length", "content-type"} & set(answer.headers)
    assert ask(cache, if_none_match='"other"').status == "200 OK"


def test_head_has_the_headers_of_get_and_no_body(cache: PageCache, origin: Origin) -> None:
    for _ in range(2):
        answer = ask(cache, method="HEAD")
        assert (answer.body, answer.headers["content-length"]) == (b"", "4")
    assert ask(cache).body == b"page"
    assert len(origin.seen) == 1


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/es/", {}),
        ("/en/?q=other", {}),
        ("/en/?", {"host": "127.0.0.1:8000"}),
        ("/en/", {"host": "evil.example"}),
        ("/en/", {"x_forwarded_proto": "https"}),
    ],
)
def test_another_address_is_another_page(
    cache: PageCache, origin: Origin, address: str, headers: dict[str, str]
) -> None:
    ask(cache)
    assert not ask(cache, address, **headers).is_kept
    assert len(origin.seen) == 2


def test_a_page_depends_on_no_header_but_those_in_its_key(cache: PageCache, origin: Origin) -> None:
    poison = {
        "cookie": "visitor=me",
        "authorization": "Bearer me",
        "accept_language": "es",
        "x_forwarded_host": "evil.example",
        "x_forwarded_for": "203.0.113.9",
        "x_original_url": "/me/",
        "x_http_method_override": "DELETE",
        "range": "bytes=0-1",
        "if_none_match": '"x"',
    }
    ask(cache, **poison)
    assert {name for name in origin.seen[0] if name.startswith("HTTP_")} == {"HTTP_HOST"}
    assert ask(cache, cookie="visitor=other").is_kept


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("Cache-Control", "private, max-age=60")],
        [("Cache-Control", "public")],
        [("Cache-Control", "public, max-age=0")],
        [("Cache-Control", "public, no-store, max-age=5")],
        [PUBLIC, ("Set-Cookie", "visitor=1")],
        [PUBLIC, ("Vary", "Cookie")],
        [PUBLIC, ("Content-Encoding", "gzip")],
    ],
)
def test_what_is_not_for_everyone_is_made_from_the_whole_request_and_not_kept(
    cache: PageCache, origin: Origin, headers: list[tuple[str, str]]
) -> None:
    origin.headers = headers
    for _ in range(2):
        assert not ask(cache, cookie="visitor=me").is_kept
        assert origin.seen[-1]["HTTP_COOKIE"] == "visitor=me"
    assert len(cache.store) == 0


@pytest.mark.parametrize("status", ["301 Moved Permanently", "404 Not Found", "500 Server Error", "503 Busy"])
def test_only_whole_pages_are_kept(cache: PageCache, origin: Origin, status: str) -> None:
    origin.status = status
    assert [ask(cache).status, ask(cache).status] == [status, status]
    assert len(cache.store) == 0


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "/en/"),
        ("OPTIONS", "/en/"),
        ("GET", "/me/tickets/"),
        ("GET", "/checkout/"),
        ("GET", "/english/"),
        ("GET", "//en/"),
        ("GET", "/en/?q=" + "x" * ADDRESS_CHARS_MAX),
    ],
)
def test_everything_else_goes_to_django_as_it_came(
    cache: PageCache, origin: Origin, method: str, address: str
) -> None:
    for _ in range(2):
        assert not ask(cache, address, method, cookie="visitor=me").is_kept
    assert [environ["HTTP_COOKIE"] for environ in origin.seen] == ["visitor=me"] * 2


def test_the_number_of_pages_has_an_end(origin: Origin, clock: Clock) -> None:
    cache = PageCache(origin, clock=clock, pages_max=3)
    for number in range(5):
        ask(cache, f"/en/?q={number}")
        ask(cache, "/en/?q=0")  # used all the time: stays
    assert len(cache.store) == 3
    assert ask(cache, "/en/?q=0").is_kept
    assert not ask(cache, "/en/?q=1").is_kept


def test_their_bytes_have_an_end(origin: Origin, clock: Clock) -> None:
    origin.body = b"x" * 10_000
    cache = PageCache(origin, clock=clock, bytes_max=40_000)
    for number in range(10):
        ask(cache, f"/en/?q={number}")
    assert (len(cache.store), cache.store.size_bytes <= 40_000) == (3, True)
    clock.now += 5
    ask(cache, "/en/?q=9")
    assert cache.store.size_bytes <= 40_000


def test_pages_whose_time_is_over_make_room(cache: PageCache, clock: Clock) -> None:
    for number in range(5):
        ask(cache, f"/en/?q={number}")
    clock.now += 2
    ask(cache, "/en/?q=new")
    assert (len(cache.store), ask(cache, "/en/?q=new").is_kept) == (1, True)


def test_a_page_that_took_long_to_make_is_kept_as_long_as_any(origin: Origin, clock: Clock) -> None:
    def slow(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        clock.now += 3
        return origin(environ, start_response)

    cache = PageCache(slow, clock=clock)
    ask(cache)
    clock.now += 0.9
    assert ask(cache).is_kept


def test_a_huge_page_is_answered_and_not_kept(cache: PageCache, origin: Origin) -> None:
    origin.body = b"x" * (PAGE_BYTES_MAX + 1)
    assert len(ask(cache).body) == PAGE_BYTES_MAX + 1
    assert len(cache.store) == 0


def test_kept_answers_are_counted_as_requests_of_their_route(cache: PageCache) -> None:
    def counted(method: str, status: str) -> float:
        labels = {"method": method, "route": "the/route", "status": status}
        return registry.get_sample_value("tmam_requests_total", labels) or 0.0

    ask(cache)
    before = counted("GET", "200"), counted("HEAD", "200"), counted("GET", "304")
    ask(cache)
    ask(cache, method="HEAD")
    ask(cache, if_none_match='"one"')
    assert (counted("GET", "200"), counted("HEAD", "200"), counted("GET", "304")) == tuple(
        count + 1 for count in before
    )


@pytest.fixture
def product(live_database: None, clock: Clock) -> PageCache:
    """The cache in front of the real pages, which end each request's use of the database themselves."""
    del live_database
    return PageCache(get_wsgi_application(), clock=clock)


def test_an_event_page_is_kept_and_the_same_with_cookies(product: PageCache) -> None:
    event = make_event()
    address = f"/es/e/{event.id}-winter-lights/"
    made = ask(product, address, host="localhost")
    kept = ask(
        product, address, host="localhost", cookie="tmam_language=en; sessionid=x", accept_language="en"
    )
    assert (made.is_kept, kept.is_kept) == (False, True)
    assert (kept.body, kept.headers["etag"]) == (made.body, made.headers["etag"])
    assert kept.headers["content-security-policy"] == made.headers["content-security-policy"]
    assert made.headers["x-request-id"] != kept.headers["x-request-id"]
    assert b"Luces de invierno" in kept.body


def test_a_stranger_host_is_refused_and_refused_again(product: PageCache) -> None:
    for _ in range(2):
        answer = ask(product, "/en/", host="evil.example")
        assert (answer.status[:3], answer.is_kept) == ("400", False)


def test_a_missing_page_is_told_in_the_form_that_was_asked_for(product: PageCache) -> None:
    for accept, kind in (("text/html", "text/html"), ("application/json", "application/problem+json")):
        answer = ask(product, "/en/e/4000000-nothing/", host="localhost", accept=accept)
        assert (answer.status[:3], answer.headers["content-type"].partition(";")[0]) == ("404", kind)


def test_an_endless_query_is_refused_every_time(product: PageCache) -> None:
    for _ in range(2):
        answer = ask(product, "/en/?" + "&".join(f"a={number}" for number in range(300)), host="localhost")
        assert (answer.status[:3], answer.is_kept) == ("400", False)
