"""Who is asking: the address that the front saw."""

from __future__ import annotations

import ipaddress

from django.http import HttpRequest

from tmam.kernel.networks import network_of


def client_address(request: HttpRequest) -> str:
    """The client's address. The front replaces `X-Forwarded-For`, so its last entry can be believed."""
    forwarded = request.headers.get("X-Forwarded-For", "")
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def client_network(request: HttpRequest) -> str:
    """The network that the client counts for: IPv4 /32, IPv6 /64; empty when the address cannot be read."""
    return network_of(client_address(request)) or ""


def is_on_this_machine(request: HttpRequest) -> bool:
    """Whether the client runs on this machine."""
    try:
        return ipaddress.ip_address(client_address(request)).is_loopback
    except ValueError:
        return False
