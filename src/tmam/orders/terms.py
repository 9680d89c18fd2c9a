"""Which texts bind a purchase. Pure."""

from __future__ import annotations

PLATFORM_TERMS_VERSION = "1"
PLATFORM = "platform"  # its key in `Checkout.terms_versions`, beside organizers' numbers


def terms_to_accept(organizer_terms: dict[int, str]) -> dict[str, str]:
    """The version of each text that binds this purchase: the organizers' by number, and the platform's."""
    return {PLATFORM: PLATFORM_TERMS_VERSION} | {
        str(id_): version for id_, version in organizer_terms.items()
    }
