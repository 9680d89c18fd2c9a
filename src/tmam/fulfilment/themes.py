"""From what an organizer designed to the theme that tickets are drawn with."""

from __future__ import annotations

from typing import cast

from tmam.catalog.change_design import Design, logo_of, look_of_event
from tmam.catalog.models import Event
from tmam.delivery.themes import CodeKind, Paper, TicketTheme
from tmam.kernel.texts import in_language
from tmam.orders.order_summary import OrderSummary
from tmam.platform.brief_cache import BriefCache

_known: BriefCache[tuple[int, str, str], TicketTheme] = BriefCache(kept_s=1.0, most=500)


def theme_for(order: OrderSummary, language: str) -> TicketTheme:
    """The theme of an order's tickets: that of others whose catalogue has the same digest, if it has one."""
    if not order.as_of:
        return theme_of(order.event, language)
    return _known.get_or((order.event.id, language, order.as_of), lambda: theme_of(order.event, language))


def theme_of(event: Event, language: str) -> TicketTheme:
    """The theme of an event's tickets: its own design, else its organizer's. `event` comes with its organizer."""
    return theme_from(look_of_event(event).design, event.organizer_id, language)


def code_kind_of(event: Event) -> CodeKind:
    """Which code the event's scanners read; what else a design says is not fetched."""
    return cast("CodeKind", look_of_event(event).design.code)


def theme_from(design: Design, organizer_id: int, language: str) -> TicketTheme:
    """The theme of a design, published or not. A logo that is gone is left out."""
    logo = logo_of(organizer_id, design.logo) if design.logo else None
    return TicketTheme(
        accent_hue=design.accent_hue,
        code=cast("CodeKind", design.code),
        logo=bytes(logo.png) if logo else None,
        line=in_language(design.line, language),
        shows_poster=design.shows_poster,
        shows_reference_bars=design.shows_reference_bars,
        paper=cast("Paper", design.paper),
    )
