"""`/studio/events/{id}/rules/`: what one order, person, card and channel may have."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tmam.catalog.models import Event
from tmam.catalog.sales_rules import Channel, Contingent, LimitKind, SalesLimit
from tmam.inventory.change_sales_rules import CONTINGENT, DOOR, LIMIT, ORDER, Change, put_rule, undo
from tmam.inventory.rule_use import limit_use
from tmam.platform.errors import NotFoundError
from tmam.platform.statements import run_verb
from tmam.web.studio.rules import figures
from tmam.web.studio.rules.forms import ContingentForm, DoorForm, LimitForm, OrderForm, exempt_to_counted
from tmam.web.studio.rules.shell import INVALID, UNDO, last_change, remember, rules_page, show, who_changes
from tmam.web.studio.rules.words import CHANNELS, LIMIT_HINTS, LIMITS


@rules_page("GET")
def rules(request: HttpRequest, event: Event) -> HttpResponse:
    """All rules of an event, each with what is used of it."""
    return show(
        request,
        event,
        "rules.html",
        limits=figures.load_limits(event),
        pools=figures.load_contingents(event),
        codes=figures.count_codes(event),
    )


@rules_page("GET", "POST")
def order(request: HttpRequest, event: Event) -> HttpResponse:
    """What one order may have, and whether seats may be left alone."""
    has_seats = event.seat_plan_id is not None
    before = {"max_per_order": event.max_per_order, "avoid_single_seats": event.avoid_single_seats}
    form = OrderForm(request.POST or None, initial=before, has_seats=has_seats)
    if request.method != "POST" or not form.is_valid():
        return show(request, event, "order.html", INVALID if form.is_bound else 200, form=form)
    value = form.value if has_seats else before | {"max_per_order": form.value["max_per_order"]}
    changes = put_rule(event.id, ORDER, {}, value, who_changes(request))
    most = value["max_per_order"]

    def say() -> str:
        return ngettext("%(most)s ticket an order.", "Up to %(most)s tickets an order.", most) % {
            "most": most
        }

    return _saved(request, event, changes, say)


@rules_page("GET", "POST")
def door(request: HttpRequest, event: Event) -> HttpResponse:
    """Whether gates admit live codes only."""
    form = DoorForm(request.POST or None, initial={"live_codes_only": event.live_codes_only})
    if request.method != "POST" or not form.is_valid():
        return show(request, event, "door.html", INVALID if form.is_bound else 200, form=form)
    changes = put_rule(event.id, DOOR, {}, form.value, who_changes(request))
    only = form.value["live_codes_only"]

    def say() -> str:
        return _("The door admits live codes only.") if only else _("The door admits every genuine code.")

    return _saved(request, event, changes, say)


@rules_page("GET", "POST")
def limit(request: HttpRequest, event: Event, kind: str) -> HttpResponse:
    """One limit: set it, change it, or drop it.

    Raises:
        NotFoundError: there is no such kind of limit.
    """
    if kind not in LimitKind.values:
        raise NotFoundError
    of_kind, key = LimitKind(kind), {"kind": kind}
    row = SalesLimit.objects.filter(event=event, kind=kind).first()
    if "remove" in request.POST:
        changes = put_rule(event.id, LIMIT, key, None, who_changes(request))
        return _saved(
            request, event, changes, lambda: _("%(rule)s: no limit any more.") % {"rule": LIMITS[of_kind]}
        )
    initial = {
        "most": row.most if row else None,
        "counted": exempt_to_counted(row.exempt_channels) if row else [Channel.WEB.value],
    }
    form = LimitForm(request.POST or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "row": row, "name": LIMITS[of_kind], "hint": LIMIT_HINTS[of_kind]}
        return show(request, event, "limit.html", INVALID if request.method == "POST" else 200, **context)
    changes = put_rule(event.id, LIMIT, key, form.value, who_changes(request))
    most = form.value["most"]
    full = run_verb(limit_use(event.id, {kind: most}))[kind].full
    return _saved(request, event, changes, lambda: _limit_words(of_kind, most, full))


@rules_page("GET", "POST")
def contingent(request: HttpRequest, event: Event, pool: int, channel: str) -> HttpResponse:
    """What one channel may sell of a pool: set it, change it, or drop it.

    Raises:
        NotFoundError: there is no such pool or channel.
    """
    rows = next((rows for rows in figures.load_contingents(event) if rows.pool == pool), None)
    if channel not in Channel.values or rows is None:
        raise NotFoundError
    key, name = {"pool": pool, "channel": channel}, CHANNELS[Channel(channel)]
    row = Contingent.objects.filter(event=event, **key).first()
    if "remove" in request.POST:
        changes = put_rule(event.id, CONTINGENT, key, None, who_changes(request))
        return _saved(
            request, event, changes, lambda: _("%(channel)s: may sell all there are.") % {"channel": name}
        )
    form = ContingentForm(request.POST or None, initial={"places": row.places if row else None})
    if request.method != "POST" or not form.is_valid():
        context = {"form": form, "row": row, "name": name, "pool": rows}
        return show(
            request, event, "contingent.html", INVALID if request.method == "POST" else 200, **context
        )
    changes = put_rule(event.id, CONTINGENT, key, form.value, who_changes(request))
    places = form.value["places"]

    def say() -> str:
        words = ngettext(
            "%(channel)s: %(places)s place on each date.",
            "%(channel)s: %(places)s places on each date.",
            places,
        )
        return words % {"channel": name, "places": places}

    return _saved(request, event, changes, say)


@rules_page("POST")
def take_back(request: HttpRequest, event: Event) -> HttpResponse:
    """Undo what this person changed last.

    Raises:
        RuleChangedError: somebody else has changed it since.
    """
    kept = last_change(request, event)
    if kept is not None:
        del request.session[UNDO]
        undo(event.id, kept["changes"], who_changes(request))
    return redirect("studio:rules", event_id=event.id)


def _limit_words(kind: LimitKind, most: int, full: int) -> str:
    """The new limit; and what it means for the `full` who have that many already."""
    words = ngettext("%(rule)s: at most %(most)s ticket.", "%(rule)s: at most %(most)s tickets.", most)
    told = words % {"rule": LIMITS[kind], "most": most}
    if full:
        told += " " + ngettext(
            "%(full)s has that many already: they keep their tickets and can buy no more.",
            "%(full)s have that many already: they keep their tickets and can buy no more.",
            full,
        ) % {"full": full}
    return told


def _saved(request: HttpRequest, event: Event, changes: list[Change], say: Callable[[], str]) -> HttpResponse:
    remember(request, event, changes, say)
    return redirect("studio:rules", event_id=event.id)
