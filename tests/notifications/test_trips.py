"""What is told of a bought trip: from where to where, leaving when, in mail, calendar and on the ticket."""

from __future__ import annotations

from pathlib import Path

import icalendar
import pytest
from pypdf import PdfReader

from tests.cast import NOW, unique
from tests.notifications.purchases import buy
from tests.timetables.trains import make_trains
from tmam.catalog.models import Date
from tmam.delivery.compose_face import compose_face
from tmam.fulfilment.order_files import calendar_file, tickets_pdf
from tmam.notifications.compose import compose_mail
from tmam.notifications.models import Mail
from tmam.orders.models import Order
from tmam.orders.order_summary import OrderSummary, summarize_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def order(tmp_path: Path) -> Order:
    """Two tickets for the whole of tomorrow's first train, Alba to Doma."""
    event = make_trains(tmp_path / "feed", NOW)["R1"]
    trip = Date.objects.get(event=event, trip_key="2026-12-02|t1")
    return buy(event, date=trip.ordinal)


@pytest.fixture
def bought(order: Order) -> OrderSummary:
    return summarize_order(order)


def test_an_order_knows_its_stretch(bought: OrderSummary) -> None:
    (date,) = bought.dates
    assert str(date.stretch) == "Alba → Doma"
    assert date.starts_at.isoformat() == "2026-12-02T07:00:00+00:00"
    assert date.ends_at.isoformat() == "2026-12-02T08:30:00+00:00"


def test_the_mail_tells_the_journey_instead_of_a_venue(order: Order) -> None:
    context = {"event_id": order.event_id, "order_id": str(order.id)}
    for language, journey, where in (("en", "Journey", "Where:"), ("es", "Trayecto", "Dónde:")):
        row = Mail.objects.create(
            cause=unique("cause"),
            template="order_confirmed",
            to=order.email,
            language=language,
            context=context,
            queued_at=NOW,
        )
        words = " ".join(str(compose_mail(row, NOW).body).split())
        assert f"{journey}: Alba → Doma (101)" in words
        assert where not in words


def test_the_ticket_says_from_where_to_where(bought: OrderSummary) -> None:
    line = bought.lines[0]
    face = compose_face(
        event=bought.event,
        date=line.date,
        ticket_type=line.ticket_type,
        ticket=line.ticket,
        token="T1",
        language="en",
    )
    assert (face.event_title, face.venue_name, face.time) == ("Alba → Doma", "Alba", "08:00")
    assert face.date_label == "101 · C1 · Coast line"
    assert face.is_trip


def test_the_printed_ticket_has_a_trips_words(bought: OrderSummary, tmp_path: Path) -> None:
    path = tmp_path / "tickets.pdf"
    path.write_bytes(tickets_pdf(bought, bought.valid_lines, language="en").content)
    text = " ".join(PdfReader(path).pages[0].extract_text().split())
    assert "Alba → Doma" in text
    assert "Departs" in text
    assert "101 · C1 · Coast line" in text
    assert "Session" not in text


def test_the_calendar_has_the_ride(bought: OrderSummary) -> None:
    calendar = icalendar.Calendar.from_ical(calendar_file(bought, language="en", now=NOW).content)
    (entry,) = calendar.walk("VEVENT")
    assert entry["SUMMARY"] == "Alba → Doma (101)"
    assert entry["LOCATION"] == "Alba"
    assert entry.decoded("DTSTART").isoformat() == "2026-12-02T08:00:00+01:00"
