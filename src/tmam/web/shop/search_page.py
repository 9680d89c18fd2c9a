"""`/{language}/`: the home page when nothing is asked, else the results of a search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from babel import Locale
from babel.dates import format_date
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from tmam.catalog.models import Kind
from tmam.catalog.search import Found, SearchPage, count_matches, currencies_on_offer, search
from tmam.catalog.search_query import PAGE_MAX, ReadSearch, SearchQuery, read_search
from tmam.catalog.words import query_words
from tmam.kernel.locales import format_locale
from tmam.kernel.money import Money
from tmam.platform.statements import Verb, run_verb
from tmam.web.kept_briefly import KeptBriefly
from tmam.web.public import public_page
from tmam.web.shop import words
from tmam.web.shop.addresses import search_path
from tmam.web.shop.answers import with_etag
from tmam.web.shop.structured_data import site_data

HOME_EVENTS = 8
HOME_EVENTS_MIN = 4
FIELDS = (
    "q",
    "place",
    "when",
    "from",
    "to",
    "kind",
    "price-from",
    "price-to",
    "currency",
    "available",
    "page",
)

kept_currencies: KeptBriefly[tuple[str, ...]] = KeptBriefly(seconds=1.0)  # as long as the page itself


@dataclass(frozen=True)
class Choice:
    """A link that changes the search. `words` says to what, `note` how many events that leaves (if known)."""

    words: words.Words
    href: str
    is_current: bool = False
    events: int | None = None
    icon: str = ""
    value: str = ""


@public_page
def search_page(request: HttpRequest, language: str) -> HttpResponse:
    """The home page or the results of a search, never an error: what cannot be read is told at its field."""
    params = {name: request.GET.getlist(name) for name in request.GET}
    template, context = run_verb(_look(params, language, timezone.now()))
    return with_etag(request, render(request, template, context))


def _look(
    params: Mapping[str, Sequence[str]], language: str, now: datetime
) -> Verb[tuple[str, dict[str, Any]]]:
    """The template to show and its context: everything that is read is read in one transaction."""
    currencies = yield from _currencies()
    read = read_search(params, currencies)
    context = _form_context(read, language, currencies) | {"now": now}
    if read.query.is_everything and not read.troubles:
        return "shop/home.html", context | (yield from _home_context(language, now))
    return "shop/results.html", context | (yield from _results_context(read.query, language, now))


def _currencies() -> Verb[tuple[str, ...]]:
    """What is on offer in which currency hardly ever changes, and to count it takes a look at every event."""
    kept = kept_currencies.get()
    if kept is None:
        kept = kept_currencies.put((yield from currencies_on_offer()))
    return kept


def _form_context(read: ReadSearch, language: str, currencies: tuple[str, ...]) -> dict[str, Any]:
    query = read.query
    told = words.trouble_words(dict(read.troubles))
    # A date field shows nothing but dates; what else was typed there is gone from it, so the words tell.
    typed = {name: value for name, value in read.typed.items() if name not in {"from", "to"}}
    values = {name: value for name, value in query.params() if name != "kind"} | typed
    return {
        "query": query,
        # What the templates we share with other pages ask for and this one has not.
        "is_home": False,
        "og_image": "",
        "form": None,
        "values": _of_fields(values),
        "errors": _of_fields(told),
        "problems": [(text, words.trouble_target(name)) for name, text in told.items()],
        "currencies": tuple((code, _currency_name(code, language)) for code in currencies),
        "whens": [
            Choice(
                text,
                search_path(language, _at(query, when=when)),
                is_current=_is_when(query, when),
                value=when,
            )
            for when, text in words.WHEN_WORDS.items()
        ],
        "has_days": query.from_day is not None or query.to_day is not None,
    }


def _of_fields(known: Mapping[str, words.Words]) -> dict[str, words.Words]:
    """By field, with nothing where nothing is known: a template takes its time over names that do not exist."""
    return {name.replace("-", "_"): known.get(name, "") for name in FIELDS}


def _home_context(language: str, now: datetime) -> Verb[dict[str, Any]]:
    everything = yield from search(SearchQuery(when="any"), now)
    week = yield from search(SearchQuery(when="week"), now)
    is_this_week = week.total >= HOME_EVENTS_MIN
    shown = week if is_this_week else everything
    return {
        "is_this_week": is_this_week,
        "shown": _mixed(shown.found)[:HOME_EVENTS],
        "shown_total": shown.total,
        "more_href": search_path(language, SearchQuery(when="week" if is_this_week else "any")),
        "all_href": search_path(language, SearchQuery(when="any")),
        "total": everything.total,
        "has_trips": any(count.value in {Kind.TRAIN, Kind.FLIGHT} for count in everything.kinds),
        "site_data": site_data(language),
        "kinds": _kind_choices(everything, SearchQuery(), language),
        "cities": _city_choices(everything, SearchQuery(), language),
    }


def _mixed(found: Sequence[Found]) -> list[Found]:
    """The same events with kinds taking turns, so that a first look shows what there is."""
    seen: Counter[str] = Counter()
    turns = []
    for place, each in enumerate(found):
        turns.append((seen[each.kind], place, each))
        seen[each.kind] += 1
    return [each for _turn, _place, each in sorted(turns, key=lambda turn: turn[:2])]


def _results_context(query: SearchQuery, language: str, now: datetime) -> Verb[dict[str, Any]]:
    page = yield from search(query, now)
    counts = {count.value: count.events for count in page.kinds}
    context: dict[str, Any] = {
        "page": page,
        "asked": page.asked,
        "kinds": [
            (kind, words.KIND_WORDS[kind], counts.get(kind, 0), kind in query.kinds)
            for kind in _shown_kinds(page, query)
        ],
        "cities": page.cities,
        "chips": list(_chips(page.asked, language)),
        "everything_href": search_path(language, SearchQuery(when="any")),
        "pages": _pages(page, language),
        "literal_href": search_path(language, replace(query, when="any")) if page.is_understood else "",
    }
    if not page.total:
        context["ways_out"] = yield from _ways_out(page.asked, language, now)
    return context


def _shown_kinds(page: SearchPage, query: SearchQuery) -> list[str]:
    found = {count.value for count in page.kinds}
    return [kind for kind in Kind.values if kind in found or kind in query.kinds]


def _kind_choices(page: SearchPage, query: SearchQuery, language: str) -> list[Choice]:
    return [
        Choice(
            words.KIND_WORDS[count.value],
            search_path(language, replace(query, kinds=(count.value,), page=1)),
            events=count.events,
            icon=words.KIND_ICONS[count.value],
        )
        for count in page.kinds
    ]


def _city_choices(page: SearchPage, query: SearchQuery, language: str) -> list[Choice]:
    return [
        Choice(
            count.value, search_path(language, replace(query, place=count.value, page=1)), events=count.events
        )
        for count in page.cities
    ]


def _chips(query: SearchQuery, language: str) -> Iterator[Choice]:
    """What narrows the search, each with the address that takes it away."""
    for text, without in _parts(query, language):
        # A search without anything is the home page; whoever takes the last part away still wants a list.
        yield Choice(
            text, search_path(language, _at(without) if without.is_everything else replace(without, page=1))
        )


def _parts(query: SearchQuery, language: str) -> Iterator[tuple[words.Words, SearchQuery]]:
    if query.text:
        yield _("“%(text)s”") % {"text": query.text}, replace(query, text="")
    if query.place:
        yield query.place, replace(query, place="")
    if query.when not in {"", "any"}:
        yield words.WHEN_WORDS[query.when], replace(query, when="")
    if query.from_day or query.to_day:
        yield _days_words(query.from_day, query.to_day, language), replace(query, from_day=None, to_day=None)
    for kind in query.kinds:
        yield (
            words.KIND_WORDS[kind],
            replace(query, kinds=tuple(other for other in query.kinds if other != kind)),
        )
    if query.has_price:
        yield _price_words(query, language), replace(query, price_from_minor=None, price_to_minor=None)
    if query.only_available:
        yield _("Available now"), replace(query, only_available=False)


def _days_words(first: date | None, last: date | None, language: str) -> str:
    def written(day: date) -> str:
        return format_date(day, format="EEE, d MMM yyyy", locale=format_locale(language))

    if first and last:
        if first == last:
            return written(first)
        return _("%(first)s to %(last)s") % {"first": written(first), "last": written(last)}
    if first:
        return _("From %(first)s") % {"first": written(first)}
    return _("Until %(last)s") % {"last": written(last)} if last else ""


def _price_words(query: SearchQuery, language: str) -> str:
    low = (
        ""
        if query.price_from_minor is None
        else Money(query.price_from_minor, query.currency).format(language)
    )
    high = (
        "" if query.price_to_minor is None else Money(query.price_to_minor, query.currency).format(language)
    )
    if low and high:
        return _("%(low)s to %(high)s") % {"low": low, "high": high}
    return _("%(low)s or more") % {"low": low} if low else _("Up to %(high)s") % {"high": high}


def _ways_out(query: SearchQuery, language: str, now: datetime) -> Verb[list[Choice]]:
    """Searches close to one that found nothing and that do find something."""
    parts = list(_parts(query, language))
    closer = [(_("Without %(part)s") % {"part": text}, without) for text, without in parts if len(parts) > 1]
    typed = query_words(query.text, words_max=4)
    if len(typed) > 1:
        closer += [(_("Only “%(word)s”") % {"word": word}, replace(query, text=word)) for word in typed]
    ways = []
    for text, other in closer:
        other_page = replace(other, page=1)
        found = yield from count_matches(other_page, now)
        if found:
            ways.append(Choice(text, search_path(language, other_page), events=found))
    return ways


def _pages(page: SearchPage, language: str) -> list[Choice]:
    last = min(page.pages, PAGE_MAX)
    here = page.asked.page
    shown = sorted({1, last, *range(max(1, here - 2), min(last, here + 2) + 1)}) if last > 1 else []
    return [
        Choice(
            str(number), search_path(language, replace(page.asked, page=number)), is_current=number == here
        )
        for number in shown
    ]


def _at(query: SearchQuery, when: str = "any") -> SearchQuery:
    return replace(query, when=when, from_day=None, to_day=None, page=1)


def _is_when(query: SearchQuery, when: str) -> bool:
    return not query.from_day and not query.to_day and (query.when or "any") == when


def _currency_name(code: str, language: str) -> str:
    return str(Locale.parse(language).currencies.get(code, code))
