"""The letter about a date that was changed: what was, what is now, and that the tickets stay good."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from tmam.catalog.date_rules import DateTimes
from tmam.catalog.models import Date
from tmam.fulfilment.files import TicketFile
from tmam.notifications.letter import Letter, button, facts, heading, small, steps, text
from tmam.notifications.letters.fetching import open_url
from tmam.notifications.when_words import clock_words, in_language, moment_words, short_day_words, where_words
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
    return Letter(
        subject=subject % {"event": title, "day": short_day_words(date)},
        preview=_("Your tickets stay good. You need not print or download them again."),
        title=_("There is a new time") if is_moved else _("Something has changed"),
        blocks=[
            text(what % {"organizer": order.event.organizer.name, "event": title}),
            heading(_("This holds now")),
            facts(
                [
                    (_("When"), moment_words(date.starts_at, date.time_zone)),
                    (_("Doors open"), _clock(date, date.doors_at)),
                    (_("Ends"), clock_words(date.ends_at, date.time_zone)),
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
                    _("Nothing with your tickets: their codes open the gate at the new time."),
                    _("Open the attached calendar entry: it takes the place of the old one."),
                    _("You cannot come? Write to the organizer: %(email)s")
                    % {"email": order.event.organizer.email},
                ]
            ),
            button(_("Open my tickets"), open_url(order)),
            small(_("A ticket that you printed or saved before still shows the old time.")),
        ],
        attachments=tuple(attachments),
    )


def _old_facts(date: Date, before: DateTimes) -> list[tuple[str, str]]:
    """Only what is different now."""
    found = []
    if before.starts_at != date.starts_at:
        found.append((_("When"), moment_words(before.starts_at, date.time_zone)))
    if before.doors_at != date.doors_at:
        found.append((_("Doors open"), _clock(date, before.doors_at) or _("no time was given")))
    if before.ends_at != date.ends_at:
        found.append((_("Ends"), clock_words(before.ends_at, date.time_zone)))
    if before.entrance != date.entrance:
        found.append((_("Entrance"), in_language(dict(before.entrance)) or _("no entrance was given")))
    return found


def _clock(date: Date, at: datetime | None) -> str:
    return clock_words(at, date.time_zone) if at else ""
