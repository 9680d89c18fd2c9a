"""Places from a file of the operator: found, not found, unreadable, absent."""

from __future__ import annotations

from pathlib import Path

import pytest
from mmdb_writer import MMDBWriter
from netaddr import IPSet

from tmam.accounts.places import place_of


@pytest.fixture
def file(tmp_path: Path) -> str:
    writer = MMDBWriter(ip_version=6, ipv4_compatible=True, languages=["en", "es"])
    city = {
        "city": {"names": {"en": "Seville", "es": "Sevilla"}},
        "country": {"names": {"en": "Spain", "es": "España"}},
    }
    writer.insert_network(IPSet(["203.0.113.0/24"]), city)
    writer.insert_network(IPSet(["2001:db8::/32"]), {"country": {"names": {"en": "Chile"}}})
    writer.insert_network(IPSet(["198.51.100.0/24"]), {"city": {"names": {}}, "country": {"names": {}}})
    path = tmp_path / "places.mmdb"
    writer.to_db_file(str(path))
    return str(path)


def test_a_place_is_named_in_the_readers_language(file: str) -> None:
    assert place_of("203.0.113.7", file=file, language="en") == "Seville, Spain"
    assert place_of("203.0.113.7", file=file, language="es") == "Sevilla, España"
    assert place_of("2001:db8:1:2::/64", file=file, language="es") == "Chile", "as networks are written"


@pytest.mark.parametrize("address", ["192.0.2.1", "198.51.100.1", "::1", "", "nonsense", "203.0.113.999"])
def test_what_is_not_known_has_no_place(file: str, address: str) -> None:
    assert place_of(address, file=file, language="en") == ""


def test_without_a_file_or_with_a_broken_one_there_are_no_places(tmp_path: Path) -> None:
    broken = tmp_path / "broken.mmdb"
    broken.write_bytes(b"not a database")
    for path in ("", str(tmp_path / "absent.mmdb"), str(broken)):
        assert place_of("203.0.113.7", file=path, language="en") == ""
