"""Networks that clients come from, as limits count them."""

from __future__ import annotations

import functools
import ipaddress


@functools.lru_cache(maxsize=16_384)
def network_of(address: str) -> str | None:
    """The network that a client's address counts for: IPv4 /32, IPv6 /64; None for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.IPv6Network((int(parsed) >> 64 << 64, 64)))
    return str(parsed)
