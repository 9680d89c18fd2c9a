"""What people ask for when they search for a journey: read from an address, each mistake kept with its field. Pure."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from tmam.timetables.stations import TYPED_MAX, Stations, Stop

_TIME = re.compile(r"([01]?[0-9]|2[0-3])[:.]?([0-5][0-9])")
BEFORE = "before"
YEARS_AHEAD_MAX = 2


class Trouble(enum.Enum):
    """What is wrong with a field."""

    EMPTY = enum.auto()
    UNKNOWN = enum.auto()
    SAME = enum.auto()
    NOT_A_DAY = enum.auto()
    NOT_A_TIME = enum.auto()
    PAST = enum.auto()


@dataclass(frozen=True)
class TripsAsked:
    """A search as typed, and as understood. `choices` are stations to choose from, by field; `at` is on the origin's clock."""

    typed: dict[str, str]
    origin: Stop | None = None
    target: Stop | None = None
    at: datetime | None = None
    is_before: bool = False
    choices: dict[str, list[Stop]] = field(default_factory=dict)
    troubles: dict[str, Trouble] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether journeys can be looked for."""
        return not self.troubles and not self.choices and self.at is not None and self.target is not None

    def params(self, **changes: str) -> list[tuple[str, str]]:
        """The same search as an address says it, with changes; `search` only if it is told."""
        values = {name: self.typed[name] for name in ("from", "to", "day", "time")} | {
            name.rstrip("_"): value for name, value in changes.items()
        }
        return [(name, values[name]) for name in (*sorted(values, key=_order),) if values[name]]


def read_trips(params: Mapping[str, str], stations: Stations, now: datetime) -> TripsAsked:
    """Read a search. Without `from` or `to` nothing was asked yet (a link may fill one of them), and nothing is wrong."""
    typed = {name: params.get(name, "").strip()[:TYPED_MAX] for name in ("from", "to", "day", "time")}
    if "from" not in params or "to" not in params:
        return TripsAsked(typed)
    choices: dict[str, list[Stop]] = {}
    troubles: dict[str, Trouble] = {}
    found: dict[str, Stop] = {}
    for name in ("from", "to"):
        stops = stations.find(typed[name])
        if not typed[name]:
            troubles[name] = Trouble.EMPTY
        elif not stops:
            troubles[name] = Trouble.UNKNOWN
        elif len(stops) == 1:
            found[name] = stops[0]
            typed[name] = stops[0].label
        else:
            choices[name] = stops
    if len(found) == 2 and found["from"] == found["to"]:
        troubles["to"] = Trouble.SAME
    zone = ZoneInfo(found["from"].time_zone) if "from" in found else UTC
    at = _moment(typed, now.astimezone(zone), troubles)
    return TripsAsked(
        typed,
        found.get("from"),
        found.get("to"),
        at,
        params.get("search") == BEFORE,
        {} if troubles else choices,
        troubles,
    )


def _moment(typed: dict[str, str], now: datetime, troubles: dict[str, Trouble]) -> datetime | None:
    day, clock = now.date(), None
    if typed["day"]:
        try:
            day = date.fromisoformat(typed["day"])
        except ValueError:
            troubles["day"] = Trouble.NOT_A_DAY
        if not day.year <= now.year + YEARS_AHEAD_MAX:
            troubles["day"] = Trouble.NOT_A_DAY
        elif day < now.date():
            troubles["day"] = Trouble.PAST
    if typed["time"]:
        match = _TIME.fullmatch(typed["time"])
        if match is None:
            troubles["time"] = Trouble.NOT_A_TIME
        else:
            clock = time(int(match[1]), int(match[2]))
    if "day" in troubles or "time" in troubles:
        return None
    if clock is None:
        clock = now.time().replace(second=0, microsecond=0) if day == now.date() else time(5)
    typed["day"], typed["time"] = day.isoformat(), f"{clock:%H:%M}"
    return datetime.combine(day, clock, now.tzinfo)


def _order(name: str) -> int:
    return ("from", "to", "day", "time", "search").index(name)
