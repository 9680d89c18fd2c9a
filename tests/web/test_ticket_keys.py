"""`/.well-known/tmam/`: keys and revocation lists, the same for everybody, told "unchanged" in a few bytes."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.gates.guests import issue, make_event_tonight
from tmam.kernel.key_set import verify_key_set
from tmam.kernel.revocation import read_list
from tmam.kernel.token import verify_token

pytestmark = pytest.mark.django_db


def test_with_two_addresses_a_gate_needs_nobody(client: Client) -> None:
    now = timezone.now()
    event = make_event_tonight(now=now)
    (ticket,) = issue(event, now=now)
    root = client.get("/.well-known/tmam/root.json").json()
    assert root["development"] is True
    answer = client.get(f"/.well-known/tmam/keys/{event.id}.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=10"
    assert not answer.cookies
    keys, delegation = verify_key_set(answer.content, bytes.fromhex(root["public_key"]), timezone.now())
    assert verify_token(ticket.token, keys.public_keys()).event_id == event.id == keys.event_id
    revoked = client.get(f"/.well-known/tmam/revoked/{event.id}")
    assert revoked.headers["Content-Type"] == "application/octet-stream"
    assert read_list(revoked.content, delegation.public_key, timezone.now()).is_good(ticket.serial, 0)
    for each in (answer, revoked):
        again = client.get(each.request["PATH_INFO"], headers={"If-None-Match": each.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_the_worked_examples_are_published(client: Client) -> None:
    answer = client.get("/.well-known/tmam/vectors.json")
    assert {"t1", "t2", "live_digits", "key_set", "revocation"} <= answer.json().keys()


def test_in_production_without_a_root_it_says_what_is_missing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event_tonight()
    monkeypatch.setenv("TMAM_MODE", "production")
    answer = client.get(f"/.well-known/tmam/keys/{event.id}.json", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (503, "tickets.key_set_unsigned")
    assert client.get("/.well-known/tmam/keys/999999999.json").status_code == 404
