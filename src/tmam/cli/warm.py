"""`tmam warm EVENT`: the files of an event drawn ahead, with progress on the terminal."""

from __future__ import annotations

import sys
from datetime import timedelta

from tmam.cli.database import database, set_up_django
from tmam.cli.operator_error import OperatorError
from tmam.platform.logs import configure_logs
from tmam.platform.settings import Settings

SAY_EVERY_S = 2.0
SOMEBODY_ELSE_WITHIN = timedelta(minutes=1)
FAILED = 1


def run_warm(settings: Settings, event_id: int, forms: str) -> int:
    """Draw them; returns the exit status: 1 when some could not be made.

    Raises:
        OperatorError: no such event or form, no form at all, or it is being warmed by a worker.
    """
    wanted = [each.strip() for each in forms.split(",") if each.strip()]
    if not wanted:
        raise OperatorError("Name at least one form, such as --forms pdf, or leave --forms out.")
    configure_logs(settings.log_format, stream=sys.stderr)
    with database(settings):
        set_up_django()
        return _warm(settings, event_id, wanted)


def _warm(settings: Settings, event_id: int, forms: list[str]) -> int:
    from django.utils import timezone

    from tmam.catalog.models import Event
    from tmam.delivery.renderers import renderers_of
    from tmam.fulfilment.errors import FormNotKnownError
    from tmam.fulfilment.formats import FORMATS
    from tmam.fulfilment.models import Warming, WarmingState
    from tmam.fulfilment.warm_event import WarmTools, ask_to_warm, warm_slice
    from tmam.web.me.decoration import poster_of

    now = timezone.now()
    if not Event.objects.filter(id=event_id).exists():
        raise OperatorError(f"There is no event {event_id}.")
    if Warming.objects.filter(
        event_id=event_id, state=WarmingState.RUNNING, changed_at__gt=now - SOMEBODY_ELSE_WITHIN
    ).exists():
        raise OperatorError(f"A worker is drawing the files of event {event_id} already.")
    try:
        ask_to_warm(event_id, forms, now)
    except FormNotKnownError as error:
        known = ", ".join(name for name, form in FORMATS.items() if form.is_heavy)
        raise OperatorError(
            f"There is no form `{error.form}` that can be drawn ahead. There are: {known}."
        ) from None
    with renderers_of(settings) as using:
        tools = WarmTools(using, poster_of, timezone.now)
        goes_on = True
        while goes_on:
            goes_on = warm_slice(event_id, tools, SAY_EVERY_S)
            done = Warming.objects.get(event_id=event_id)
            room = ", making room for people" if done.is_making_room else ""
            print(
                f"{done.orders_done:,} of {done.orders:,} orders, {done.files_ready:,} files ready, "
                f"{done.files_failed:,} failed{room}",
                flush=True,
            )
    return FAILED if done.files_failed else 0
