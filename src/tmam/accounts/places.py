"""Roughly where a network address is, from a file on this machine; nobody outside is ever asked.

The file is one in MaxMind's format (`TMAM_GEOIP_FILE`), for example GeoLite2 City or DB-IP City Lite. Without
one, or for addresses it does not know, there is no place.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import Any

import maxminddb
import structlog

log = structlog.get_logger("tmam.places")


def place_of(address: str, *, file: str, language: str) -> str:
    """`Madrid, Spain` in the reader's language where the file has it; empty when unknown.

    Args:
        address: an IP address, or a network as `kernel.networks` writes it.
        file: path of the database; empty for none.
        language: language code.
    """
    reader = _reader(file) if file else None
    if reader is None:
        return ""
    try:
        found = reader.get(address.partition("/")[0])
    except (ValueError, maxminddb.InvalidDatabaseError):
        return ""  # no address, or an IPv6 one in a file without
    if not isinstance(found, Mapping):
        return ""
    names = [_name(found.get(part), language) for part in ("city", "country")]
    return ", ".join(name for name in names if name)


@functools.lru_cache(maxsize=2)
def _reader(file: str) -> maxminddb.Reader | None:
    """The file, opened once for each process; a renewed one is read after a restart."""
    try:
        return maxminddb.open_database(file)
    except (OSError, maxminddb.InvalidDatabaseError) as error:
        log.warning("geoip_file_unreadable", file=file, error=str(error))
        return None


def _name(part: Any, language: str) -> str:
    names = part.get("names") if isinstance(part, Mapping) else None
    if not isinstance(names, Mapping):
        return ""
    return str(names.get(language) or names.get("en") or "")
