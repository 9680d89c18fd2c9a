"""`/studio/events/{id}/dates/`: an event's dates, and changing one."""

from __future__ import annotations

from datetime import date as day_type
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tmam.catalog.change_date import Changes, Who, change_date, is_fixed, read_times, times_json, times_of
from tmam.catalog.errors import DateChangedSinceError
from tmam.catalog.models import Date, Event
from tmam.notifications.date_news import TELL_AFTER
from tmam.notifications.models import DateNews
from tmam.notifications.when_words import moment_words
from tmam.platform.errors import NotFoundError
from tmam.platform.statements import run_verb
from tmam.tickets.queries import count_of_date
from tmam.web.every_language import in_every_language
from tmam.web.studio.dates.forms import DateForm
from tmam.web.studio.dates.shell import INVALID, event_page

MAX_DATES: Final = 60
UNDO: Final = "date_undo"
SOMEBODY_WAS_FASTER: Final = 409


@event_page("GET")
def dates(request: HttpRequest, event: Event) -> HttpResponse:
    """The dates to come, or those from `?day=` on; the first sixty."""
    now = timezone.now()
    asked = _day(request.GET.get("day", ""))
    found = Date.objects.filter(event=event, ends_at__gt=now)
    if asked is not None:
        zone = ZoneInfo(event.venue.time_zone)
        found = found.filter(starts_at__gte=datetime.combine(asked, time.min, tzinfo=zone))
    rows = list(found.order_by("starts_at", "ordinal")[: MAX_DATES + 1])
    shown = rows[:MAX_DATES]
    news = _news(event, [date.ordinal for date in shown])
    context = {
        "event": event,
        "dates": [(date, is_fixed(date, now), news.get(date.ordinal)) for date in shown],
        "has_more": len(rows) > MAX_DATES,
        "day": asked,
        "is_trips": any(date.pattern is not None for date in shown),
        "last_change": _last_change(request, event),
        "now": now,
    }
    return render(request, "studio/dates/dates.html", context)


@event_page("GET", "POST")
def change(request: HttpRequest, event: Event, ordinal: int) -> HttpResponse:
    """One date: its times and its entrance.

    Raises:
        NotFoundError: no such date.
        DateFixedError: it cannot be changed (any more).
    """
    now = timezone.now()
    date = Date.objects.filter(event=event, ordinal=ordinal).first()
    if date is None:
        raise NotFoundError
    with timezone.override(ZoneInfo(date.time_zone)):
        form = DateForm(request.POST or None, date=date, now=now)
        if request.method != "POST":
            return _show(request, event, form)
        if not form.is_valid():
            return _show(request, event, form, INVALID)
        before = times_json(times_of(date))
        try:
            changes = change_date(
                event.id, ordinal, form.wanted, _who(request), seen=form.cleaned_data["seen"]
            )
        except DateChangedSinceError:
            return _show_overtaken(request, event, ordinal, now)
    if changes:
        _remember(request, event, ordinal, before, changes)
    return redirect("studio:dates", event_id=event.id)


@event_page("POST")
def take_back(request: HttpRequest, event: Event, ordinal: int) -> HttpResponse:
    """Undo what this person changed last, if that was this date; soon enough, nobody hears of it.

    Raises:
        DateChangedSinceError: somebody else has changed it since.
        DateFixedError, DateImpossibleError: the time of before has come meanwhile.
    """
    kept = _last_change(request, event)
    if kept is not None and kept["ordinal"] == ordinal:
        change_date(event.id, ordinal, read_times(kept["before"]), _who(request), seen=kept["revision"])
        del request.session[UNDO]
    return redirect("studio:dates", event_id=event.id)


def _show(
    request: HttpRequest, event: Event, form: DateForm, status: int = 200, *, is_overtaken: bool = False
) -> HttpResponse:
    tickets, orders = run_verb(count_of_date(event.id, form.date.ordinal))
    context = {
        "event": event,
        "date": form.date,
        "form": form,
        "is_fixed": is_fixed(form.date, form.now),
        "is_overtaken": is_overtaken,
        "tickets": tickets,
        "orders": orders,
        "minutes": TELL_AFTER // timedelta(minutes=1),
        "now": form.now,
    }
    return render(request, "studio/dates/date.html", context, status=status)


def _show_overtaken(request: HttpRequest, event: Event, ordinal: int, now: datetime) -> HttpResponse:
    """What was typed stays; beside it stands what the other one made of the date, and saving again is a choice."""
    date = Date.objects.get(event=event, ordinal=ordinal)
    typed = request.POST.copy()
    typed["seen"] = str(date.revision)
    form = DateForm(typed, date=date, now=now)
    return _show(request, event, form, SOMEBODY_WAS_FASTER, is_overtaken=True)


def _words(date: Date, changes: Changes) -> str:
    when = moment_words(date.starts_at, date.time_zone)
    if "starts_at" in changes:
        return _("Moved: it now starts on %(when)s.") % {"when": when}
    return _("Changed: the date on %(when)s.") % {"when": when}


def _remember(
    request: HttpRequest, event: Event, ordinal: int, before: dict[str, Any], changes: Changes
) -> None:
    date = Date.objects.get(event=event, ordinal=ordinal)
    request.session[UNDO] = {
        "event": event.id,
        "ordinal": ordinal,
        "revision": date.revision,
        "before": before,
        "said": in_every_language(lambda: _words(date, changes)),
        "at": timezone.now().isoformat(),
    }


def _last_change(request: HttpRequest, event: Event) -> dict[str, Any] | None:
    """What this person changed last in this event, while nobody was told of it."""
    kept: dict[str, Any] | None = request.session.get(UNDO)
    if kept is None or kept["event"] != event.id:
        return None
    return kept if timezone.now() - datetime.fromisoformat(kept["at"]) < TELL_AFTER else None


def _news(event: Event, ordinals: list[int]) -> dict[int, DateNews]:
    """The newest telling of each date."""
    rows = DateNews.objects.filter(event_id=event.id, date_ordinal__in=ordinals).order_by("revision")
    return {row.date_ordinal: row for row in rows}


def _who(request: HttpRequest) -> Who:
    return Who(f"user:{request.user.pk}", timezone.now(), str(request.META.get("tmam.request_id", "")))


def _day(text: str) -> day_type | None:
    try:
        return day_type.fromisoformat(text) if text else None
    except ValueError:
        return None
