"""Change how tickets look: an organizer's design, or an event's own. Each change is a fact and can be taken back."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from tmam.catalog.change_date import Who
from tmam.catalog.errors import DesignChangedSinceError
from tmam.catalog.models import Event
from tmam.catalog.ticket_designs import CodeKind, Paper, TicketDesign, TicketLogo
from tmam.organizers.models import Organizer
from tmam.platform.event_log import NO_EVENT, Fact, log_facts
from tmam.platform.statements import run_verb

FACT: Final = "design.changed"
LINE_CHARS: Final = 120
# A logo that was uploaded and never published, or is used no more; an undo comes sooner.
UNUSED_LOGO_KEPT: Final = timedelta(days=1)
MOST_UNUSED_LOGOS: Final = 50


@dataclass(frozen=True)
class Design:
    """A whole design. `accent_hue` 0–359, `logo` a SHA-256 (hex) or empty, `line` a sentence by language."""

    accent_hue: int
    code: str = CodeKind.QR.value
    logo: str = ""
    line: dict[str, str] = field(default_factory=dict)
    shows_poster: bool = True
    shows_reference_bars: bool = False
    paper: str = Paper.A4.value


@dataclass(frozen=True)
class Look:
    """The design that counts for an organizer's or an event's tickets. `is_own`: an event has one of its own.

    `revision` is what a change must have seen: 0 where nobody has designed anything yet.
    """

    design: Design
    is_own: bool
    revision: int


def look_of_organizer(organizer: Organizer) -> Look:
    """The design of an organizer's tickets."""
    row = TicketDesign.objects.filter(organizer=organizer, event=None).first()
    if row is None:
        return Look(Design(organizer.accent_hue % 360), is_own=False, revision=0)
    return Look(_design(row, organizer), is_own=False, revision=row.revision)


def look_of_event(event: Event) -> Look:
    """The design of an event's tickets: its own, else its organizer's. `event` comes with its organizer; one read."""
    rows = list(
        TicketDesign.objects.filter(organizer_id=event.organizer_id, event__in=[event])
        | TicketDesign.objects.filter(organizer_id=event.organizer_id, event=None)
    )
    own = next((row for row in rows if row.event_id == event.id), None)
    shared = next((row for row in rows if row.event_id is None), None)
    row = own or shared
    design = _design(row, event.organizer) if row else Design(event.organizer.accent_hue % 360)
    return Look(design, is_own=own is not None, revision=own.revision if own else 0)


def change_design(
    organizer: Organizer, event: Event | None, design: Design | None, who: Who, *, seen: int
) -> Design | None:
    """Set the design of an organizer (`event` None) or of one event; None: the event goes by its organizer's again.

    An organizer's colour is that of its pages as well. Answers the own design of before, None if there was none.
    Logs `design.changed` {organizer, event, changes} under the event, or under none.

    Raises:
        DesignChangedSinceError: the revision is not the one that was seen.
        ValueError: no design for an organizer, or a logo that is not the organizer's.
    """
    if design is None and event is None:
        raise ValueError("an organizer's design can be changed, not dropped")
    with transaction.atomic():
        owner = Organizer.objects.select_for_update().get(pk=organizer.pk)
        row = TicketDesign.objects.filter(organizer=owner, event=event).first()
        if (row.revision if row else 0) != seen:
            raise DesignChangedSinceError
        before = _design(row, owner) if row else None
        if design is not None and design.logo and logo_of(owner.pk, design.logo) is None:
            raise ValueError("a logo is chosen that this organizer has not")
        if before == design:
            return before
        if before is not None and before.logo:  # from now on it may be unused, and an undo wants it
            TicketLogo.objects.filter(organizer=owner, sha256=before.logo).update(made_at=who.now)
        _write(owner, event, row, design)
        _log(owner, event, before, design, who)
        _drop_unused_logos(owner, who.now)
    return before


def keep_logo(organizer: Organizer, png: bytes, size: tuple[int, int], now: datetime) -> str:
    """Keep a cleaned logo (see `logos`) for a design to come; answers its SHA-256. The newest fifty unused ones stay."""
    digest = hashlib.sha256(png).hexdigest()
    _drop_unused_logos(organizer, now)
    TicketLogo.objects.update_or_create(
        organizer=organizer,
        sha256=digest,
        defaults={"png": png, "width": size[0], "height": size[1], "made_at": now},
    )
    return digest


def logo_of(organizer_id: int, sha256: str) -> TicketLogo | None:
    """One of an organizer's logos."""
    return TicketLogo.objects.filter(organizer_id=organizer_id, sha256=sha256).first()


def published_logo(organizer_id: int, sha256: str) -> TicketLogo | None:
    """One of an organizer's logos that a design uses: what was only uploaded is nobody's business yet."""
    if not TicketDesign.objects.filter(organizer_id=organizer_id, logo=sha256).exists():
        return None
    return logo_of(organizer_id, sha256)


def _design(row: TicketDesign, organizer: Organizer) -> Design:
    hue = organizer.accent_hue % 360 if row.accent_hue is None else row.accent_hue
    return Design(
        hue,
        row.code,
        row.logo,
        dict(row.line),
        row.shows_poster,
        row.shows_reference_bars,
        row.paper,
    )


def _write(owner: Organizer, event: Event | None, row: TicketDesign | None, design: Design | None) -> None:
    if design is None:
        if row is not None:
            row.delete()
        return
    values: dict[str, Any] = asdict(design)
    if event is None:
        Organizer.objects.filter(pk=owner.pk).update(accent_hue=design.accent_hue)
        values["accent_hue"] = None
    revision = row.revision + 1 if row else 1
    TicketDesign.objects.update_or_create(
        organizer=owner, event=event, defaults=values | {"revision": revision}
    )


def _log(
    owner: Organizer, event: Event | None, before: Design | None, after: Design | None, who: Who
) -> None:
    old, new = asdict(before) if before else {}, asdict(after) if after else {}
    changes = {name: [old.get(name), new.get(name)] for name in old | new if old.get(name) != new.get(name)}
    data = {"organizer": owner.pk, "event": event.id if event else None, "changes": changes}
    facts = [Fact(FACT, who.now, who.actor, data, who.request_id)]
    run_verb(log_facts(event.id if event else NO_EVENT, facts))


def _drop_unused_logos(owner: Organizer, now: datetime) -> None:
    used = TicketDesign.objects.filter(organizer=owner).exclude(logo="").values("logo")
    unused = TicketLogo.objects.filter(organizer=owner).exclude(sha256__in=used)
    kept = unused.filter(made_at__gte=now - UNUSED_LOGO_KEPT).order_by("-made_at", "-id")
    unused.exclude(id__in=list(kept.values_list("id", flat=True)[: MOST_UNUSED_LOGOS - 1])).delete()
