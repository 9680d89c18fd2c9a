"""Template words for figures: how much is sold, how long ago, what a gate answered."""

from __future__ import annotations

from datetime import datetime

from babel.dates import format_timedelta
from babel.numbers import format_decimal, format_percent
from django import template
from django.utils.translation import get_language, gettext, pgettext

from tmam.gates.models import Scan
from tmam.gates.rules import Verdict
from tmam.inventory.queries import Places
from tmam.kernel.locales import format_locale
from tmam.platform.error_words import page_words

register = template.Library()
METER_WIDTH = 1_000


@register.filter
def number(count: int) -> str:
    """A whole number in the reader's way: 12,400 or 12.400."""
    return str(format_decimal(count, locale=_locale()))


@register.filter
def percent(part: float) -> str:
    """`15` → 15% or 15 %, in the reader's way; at most two digits behind the point."""
    return str(format_percent(part / 100, "#,##0.##%", locale=_locale()))


@register.filter
def ago(at: datetime, now: datetime) -> str:
    """`3 minutes ago`, `in 7 minutes`; within a minute, `just now`."""
    distance = at - now
    if -60 < distance.total_seconds() <= 0:
        return gettext("just now")
    return str(format_timedelta(distance, granularity="minute", add_direction=True, locale=_locale()))


@register.filter
def scan_words(scan: Scan) -> str:
    """What the gate answered, in a few words: the title of the answer's help page."""
    if scan.verdict == Verdict.ADMIT:
        return pgettext("one ticket", "Admitted")
    return page_words(scan.code, get_language() or "en").title


@register.inclusion_tag("studio/_stock.html")
def stock(places: Places) -> dict[str, object]:
    """A bar of what is sold and reserved, with the numbers beside it."""
    capacity = max(places.capacity, 1)
    sold_width = min(METER_WIDTH, METER_WIDTH * places.sold // capacity)
    return {
        "places": places,
        "left": max(places.free, 0),
        "sold_width": sold_width,
        "held_width": min(METER_WIDTH - sold_width, METER_WIDTH * places.held // capacity),
    }


def _locale() -> str:
    return format_locale(get_language() or "en")
