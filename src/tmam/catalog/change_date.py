"""Change when a date takes place and where one goes in; its places, prices and tickets stay.

Codes stay good: tickets of a changed date go by the date (`gates.rules.entry_window`), not by the times they were
sold with, so nothing is issued again and what people printed still opens the gate. The end of sales keeps its
distance from the start. Whoever must hear of it (mails, search, passes, calendars) reads `date.changed` in the log.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias

from django.db import transaction

from tmam.catalog.date_rules import DateTimes, problems_of
from tmam.catalog.errors import DateChangedSinceError, DateFixedError, DateImpossibleError
from tmam.catalog.models import Date
from tmam.platform.errors import NotFoundError
from tmam.platform.event_log import Fact, log_facts
from tmam.platform.statements import run_verb

FACT: Final = "date.changed"
FIELDS: Final = ("starts_at", "ends_at", "doors_at", "entrance")
# By field: before, after; instants are ISO texts in UTC, the entrance a text by language.
Changes: TypeAlias = dict[str, list[Any]]


@dataclass(frozen=True)
class Who:
    """Who changes something in the catalogue (`user:7`), when, in which request."""

    actor: str
    now: datetime
    request_id: str = ""


def change_date(event_id: int, ordinal: int, wanted: DateTimes, who: Who, *, seen: int) -> Changes:
    """Change one date. `seen` is the revision that was looked at. Answers what changed; nothing: no fact, no mail.

    Logs `date.changed` {date, revision, changes}, which holds nobody's name.

    Raises:
        NotFoundError: no such date.
        DateChangedSinceError: its revision is another by now.
        DateFixedError: see `is_fixed`.
        DateImpossibleError: see `date_rules.problems_of`.
    """
    with transaction.atomic():
        date = Date.objects.select_for_update().filter(event_id=event_id, ordinal=ordinal).first()
        if date is None:
            raise NotFoundError
        if date.revision != seen:
            raise DateChangedSinceError
        if is_fixed(date, who.now):
            raise DateFixedError
        for problem in problems_of(wanted, who.now, starts_at=date.starts_at):
            raise DateImpossibleError(problem=problem.value)
        before = times_json(times_of(date))
        after = times_json(wanted)
        changes = {name: [before[name], after[name]] for name in FIELDS if before[name] != after[name]}
        if not changes:
            return {}
        date.sales_end_at += wanted.starts_at - date.starts_at
        date.starts_at, date.ends_at, date.doors_at = wanted.starts_at, wanted.ends_at, wanted.doors_at
        date.entrance = after["entrance"]
        date.revision += 1
        date.save(update_fields=[*FIELDS, "sales_end_at", "revision"])
        data = {"date": ordinal, "revision": date.revision, "changes": changes}
        run_verb(log_facts(event_id, [Fact(FACT, who.now, who.actor, data, who.request_id)]))
    return changes


def is_fixed(date: Date, now: datetime) -> bool:
    """Whether a date cannot be changed: it is over or cancelled, or a trip, whose times its timetable brings."""
    return date.ends_at <= now or date.is_cancelled or date.pattern is not None


def times_of(date: Date) -> DateTimes:
    """What can be changed of a date, as it is."""
    return DateTimes(date.starts_at, date.ends_at, date.doors_at, date.entrance)


def times_json(times: DateTimes) -> dict[str, Any]:
    """As the log keeps it; empty words for an entrance are none."""
    return {
        "starts_at": times.starts_at.isoformat(),
        "ends_at": times.ends_at.isoformat(),
        "doors_at": times.doors_at.isoformat() if times.doors_at else None,
        "entrance": {code: words.strip() for code, words in times.entrance.items() if words.strip()},
    }


def read_times(kept: dict[str, Any]) -> DateTimes:
    """What `times_json` wrote."""
    return DateTimes(
        datetime.fromisoformat(kept["starts_at"]),
        datetime.fromisoformat(kept["ends_at"]),
        datetime.fromisoformat(kept["doors_at"]) if kept["doors_at"] else None,
        kept["entrance"],
    )
