"""Every event's own poster: shape, rhythm and colour come from its seed, so a catalogue looks alive without photographs."""

from __future__ import annotations

import functools
import random
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from tmam.catalog.models import Event, EventStatus
from tmam.platform.errors import NotFoundError
from tmam.web.poster_palettes import pick_palette
from tmam.web.poster_parts import Sheet
from tmam.web.poster_scenes import SCENES_BY_KIND
from tmam.web.public import FIVE_MINUTES, FOREVER, public_page

POSTERS_KEPT = 256


@functools.lru_cache(maxsize=POSTERS_KEPT)
def poster_svg(seed: str, kind: str, title: str, hue: int) -> str:
    """The poster as SVG, 3 : 2, the same for the same arguments; it holds no words.

    `kind` chooses the family of compositions (an unknown one gets a concert's), `hue` (degrees) is where the
    palette starts from, `title` stands in for an empty seed.
    """
    chance = random.Random(f"{kind}/{seed or title}")  # noqa: S311 - a drawing hand, not a secret
    scene = chance.choice(SCENES_BY_KIND.get(kind, SCENES_BY_KIND["concert"]))
    sheet = Sheet(chance, pick_palette(chance, hue, dark_only=scene.needs_dark))
    scene.draw(sheet)
    return sheet.svg()


def poster_path(event_id: int, seed: str) -> str:
    """The address of an event's poster, which caches may keep forever."""
    return f"/posters/{event_id}.svg?v={quote(seed)}"


@public_page
def poster_view(request: HttpRequest, event_id: int) -> HttpResponse:
    """`/posters/{event_id}.svg?v=SEED`.

    Raises:
        NotFoundError: no such event, or it is not announced yet; the two look the same.
    """
    event = Event.objects.select_related("organizer").filter(pk=event_id).first()
    if event is None or event.status == EventStatus.DRAFT:
        raise NotFoundError
    svg = poster_svg(event.poster_seed, event.kind, event.slug, event.organizer.accent_hue)
    cache = FOREVER if request.GET.get("v") == event.poster_seed else FIVE_MINUTES
    return HttpResponse(svg, content_type="image/svg+xml", headers={"Cache-Control": cache})
