"""Large events are warmed by themselves, some hours before their doors open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models.functions import Coalesce

from tmam.catalog.models import Date, EventStatus
from tmam.fulfilment.models import Warming
from tmam.fulfilment.warm_event import DEFAULT_FORMS, ask_to_warm, count_to_warm
from tmam.platform.settings import Settings

EVENTS_AT_A_TIME = 200


def warm_soon(now: datetime, settings: Settings, start: Callable[[int], object]) -> int:
    """Ask for the files of every large event whose doors open soon; `start` queues the job. Returns how many.

    Not those whose doors admit live codes only, which no file has. Once for each time its doors come near: an event that was warmed within `warm_hours` is left alone.
    """
    if not settings.warm_hours:
        return 0
    ahead = timedelta(hours=settings.warm_hours)
    opens_at = Coalesce("doors_at", "starts_at")
    near = (
        Date.objects.alias(opens_at=opens_at)
        .filter(opens_at__gt=now, opens_at__lte=now + ahead, is_cancelled=False)
        .exclude(event__status=EventStatus.DRAFT)
        .exclude(event__live_codes_only=True)
        .order_by("event_id")
        .values_list("event_id", flat=True)
        .distinct()
    )
    known = set(Warming.objects.filter(asked_at__gt=now - ahead).values_list("event_id", flat=True))
    begun = 0
    for event_id in [each for each in near if each not in known][:EVENTS_AT_A_TIME]:
        if count_to_warm(event_id)[1] >= settings.warm_tickets:
            ask_to_warm(event_id, DEFAULT_FORMS, now)
            start(event_id)
            begun += 1
    return begun
