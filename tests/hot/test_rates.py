"""One client cannot ask for everybody."""

from datetime import UTC, datetime

import httpx
import pytest

from tests.cast import make_event
from tests.hot.conftest import Talk
from tmam.hot.rates import BURST_S, MOST_CLIENTS, ClientRates
from tmam.platform.errors import TooManyRequestsError


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_burst_then_the_steady_rate() -> None:
    clock = Clock()
    rates = ClientRates(10, clock)
    for _ in range(int(10 * BURST_S)):
        rates.count("192.0.2.1")
    with pytest.raises(TooManyRequestsError) as caught:
        rates.count("192.0.2.1")
    assert caught.value.retry_after_s == 1
    rates.count("192.0.2.2")
    clock.now += 0.1
    rates.count("192.0.2.1")
    with pytest.raises(TooManyRequestsError):
        rates.count("192.0.2.1")
    clock.now -= 50  # a clock that goes back gives nothing away and locks nobody out for good
    with pytest.raises(TooManyRequestsError):
        rates.count("192.0.2.1")


def test_one_house_is_one_client_however_many_addresses_it_has() -> None:
    rates = ClientRates(1, Clock())
    for number in range(int(BURST_S)):
        rates.count(f"2001:db8::{number}")
    with pytest.raises(TooManyRequestsError):
        rates.count("2001:db8::ffff")
    rates.count("2001:db8:0:1::1")


def test_memory_is_bounded() -> None:
    clock = Clock()
    rates = ClientRates(1, clock)
    for number in range(MOST_CLIENTS + 10):
        rates.count(f"client {number}")
    assert len(rates._due_at) <= MOST_CLIENTS


def test_the_shell_says_when_to_come_back(
    talk: Talk[list[httpx.Response]], monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event(now=datetime.now(UTC))
    monkeypatch.setenv("TMAM_HOT_RATE_PER_CLIENT", "1")

    async def conversation(client: httpx.AsyncClient) -> list[httpx.Response]:
        body = {"event": event.id, "date": 1, "quantities": {"1": 1}}
        answers = [await client.post("/hot/holds", json=body) for _ in range(6)]
        elsewhere = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
        return [*answers, await client.post("/hot/holds", json=body, headers=elsewhere)]

    answers = talk(conversation)
    assert [answer.status_code for answer in answers[:4]] == [201] * 4
    assert answers[5].status_code == 429
    assert answers[5].json()["code"] == "platform.too_many_requests"
    assert int(answers[5].headers["retry-after"]) >= 1
    assert answers[6].status_code == 201
