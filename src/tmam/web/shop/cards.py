"""The card of a found event. Drawn once for the same words and numbers: searches show the same events over and over."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from tmam.catalog.rules import SaleState
from tmam.catalog.search import Found
from tmam.kernel.locales import format_locale
from tmam.kernel.texts import in_language
from tmam.web.posters import poster_path
from tmam.web.shop.addresses import event_path

CARDS_KEPT = 8_192  # about 2 kB each
EAGER_PICTURES = 3  # what is seen without scrolling
LAZY = ' loading="lazy"'


@dataclass(frozen=True)
class Card:
    """Everything that a card shows. `left` only where few are, `opens_at` only while that is still to come."""

    language: str
    address: str
    poster: str
    kind: str
    title: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    more_dates: int
    venue: str
    city: str
    price_from_minor: int
    has_many_prices: bool
    currency: str
    state: SaleState
    left: int
    opens_at: datetime | None


def event_card(found: Found, now: datetime, place: int) -> SafeString:
    """The card of a found event as HTML, in the reader's language; `place` counts from 1 on the page."""
    language = translation.get_language() or "en"
    date = found.date_ordinal if found.dates > 1 else None
    drawn = _drawn(
        Card(
            language=language,
            address=event_path(language, found.event_id, found.slug, date),
            poster=poster_path(found.event_id, found.poster_seed),
            kind=found.kind,
            title=in_language(found.title, format_locale(language)),
            starts_at=found.starts_at,
            ends_at=found.ends_at,
            time_zone=found.time_zone,
            more_dates=found.more_dates,
            venue=found.venue,
            city=found.city,
            price_from_minor=found.price_from_minor,
            has_many_prices=found.has_many_prices,
            currency=found.currency,
            state=found.state,
            left=found.left if found.state is SaleState.FEW else 0,
            opens_at=found.sales_start_at if found.sales_start_at > now else None,
        )
    )
    return drawn if place > EAGER_PICTURES else mark_safe(drawn.replace(LAZY, "", 1))  # noqa: S308 - the same, less one attribute


@functools.lru_cache(maxsize=CARDS_KEPT)
def _drawn(card: Card) -> SafeString:
    with translation.override(card.language):
        return mark_safe(render_to_string("shop/_event_card.html", {"card": card}))  # noqa: S308 - our own template
