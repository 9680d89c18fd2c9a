"""Write down that tickets were fetched: reminders go to those who did not, organizers see the share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tmam.platform.statements import Verb, statement

_RECORD_DOWNLOADS = statement("tmam.fulfilment", "record_downloads")


def record_downloads(event_id: int, serials: Iterable[int], form: str, now: datetime) -> Verb[None]:
    """These tickets of an event were fetched as `form` (a name of `formats.FORMATS`, `google`, `wallet`)."""
    wanted = sorted(set(serials))
    if wanted:
        yield _RECORD_DOWNLOADS, (event_id, wanted, form, now)
