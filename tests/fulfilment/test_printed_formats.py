"""From an order to its printed files: every layout, the photograph, the plain page, the code of the venue's scanners."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import zxingcpp
from django.utils import timezone
from PIL import Image

from tests.cast import make_event, unique
from tests.catalog.test_change_design import WHO
from tests.notifications.purchases import buy
from tmam.catalog.change_design import change_design, look_of_organizer
from tmam.fulfilment.finish_files import finished
from tmam.fulfilment.formats import FORMATS, FileWish
from tmam.fulfilment.order_files import tokens_of
from tmam.orders.order_summary import summarize_order

NAMES = {
    "pdf": "{}.pdf",
    "pdf-letter": "{}-letter.pdf",
    "pdf-low-ink": "{}-low-ink.pdf",
    "pdf-large": "{}-large.pdf",
    "html": "{}.html",
    "png": "{}-{serial}.png",
    "jpeg": "{}-{serial}.jpg",
    "code": "{}-{serial}-code.png",
}
BEGINS = {"pdf": b"%PDF-1.7", "png": b"\x89PNG", "jpg": b"\xff\xd8\xff", "html": b"<!DOCTYPE html>"}


@pytest.mark.django_db
def test_every_printed_form_has_its_name_and_the_code_that_the_design_says() -> None:
    now = timezone.now()
    event = make_event(now=now)
    design = replace(look_of_organizer(event.organizer).design, code="aztec")
    change_design(event.organizer, None, design, WHO, seen=0)
    order = summarize_order(buy(event, email=f"{unique('ana')}@buyers.example", now=now))
    line = order.valid_lines[0]
    wish = FileWish(order, [line], "es", now)
    files = {name: finished(FORMATS[name].make(wish)) for name in NAMES}
    reference, serial = order.order.booking_reference, line.ticket.serial
    whole = reference if len(order.valid_lines) == 1 else f"{reference}-{serial}"
    for name, file in files.items():
        expected = NAMES[name].format(whole if FORMATS[name].holds_many else reference, serial=serial)
        assert file.name == f"tmam-{expected}"
        assert file.media_type == FORMATS[name].media_type
        assert file.content.startswith(BEGINS[FORMATS[name].extension])
    assert len({file.content for file in files.values()}) == len(NAMES)
    token = tokens_of(order)[serial]
    for name in ("png", "jpeg", "code"):
        with Image.open(io.BytesIO(files[name].content)) as picture:
            (code,) = zxingcpp.read_barcodes(picture.convert("L"))
        assert (code.format, code.text) == (zxingcpp.BarcodeFormat.Aztec, token)
