"""Who asks: the visitor behind a signed cookie, from our own pages, not too often."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from tmam.hot.http import Request
from tmam.hot.rates import ClientRates
from tmam.inventory.errors import HoldNotFoundError
from tmam.kernel.ids import new_uuid7
from tmam.platform.settings import Settings
from tmam.platform.visitors import COOKIE, COOKIE_AGE_S, read_visitor, sign_visitor


class Visitors:
    """Knows visitors without a session look-up."""

    def __init__(
        self, settings: Settings, secret: str, rates: ClientRates, clock: Callable[[], datetime]
    ) -> None:
        self._secret = secret
        self._origins = settings.origins
        self._is_secure = not settings.is_loopback
        self._rates = rates
        self._clock = clock

    def check(self, request: Request) -> None:
        """Refuse what another site made a browser send, and clients that ask too often.

        Raises:
            CrossSiteError, TooManyRequestsError.
        """
        request.require_same_site(self._origins)
        self._rates.count(request.client)

    def greet(self, request: Request) -> tuple[UUID, list[tuple[str, str]]]:
        """The visitor and, for a new one, the header that sets the cookie."""
        known = read_visitor(request.cookie(COOKIE), self._secret)
        if known is not None:
            return known, []
        visitor_id = new_uuid7(self._clock())
        secure = "; Secure" if self._is_secure else ""
        value = f"{COOKIE}={sign_visitor(visitor_id, self._secret)}; Path=/; Max-Age={COOKIE_AGE_S}; HttpOnly; SameSite=Lax{secure}"
        return visitor_id, [("set-cookie", value)]

    def known(self, request: Request) -> UUID:
        """The visitor that a request must come from.

        Raises:
            HoldNotFoundError: nobody we know, so no hold of theirs.
        """
        visitor_id = read_visitor(request.cookie(COOKIE), self._secret)
        if visitor_id is None:
            raise HoldNotFoundError
        return visitor_id
