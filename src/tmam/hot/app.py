"""The hot shell: what thousands do in the same second, without a framework.

Served by Granian through `hot.server`. Its settings come from the same environment as everything else.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import structlog

from tmam.hot.availability import AvailabilityDesk
from tmam.hot.database import Database, Offers
from tmam.hot.gate import ScanDesk
from tmam.hot.holds import HoldDesk
from tmam.hot.http import (
    Answer,
    Request,
    json_answer,
    problem_answer,
)
from tmam.hot.orders import OrderDesk
from tmam.hot.rates import ClientRates
from tmam.hot.visitors import Visitors
from tmam.kernel.errors import TmamError
from tmam.platform.errors import MethodNotAllowedError, NotFoundError, UnexpectedError
from tmam.platform.keys import secret_key
from tmam.platform.settings import Settings

log = structlog.get_logger("tmam.hot")
HOLD = re.compile(r"/hot/holds/(\d{1,9})/([0-9a-f-]{32,36})(?:/(extend|release))?")
AVAILABILITY = re.compile(r"/hot/events/(\d{1,9})/dates/(\d{1,5})/availability")
Handler = Callable[[Request], Awaitable[Answer]]


def utc_now() -> datetime:
    """The clock of this shell."""
    return datetime.now(UTC)


class HotShell:
    """Routes requests to the desks; opens and closes the database with the server."""

    def __init__(
        self, settings: Settings, open_database: Callable[[str], Awaitable[Database]] = Database.connect
    ) -> None:
        self._settings = settings
        self._open_database = open_database
        self._database: Database | None = None

    async def start(self) -> None:
        """Open the database and the desks."""
        settings = self._settings
        secret = secret_key(settings)
        self._database = await self._open_database(settings.database_url)
        offers = Offers(self._database)
        visitors = Visitors(
            settings, secret, ClientRates(settings.hot_rate_per_client, time.monotonic), utc_now
        )
        self._holds = HoldDesk(self._database, offers, visitors, utc_now)
        self._orders = OrderDesk(self._database, offers, visitors, utc_now)
        self._availability = AvailabilityDesk(self._database, offers)
        self._scans = ScanDesk(self._database, utc_now)
        self._verbs: dict[str, Handler] = {
            "/hot/holds": self._holds.hold,
            "/hot/baskets": self._holds.hold_basket,
            "/hot/orders": self._orders.buy,
            "/hot/scans": self._scans.scan,
        }

    async def stop(self) -> None:
        """Answer what was accepted, then close."""
        await self._holds.batches.close()
        await self._holds.releases.close()
        await self._orders.batches.close()
        await self._scans.batches.close()
        if self._database is not None:
            await self._database.close()

    async def answer(self, request: Request) -> Answer:
        """Answer one request, whatever happens: what fails is a problem document."""
        try:
            return await self._route(request)
        except TmamError as error:
            return self.refusal(error, request)
        except Exception:
            log.exception("hot_request_failed", path=request.path, request_id=request.request_id)
            return self.refusal(UnexpectedError(request_id=request.request_id), request)

    def refusal(self, error: TmamError, request: Request) -> Answer:
        """The problem document of an error, in the reader's language."""
        return problem_answer(error, request.language, self._settings.origin)

    async def _route(self, request: Request) -> Answer:
        path, method = request.path, request.method
        verb = self._verbs.get(path)
        if verb is not None:
            return await _only("POST", method, lambda: verb(request))
        if match := AVAILABILITY.fullmatch(path):
            event_id, date = int(match[1]), int(match[2])
            return await _only("GET", method, lambda: self._availability.show(request, event_id, date))
        if match := HOLD.fullmatch(path):
            return await self._hold_route(request, int(match[1]), match[2], match[3])
        if path == "/hot/healthz":
            return json_answer({"status": "ok"})
        raise NotFoundError

    async def _hold_route(self, request: Request, event_id: int, hold: str, action: str | None) -> Answer:
        try:
            hold_id = UUID(hold)
        except ValueError:
            raise NotFoundError from None
        if action is None:
            return await _only("GET", request.method, lambda: self._holds.show(request, event_id, hold_id))
        act = self._holds.extend if action == "extend" else self._holds.release
        return await _only("POST", request.method, lambda: act(request, event_id, hold_id))


async def _only(expected: str, method: str, handle: Callable[[], Awaitable[Answer]]) -> Answer:
    if method != expected and not (expected == "GET" and method == "HEAD"):
        raise MethodNotAllowedError
    return await handle()
