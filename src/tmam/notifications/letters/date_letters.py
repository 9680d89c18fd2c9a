"""The letter about a date that was changed: what was, what is now, and that the tickets stay good."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

from django.utils.translation import gettext as _

from tmam.catalog.date_rules import DateTimes
from tmam.catalog.models import Date
from tmam.fulfilment.files import TicketFile
from tmam.notifications.letter import Letter, button, facts, heading, small, steps, text
from tmam.notifications.letters.fetching import open_url
from tmam.notifications.when_words import (
    doors_words,
    ends_words,
    in_language,
    short_day_words,
    when_words,
    where_words,
)
from tmam.orders.order_summary import OrderSummary


def date_changed(
    order: OrderSummary, ordinal: int, before: DateTimes, attachments: Sequence[TicketFile]
) -> Letter:
    """What people must know of a changed date.

    Raises:
        LookupError: the order has no tickets for it any more.
    """
    date = next((each for each in order.dates if each.ordinal == ordinal), None)
    if date is None:
        raise LookupError(f"order {order.order.id} has no date {ordinal}")
    title = in_language(order.event.title)
    is_moved = before.starts_at != date.starts_at
    subject = _("New time: %(event)s, %(day)s") if is_moved else _("Changed: %(event)s, %(day)s")
    what = (
        _("%(organizer)s has moved %(event)s to another time. You have tickets for it.")
        if is_moved
        else _("%(organizer)s has changed something about %(event)s. You have tickets for it.")
    )
    gate, old_print = _codes_and_prints(date, before)
    return Letter(
        subject=subject % {"event": title, "day": short_day_words(date)},
        preview=_("Your tickets stay good. You need not print or download them again."),
        title=_("There is a new time") if is_moved else _("Something has changed"),
        blocks=[
            text(what % {"organizer": order.event.organizer.name, "event": title}),
            heading(_("This holds now")),
            facts(
                [
                    (_("When"), when_words(date)),
                    (_("Doors open"), doors_words(date)),
                    (_("Ends"), ends_words(date)),
                    (_("Entrance"), in_language(date.entrance)),
                    (_("Where"), where_words(order.event.venue)),
                    (_("Booking reference"), order.order.booking_reference),
                ]
            ),
            heading(_("What it was before")),
            facts(_old_facts(date, before)),
            heading(_("What you need to do")),
            steps(
                [
                    gate,
                    _("Open the attached calendar entry: it takes the place of the old one."),
                    _("You cannot come? Write to the organizer: %(email)s")
                    % {"email": order.event.organizer.email},
                ]
            ),
            button(_("Open my tickets"), open_url(order)),
            small(old_print),
        ],
        attachments=tuple(attachments),
    )


def _codes_and_prints(date: Date, before: DateTimes) -> tuple[str, str]:
    """What becomes of the codes, and of what was printed: of new times only where times are new."""
    has_new_times = (before.starts_at, before.doors_at, before.ends_at) != (
        date.starts_at,
        date.doors_at,
        date.ends_at,
    )
    if has_new_times:
        return (
            _("Nothing with your tickets: their codes open the gate at the new time."),
            _("A ticket that you printed or saved before still shows the old time."),
        )
    return (
        _("Nothing with your tickets: their codes stay good. Only go to the new entrance."),
        _("A ticket that you printed or saved before still shows the old entrance."),
    )


def _old_facts(date: Date, before: DateTimes) -> list[tuple[str, str]]:
    """Only what is different now."""
    old = copy(date)
    old.starts_at, old.ends_at, old.doors_at = before.starts_at, before.ends_at, before.doors_at
    found = []
    if before.starts_at != date.starts_at:
        found.append((_("When"), when_words(old)))
    if before.doors_at != date.doors_at:
        found.append((_("Doors open"), doors_words(old) or _("no time was given")))
    if before.ends_at != date.ends_at:
        found.append((_("Ends"), ends_words(old)))
    if before.entrance != date.entrance:
        found.append((_("Entrance"), in_language(dict(before.entrance)) or _("no entrance was given")))
    return found
