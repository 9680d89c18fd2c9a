"""From an owed mail to the message that goes out: which letter, in which language, with which headers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from tmam.catalog.change_date import read_times
from tmam.catalog.models import Event
from tmam.delivery.printed import MAX_TICKETS_PER_FILE
from tmam.fulfilment.files import TicketFile
from tmam.fulfilment.order_files import calendar_file, tickets_pdf
from tmam.kernel.colour import Oklch, accent_on_black, accent_on_white, hex_colour
from tmam.notifications.letter import Letter
from tmam.notifications.letters.account_letters import ACCOUNT_LETTERS
from tmam.notifications.letters.code_letters import codes_replaced
from tmam.notifications.letters.date_letters import date_changed
from tmam.notifications.letters.device_letters import DEVICE_LETTERS
from tmam.notifications.letters.link_letters import link_code
from tmam.notifications.letters.order_letters import (
    lost_tickets,
    order_confirmed,
    order_key,
    refund_instructed,
)
from tmam.notifications.letters.payment_letters import payment_declined
from tmam.notifications.letters.privacy_letters import account_erased
from tmam.notifications.letters.reminder_letters import tickets_reminder
from tmam.notifications.letters.team_letters import team_invitation, team_second_factor
from tmam.notifications.letters.wallet_letters import order_code, tickets_in_phone
from tmam.notifications.models import Mail
from tmam.orders.order_summary import OrderSummary, load_orders, summarize_order, summarize_orders
from tmam.orders.person_orders import orders_of

LARGEST_PDF_BYTES = 500_000
ACCOUNT_PREFIX = "account."


class ForeignLinkError(ValueError):
    """A letter links to somebody else's site."""


def compose_mail(mail: Mail, now: datetime) -> EmailMultiAlternatives:
    """Write one owed mail: a plain part, an HTML part with the same words, attachments, proper headers.

    Raises:
        LookupError: the mail's kind is unknown, or what it is about no longer exists.
        ForeignLinkError: it would lead somewhere else than to our own origin: a bug, and no such mail goes out.
    """
    with translation.override(mail.language):
        letter = _write_letter(mail, now)
        _check_links(letter)
        context = {
            "letter": letter,
            "language": mail.language,
            "is_right_to_left": translation.get_language_bidi(),
            "origin": settings.SITE_ORIGIN,
            "support_email": settings.TMAM.support_email,
            "accent": mail_accent(mail),
        }
        plain = render_to_string("mail/letter.txt", context).strip() + "\n"
        html = render_to_string("mail/letter.html", context)
    message = EmailMultiAlternatives(
        subject=" ".join(letter.subject.split()),
        body=plain,
        from_email=settings.TMAM.mail_from,
        to=[mail.to],
        reply_to=[settings.TMAM.support_email],
        headers=_headers(mail, now),
    )
    message.attach_alternative(html, "text/html")
    for attachment in letter.attachments:
        message.attach(attachment.name, attachment.content, attachment.media_type)
    return message


def mail_accent(mail: Mail) -> MailAccent:
    """The colours of a mail: those of the organizer whose order it is about, as on the order's pages; else ours."""
    hue = None
    if "order_id" in mail.context:
        events = Event.objects.filter(id=mail.context["event_id"])
        hue = events.values_list("organizer__accent_hue", flat=True).first()
    if hue is None:
        return MailAccent("#4a3fc4", "#b9b3ff", "#17133f")
    return MailAccent(
        hex_colour(accent_on_white(hue)), hex_colour(accent_on_black(hue)), hex_colour(Oklch(0.2, 0.03, hue))
    )


def _check_links(letter: Letter) -> None:
    """People learn that our links lead to us; one exception would teach them to trust any."""
    for block in letter.blocks:
        for url in (block.url, *(url for _, url in block.buttons)):
            if url and not url.startswith(f"{settings.SITE_ORIGIN}/"):
                raise ForeignLinkError(url)


@dataclass(frozen=True)
class MailAccent:
    """Accents as `#rrggbb`: with white, on a dark ground, and the letters on the latter."""

    light: str
    dark: str
    on_dark: str


def _write_letter(mail: Mail, now: datetime) -> Letter:
    if mail.template.startswith(ACCOUNT_PREFIX):
        name = mail.template.removeprefix(ACCOUNT_PREFIX)
        if name in DEVICE_LETTERS:
            return DEVICE_LETTERS[name](mail.context, now)
        return ACCOUNT_LETTERS[name](mail.context)
    return _LETTERS[mail.template](mail, now)


def _write_confirmation(mail: Mail, now: datetime) -> Letter:
    found = load_orders([order_key(mail.context)])
    if not found:
        raise LookupError(f"no order {mail.context}")
    order = summarize_order(found[0])
    attachments = [calendar_file(order, language=mail.language, now=now)]
    pdf = _small_pdf(order, mail.language)
    if pdf is not None:
        attachments.insert(0, pdf)
    return order_confirmed(order, attachments, has_pdf=pdf is not None)


def _write_reminder(mail: Mail, now: datetime) -> Letter:
    del now
    found = load_orders([order_key(mail.context)])
    if not found:
        raise LookupError(f"no order {mail.context}")
    return tickets_reminder(summarize_order(found[0]), int(mail.context["date"]))


def _write_codes_replaced(mail: Mail, now: datetime) -> Letter:
    del now
    found = load_orders([order_key(mail.context)])
    if not found:
        raise LookupError(f"no order {mail.context}")
    return codes_replaced(summarize_order(found[0]))


def _write_date_changed(mail: Mail, now: datetime) -> Letter:
    """What the date is by now, should it have changed again meanwhile."""
    found = load_orders([order_key(mail.context)])
    if not found:
        raise LookupError(f"no order {mail.context}")
    order = summarize_order(found[0])
    before = read_times(mail.context["before"])
    calendar = calendar_file(order, language=mail.language, now=now)
    return date_changed(order, int(mail.context["date"]), before, [calendar])


def _small_pdf(order: OrderSummary, language: str) -> TicketFile | None:
    """The tickets to print, unless there are none (in a phone, say), very many, or the file would choke a mailbox.

    Nor where paper opens no door.
    """
    if order.event.live_codes_only:
        return None
    lines = [line for line in order.valid_lines if line.ticket.device_key is None]
    if not 0 < len(lines) <= MAX_TICKETS_PER_FILE:
        return None
    pdf = tickets_pdf(order, lines, language=language)
    return pdf if len(pdf.content) <= LARGEST_PDF_BYTES else None


def _write_refund_notice(mail: Mail, now: datetime) -> Letter:
    del now
    found = mail.context
    return refund_instructed(
        Event.objects.get(id=found["event_id"]),
        int(found["amount_minor"]),
        found["currency"],
        were_places_gone=found["reason"] == "places_gone",
    )


def _write_decline_notice(mail: Mail, now: datetime) -> Letter:
    del now
    found = mail.context
    return payment_declined(int(found["amount_minor"]), found["currency"], found["payment_id"])


def _write_lost_tickets(mail: Mail, now: datetime) -> Letter:
    return lost_tickets(_upcoming(mail.to, now))


def _write_farewell(mail: Mail, now: datetime) -> Letter:
    return account_erased(_upcoming(mail.to, now))


def _upcoming(address: str, now: datetime) -> list[OrderSummary]:
    keys = [(row.event_id, row.order_id) for row in orders_of([address])]
    upcoming = [order for order in summarize_orders(load_orders(keys)) if order.is_upcoming(now)]
    return sorted(upcoming, key=lambda order: order.dates[0].starts_at)


def _write_order_code(mail: Mail, now: datetime) -> Letter:
    del now
    return order_code(mail.context)


def _write_tickets_in_phone(mail: Mail, now: datetime) -> Letter:
    del now
    found = load_orders([order_key(mail.context)])
    if not found:
        raise LookupError(f"no order {mail.context}")
    at = mail.context.get("at")  # letters that were owed before the button existed have none
    taken_at = datetime.fromisoformat(at) if at else None
    return tickets_in_phone(summarize_order(found[0]), mail.context["label"], taken_at)


def _write_team_invitation(mail: Mail, now: datetime) -> Letter:
    del now
    return team_invitation(mail.context)


def _write_team_second_factor(mail: Mail, now: datetime) -> Letter:
    del now
    return team_second_factor(mail.context)


_LETTERS: Mapping[str, Callable[[Mail, datetime], Letter]] = {
    "order_confirmed": _write_confirmation,
    "codes_replaced": _write_codes_replaced,
    "date_changed": _write_date_changed,
    "tickets_reminder": _write_reminder,
    "refund_instructed": _write_refund_notice,
    "order_code": _write_order_code,
    "tickets_in_phone": _write_tickets_in_phone,
    "lost_tickets": _write_lost_tickets,
    "link_code": lambda mail, _now: link_code(mail.context),
    "account_erased": _write_farewell,
    "payment_declined": _write_decline_notice,
    "team_invitation": _write_team_invitation,
    "team_second_factor": _write_team_second_factor,
}


def _headers(mail: Mail, now: datetime) -> dict[str, str]:
    """RFC 5322 headers; a machine wrote this (RFC 3834), so no vacation notices come back.

    The Message-ID is made from the cause: should a crash send a mail twice, mailboxes show it once.
    """
    domain = parseaddr(settings.TMAM.mail_from)[1].rpartition("@")[2] or "localhost"
    return {
        "Message-ID": f"<{hashlib.sha256(mail.cause.encode()).hexdigest()[:32]}.{mail.id}@{domain}>",
        "Date": format_datetime(now),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": mail.language,
    }
