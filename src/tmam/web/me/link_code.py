"""The code that a strange browser is asked for: mailed to the order's address, kept in the session, compared once.

Mails and guesses are counted by order and by network in rows of PostgreSQL, before a code is looked at: a new
session, or a thousand requests at once, get no more of either.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare
from django.utils.translation import get_language

from tmam.accounts.lockout import Purpose
from tmam.accounts.security_log import visit_of
from tmam.kernel.typed_codes import typed_digits
from tmam.notifications.queue_mail import queue_mail
from tmam.orders.models import Order
from tmam.web.account.guarding import count_mail, guarded

DIGITS: Final = 6
LIVES: Final = timedelta(minutes=15)
MOST_WRONG: Final = 3
_KEPT: Final = "tmam.link_code"


@dataclass(frozen=True)
class LinkCode:
    """A code that this browser waits for, for one order."""

    order_id: str
    code: str
    until: float
    wrong: int = 0


def send_code(request: HttpRequest, order: Order, now: datetime) -> None:
    """Mail a new code to the order's address; one before no longer works.

    Raises:
        TooManyRequestsError: too many for this order or from this network.
    """
    count_mail(request, _login(order))
    code = "".join(secrets.choice("0123456789") for _ in range(DIGITS))
    visit = visit_of(request)
    queue_mail(
        cause=f"link-code:{secrets.token_hex(16)}",
        template="link_code",
        to=order.email,
        language=order.language or get_language() or "en",
        context={
            "code": code,
            "event_id": order.event_id,
            "network": visit.network,
            "place": visit.place,
            "browser": visit.browser,
        },
        now=now,
    )
    _keep(request, LinkCode(str(order.id), code, (now + LIVES).timestamp()))


def waiting_code(request: HttpRequest, order: Order, now: datetime) -> LinkCode | None:
    """The code this browser waits for; None when there is none or it is too old."""
    kept = request.session.get(_KEPT)
    found = LinkCode(**kept) if isinstance(kept, dict) else None
    if found is None or found.order_id != str(order.id) or now.timestamp() >= found.until:
        return None
    return found


def is_code_right(request: HttpRequest, order: Order, waiting: LinkCode, typed: str) -> bool:
    """Compare what was typed. The right code is used up by it; three wrong ones use it up, too.

    Raises:
        PausedError: too many guesses for this order; nothing was compared.
    """

    def check() -> bool | None:
        return constant_time_compare(typed_digits(typed), waiting.code) or None

    if guarded(request, Purpose.CODE, _login(order), check):
        forget_code(request)
        return True
    wrong = waiting.wrong + 1
    if wrong >= MOST_WRONG:
        forget_code(request)
    else:
        _keep(request, LinkCode(waiting.order_id, waiting.code, waiting.until, wrong))
    return False


def forget_code(request: HttpRequest) -> None:
    """Wait for no code any more."""
    request.session.pop(_KEPT, None)


def hinted(email: str) -> str:
    """An address as strangers may see it: `m…@example.org`."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"


def _keep(request: HttpRequest, code: LinkCode) -> None:
    kept: dict[str, Any] = {
        "order_id": code.order_id,
        "code": code.code,
        "until": code.until,
        "wrong": code.wrong,
    }
    request.session[_KEPT] = kept


def _login(order: Order) -> str:
    """Counted apart from the sign-ins of whoever has that address: a stranger must not be able to pause those."""
    return f"order link {order.id}"
