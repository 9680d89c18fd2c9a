"""Tell everybody who has a pass of a date that something about it changed: a message on the phone."""

from __future__ import annotations

from django.utils import translation
from django.utils.translation import gettext

from tmam.catalog.models import Date, Event
from tmam.delivery.google.passes import Json, localized
from tmam.fulfilment.google.account import GoogleAccount
from tmam.fulfilment.google.client import GoogleWallet
from tmam.kernel.texts import in_language

LANGUAGES = ("en", "es")


def tell_of_date(event_id: int, date_ordinal: int, news: str, account: GoogleAccount) -> None:
    """Send one message for one piece of news; Google shows it once however often it is sent.

    Trips have a class for each stretch, which the passes themselves bring up to date: no message for those.

    Raises:
        GoogleNotReachedError, GoogleRefusedError: see `client.GoogleWallet`.
    """
    date = Date.objects.select_related("event").filter(event_id=event_id, ordinal=date_ordinal).first()
    if date is None or date.pattern is not None:
        return
    with GoogleWallet(account) as google:
        google.tell(
            "eventTicket", f"{account.issuer}.tmam-{event_id}-{date_ordinal}", _message(date.event, news)
        )


def _message(event: Event, news: str) -> Json:
    headers, bodies = {}, {}
    for language in LANGUAGES:
        with translation.override(language):
            headers[language] = gettext("Your event has changed")
            bodies[language] = gettext(
                "%(event)s: a time or the entrance is new. Your ticket says what holds now."
            ) % {"event": in_language(event.title, language)}
    return {
        "id": news,
        "localizedHeader": localized(headers, "en"),
        "localizedBody": localized(bodies, "en"),
        "header": headers["en"],
        "body": bodies["en"],
        "messageType": "TEXT_AND_NOTIFY",
    }
