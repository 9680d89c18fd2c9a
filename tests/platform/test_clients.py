"""Whose claim about a client's address is believed: the front's on this machine, nobody else's."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from tmam.platform.clients import client_address, client_network, is_on_this_machine


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("127.0.0.1", None, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("::1", "203.0.113.7", "203.0.113.7"),
        # The front replaces the header; should a client's own entries ever come along, they stand before its.
        ("127.0.0.1", "9.9.9.9, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", "", "127.0.0.1"),
        # Somebody reached the product server without the front.
        ("198.51.100.9", "203.0.113.7", "198.51.100.9"),
        ("198.51.100.9", "127.0.0.1", "198.51.100.9"),
    ],
)
def test_only_the_front_is_believed(peer: str, forwarded: str | None, address: str) -> None:
    more = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    request = RequestFactory().get("/", REMOTE_ADDR=peer, **more)
    assert client_address(request) == address


def test_other_headers_claim_nothing() -> None:
    claims = {
        f"HTTP_{name}": "127.0.0.1"
        for name in ("X_REAL_IP", "FORWARDED", "CLIENT_IP", "TRUE_CLIENT_IP", "CF_CONNECTING_IP")
    }
    request = RequestFactory().get("/", REMOTE_ADDR="198.51.100.9", **claims)
    assert client_address(request) == "198.51.100.9"
    assert not is_on_this_machine(request)


def test_nonsense_has_no_network_and_is_not_this_machine() -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="<script>")
    assert client_network(request) == ""
    assert not is_on_this_machine(request)
