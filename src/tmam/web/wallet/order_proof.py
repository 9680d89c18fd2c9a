"""A fresh proof before tickets go into a phone or out of one, for whoever may see the order.

Whose the order is, its address says (`order_owner`), not who happens to be signed in: an account that is locked, or has
a second factor, is not walked around by being a guest. Its owner signs in and proves it as everywhere
(`web.account.step_up`). Other guests, who came by a link, type a code that is mailed to the order's address: a link may
have been forwarded. Three wrong codes end it, a code lives for fifteen minutes, an order has six of its mails an hour,
and guesses are counted in rows of PostgreSQL (`guarded`) before a code is looked at, because two requests at once read
the same session. Where nobody could read the mail (`can_codes_be_read`), the link is enough.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from tmam.accounts.addresses import owner_of_address
from tmam.accounts.factors import has_second_factor
from tmam.accounts.freezing import is_frozen
from tmam.accounts.lockout import Purpose
from tmam.kernel.typed_codes import typed_digits
from tmam.notifications.queue_mail import queue_mail
from tmam.orders.models import Order
from tmam.orders.person_orders import same_address
from tmam.platform.errors import BusyError
from tmam.web.account.guarding import guarded
from tmam.web.account.new_device.stage import can_codes_be_read
from tmam.web.account.step_up import has_fresh_proof
from tmam.web.me.access import proven_addresses

CODE_DIGITS: Final = 6
CODE_LIVES_FOR: Final = timedelta(minutes=15)
MOST_WRONG: Final = 3
MAILS_PER_HOUR: Final = 6
_CODES, _PROOFS = "order_code", "order_proofs"
_MOST_PROOFS = 10


def is_owner(request: HttpRequest, order: Order) -> bool:
    """Whether this person is signed in with the address that the order was bought with, proven."""
    return same_address(order.email) in proven_addresses(request)


def order_owner(order: Order) -> int | None:
    """The account that has proven the order's address, whoever asks."""
    return owner_of_address(order.email)


def is_owner_needed(request: HttpRequest, order: Order) -> bool:
    """Whether a mailed code is not enough: the account is locked or has a second factor, and its owner is not here."""
    owner = order_owner(order)
    if owner is None or is_owner(request, order):
        return False
    return has_second_factor(owner) or is_frozen(owner)


def has_proof(request: HttpRequest, order: Order) -> bool:
    """Whether somebody proved in this session, moments ago, that the order is theirs."""
    if is_owner(request, order):
        return has_fresh_proof(request)
    if is_owner_needed(request, order):
        return False
    if not can_codes_be_read():
        return True
    at = request.session.get(_PROOFS, {}).get(order.id.hex, 0)
    lives_s = settings.TMAM.step_up_minutes * 60
    return bool(0 <= timezone.now().timestamp() - at < lives_s)


def send_code(request: HttpRequest, order: Order, now: datetime) -> None:
    """Mail a new code to the order's address; the one before no longer works.

    Raises:
        BusyError: this order has had all its mails of the hour.
    """
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
    # The unique causes are the limit: no count that two requests could read at the same time.
    queued = any(
        queue_mail(
            cause=f"order-code:{order.id.hex}:{now:%Y-%m-%dT%H}:{slot}",
            template="order_code",
            to=order.email,
            language=order.language or get_language() or "en",
            context={"code": code, "booking_reference": order.booking_reference},
            now=now,
        )
        is not None
        for slot in range(MAILS_PER_HOUR)
    )
    if not queued:
        raise BusyError(retry_after_s=3600 - now.minute * 60)
    request.session[_CODES] = {
        "order": order.id.hex,
        "hash": _hash(order.id, code),
        "at": now.timestamp(),
        "wrong": 0,
    }


def waits_for_code(request: HttpRequest, order: Order, now: datetime) -> bool:
    """Whether a code for this order is on its way to be typed here."""
    kept = request.session.get(_CODES) or {}
    is_young = now.timestamp() - kept.get("at", 0) < CODE_LIVES_FOR.total_seconds()
    return kept.get("order") == order.id.hex and is_young and kept["wrong"] < MOST_WRONG


def take_code(request: HttpRequest, order: Order, typed: str, now: datetime) -> bool:
    """Look at a typed code; a right one is a proof for some minutes, the third wrong one ends it.

    Raises:
        PausedError: too many guesses for this order or from this network; nothing was compared.
    """
    if not waits_for_code(request, order, now):
        return False
    kept = request.session[_CODES]

    def check() -> bool | None:
        return hmac.compare_digest(kept["hash"], _hash(order.id, typed_digits(typed))) or None

    # Counted apart from the sign-ins of whoever has that address: a stranger must not be able to pause those.
    if not guarded(request, Purpose.CODE, f"order wallet {order.id}", check):
        request.session[_CODES] = kept | {"wrong": kept["wrong"] + 1}
        return False
    del request.session[_CODES]
    proofs = request.session.get(_PROOFS, {}) | {order.id.hex: now.timestamp()}
    newest = sorted(proofs.items(), key=lambda each: each[1])[-_MOST_PROOFS:]
    request.session[_PROOFS] = dict(newest)
    return True


def _hash(order_id: UUID, code: str) -> str:
    """Keyed, because a million codes are quickly tried against a stolen session."""
    message = f"order-code:{order_id.hex}:{code}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()
