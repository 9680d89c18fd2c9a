"""Codes that let one phone take an order's tickets: typed, scanned, or carried by a link's fragment, never sent in one.

Whoever may ask for one is the page's business (`web.wallet`). A code has 50 random bits and lives for ten minutes, so
guessing is hopeless without a count; the table keeps its SHA-256.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from tmam.fulfilment.errors import WalletCodeError
from tmam.fulfilment.wallet.models import WalletOffer
from tmam.kernel.ids import ALPHABET
from tmam.kernel.typed_codes import letters_and_digits
from tmam.orders.order_summary import OrderSummary
from tmam.platform.statements import Verb, run_verb, statement

CODE_CHARACTERS: Final = 10
LIVES_FOR: Final = timedelta(minutes=10)
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V"})
_TAKE_OFFER = statement("tmam.fulfilment", "take_wallet_offer")


@dataclass(frozen=True)
class TakenOffer:
    """What a code stands for: an order's tickets, each in the generation it had (by serial)."""

    event_id: int
    order_id: UUID
    generations: Mapping[int, int]
    user_id: int | None


def offer_tickets(
    order: OrderSummary, user_id: int | None, now: datetime, serials: Collection[int] | None = None
) -> str:
    """A new code for tickets of an order that admit somebody; those of the order before it end.

    Args:
        order: whose tickets.
        serials: which of them; None for all.
        user_id: whose account has proven the order's address, whoever asked; None where nobody's has.
        now: the present instant.
    """
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_CHARACTERS))
    WalletOffer.objects.filter(made_at__lte=now - LIVES_FOR).delete()
    WalletOffer.objects.filter(event_id=order.order.event_id, order_id=order.order.id, taken_by=None).delete()
    WalletOffer.objects.create(
        code_sha256=_hash(code),
        event_id=order.order.event_id,
        order_id=order.order.id,
        generations={
            str(line.ticket.serial): line.ticket.generation
            for line in order.valid_lines
            if serials is None or line.ticket.serial in serials
        },
        made_at=now,
        user_id=user_id,
    )
    return code


def spoken(code: str) -> str:
    """A code in two halves, as people read and type it: `7K2QX-D93FA`."""
    half = CODE_CHARACTERS // 2
    return f"{code[:half]}-{code[half:]}"


def take_offer(typed: str, device_key: bytes, now: datetime) -> TakenOffer:
    """Use a code for a phone; the same phone may use it again while it lives, as its first answer may be lost.

    Raises:
        WalletCodeError: no such code, too old, or another phone's.
    """
    code = "".join(char for char in letters_and_digits(typed).translate(_READ_AS) if char in ALPHABET)
    found = run_verb(_take(code, device_key, now)) if len(code) == CODE_CHARACTERS else None
    if found is None:
        raise WalletCodeError
    return found


def end_offers(event_id: int, order_ids: Sequence[UUID]) -> None:
    """These orders have another address: codes that were asked for before and that no phone took take nothing."""
    WalletOffer.objects.filter(event_id=event_id, order_id__in=order_ids, taken_by=None).delete()


def _take(code: str, device_key: bytes, now: datetime) -> Verb[TakenOffer | None]:
    rows = yield _TAKE_OFFER, (_hash(code), device_key, now - LIVES_FOR)
    if not rows:
        return None
    event_id, order_id, generations, user_id = rows[0]
    by_serial = {int(serial): int(value) for serial, value in json.loads(generations).items()}
    return TakenOffer(event_id, order_id, by_serial, user_id)


def _hash(code: str) -> bytes:
    return hashlib.sha256(f"tmam-wallet-offer:{code}".encode()).digest()
