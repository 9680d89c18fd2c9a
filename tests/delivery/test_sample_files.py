"""The sample in every form, judged by others; the holder's name is the reader's own."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from icalendar import Calendar

from tests.delivery.outside import text_of
from tmam.delivery.sample import SAMPLE_ENDS_AT, SAMPLE_STARTS_AT, sample_face
from tmam.delivery.sample_files import SAMPLE_FORMS, sample_file
from tmam.kernel.sample_key import SAMPLE_PRIVATE_KEY
from tmam.kernel.token import public_key_of, verify_token

BEGINS = {
    "pdf": b"%PDF-1.7",
    "pdf-letter": b"%PDF-1.7",
    "pdf-large": b"%PDF-1.7",
    "pdf-low-ink": b"%PDF-1.7",
    "html": b"<!DOCTYPE html>",
    "jpeg": b"\xff\xd8\xff",
    "png": b"\x89PNG\r\n\x1a\n",
    "code": b"\x89PNG\r\n\x1a\n",
    "ics": b"BEGIN:VCALENDAR",
    "pkpass": b"PK",
    "google": b"{",
    "token": b"T1",
}


@pytest.mark.parametrize("name", sorted(SAMPLE_FORMS))
def test_each_form_is_what_it_says(name: str) -> None:
    assert sample_file(SAMPLE_FORMS[name], language="en").startswith(BEGINS[name])


def test_the_token_is_signed_for_an_event_that_exists_nowhere() -> None:
    token = sample_file(SAMPLE_FORMS["token"], language="es").decode().strip()
    assert verify_token(token, {0: public_key_of(SAMPLE_PRIVATE_KEY)}).event_id == 0
    assert token == sample_face("en").token


def test_the_name_on_it_can_be_chosen(tmp_path: Path) -> None:
    pdf = tmp_path / "sample.pdf"
    pdf.write_bytes(sample_file(SAMPLE_FORMS["pdf"], language="es", holder_name="Zoë Ångström"))
    text = text_of(pdf)
    assert "Zoë Ångström" in text
    assert "Platea" in text


def test_every_form_tells_the_same_times() -> None:
    """Doors at 19:15, from 20:00 to 22:30 in Berlin, in December."""
    google = json.loads(sample_file(SAMPLE_FORMS["google"], language="en"))["class"]["dateTime"]
    assert datetime.fromisoformat(google["start"]) == SAMPLE_STARTS_AT
    assert datetime.fromisoformat(google["end"]) == SAMPLE_ENDS_AT
    (event,) = Calendar.from_ical(sample_file(SAMPLE_FORMS["ics"], language="en")).walk("VEVENT")
    assert (event.decoded("dtstart"), event.decoded("dtend")) == (SAMPLE_STARTS_AT, SAMPLE_ENDS_AT)
    with zipfile.ZipFile(io.BytesIO(sample_file(SAMPLE_FORMS["pkpass"], language="en"))) as archive:
        semantics = json.loads(archive.read("pass.json"))["semantics"]
    assert datetime.fromisoformat(semantics["eventEndDate"]) == SAMPLE_ENDS_AT
