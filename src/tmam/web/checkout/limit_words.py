"""How the till says that a limit is reached: the words of its help page, and for which event."""

from __future__ import annotations

from django.utils.translation import get_language

from tmam.inventory.errors import LimitReachedError
from tmam.kernel.texts import in_language
from tmam.orders.baskets import Basket
from tmam.platform.error_words import words_for


def limit_words(error: LimitReachedError, basket: Basket) -> str:
    """One sentence; with the event's title in front where the basket has several events."""
    language = get_language() or "en"
    summary = words_for(error, language).summary
    titles = {
        item.event.id: in_language(item.event.title, language)
        for item in basket.items
        if any((limit.kind, limit.most) == (error.limit, error.most) for limit in item.limits)
    }
    is_told_apart = len({item.event.id for item in basket.items}) > 1
    return f"{', '.join(titles.values())}: {summary}" if titles and is_told_apart else summary
