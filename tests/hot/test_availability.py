"""One cacheable document per date: numbers by ticket type, seats as bits, stretches of trips."""

import asyncio
import base64
from datetime import UTC, datetime

import httpx
import pytest

from tests.cast import Type, make_event, make_seated_event, make_trip_event
from tests.hot.conftest import Talk
from tmam.catalog.models import TicketType


def now() -> datetime:
    return datetime.now(UTC)


def seats_taken(document: dict[str, dict[str, str]]) -> set[int]:
    bits = int.from_bytes(base64.b64decode(document["seats"]["taken"]), "little")
    return {number + 1 for number in range(bits.bit_length()) if bits >> number & 1}


def test_numbers_by_ticket_type_with_an_etag(talk: Talk[None]) -> None:
    event = make_event(
        now=now(),
        types=(Type(3000, pools=(1, 2)), Type(4500, pools=(2,))),
        capacities={1: 3, 2: 50},
        dates=2,
    )

    async def conversation(client: httpx.AsyncClient) -> None:
        response = await client.get(f"/hot/events/{event.id}/dates/2/availability")
        assert response.headers["cache-control"] == "public, max-age=1"
        assert response.json() == {
            "types": {
                "1": {"left": 3, "state": "few", "price_minor": 3000},
                "2": {"left": 50, "state": "plenty", "price_minor": 4500},
            }
        }
        same = await client.get(
            response.request.url.path, headers={"If-None-Match": response.headers["etag"]}
        )
        assert (same.status_code, same.content) == (304, b"")

    talk(conversation)


def test_held_and_given_back_seats_are_bits(talk: Talk[None]) -> None:
    event = make_seated_event(now=now(), rows=2, seats_per_row=6)
    address = f"/hot/events/{event.id}/dates/1/availability"

    async def conversation(client: httpx.AsyncClient) -> None:
        empty = (await client.get(address)).json()
        assert (empty["seats"]["size"], seats_taken(empty)) == (12, set())
        line = {"date": 1, "ticket_type": 1, "seats": [9, 10]}
        made = await client.post("/hot/holds", json={"event": event.id, "lines": [line]})
        assert made.status_code == 201
        document = empty
        while document == empty:  # at most a second old
            await asyncio.sleep(0.05)
            document = (await client.get(address)).json()
        assert seats_taken(document) == {9, 10}
        assert document["types"]["1"]["left"] == 10
        again = await client.post("/hot/holds", json={"event": event.id, "lines": [line]})
        assert (again.status_code, again.json()["code"]) == (409, "inventory.seats_taken")
        assert again.json()["taken"] == [9, 10]
        assert len(again.json()["alternative"]) == 2

    talk(conversation)


def test_a_stretch_of_a_trip_has_its_own_numbers_and_price(talk: Talk[None]) -> None:
    event = make_trip_event(now=now(), stops=4, seats_per_coach=4)
    TicketType.objects.filter(event=event).update(fares={"by": "distance", "steps": [[50, 700]]})

    async def conversation(client: httpx.AsyncClient) -> None:
        line = {"date": 1, "ticket_type": 1, "seats": [1], "from_stop": 0, "to_stop": 2}
        made = await client.post("/hot/holds", json={"event": event.id, "lines": [line]})
        assert made.status_code == 201, made.text
        address = f"/hot/events/{event.id}/dates/1/availability"
        first, last, whole = [
            (await client.get(address + query)).json()
            for query in ("?from_stop=0&to_stop=1", "?from_stop=2&to_stop=3", "")
        ]
        assert (first["types"]["1"], seats_taken(first)) == (
            {"left": 3, "state": "few", "price_minor": 700},
            {1},
        )
        assert (last["types"]["1"]["left"], seats_taken(last)) == (4, set())
        assert (whole["types"]["1"]["left"], seats_taken(whole)) == (3, {1})

    talk(conversation)


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/hot/events/2147483/dates/1/availability", 404),
        ("/hot/events/{event}/dates/2/availability", 404),
        ("/hot/events/{event}/dates/99999/availability", 404),
        ("/hot/events/{event}/dates/1/availability?from_stop=0&to_stop=1", 400),
        ("/hot/events/{event}/dates/1/availability?from_stop=-1", 400),
        ("/hot/events/{event}/dates/1/availability?from_stop=%00", 400),
        ("/hot/events/{event}/availability", 404),
    ],
)
def test_wrong_addresses_get_a_coded_answer(talk: Talk[httpx.Response], address: str, status: int) -> None:
    event = make_event(now=now())
    response = talk(lambda client: client.get(address.format(event=event.id)))
    assert response.status_code == status
    assert response.json()["code"]
