"""What is on offer: venues, seat plans, events, their dates and ticket types. Global tables.

Texts that readers see in their language are JSON by language code: `{"en": "…", "es": "…"}`.
Dates and ticket types are numbered within their event (`ordinal`), because tokens and links carry those numbers.
"""

from __future__ import annotations

from tmam.catalog.models.dates import Date
from tmam.catalog.models.events import Event, EventStatus, Kind, TransferPolicy
from tmam.catalog.models.places import Seat, SeatPlan, Venue
from tmam.catalog.models.search import (
    DateSummary,
    DayMultirangeField,
    EventSummary,
    SearchWord,
    words_of_weight,
)
from tmam.catalog.models.ticket_types import TicketType

# Django finds models through this package; these have rooms of their own beside it, which need the ones above.
from tmam.catalog.sales_rules import Contingent, SalesCode, SalesLimit
from tmam.catalog.stop_patterns import StopPattern
from tmam.catalog.ticket_designs import TicketDesign, TicketLogo

__all__ = [
    "Contingent",
    "Date",
    "DateSummary",
    "DayMultirangeField",
    "Event",
    "EventStatus",
    "EventSummary",
    "Kind",
    "SalesCode",
    "SalesLimit",
    "SearchWord",
    "Seat",
    "SeatPlan",
    "StopPattern",
    "TicketDesign",
    "TicketLogo",
    "TicketType",
    "TransferPolicy",
    "Venue",
    "words_of_weight",
]
