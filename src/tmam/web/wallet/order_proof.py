"""A fresh proof before tickets go into a phone or out of one, for whoever may see the order.

Whose the order is, its address says (`order_owner`), not who happens to be signed in: an account that is locked, or has
a second factor, is not walked around by being a guest. Its owner signs in and proves it as everywhere
(`web.account.step_up`). Other guests, who came by a link, type a code that is mailed to the order's address
(`web.me.mailed_code`): a link may have been forwarded. Where nobody could read the mail (`can_codes_be_read`), the link
is enough.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from tmam.accounts.addresses import owner_of_address
from tmam.accounts.factors import has_second_factor
from tmam.accounts.freezing import is_frozen
from tmam.orders.models import Order
from tmam.orders.person_orders import same_address
from tmam.web.account.new_device.stage import can_codes_be_read
from tmam.web.account.step_up import has_fresh_proof
from tmam.web.me.access import proven_addresses
from tmam.web.me.mailed_code import MailedCode

_CODE: Final = MailedCode("order_code")
_PROOFS: Final = "order_proofs"
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
        TooManyRequestsError: see `MailedCode.send`.
    """
    _CODE.send(request, order, {"booking_reference": order.booking_reference}, now)


def waits_for_code(request: HttpRequest, order: Order, now: datetime) -> bool:
    """Whether a code for this order is on its way to be typed here."""
    return _CODE.is_awaited(request, order, now)


def take_code(request: HttpRequest, order: Order, typed: str, now: datetime) -> bool:
    """Look at a typed code; a right one is a proof for some minutes.

    Raises:
        PausedError: see `MailedCode.is_right`.
    """
    if not _CODE.is_right(request, order, typed, now):
        return False
    proofs = request.session.get(_PROOFS, {}) | {order.id.hex: now.timestamp()}
    newest = sorted(proofs.items(), key=lambda each: each[1])[-_MOST_PROOFS:]
    request.session[_PROOFS] = dict(newest)
    return True
