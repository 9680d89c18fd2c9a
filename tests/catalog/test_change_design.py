"""Ticket designs: an organizer's and an event's own, written down, taken back, and never another's logo."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.cast import NOW, make_event, make_organizer
from tmam.catalog import change_design as change_design_module
from tmam.catalog.change_date import Who
from tmam.catalog.change_design import (
    FACT,
    UNUSED_LOGO_KEPT,
    Design,
    change_design,
    keep_logo,
    logo_of,
    look_of_event,
    look_of_organizer,
)
from tmam.catalog.errors import DesignChangedSinceError
from tmam.catalog.models import Event
from tmam.fulfilment.themes import theme_of
from tmam.organizers.models import Organizer
from tmam.platform.models import LogEntry

pytestmark = pytest.mark.django_db
WHO = Who("user:7", NOW, "request-1")
DESIGN = Design(145, "aztec", "", {"en": "Twenty years", "es": "Veinte años"}, shows_poster=False)


@pytest.fixture
def organizer() -> Organizer:
    return make_organizer(accent_hue=25)


def again(event: Event) -> Event:
    return Event.objects.select_related("organizer").get(pk=event.pk)


def test_before_anybody_designs_the_organizer_s_colour_is_all(organizer: Organizer) -> None:
    event = make_event(organizer=organizer)
    assert look_of_organizer(organizer).design == look_of_event(event).design == Design(25)
    assert theme_of(event, "en").accent_hue == 25


def test_an_event_goes_by_its_organizer_until_it_has_its_own(organizer: Organizer) -> None:
    event, other = make_event(organizer=organizer), make_event(organizer=organizer)
    assert change_design(organizer, None, DESIGN, WHO, seen=0) is None
    organizer.refresh_from_db()
    assert organizer.accent_hue == 145  # one colour for pages and tickets
    assert look_of_event(again(event)).design == DESIGN
    own = replace(DESIGN, accent_hue=300, paper="letter", shows_reference_bars=True)
    assert change_design(organizer, event, own, WHO, seen=0) is None
    look = look_of_event(again(event))
    assert (look.design, look.is_own, look.revision) == (own, True, 1)
    assert look_of_event(again(other)).design == DESIGN
    assert change_design(organizer, event, None, WHO, seen=1) == own
    assert look_of_event(again(event)).design == DESIGN


def test_each_change_is_a_fact_of_its_event_or_of_none(organizer: Organizer) -> None:
    event = make_event(organizer=organizer)
    change_design(organizer, event, DESIGN, WHO, seen=0)
    change_design(organizer, event, replace(DESIGN, code="qr"), WHO, seen=1)
    change_design(organizer, event, replace(DESIGN, code="qr"), WHO, seen=2)  # the same: no change
    change_design(organizer, None, DESIGN, WHO, seen=0)
    facts = LogEntry.objects.filter(name=FACT, data__organizer=organizer.pk).order_by("id")
    assert sorted(fact.event_id for fact in facts) == [0, event.id, event.id]
    changes = [fact.data["changes"] for fact in facts if fact.event_id]
    assert {"code": ["aztec", "qr"]} in changes
    assert [None, 145] in [change.get("accent_hue") for change in changes]


def test_of_two_who_looked_at_the_same_design_the_second_is_told(organizer: Organizer) -> None:
    change_design(organizer, None, DESIGN, WHO, seen=0)
    with pytest.raises(DesignChangedSinceError):
        change_design(organizer, None, replace(DESIGN, accent_hue=5), WHO, seen=0)
    assert look_of_organizer(organizer).revision == 1


def test_a_logo_is_the_organizer_s_own_and_goes_when_nobody_uses_it(organizer: Organizer) -> None:
    event = make_event(organizer=organizer)
    theirs = keep_logo(make_organizer(), b"\x89PNG theirs", (60, 20), NOW)
    with pytest.raises(ValueError, match="has not"):
        change_design(organizer, None, replace(DESIGN, logo=theirs), WHO, seen=0)
    used, unused, fresh = (
        keep_logo(organizer, b"\x89PNG" + name, (60, 20), at)
        for name, at in ((b"1", NOW), (b"2", NOW), (b"3", NOW + UNUSED_LOGO_KEPT))
    )
    change_design(organizer, event, replace(DESIGN, logo=used), WHO, seen=0)
    later = Who("user:7", NOW + UNUSED_LOGO_KEPT + timedelta(hours=1))
    change_design(organizer, None, DESIGN, later, seen=0)
    assert [bool(logo_of(organizer.pk, each)) for each in (used, unused, fresh)] == [True, False, True]


def test_a_logo_that_goes_out_of_use_stays_for_the_undo(organizer: Organizer) -> None:
    old = keep_logo(organizer, b"\x89PNG old", (60, 20), NOW)
    change_design(organizer, None, replace(DESIGN, logo=old), WHO, seen=0)
    later = Who("user:7", NOW + timedelta(days=90))
    before = change_design(organizer, None, DESIGN, later, seen=1)
    assert before is not None
    assert before.logo == old
    change_design(organizer, None, before, later, seen=2)
    assert look_of_organizer(organizer).design.logo == old


def test_who_uploads_on_and_on_fills_nothing(organizer: Organizer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(change_design_module, "MOST_UNUSED_LOGOS", 3)
    used = keep_logo(organizer, b"\x89PNG used", (60, 20), NOW)
    change_design(organizer, None, replace(DESIGN, logo=used), WHO, seen=0)
    digests = [
        keep_logo(organizer, b"\x89PNG %d" % number, (60, 20), NOW + timedelta(seconds=number))
        for number in range(6)
    ]
    assert [bool(logo_of(organizer.pk, each)) for each in (used, *digests)] == [
        True,
        *[False] * 3,
        *[True] * 3,
    ]


def test_the_theme_speaks_the_reader_s_language(organizer: Organizer) -> None:
    event = make_event(organizer=organizer)
    change_design(organizer, event, DESIGN, WHO, seen=0)
    theme = theme_of(again(event), "es")
    assert (theme.line, theme.code, theme.shows_poster, theme.logo) == ("Veinte años", "aztec", False, None)
    assert theme_of(again(event), "en").line == "Twenty years"
