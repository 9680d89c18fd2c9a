"""The sample ticket in every form, from its face alone: no database, no settings. For the help pages and `tmam sample-ticket`.

A capability that makes a form brings its line here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from django.utils import translation
from django.utils.translation import gettext

from tmam.delivery.faces import TicketFace
from tmam.delivery.sample import SAMPLE_ENDS_AT, SAMPLE_STARTS_AT, SAMPLE_ZONE, sample_face

if TYPE_CHECKING:
    from tmam.delivery.printed import PageLayout


@dataclass(frozen=True)
class SampleForm:
    """One form of the sample. `make` may raise the errors of `delivery.errors`."""

    name: str
    extension: str
    media_type: str
    make: Callable[[TicketFace], bytes]


def sample_file(form: SampleForm, *, language: str, holder_name: str = "") -> bytes:
    """The sample in a form, in English or Spanish, for its usual holder or this one (plain text)."""
    return form.make(face_with(language, holder_name))


def face_with(language: str, holder_name: str = "") -> TicketFace:
    """The sample's face, for its usual holder or this one."""
    face = sample_face(language)
    return replace(face, holder_name=holder_name) if holder_name else face


# Each form imports what makes it when it is wanted: the command line starts in a moment for the others.


def _pdf(face: TicketFace, layout: PageLayout = "sheet") -> bytes:
    from tmam.delivery.pdf import render_pdf

    return render_pdf([face], layout)


def _page(name: str, layout: PageLayout) -> SampleForm:
    return SampleForm(name, "pdf", "application/pdf", partial(_pdf, layout=layout))


def _html(face: TicketFace) -> bytes:
    from tmam.delivery.html import render_html

    return render_html([face])


def _jpeg(face: TicketFace) -> bytes:
    from tmam.delivery.jpeg import render_jpeg

    return render_jpeg(face)


def _png(face: TicketFace) -> bytes:
    from tmam.delivery.png import render_png

    return render_png(face)


def _code(face: TicketFace) -> bytes:
    from tmam.delivery.qr import qr_png

    return qr_png(face.token)


def _token(face: TicketFace) -> bytes:
    return f"{face.token}\n".encode()


def _calendar(face: TicketFace) -> bytes:
    from tmam.delivery.calendar import CalendarEntry, event_calendar

    with translation.override(face.language):
        entry = CalendarEntry(
            uid=f"{face.booking_reference}.1@sample.tmam.example",
            title=face.event_title,
            starts_at=SAMPLE_STARTS_AT,
            ends_at=SAMPLE_ENDS_AT,
            time_zone=SAMPLE_ZONE,
            location=f"{face.venue_name}, {face.venue_address}",
            description=face.instructions[-1],
            reminder=gettext("Tomorrow: %(event)s. Have your tickets ready.") % {"event": face.event_title},
            organizer_name=face.organizer_name,
            organizer_email="sample@tmam.example",
        )
    return event_calendar([entry], face.issued_at)


def _pkpass(face: TicketFace) -> bytes:
    from tmam.delivery.apple.sample import sample_pass

    return sample_pass(face, SAMPLE_STARTS_AT, SAMPLE_ENDS_AT)


def _google(face: TicketFace) -> bytes:
    from tmam.delivery.google.sample import sample_google

    return sample_google(face, face.issued_at)


_ALL: Final = (
    SampleForm("pdf", "pdf", "application/pdf", _pdf),
    _page("pdf-letter", "letter"),
    _page("pdf-low-ink", "low-ink"),
    _page("pdf-large", "large"),
    SampleForm("html", "html", "text/html", _html),
    SampleForm("png", "png", "image/png", _png),
    SampleForm("jpeg", "jpg", "image/jpeg", _jpeg),
    SampleForm("code", "png", "image/png", _code),
    SampleForm("ics", "ics", "text/calendar", _calendar),
    SampleForm("pkpass", "pkpass", "application/vnd.apple.pkpass", _pkpass),
    SampleForm("google", "json", "application/json", _google),
    SampleForm("token", "txt", "text/plain", _token),
)
SAMPLE_FORMS: Final[Mapping[str, SampleForm]] = {form.name: form for form in _ALL}
