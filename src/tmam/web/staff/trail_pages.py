"""The audit trail of staff, and the records that the law makes us keep."""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tmam.accounts.models import StaffAction, User
from tmam.accounts.staff_log import KEPT_OPENED, TRAIL_READ
from tmam.orders.forget_buyer import opened
from tmam.orders.models import KeptRecord
from tmam.web.account.activity_page import page_of
from tmam.web.account.activity_words import happening_words
from tmam.web.account.step_up import fresh_proof_required
from tmam.web.staff.access import note_search, staff_page
from tmam.web.staff.forms import KeptForm, TrailForm

CSV_AT_A_TIME = 1_000
COLUMNS = ("at", "staff", "action", "person", "reason", "network")


@staff_page("GET")
def trail(request: HttpRequest) -> HttpResponse:
    """What staff did and looked at, newest first."""
    form = TrailForm(request.GET)
    found = _filtered(form)
    rows, pages = page_of(request, found)
    names = User.objects.in_bulk({row.staff_id for row in rows})
    asked = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context = {
        "form": form,
        "actions": [(row, happening_words(row.name), names.get(row.staff_id)) for row in rows],
        "pages": pages,
        "page_query": f"&{urlencode(asked)}" if asked else "",
        "query": urlencode(asked),
    }
    return render(request, "staff/trail.html", context)


@staff_page("GET")
def trail_csv(request: HttpRequest) -> HttpResponseBase:
    """The same as a file, as long as it may be: streamed."""
    note_search(request, TRAIL_READ)
    rows = _filtered(TrailForm(request.GET)).iterator(CSV_AT_A_TIME)
    lines = itertools.chain([COLUMNS], map(_cells, rows))
    response = StreamingHttpResponse(_written(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="staff-trail.csv"'
    return response


@staff_page("GET", "POST")
@fresh_proof_required
def kept(request: HttpRequest) -> HttpResponse:
    """Open one kept record, with the ground for it."""
    form = KeptForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "count": KeptRecord.objects.count()}
    if request.method != "POST":
        return render(request, "staff/kept.html", context)
    if not form.is_valid():
        return render(request, "staff/kept.html", context, status=422)
    reference = form.cleaned_data["reference"].strip().upper()
    note_search(request, KEPT_OPENED, f"{reference}: {form.cleaned_data['reason']}")
    record = KeptRecord.objects.filter(booking_reference=reference).first()
    if record is None:
        form.add_error("reference", _("We keep no record for this reference."))
        return render(request, "staff/kept.html", context, status=422)
    return render(request, "staff/kept.html", {**context, "record": record, "opened": opened(record)})


def _filtered(form: TrailForm) -> QuerySet[StaffAction]:
    found = StaffAction.objects.order_by("-at", "-id")
    if not form.is_valid():
        return found.none()
    typed = form.cleaned_data
    if typed["staff"]:
        found = found.filter(staff_id=typed["staff"])
    if typed["person"]:
        found = found.filter(user_id=typed["person"])
    if typed["since"]:
        found = found.filter(at__gte=datetime.combine(typed["since"], time(), UTC))
    return found


def _cells(row: StaffAction) -> tuple[str, ...]:
    cells = (row.at.isoformat(), row.staff_id, row.name, row.user_id or "", row.reason, row.network)
    return tuple(_harmless(str(cell)) for cell in cells)


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


class _Line:
    """What csv writes to: it hands each line on."""

    def write(self, text: str) -> str:
        return text


def _written(lines: Iterator[tuple[str, ...]]) -> Iterator[str]:
    writer = csv.writer(_Line())
    return (writer.writerow(line) for line in lines)
