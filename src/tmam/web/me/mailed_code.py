"""A code that is mailed to an order's address: typed where somebody with a link must show that the booking is theirs.

Two pages ask for one, each for its own purpose (`MailedCode`): a strange browser that opens a link, and a guest who moves
tickets into a phone or out of one. The session keeps the code's keyed hash only, for one order and purpose, a quarter of
an hour long; three wrong ones end it. Mails and guesses are counted by order and by network in rows of PostgreSQL,
before a code is looked at: a new session, or a thousand requests at once, get no more of either.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from tmam.accounts.lockout import Purpose
from tmam.kernel.typed_codes import typed_digits
from tmam.notifications.queue_mail import queue_mail
from tmam.orders.models import Order
from tmam.web.account.guarding import count_mail, guarded

DIGITS: Final = 6
LIVES: Final = timedelta(minutes=15)
MOST_WRONG: Final = 3
_KEPT: Final = "mailed_codes"


@dataclass(frozen=True)
class MailedCode:
    """One purpose of such codes: none is good for another's. `template` is the letter that brings them."""

    template: str

    def send(self, request: HttpRequest, order: Order, facts: Mapping[str, Any], now: datetime) -> None:
        """Mail a new code to the order's address; the one before no longer works. `facts` are for the letter.

        Raises:
            TooManyRequestsError: too many for this order or from this network.
        """
        count_mail(request, self._login(order))
        code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
        queue_mail(
            cause=f"{self.template}:{secrets.token_hex(16)}",
            template=self.template,
            to=order.email,
            language=order.language or get_language() or "en",
            context={"code": code, **facts},
            now=now,
        )
        kept = {
            "order": order.id.hex,
            "hash": self._hash(order, code),
            "until": (now + LIVES).timestamp(),
            "wrong": 0,
        }
        self._keep(request, kept)

    def is_awaited(self, request: HttpRequest, order: Order, now: datetime) -> bool:
        """Whether this browser waits for a code of this order, and may still type it."""
        return self._awaited(request, order, now) is not None

    def is_right(self, request: HttpRequest, order: Order, typed: str, now: datetime) -> bool:
        """Compare what was typed with the code that is awaited. The right one is used up by it, as by three wrong ones.

        Raises:
            PausedError: too many guesses for this order or from this network; nothing was compared.
        """
        awaited = self._awaited(request, order, now)
        if awaited is None:
            return False
        digits = typed_digits(typed)

        def check() -> bool | None:
            return hmac.compare_digest(awaited["hash"], self._hash(order, digits)) or None

        if guarded(request, Purpose.CODE, self._login(order), check):
            self._keep(request, None)
            return True
        wrong = awaited["wrong"] + 1
        self._keep(request, awaited | {"wrong": wrong} if wrong < MOST_WRONG else None)
        return False

    def _awaited(self, request: HttpRequest, order: Order, now: datetime) -> dict[str, Any] | None:
        kept: dict[str, Any] | None = request.session.get(_KEPT, {}).get(self.template)
        if kept is None or kept["order"] != order.id.hex or now.timestamp() >= kept["until"]:
            return None
        return kept

    def _keep(self, request: HttpRequest, kept: Mapping[str, Any] | None) -> None:
        others = {
            name: each for name, each in request.session.get(_KEPT, {}).items() if name != self.template
        }
        request.session[_KEPT] = others | ({self.template: kept} if kept else {})

    def _login(self, order: Order) -> str:
        """Counted apart from the sign-ins of whoever has that address: a stranger must not be able to pause those."""
        return f"{self.template} {order.id}"

    def _hash(self, order: Order, code: str) -> str:
        """Keyed, because a million codes are quickly tried against a stolen session."""
        message = f"{self.template}:{order.id.hex}:{code}".encode()
        return hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()


def hinted(email: str) -> str:
    """An address as strangers may see it: `m…@example.org`."""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain}"
