"""The visitor's verbs over HTTP: holds by JSON and by form, their errors, and who may touch them."""

import asyncio
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.cast import make_event
from tests.hot.conftest import Talk
from tests.inventory.books import assert_books_right
from tmam.catalog.models import Event
from tmam.inventory.models import Hold
from tmam.platform.visitors import COOKIE


def event_today(**fields: object) -> Event:
    """An event on sale by the real clock, which is the hot shell's."""
    return make_event(now=datetime.now(UTC), **fields)  # type: ignore[arg-type]


def test_a_json_hold_answers_with_the_hold_and_a_cookie(talk: Talk[httpx.Response]) -> None:
    event = make = event_today(capacity=10)
    response = talk(
        lambda client: client.post("/hot/holds", json={"event": make.id, "date": 1, "quantities": {"1": 2}})
    )
    assert response.status_code == 201
    body = response.json()
    assert (body["event"], body["state"], body["total_minor"], body["can_extend"]) == (
        event.id,
        "held",
        9000,
        True,
    )
    cookie = response.headers["set-cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert_books_right(event.id)


def test_a_form_leads_to_the_checkout(talk: Talk[httpx.Response]) -> None:
    event = event_today()
    form = {"event": str(event.id), "date": "1", "language": "es", "quantity-1": "2"}
    response = talk(lambda client: client.post("/hot/holds", data=form))
    assert response.status_code == 303
    location = urlsplit(response.headers["location"])
    query = parse_qs(location.query)
    assert (location.path, query["event"], query["language"]) == ("/checkout/add/", [str(event.id)], ["es"])
    assert str(Hold.objects.get(event_id=event.id).id) == query["hold"][0]


def test_a_refused_form_leads_back_with_the_reason_and_what_was_typed(talk: Talk[httpx.Response]) -> None:
    event = event_today(capacity=1)
    form = {"event": str(event.id), "date": "1", "language": "en", "quantity-1": "2"}
    response = talk(lambda client: client.post("/hot/holds", data=form))
    location = urlsplit(response.headers["location"])
    assert (response.status_code, location.path) == (303, f"/en/e/{event.id}-/")
    query = parse_qs(location.query)
    assert (query["problem"], query["left"], query["quantity-1"]) == (["inventory.sold_out"], ["1"], ["2"])


@pytest.mark.parametrize(
    ("body", "code", "status"),
    [
        (b"", "platform.bad_request", 400),
        (b"{", "platform.bad_request", 400),
        (b'{"a":' * 10_000, "platform.bad_request", 400),
        (b'{"event": 1}', "platform.bad_request", 400),
        (b'{"event": 1, "date": 1, "quantities": {"1": 1.5}}', "platform.bad_request", 400),
        (b'{"event": 1, "date": 1, "quantities": {"x": 1}}', "platform.bad_request", 400),
        (b'{"event": "1; DROP TABLE", "date": 1, "quantities": {}}', "platform.bad_request", 400),
        (b'{"event": -5, "date": 1, "quantities": {"1": 1}}', "inventory.no_such_ticket", 404),
        (b'{"event": 99999999999, "date": 1, "quantities": {"1": 1}}', "inventory.no_such_ticket", 404),
        (
            b'{"event": 1, "date": 1, "quantities": {"1": 1}, "idempotency_key": "\\u0000"}',
            "platform.bad_request",
            400,
        ),
        (b'{"event": 2147483647, "date": 1, "quantities": {"1": 1}}', "inventory.no_such_ticket", 404),
    ],
)
def test_bad_json_gets_a_coded_answer(
    talk: Talk[httpx.Response], body: bytes, code: str, status: int
) -> None:
    headers = {"Content-Type": "application/json", "Accept-Language": "es"}
    response = talk(lambda client: client.post("/hot/holds", content=body, headers=headers))
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"
    assert "/es/help/errors/" in response.json()["type"]


@pytest.mark.parametrize("quantity", ["-1", "1.5", "9999999999", "two", "٣", " ", "0x2", "1e3"])
def test_odd_quantities_in_a_form_never_break_anything(talk: Talk[httpx.Response], quantity: str) -> None:
    event = event_today()
    form = {"event": str(event.id), "date": "1", "quantity-1": quantity}
    response = talk(lambda client: client.post("/hot/holds", data=form))
    assert response.status_code == 303
    problem = parse_qs(urlsplit(response.headers["location"]).query)["problem"][0]
    assert problem in {"inventory.bad_quantity", "inventory.nothing_chosen"}
    assert not Hold.objects.filter(event_id=event.id).exists()


def test_another_sites_form_is_refused(talk: Talk[list[httpx.Response]]) -> None:
    event = event_today()
    form = {"event": str(event.id), "date": "1", "quantity-1": "1"}

    async def conversation(client: httpx.AsyncClient) -> list[httpx.Response]:
        foreign = {"Origin": "https://evil.example"}
        unsaid = httpx.Headers({"Origin": "null", "Sec-Fetch-Site": "cross-site"})
        return [await client.post("/hot/holds", data=form, headers=headers) for headers in (foreign, unsaid)]

    responses = talk(conversation)
    assert [response.json()["code"] for response in responses] == ["platform.cross_site"] * 2


def test_only_the_visitor_sees_extends_and_releases_a_hold(talk: Talk[None]) -> None:
    event = event_today()

    async def conversation(client: httpx.AsyncClient) -> None:
        made = (
            await client.post("/hot/holds", json={"event": event.id, "date": 1, "quantities": {"1": 1}})
        ).json()
        address = f"/hot/holds/{event.id}/{made['hold']}"
        assert (await client.get(address)).json()["state"] == "held"
        assert (await client.post(f"{address}/extend")).json()["can_extend"] is False
        again = await client.post(f"{address}/extend")
        assert (again.status_code, again.json()["code"]) == (409, "inventory.already_extended")
        cookies = dict(client.cookies)
        client.cookies.clear()
        stranger = await client.get(address)
        assert (stranger.status_code, stranger.json()["code"]) == (404, "inventory.hold_not_found")
        client.cookies.set(COOKIE, cookies[COOKIE][:-1] + ("0" if cookies[COOKIE][-1] != "0" else "1"))
        assert (await client.post(f"{address}/release")).status_code == 404
        client.cookies.clear()
        client.cookies.set(COOKIE, cookies[COOKIE])
        assert (await client.post(f"{address}/release")).status_code == 204
        assert (await client.get(address)).json()["state"] == "released"

    talk(conversation)
    assert_books_right(event.id)


def test_hundreds_at_once_share_transactions_and_nothing_is_oversold(talk: Talk[list[int]]) -> None:
    event = event_today(capacity=50)

    async def conversation(client: httpx.AsyncClient) -> list[int]:
        body = {"event": event.id, "date": 1, "quantities": {"1": 1}}
        responses = await asyncio.gather(*(client.post("/hot/holds", json=body) for _ in range(200)))
        return [response.status_code for response in responses]

    statuses = talk(conversation)
    assert (statuses.count(201), statuses.count(409)) == (50, 150)
    assert_books_right(event.id)


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/hot/holds", "platform.method_not_allowed"),
        ("POST", "/hot/nothing", "platform.not_found"),
        ("GET", "/hot/holds/1/not-a-uuid-not-a-uuid-not-a-uuid-0", "platform.not_found"),
    ],
)
def test_wrong_addresses_are_told(talk: Talk[httpx.Response], method: str, path: str, code: str) -> None:
    assert talk(lambda client: client.request(method, path)).json()["code"] == code


def test_a_drafts_numbers_are_nobodys_business(talk: Talk[list[httpx.Response]]) -> None:
    event = event_today(status="draft")

    async def conversation(client: httpx.AsyncClient) -> list[httpx.Response]:
        hold = {"event": event.id, "date": 1, "quantities": {"1": 1}}
        return [
            await client.get(f"/hot/events/{event.id}/dates/1/availability"),
            await client.post("/hot/holds", json=hold),
        ]

    assert [response.status_code for response in talk(conversation)] == [404, 404]


def test_every_name_of_this_machine_is_our_own_origin(talk: Talk[list[int]]) -> None:
    event = event_today()
    form = {"event": str(event.id), "date": "1", "quantity-1": "1"}

    async def conversation(client: httpx.AsyncClient) -> list[int]:
        origins = (
            "http://127.0.0.1:8000",
            "http://[::1]:8000",
            "http://127.0.0.1:9",
            "https://localhost:8000",
        )
        return [
            (await client.post("/hot/holds", data=form, headers={"Origin": origin})).status_code
            for origin in origins
        ]

    assert talk(conversation) == [303, 303, 403, 403]


def test_a_strangers_odd_cookie_hides_none_of_ours(talk: Talk[None]) -> None:
    event = event_today()

    async def conversation(client: httpx.AsyncClient) -> None:
        made = await client.post("/hot/holds", json={"event": event.id, "date": 1, "quantities": {"1": 1}})
        ours = made.headers["set-cookie"].partition(";")[0]
        client.cookies.clear()
        for odd in ('a={"x": 1}', "a=b c", "x[y]=1", "=", "lonely"):
            headers = {"Cookie": f"{odd}; {ours}"}
            shown = await client.get(f"/hot/holds/{event.id}/{made.json()['hold']}", headers=headers)
            assert shown.status_code == 200, odd

    talk(conversation)


def test_many_query_fields_break_nothing(talk: Talk[httpx.Response]) -> None:
    event = event_today()
    query = "&".join(f"x{number}=1" for number in range(50))
    assert (
        talk(lambda client: client.get(f"/hot/events/{event.id}/dates/1/availability?{query}")).status_code
        == 200
    )


def test_a_form_sent_twice_holds_once(talk: Talk[list[str]]) -> None:
    event = event_today()
    form = {"event": str(event.id), "date": "1", "quantity-1": "2"}

    async def conversation(client: httpx.AsyncClient) -> list[str]:
        return [(await client.post("/hot/holds", data=form)).headers["location"] for _ in range(3)]

    assert len(set(talk(conversation))) == 1
    assert Hold.objects.filter(event_id=event.id).count() == 1


def test_a_refused_journey_leads_back_to_its_page(talk: Talk[httpx.Response]) -> None:
    event = event_today(capacity=1)
    form = {
        "event": str(event.id),
        "date": "1",
        "language": "es",
        "quantity-1": "2",
        "journey": "7.1.0.2~8.3.1.4",
    }
    response = talk(lambda client: client.post("/hot/holds", data=form))
    location = urlsplit(response.headers["location"])
    query = parse_qs(location.query)
    assert (response.status_code, location.path) == (303, "/es/trips/journey/")
    assert (query["rides"], query["problem"], query["quantity-1"]) == (
        ["7.1.0.2~8.3.1.4"],
        ["inventory.sold_out"],
        ["2"],
    )


def test_a_journey_that_is_none_is_not_followed(talk: Talk[httpx.Response]) -> None:
    event = event_today(capacity=1)
    form = {
        "event": str(event.id),
        "date": "1",
        "language": "en",
        "quantity-1": "2",
        "journey": "//evil.example",
    }
    response = talk(lambda client: client.post("/hot/holds", data=form))
    assert urlsplit(response.headers["location"]).path == f"/en/e/{event.id}-/"
