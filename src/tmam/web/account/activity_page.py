"""`/me/account/activity/`: "your account, lately", in sentences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar, cast

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tmam.accounts.browser_names import browser_name
from tmam.accounts.models import SecurityEntry
from tmam.web.account.activity_words import actor_words, happening_words
from tmam.web.page_numbers import page_number

M = TypeVar("M", bound=Model)
PER_PAGE = 50
LAST_PAGE = 1_000


@dataclass(frozen=True)
class ShownEntry:
    """One happening as people read it."""

    at: datetime
    words: str
    actor: str
    is_staff: bool
    reason: str
    where: str
    browser: str


@dataclass(frozen=True)
class Pages:
    """Where in a long list one is; 0 means that there is none."""

    number: int
    newer: int
    older: int


@require_safe
@never_cache
@login_required
def activity_page(request: HttpRequest) -> HttpResponse:
    """What happened, newest first."""
    found = SecurityEntry.objects.filter(user_id=cast("int", request.user.pk)).order_by("-at", "-id")
    rows, pages = page_of(request, found)
    context = {"entries": shown_entries(rows), "pages": pages, "days": settings.TMAM.security_log_days}
    return render(request, "privacy/activity.html", context)


@require_safe
@never_cache
@login_required
def not_me_page(request: HttpRequest) -> HttpResponse:
    """What to do about something one did not do."""
    return render(request, "privacy/not_me.html")


def shown_entries(rows: Iterable[SecurityEntry]) -> list[ShownEntry]:
    """Entries in words."""
    return [
        ShownEntry(
            row.at,
            happening_words(row.name),
            actor_words(row.actor),
            row.actor.startswith("staff:"),
            row.reason,
            " · ".join(part for part in (row.place, row.network) if part),
            browser_name(row.browser) if row.browser else "",
        )
        for row in rows
    ]


def page_of(request: HttpRequest, found: QuerySet[M]) -> tuple[list[M], Pages]:
    """One page of a list, by `?page=`; what is no number is the first."""
    number = page_number(request, last=LAST_PAGE)
    start = (number - 1) * PER_PAGE
    rows = list(found[start : start + PER_PAGE + 1])
    older = number + 1 if len(rows) > PER_PAGE else 0
    return rows[:PER_PAGE], Pages(number, number - 1, older)
