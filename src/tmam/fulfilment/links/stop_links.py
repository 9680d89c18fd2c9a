"""Stop every link of an order, list the browsers that links let in, forget both when it is time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from tmam.fulfilment.models import LinkStop, LinkUse
from tmam.orders.models import Order
from tmam.orders.order_links import LINK_DAYS
from tmam.orders.order_summary import summarize_order
from tmam.platform.event_log import Fact, log_facts
from tmam.platform.statements import run_verb

ROWS_AT_A_TIME = 1_000


def link_uses(order: Order, now: datetime) -> list[LinkUse]:
    """The browsers that links of this order let in and that are still let in, the last one first; a hundred at most."""
    uses = LinkUse.objects.filter(order_id=order.id, ends_at__gt=now)
    return list(uses.order_by("-last_at", "-id")[:100])


def stop_links(order: Order, actor: str, now: datetime) -> None:
    """No link made before `now` works any more, and no browser that one let in is let in any more.

    Emits `order.links_stopped`.
    """
    ends_at = (summarize_order(order).ends_at or now) + timedelta(days=LINK_DAYS)
    with transaction.atomic():
        LinkStop.objects.update_or_create(
            order_id=order.id,
            defaults={"event_id": order.event_id, "stopped_at": now, "ends_at": max(ends_at, now)},
        )
        stopped, _ = LinkUse.objects.filter(order_id=order.id).delete()
        data = {"order_id": str(order.id), "browsers": stopped}
        run_verb(log_facts(order.event_id, [Fact("order.links_stopped", now, actor, data)]))


def stopped_since(order_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When the links of these orders were last stopped; orders whose links never were are left out."""
    return dict(LinkStop.objects.filter(order_id__in=order_ids).values_list("order_id", "stopped_at"))


def forget_links(_event_id: int, order_ids: Sequence[UUID]) -> None:
    """These orders name nobody any more: nor does what their links did."""
    LinkUse.objects.filter(order_id__in=order_ids).delete()


def end_links(_event_id: int, order_ids: Sequence[UUID]) -> None:
    """These orders have another address: who was let in by links to the old one is known for nothing any more."""
    LinkUse.objects.filter(order_id__in=order_ids).delete()


def sweep_links(now: datetime) -> int:
    """Delete what is known of links that have ended; returns how many rows."""
    uses = LinkUse.objects.filter(ends_at__lt=now).values_list("id", flat=True)[:ROWS_AT_A_TIME]
    stops = LinkStop.objects.filter(ends_at__lt=now).values_list("order_id", flat=True)[:ROWS_AT_A_TIME]
    return (
        LinkUse.objects.filter(id__in=list(uses)).delete()[0]
        + LinkStop.objects.filter(order_id__in=list(stops)).delete()[0]
    )
