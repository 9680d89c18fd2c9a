"""What the pages of the sales rules show: each rule with what is used of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.db.models import Q
from django.utils.functional import Promise

from tmam.catalog.models import Event, TicketType
from tmam.catalog.sales_rules import Channel, CodeKind, Contingent, LimitKind, SalesCode, SalesLimit
from tmam.inventory.queries import places_by_pool
from tmam.inventory.rule_use import LimitUse, code_uses, contingent_use, limit_use
from tmam.platform.statements import run_verb
from tmam.web.studio.rules.words import CHANNELS, CODE_KINDS, LIMIT_HINTS, LIMITS

CODES_A_PAGE: Final = 50


@dataclass(frozen=True)
class LimitRow:
    """One kind of limit; `most` None: there is none."""

    kind: LimitKind
    name: Promise
    hint: Promise
    most: int | None
    counted: Sequence[Promise]
    use: LimitUse


@dataclass(frozen=True)
class ContingentRow:
    """What one channel may sell of a pool on each date (None: all there is), and the most it has on any date."""

    channel: Channel
    name: Promise
    places: int | None
    used: int


@dataclass(frozen=True)
class PoolRows:
    """One pool with its channels. `smallest` and `largest`: its places on a date."""

    pool: int
    types: Sequence[TicketType]
    smallest: int
    largest: int
    channels: Sequence[ContingentRow]

    @property
    def is_shared_by_all(self) -> bool:
        """Whether every channel has a contingent, so that places may be nobody's to sell."""
        return all(row.places is not None for row in self.channels)

    @property
    def total(self) -> int:
        """The contingents together."""
        return sum(row.places or 0 for row in self.channels)

    @property
    def over(self) -> int:
        """How many places more the contingents have than the smallest date."""
        return max(0, self.total - self.smallest)

    @property
    def unsold(self) -> int:
        """How many places of the largest date no channel may sell."""
        return max(0, self.largest - self.total) if self.is_shared_by_all else 0


class CodeState(StrEnum):
    """What a code is good for now."""

    GOOD = "good"
    LATER = "later"
    ENDED = "ended"
    USED_UP = "used_up"


@dataclass(frozen=True)
class CodeRow:
    """One code with what was used of it."""

    code: SalesCode
    kind: Promise
    used: int
    state: CodeState
    types: Sequence[TicketType]

    @property
    def percent(self) -> float:
        """What a voucher takes off, in percent."""
        return self.code.off_basis_points / 100


@dataclass(frozen=True)
class CodesInAll:
    """All codes of an event in numbers."""

    count: int
    uses: int
    used: int


@dataclass(frozen=True)
class CodeList:
    """One page of codes; `found` are all that match what was searched."""

    rows: Sequence[CodeRow]
    found: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.found // CODES_A_PAGE))


def load_limits(event: Event) -> list[LimitRow]:
    """All kinds of limits, set or not."""
    limits = {LimitKind(limit.kind): limit for limit in SalesLimit.objects.filter(event=event)}
    use = run_verb(limit_use(event.id, {limit.kind: limit.most for limit in limits.values()}))
    return [_limit_row(kind, limits.get(kind), use) for kind in LIMITS]


def load_contingents(event: Event) -> list[PoolRows]:
    """The pools that ticket types draw on, each with its channels."""
    capacities: dict[int, list[int]] = defaultdict(list)
    for (_, pool), places in run_verb(places_by_pool(event.id)).items():
        capacities[pool].append(places.capacity)
    set_ = {(row.pool, row.channel): row.places for row in Contingent.objects.filter(event=event)}
    used = run_verb(contingent_use(event.id))
    types = list(event.ticket_types.order_by("ordinal"))
    return [
        PoolRows(
            pool,
            [type_ for type_ in types if pool in type_.pools],
            min(capacities[pool], default=0),
            max(capacities[pool], default=0),
            [
                ContingentRow(
                    channel, name, set_.get((pool, channel.value)), used.get((pool, channel.value), 0)
                )
                for channel, name in CHANNELS.items()
            ],
        )
        for pool in sorted({pool for type_ in types for pool in type_.pools})
    ]


def count_codes(event: Event) -> CodesInAll:
    """How many codes there are, for how many tickets, and how many of those were bought or are reserved."""
    uses = dict(SalesCode.objects.filter(event=event).values_list("ordinal", "uses"))
    used = run_verb(code_uses(event.id)) if uses else {}
    return CodesInAll(len(uses), sum(uses.values()), sum(used.get(ordinal, 0) for ordinal in uses))


def load_codes(event: Event, words: str, page: int, now: datetime) -> CodeList:
    """The newest codes first, those with `words` in them."""
    found = SalesCode.objects.filter(Q(event=event), Q(code__contains=words.strip().upper())).order_by(
        "-ordinal"
    )
    count = found.count()
    page = min(max(page, 1), max(1, -(-count // CODES_A_PAGE)))
    used = run_verb(code_uses(event.id)) if count else {}
    types = {type_.ordinal: type_ for type_ in event.ticket_types.order_by("ordinal")}
    shown = found[(page - 1) * CODES_A_PAGE : page * CODES_A_PAGE]
    return CodeList([code_row(code, used.get(code.ordinal, 0), types, now) for code in shown], count, page)


def code_row(code: SalesCode, used: int, types: Mapping[int, TicketType], now: datetime) -> CodeRow:
    """One code as it stands now."""
    if code.ends_at is not None and code.ends_at <= now:
        state = CodeState.ENDED
    elif used >= code.uses:
        state = CodeState.USED_UP
    elif code.opens_at is not None and code.opens_at > now:
        state = CodeState.LATER
    else:
        state = CodeState.GOOD
    named = [types[ordinal] for ordinal in code.ticket_types if ordinal in types]
    return CodeRow(code, CODE_KINDS[CodeKind(code.kind)], used, state, named)


def _limit_row(kind: LimitKind, limit: SalesLimit | None, use: Mapping[str, LimitUse]) -> LimitRow:
    counted = [
        name for channel, name in CHANNELS.items() if limit and channel.value not in limit.exempt_channels
    ]
    return LimitRow(
        kind,
        LIMITS[kind],
        LIMIT_HINTS[kind],
        limit.most if limit else None,
        counted,
        use.get(kind.value, LimitUse(0, 0)),
    )
