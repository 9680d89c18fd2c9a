"""What a link is worth in the browser that brings it: the first browser is let in, later ones prove that they may.

A mail lies in several hands: the buyer's phone, a shared computer, whoever it was forwarded to, a server that wrote an
address into its log. So a link alone opens its order once. The browser that did is known from then on, by a random
key in a cookie; any other is asked for a code that goes to the order's address.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import F

from tmam.accounts.errors import LinkEndedError, LinkNotValidError
from tmam.fulfilment.errors import LinkStoppedError
from tmam.fulfilment.models import LinkStop, LinkUse
from tmam.orders.models import Order
from tmam.orders.order_links import LINK_DAYS, OrderLink, Purpose, read_link
from tmam.orders.order_summary import summarize_order

BROWSER_NAME_LENGTH: Final = 300
# How long a browser may fetch the one file that a link handed to it.
FILE_ACCESS: Final = timedelta(days=1)


class Standing(StrEnum):
    """How a browser stands to a link."""

    FREE = "free"  # nobody opened it yet: the browser that does first is let in
    KNOWN = "known"  # this browser opened this order by a link before
    STRANGER = "stranger"  # another browser did: a code must prove that this one may, too


class Proof(StrEnum):
    """Why a browser was let in."""

    FIRST = "first"
    KNOWN = "known"
    CODE = "code"


@dataclass(frozen=True)
class Judgement:
    """A link that works, its order, and how the asking browser stands to it.

    `ends_at`: until when, as things are, whoever it lets in now is in.
    """

    link: OrderLink
    order: Order
    standing: Standing
    ends_at: datetime


def judge_link(text: str, browser_key: str, now: datetime) -> Judgement:
    """Look at a link; writes nothing. `browser_key` is "" for a browser that has none.

    Raises:
        LinkNotValidError: not signed by us, cut, or the order has another address by now.
        LinkEndedError: its time is over.
        LinkStoppedError: the buyer stopped all links that were there.
    """
    link = read_link(text)
    order = link and Order.objects.filter(event_id=link.event_id, id=link.order_id).first()
    if not link or not order or not link.is_for(order):
        raise LinkNotValidError
    event_ends_at = summarize_order(order).ends_at
    if link.has_ended(event_ends_at, now):
        raise LinkEndedError
    if LinkStop.objects.filter(order_id=order.id, stopped_at__gt=link.made_at).exists():
        raise LinkStoppedError
    is_open = link.purpose is Purpose.OPEN
    ends_at = open_links_end_at(event_ends_at, now) if is_open else now + FILE_ACCESS
    return Judgement(link, order, _standing(link, browser_key), ends_at)


def use_link(judgement: Judgement, browser_key: str, browser: str, proof: Proof, now: datetime) -> bool:
    """Let a browser in and write it down; False when it wanted to be the first and another was quicker.

    `browser` is what it calls itself, cut to `BROWSER_NAME_LENGTH` characters.
    """
    link, order = judgement.link, judgement.order
    used_before = LinkUse.objects.filter(link_digest=link.digest, browser_hash=key_hash(browser_key))
    if used_before.update(last_at=now, times=F("times") + 1, ends_at=judgement.ends_at):
        return True
    try:
        with transaction.atomic():
            LinkUse.objects.create(
                event_id=order.event_id,
                order_id=order.id,
                link_digest=link.digest,
                purpose=link.purpose,
                serial=link.serial,
                form=link.form,
                browser_hash=key_hash(browser_key),
                browser=browser[:BROWSER_NAME_LENGTH],
                proof=proof,
                first_at=now,
                last_at=now,
                ends_at=judgement.ends_at,
            )
    except IntegrityError:
        # The same browser twice at once is let in; a second first browser is not.
        return used_before.exists()
    return True


def open_links_end_at(event_ends_at: datetime | None, now: datetime) -> datetime:
    """When mailed links of an order stop working, as its dates are now; without dates half a year from `now`, always."""
    return (event_ends_at or now) + timedelta(days=LINK_DAYS)


def key_hash(browser_key: str) -> bytes:
    """A browser's key as the table has it: 256 random bits need no salt."""
    return hashlib.sha256(browser_key.encode()).digest()


def _standing(link: OrderLink, browser_key: str) -> Standing:
    if browser_key:
        # Whoever was given one file only is not known for the order.
        known = LinkUse.objects.filter(order_id=link.order_id, browser_hash=key_hash(browser_key))
        same = {"link_digest": link.digest} if link.purpose is not Purpose.OPEN else {}
        if known.filter(purpose=Purpose.OPEN).exists() or (same and known.filter(**same).exists()):
            return Standing.KNOWN
    is_used = LinkUse.objects.filter(link_digest=link.digest).exists()
    return Standing.STRANGER if is_used else Standing.FREE
