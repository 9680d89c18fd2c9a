"""Template words of the shop: addresses and words for values of the catalogue."""

from __future__ import annotations

from datetime import date

from babel import Locale
from babel.dates import format_date
from django import template
from django.utils.translation import get_language

from tmam.kernel.locales import format_locale
from tmam.web.shop import words
from tmam.web.shop.cards import event_card

register = template.Library()


register.simple_tag(event_card)


@register.filter
def one_kind(kind: str) -> str:
    """`Concert` for `concert`."""
    return str(words.ONE_KIND_WORDS.get(kind, kind))


@register.filter
def when_words(when: str) -> str:
    """`This weekend` for `weekend`."""
    return str(words.WHEN_WORDS.get(when, when))


@register.filter
def country_name(code: str) -> str:
    """`Spain` for `ES`, in the reader's language."""
    return str(Locale.parse(_locale()).territories.get(code, code))


@register.filter
def weekday_short(day: date) -> str:
    """`Sat`."""
    return format_date(day, format="EEE", locale=_locale())


@register.filter
def month_short(day: date) -> str:
    """`Dec`."""
    return format_date(day, format="LLL", locale=_locale())


def _locale() -> str:
    return format_locale(get_language() or "en")
