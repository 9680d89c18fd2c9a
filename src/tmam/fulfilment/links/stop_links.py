"""Stop every link of an order, list the browsers that links let in, forget both when it is time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from tmam.fulfilment.links.judge_link import open_links_end_at
from tmam.fulfilment.models import LinkStop, LinkUse, WalletOffer
from tmam.orders.models import Order
from tmam.orders.order_links import Purpose
from tmam.orders.order_summary import load_orders, summarize_order, summarize_orders
from tmam.platform.event_log import Fact, log_facts
from tmam.platform.statements import run_verb

ROWS_AT_A_TIME = 1_000


def link_uses(order: Order, now: datetime) -> list[LinkUse]:
    """The browsers that links of this order let in and that are still let in, the last one first; a hundred at most."""
    let_in = Q(ends_at__gt=now)
    if open_links_end_at(summarize_order(order).ends_at, now) > now:  # a date may have moved since
        let_in |= Q(purpose=Purpose.OPEN)
    return list(LinkUse.objects.filter(let_in, order_id=order.id).order_by("-last_at", "-id")[:100])


def stop_links(order: Order, actor: str, now: datetime) -> None:
    """No link made before `now` works any more, no browser that one let in is let in any more, no code for a phone works.

    Emits `order.links_stopped`.
    """
    ends_at = open_links_end_at(summarize_order(order).ends_at, now)
    with transaction.atomic():
        LinkStop.objects.update_or_create(
            order_id=order.id,
            defaults={"event_id": order.event_id, "stopped_at": now, "ends_at": max(ends_at, now)},
        )
        stopped, _ = LinkUse.objects.filter(order_id=order.id).delete()
        WalletOffer.objects.filter(event_id=order.event_id, order_id=order.id, taken_by=None).delete()
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
    """Delete what is known of links that have ended, as the dates are now; returns how many rows.

    `ends_at` is what was foreseen: of a date that was postponed, its links go on, and so does what is known of them.
    """
    uses = list(LinkUse.objects.filter(ends_at__lt=now)[:ROWS_AT_A_TIME])
    stops = list(LinkStop.objects.filter(ends_at__lt=now)[:ROWS_AT_A_TIME])
    of_open = [use for use in uses if use.purpose == Purpose.OPEN]
    later = _later_ends(
        {(use.event_id, use.order_id) for use in of_open}
        | {(stop.event_id, stop.order_id) for stop in stops},
        now,
    )
    for order_id, ends_at in later.items():
        LinkUse.objects.filter(order_id=order_id, purpose=Purpose.OPEN).update(ends_at=ends_at)
        LinkStop.objects.filter(order_id=order_id).update(ends_at=ends_at)
    ended = [use.id for use in uses if use.purpose != Purpose.OPEN or use.order_id not in later]
    needless = [stop.order_id for stop in stops if stop.order_id not in later]
    return (
        LinkUse.objects.filter(id__in=ended).delete()[0]
        + LinkStop.objects.filter(order_id__in=needless, ends_at__lt=now).delete()[0]
    )


def _later_ends(keys: set[tuple[int, UUID]], now: datetime) -> dict[UUID, datetime]:
    """When the links of these orders end, of those whose have not ended."""
    ends = {
        order.order.id: open_links_end_at(order.ends_at, now)
        for order in summarize_orders(load_orders(sorted(keys)))
    }
    return {order_id: ends_at for order_id, ends_at in ends.items() if ends_at >= now}
