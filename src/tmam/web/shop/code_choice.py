"""Sales codes on the order form: whether one is asked for, and what it opens before general sales do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from tmam.catalog.models import Date, Event
from tmam.catalog.rules import SaleState
from tmam.catalog.sales_rules import SalesCode
from tmam.inventory.draws import CODE_CHARS_MAX
from tmam.web.shop.event_view import Look, TypeLine


@dataclass(frozen=True)
class CodeChoice:
    """The code field: what was typed, whether it stands open, and the types a code sells before general sales open."""

    typed: str
    is_open: bool
    is_presale: bool
    presale_types: frozenset[int]


def code_choice(
    look: Look, chosen: Date, state: SaleState, lines: Sequence[TypeLine], typed: str
) -> CodeChoice:
    """What a code can do about this date now. `typed`: what the field holds."""
    types = [line.type for line in lines]
    presale_types: frozenset[int] = frozenset()
    if state is SaleState.SOON:
        opened = opened_early(look.event, chosen, look.now)
        presale_types = frozenset(
            type_.ordinal for type_ in types for only in opened if not only or type_.ordinal in only
        )
    typed = typed.strip()[:CODE_CHARS_MAX]
    is_presale = any(line.can_buy and line.type.ordinal in presale_types for line in lines)
    needs_one = any(type_.needs_code for type_ in types)
    return CodeChoice(typed, bool(typed) or is_presale or needs_one, is_presale, presale_types)


def opened_early(event: Event, date: Date, now: datetime) -> list[tuple[int, ...]]:
    """The ticket types (none: all) of each code that opens a date before its general sales."""
    if event.status != "on_sale" or date.is_cancelled or now >= date.sales_start_at:
        return []
    codes = SalesCode.objects.filter(event=event, opens_at__lte=now).filter(
        Q(ends_at=None) | Q(ends_at__gt=now)
    )
    return list({tuple(code.ticket_types) for code in codes})
