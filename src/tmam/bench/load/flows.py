"""What the clients of the load generator do: each flow is a stream of operations."""

from __future__ import annotations

import itertools
import random
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Iterator
from typing import ClassVar
from uuid import uuid4

import msgspec

from tmam.bench.load.client import NOT_COUNTED, Operation
from tmam.bench.load.plan import Plan
from tmam.bench.load.requests import CODE_MARK, head, reason, text_after, visitors, with_json

MADE_BEFOREHAND_PER_S = 12_000
OK, CREATED, NO_CONTENT = 200, 201, 204


class Flow(ABC):
    """A stream of operations for one run."""

    def __init__(self, plan: Plan) -> None:
        self._host = f"{plan.host}:{plan.port}"
        self.is_exhausted = False

    @abstractmethod
    def operation(self) -> Operation | None:
        """The next operation; None when there is nothing left to do."""

    def acknowledged(self) -> dict[str, list[str]]:
        """The ids that the server said were done, by kind."""
        return {}


class Get(Flow):
    """Pages, one after the other. Facts: `paths`."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        paths = msgspec.convert(plan.facts["paths"], list[str])
        self._requests = itertools.cycle([head("GET", path, self._host) + b"\r\n" for path in paths])

    def operation(self) -> Operation | None:
        return self._get(next(self._requests))

    def _get(self, request: bytes) -> Operation:
        status, body = yield request
        return "" if status == OK else reason(status, body)


class Hold(Flow):
    """Every operation is one hold of a visitor of its own. Facts: `bodies` (JSON texts, one is drawn), `secret`."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._bodies = [text.encode() for text in msgspec.convert(plan.facts["bodies"], list[str])]
        self._secret = str(plan.facts["secret"])
        self._start = head("POST", "/hot/holds", self._host)
        self._holds: list[bytes] = []
        wanted = int((plan.seconds + plan.warm_up_s) * MADE_BEFOREHAND_PER_S)
        made = visitors(self._secret)
        self._visitors: Iterator[bytes] = itertools.chain(list(itertools.islice(made, wanted)), made)
        # The same draws every time: runs can be compared.
        self._choose: Callable[[list[bytes]], bytes] = random.Random(7).choice  # noqa: S311 - no secret hangs on it

    def operation(self) -> Operation | None:
        return self._hold(next(self._visitors), self._choose(self._bodies))

    def acknowledged(self) -> dict[str, list[str]]:
        return {"holds": [hold.decode() for hold in self._holds]}

    def _hold(self, cookie: bytes, wish: bytes) -> Operation:
        status, body = yield with_json(self._start, wish, cookie)
        if status != CREATED:
            return reason(status, body)
        self._holds.append(text_after(b'"hold":"', body))
        return ""


class HoldAndRelease(Hold):
    """Holds that are given back afterwards, which is not counted. Facts: as `Hold`, and `event`."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._event = int(str(plan.facts["event"]))
        self._to_release: deque[tuple[bytes, bytes]] = deque()

    def operation(self) -> Operation | None:
        if self._to_release:
            return self._release(*self._to_release.popleft())
        return super().operation()

    def _hold(self, cookie: bytes, wish: bytes) -> Operation:
        problem = yield from super()._hold(cookie, wish)
        if not problem:
            self._to_release.append((cookie, self._holds[-1]))
        return problem

    def _release(self, cookie: bytes, hold: bytes) -> Operation:
        start = head("POST", f"/hot/holds/{self._event}/{hold.decode()}/release", self._host)
        status, body = yield with_json(start, b"{}", cookie)
        return NOT_COUNTED if status == NO_CONTENT else reason(status, body)


class HoldAnswer(msgspec.Struct):
    """What a buyer reads in the answer to a hold."""

    hold: str
    total_minor: int


class Purchase(Hold):
    """Every operation is one whole purchase: hold, then order and pay. Facts: as `Hold`, and `event`, `gateway`."""

    tickets_mark: ClassVar[bytes] = b'"token":"'

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        self._order_start = head("POST", "/hot/orders", self._host)
        self._event = int(str(plan.facts["event"]))
        self._numbers = itertools.count(1)
        self._decode = msgspec.json.Decoder(HoldAnswer).decode
        self._orders: list[bytes] = []
        self._ticket_count = 0

    def operation(self) -> Operation | None:
        return self._buy(next(self._visitors), self._choose(self._bodies))

    def acknowledged(self) -> dict[str, list[str]]:
        return {**super().acknowledged(), "orders": [order.decode() for order in self._orders]}

    def _buy(self, cookie: bytes, wish: bytes) -> Operation:
        status, body = yield with_json(self._start, wish, cookie)
        if status != CREATED:
            return reason(status, body)
        held = self._decode(body)
        self._holds.append(held.hold.encode())
        status, body = yield with_json(self._order_start, self._order(held), cookie)
        if status != CREATED:
            return reason(status, body)
        if self.tickets_mark not in body:
            return "an order without tickets"
        self._orders.append(text_after(b'"order":"', body))
        return ""

    def _order(self, held: HoldAnswer) -> bytes:
        number = next(self._numbers)
        return (
            f'{{"event":{self._event},"hold":"{held.hold}","email":"buyer{number}@buyers.example",'
            f'"name":"Buyer {number}","language":"en","total_minor":{held.total_minor},"accepts_terms":true,'
            '"payment":{"gateway":"sandbox","method":"approve"}}'
        ).encode()


class Scan(Flow):
    """Every operation is one ticket at the gate. Facts: `tokens` (a file with one token a line), `device`."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(plan)
        with open(str(plan.facts["tokens"]), "rb") as lines:  # noqa: PTH123 - its name comes through JSON
            self._tokens = iter([line.strip() for line in lines])
        authorization = f"Device {plan.facts['device']}"
        self._start = head("POST", "/hot/scans", self._host, {"Authorization": authorization})
        self._scanned: list[bytes] = []

    def operation(self) -> Operation | None:
        token = next(self._tokens, None)
        if token is None:
            self.is_exhausted = True
            return None
        return self._scan(token)

    def acknowledged(self) -> dict[str, list[str]]:
        return {"scans": [nonce.decode() for nonce in self._scanned]}

    def _scan(self, token: bytes) -> Operation:
        nonce = str(uuid4()).encode()
        status, body = yield with_json(self._start, b'{"nonce":"%b","code":"%b"}' % (nonce, token))
        if status != OK:
            return reason(status, body)
        if b'"verdict":"admit"' not in body:
            return f"not admitted: {text_after(CODE_MARK, body).decode()}"
        self._scanned.append(nonce)
        return ""


FLOWS: dict[str, Callable[[Plan], Flow]] = {
    "get": Get,
    "hold": Hold,
    "hold_and_release": HoldAndRelease,
    "purchase": Purchase,
    "scan": Scan,
}
