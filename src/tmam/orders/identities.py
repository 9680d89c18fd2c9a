"""Who somebody is to a limit: one spelling for each address, phone, account and card. Pure.

What is made here is hashed by the inventory (see `counter_keys.limit_counter_id`) and stored nowhere else.
"""

from __future__ import annotations

import unicodedata


def email_identity(email: str) -> str:
    """An address however it was typed: Unicode's compatible forms, spaces around and capitals make no difference.

    The part before the @ may differ by capitals in theory; no provider hands out two such addresses to two people.
    """
    return unicodedata.normalize("NFKC", email).strip().casefold()


def account_identity(user_id: int | None) -> str:
    """An account; nobody for who is not signed in."""
    return "" if user_id is None else str(user_id)


def card_identity(gateway: str, fingerprint: str) -> str:
    """A card as one gateway knows it: two gateways have two names for the same card."""
    return f"{gateway}:{fingerprint}"


def people(*, email: str, phone: str, user_id: int | None) -> dict[str, str]:
    """The identities of who buys, by kind of limit; what is not known is empty."""
    return {"email": email_identity(email), "phone": phone, "account": account_identity(user_id)}
