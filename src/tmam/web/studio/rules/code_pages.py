"""`/studio/events/{id}/rules/codes/`: sales codes, added, changed, taken away and downloaded."""

from __future__ import annotations

import csv
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tmam.catalog.models import Event
from tmam.catalog.sales_rules import SalesCode
from tmam.inventory.change_sales_rules import CODE, Change, add_codes, put_rule, retire_codes
from tmam.inventory.rule_use import code_uses
from tmam.platform.errors import NotFoundError
from tmam.platform.statements import run_verb
from tmam.web.page_numbers import page_number
from tmam.web.studio.rules.code_forms import CodesForm, Does, TermsForm, does_of, terms_typed
from tmam.web.studio.rules.figures import code_row, load_codes
from tmam.web.studio.rules.sales_codes import random_codes
from tmam.web.studio.rules.shell import INVALID, remember, rules_page, show, who_changes


@rules_page("GET")
def codes(request: HttpRequest, event: Event) -> HttpResponse:
    """The event's codes, newest first, and one box to find one."""
    words = request.GET.get("q", "")[:40]
    found = load_codes(event, words, page_number(request), timezone.now())
    return show(request, event, "codes.html", codes=found, words=words)


@rules_page("GET")
def download(request: HttpRequest, event: Event) -> HttpResponse:
    """All codes as a table for a spreadsheet or a mailing."""
    del request
    used = run_verb(code_uses(event.id))
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="codes-{event.id}.csv"'
    table = csv.writer(answer)
    table.writerow(["code", "kind", "uses", "used"])
    for code in SalesCode.objects.filter(event=event).order_by("ordinal").iterator():
        table.writerow([code.code, code.kind, code.uses, used.get(code.ordinal, 0)])
    return answer


@rules_page("GET")
def choose_kind(request: HttpRequest, event: Event) -> HttpResponse:
    """What should the new codes do?"""
    return show(request, event, "code_kind.html")


@rules_page("GET", "POST")
def add(request: HttpRequest, event: Event, does: str) -> HttpResponse:
    """Add codes that do one thing.

    Raises:
        NotFoundError: codes can do no such thing.
    """
    if does not in set(Does):
        raise NotFoundError
    form = CodesForm(request.POST or None, initial={"uses": 1}, event=event, does=Does(does))
    if request.method != "POST" or not form.is_valid():
        status = INVALID if request.method == "POST" else 200
        return show(request, event, "codes_add.html", status, form=form, does=does)
    wanted = form.cleaned_data["codes"] or random_codes(form.cleaned_data["how_many"])
    changes = add_codes(event.id, wanted, form.value, who_changes(request))
    return _saved(request, event, changes, lambda: _added_words(len(changes), len(wanted)))


@rules_page("GET", "POST")
def change(request: HttpRequest, event: Event, ordinal: int) -> HttpResponse:
    """One code: change what it is good for, or take it away.

    Raises:
        NotFoundError: there is no such code any more.
    """
    code = SalesCode.objects.filter(event=event, ordinal=ordinal).first()
    if code is None:
        raise NotFoundError
    used = run_verb(code_uses(event.id)).get(ordinal, 0)
    if "remove" in request.POST:
        changes = retire_codes(event.id, [ordinal], who_changes(request))
        return _saved(request, event, changes, lambda: _gone_words(code.code, is_used=bool(used)))
    fields = ("uses", "ticket_types", "opens_at", "ends_at", "off_basis_points", "price_minor")
    initial = terms_typed({name: getattr(code, name) for name in fields}, event.currency)
    form = TermsForm(request.POST or None, initial=initial, event=event, does=does_of(code))
    if request.method != "POST" or not form.is_valid():
        types = {type_.ordinal: type_ for type_ in event.ticket_types.all()}
        context = {"form": form, "row": code_row(code, used, types, timezone.now())}
        return show(request, event, "code.html", INVALID if request.method == "POST" else 200, **context)
    changes = put_rule(
        event.id, CODE, {"ordinal": ordinal}, form.value | {"code": code.code}, who_changes(request)
    )
    return _saved(request, event, changes, lambda: _("%(code)s is changed.") % {"code": code.code})


def _gone_words(code: str, *, is_used: bool) -> str:
    if is_used:
        return _("%(code)s is stopped. Tickets bought with it stay good.") % {"code": code}
    return _("%(code)s is removed.") % {"code": code}


def _added_words(added: int, wanted: int) -> str:
    words = ngettext("%(count)s code is added.", "%(count)s codes are added.", added) % {"count": added}
    known = wanted - added
    if known:
        words += " " + ngettext(
            "%(count)s was there already and stays as it is.",
            "%(count)s were there already and stay as they are.",
            known,
        ) % {"count": known}
    return words


def _saved(request: HttpRequest, event: Event, changes: list[Change], say: Callable[[], str]) -> HttpResponse:
    remember(request, event, changes, say)
    return redirect("studio:codes", event_id=event.id)
