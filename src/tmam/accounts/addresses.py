"""Which of a person's addresses may go, and whose an address is."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress


def is_spare(address: Any) -> bool:
    """Whether this address of somebody's may be removed: neither the main one nor the last that is proven."""
    if not address.pk:
        return True
    if address.primary or address.email.lower() == address.user.email.lower():
        return False
    others = EmailAddress.objects.filter(user_id=address.user_id).exclude(pk=address.pk)
    return not address.verified or others.filter(verified=True).exists()


def owner_of_address(email: str) -> int | None:
    """The person who has proven this address (any case), by id; None where nobody has."""
    proven = EmailAddress.objects.filter(email__iexact=email.strip(), verified=True)
    return proven.order_by("pk").values_list("user_id", flat=True).first() if email.strip() else None
