"""`POST /hot/scans`: a scanner's attempts to admit, redeemed in natural batches."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

import msgspec
from msgspec import Meta

from tmam.gates.attempts import Attempt, Outcome
from tmam.gates.known_device import KnownDevice, find_device, key_in_header
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.gates.scan_answer import scan_answer
from tmam.hot.database import Database
from tmam.hot.http import JSON, Answer, Request, json_answer
from tmam.kernel.ids import new_uuid7
from tmam.platform.batching import Batcher
from tmam.platform.errors import BadRequestError
from tmam.platform.strangers_json import read_json

# A key that is taken back stops working after this long at the latest.
DEVICE_KEPT: Final = timedelta(seconds=3)
MOST_DEVICES_KEPT: Final = 10_000


class ScanBody(msgspec.Struct, forbid_unknown_fields=True):
    """The JSON of a scan: a `code` that was read or typed, or the `serial` of a ticket chosen from a list.

    `nonce` is the scanner's own name for the attempt: repeated with it, a request gets the same answer and
    never admits twice. `date` is the ordinal being let in; left out, whichever date is open.
    """

    nonce: UUID
    code: Annotated[str, Meta(max_length=2048)] | None = None
    serial: Annotated[int, Meta(ge=1, le=2**32 - 1)] | None = None
    date: Annotated[int, Meta(ge=1, le=65_535)] | None = None


_SCAN = msgspec.json.Decoder(ScanBody)


class ScanDesk:
    """Answers scans; one transaction serves all that wait for the same event."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._devices: dict[str, tuple[datetime, KnownDevice]] = {}
        self.batches: Batcher[int, Attempt, Outcome] = Batcher(self._serve)

    async def scan(self, request: Request) -> Answer:
        """Answer one scan: 200 with a verdict, whatever its colour.

        Raises:
            DeviceUnknownError: no key, or one that was taken back.
            BadRequestError: not the JSON of a scan.
            BusyError: too many are waiting, or the database is away.
        """
        device = await self._device(key_in_header(request.headers.get("authorization", "")))
        body = read_scan(request)
        now = self._clock()
        attempt = Attempt(
            id=new_uuid7(now),
            device_id=device.id,
            nonce=body.nonce,
            gate_number=device.gate_number,
            at=now,
            code=body.code or "",
            serial=body.serial,
            expected_date=body.date,
            request_id=request.request_id,
        )
        outcome = await self.batches.submit(device.event_id, attempt)
        answer = scan_answer(
            outcome, gate=device.gate, language=request.language, time_zone=device.time_zone, now=now
        )
        return json_answer(answer)

    async def _device(self, key: str) -> KnownDevice:
        now = self._clock()
        kept = self._devices.get(key)
        if kept is not None and now - kept[0] < DEVICE_KEPT:
            return kept[1]
        self._devices.pop(key, None)
        device = await self._database.run(lambda: find_device(key))
        if len(self._devices) >= MOST_DEVICES_KEPT:
            self._devices.clear()
        self._devices[key] = now, device
        return device

    async def _serve(self, event_id: int, attempts: list[Attempt]) -> list[Outcome]:
        return await self._database.run(lambda: redeem_tickets(event_id, attempts))


def read_scan(request: Request) -> ScanBody:
    """The scan in a request's body.

    Raises:
        BadRequestError: another content type, no JSON, or not exactly one of `code` and `serial`.
    """
    if request.content_type != JSON:
        raise BadRequestError(where="Content-Type")
    body = read_json(request.body, _SCAN)
    if (body.code is None) == (body.serial is None):
        raise BadRequestError(where="code")
    return body
