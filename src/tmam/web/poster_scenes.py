"""Which compositions each kind of event may get."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tmam.web import poster_places as places
from tmam.web import poster_shows as shows
from tmam.web.poster_parts import Sheet


class Scene(NamedTuple):
    """A composition, and whether its lights need a dark ground."""

    draw: Callable[[Sheet], None]
    needs_dark: bool = False


SCENES_BY_KIND: dict[str, tuple[Scene, ...]] = {
    "concert": (Scene(shows.rings), Scene(shows.swell), Scene(shows.equaliser), Scene(shows.chord)),
    "theatre": (
        Scene(shows.curtain, needs_dark=True),
        Scene(shows.beams, needs_dark=True),
        Scene(shows.masks),
    ),
    "cinema": (Scene(shows.projector), Scene(shows.frames), Scene(shows.stalls, needs_dark=True)),
    "museum": (Scene(places.arcade), Scene(places.fields), Scene(places.temple)),
    "tour": (Scene(places.lagoon), Scene(places.islands), Scene(places.scales)),
    "train": (Scene(places.railway), Scene(places.express), Scene(places.viaduct)),
    "flight": (Scene(places.orbits), Scene(places.above_clouds), Scene(places.cabin_windows)),
}
