import msgspec
import pytest
from django.conf import settings

from tmam.accounts.passkeys.relying_party import are_passkeys_possible, relying_party_id, server_for
from tmam.platform.settings import Settings


def served_at(host: str, port: int = 8000) -> Settings:
    return msgspec.structs.replace(settings.TMAM, host=host, port=port)


@pytest.mark.parametrize(
    ("host", "site", "is_possible"),
    [
        ("localhost", "localhost", True),
        ("127.0.0.1", "localhost", True),
        ("tickets.example", "tickets.example", True),
        ("192.168.1.20", "192.168.1.20", False),
        ("2001:db8::1", "2001:db8::1", False),
    ],
)
def test_keys_belong_to_the_host_of_the_settings_if_it_has_a_name(
    host: str, site: str, is_possible: bool
) -> None:
    assert relying_party_id(served_at(host)) == site
    assert are_passkeys_possible(served_at(host)) is is_possible


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [
        ("https://tickets.example", True),
        ("https://tickets.example:8443", False),
        ("http://tickets.example", False),
        ("https://shop.tickets.example", False),
        ("https://tickets.example.evil.example", False),
        ("HTTPS://tickets.example", False),
        ("", False),
    ],
)
def test_origins_are_ours_letter_by_letter(origin: str, is_ours: bool) -> None:
    assert server_for(served_at("tickets.example", 443))._verify(origin) is is_ours
