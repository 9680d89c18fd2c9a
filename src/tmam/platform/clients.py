"""Who is asking: the address that the front saw."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

from tmam.kernel.networks import network_of


def client_address(request: HttpRequest) -> str:
    """The client's address. The front, on this machine, replaces `X-Forwarded-For`: its last entry can be believed.

    From any other peer the header is the client's own claim and counts for nothing.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    return forwarded if forwarded and _is_loopback(peer) else peer


def client_network(request: HttpRequest) -> str:
    """The network that the client counts for: IPv4 /32, IPv6 /64; empty when the address cannot be read."""
    return network_of(client_address(request)) or ""


def is_on_this_machine(request: HttpRequest) -> bool:
    """Whether the client runs on this machine."""
    return _is_loopback(client_address(request))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
