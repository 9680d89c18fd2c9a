"""Ticket design in the studio: who may, drafts, the real preview, logos good and bad, publishing, undo."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django.fixtures import Settings

from tests.cast import make_event, make_member, make_organizer
from tmam.catalog.change_date import Who
from tmam.catalog.change_design import change_design, look_of_event, look_of_organizer
from tmam.catalog.models import Event
from tmam.catalog.ticket_designs import TicketDesign, TicketLogo
from tmam.organizers.models import Role
from tmam.web.studio.design.colours import LEAST_CONTRAST, hue_of, least_contrast, picked_colour

pytestmark = pytest.mark.django_db
FORM = {"colour": "#0a7d55", "code": "qr", "paper": "a4", "shows_poster": "on", "seen": "0"}


@pytest.fixture
def event() -> Event:
    return make_event(organizer=make_organizer(accent_hue=25))


def client_of(event: Event, role: str = Role.MANAGER, events: list[Event] | None = None) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(make_member(event.organizer, role, events=events))
    return client


def paths(event: Event) -> list[str]:
    return [f"/studio/events/{event.id}/design/", f"/studio/organizers/{event.organizer.slug}/design/"]


def words_in(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def logo(kind: str = "PNG", **options: object) -> SimpleUploadedFile:
    file = io.BytesIO()
    Image.new("RGB", (900, 300), (20, 40, 120)).save(file, kind, **options)
    return SimpleUploadedFile(f"logo.{kind.lower()}", file.getvalue(), f"image/{kind.lower()}")


def again(event: Event) -> Event:
    return Event.objects.select_related("organizer").get(pk=event.pk)


def test_only_who_may_change_events_may_design(event: Event) -> None:
    for role in (Role.FINANCE, Role.SUPPORT, Role.READ_ONLY):
        for path in paths(event):
            assert client_of(event, role).get(path).status_code == 403, role
    one_event = client_of(event, Role.MANAGER, [event])
    assert [one_event.get(path).status_code for path in paths(event)] == [200, 403]


def test_a_draft_is_seen_by_its_maker_alone_until_it_is_published(event: Event) -> None:
    client, colleague, (path, _) = client_of(event), client_of(event), paths(event)
    before = client.get(f"{path}preview.png").content
    sent = FORM | {"do": "see", "logo": logo(), "line_en": "Twenty years", "code": "aztec"}
    assert client.post(path, sent).headers["Location"] == f"{path}#preview"
    shown = client.get(path)
    assert "Only you see this" in words_in(shown)
    assert 'value="Twenty years"' in shown.content.decode()
    drawn = client.get(f"{path}preview.png")
    assert drawn.headers["Content-Type"] == "image/png"
    assert drawn.content != before
    assert colleague.get(f"{path}preview.png").content == before
    assert client.get(f"{path}preview.pdf").content.startswith(b"%PDF-1.7")
    assert not TicketDesign.objects.exists()
    client.post(path, FORM | {"do": "publish", "line_en": "Twenty years", "code": "aztec"})
    design = look_of_event(again(event)).design
    assert (design.accent_hue, design.code, design.line) == (162, "aztec", {"en": "Twenty years"})
    assert design.logo == TicketLogo.objects.get().sha256  # of the draft: a file is not sent twice
    assert "Published" in words_in(client.get(path))
    assert client.post(f"{path}undo/").status_code == 302
    assert not look_of_event(again(event)).is_own


def test_an_organizer_s_design_is_published_undone_and_followed_again(event: Event) -> None:
    client, (path, shared) = client_of(event), paths(event)
    client.post(shared, FORM | {"do": "publish", "paper": "letter"})
    event.organizer.refresh_from_db()
    assert (event.organizer.accent_hue, look_of_organizer(event.organizer).design.paper) == (162, "letter")
    client.post(path, FORM | {"do": "publish", "colour": "#aa0000"})
    assert look_of_event(again(event)).is_own
    client.post(path, {"do": "follow"})
    assert look_of_event(again(event)).design.paper == "letter"
    client.post(f"{path}undo/")
    assert look_of_event(again(event)).is_own
    client.post(shared, FORM | {"do": "publish", "seen": "1", "colour": "#0000aa"})
    client.post(f"{shared}undo/")
    assert look_of_organizer(again(event).organizer).design.accent_hue == 162


def test_a_logo_is_dropped_and_a_draft_discarded(event: Event) -> None:
    client, (path, _) = client_of(event), paths(event)
    client.post(path, FORM | {"do": "see", "logo": logo("JPEG")})
    client.post(path, FORM | {"do": "see", "drop_logo": "on"})
    assert "Show no logo" not in words_in(client.get(path))
    client.post(path, {"do": "discard"})
    assert "As it is now" in words_in(client.get(path))


def test_a_draft_outlives_its_logo(event: Event) -> None:
    client, (path, _) = client_of(event), paths(event)
    client.post(path, FORM | {"do": "see", "logo": logo()})
    TicketLogo.objects.all().delete()
    assert client.get(f"{path}preview.png").status_code == 200
    assert client.post(path, FORM | {"do": "publish"}).status_code == 302
    assert look_of_event(again(event)).design.logo == ""


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "catalog.logo_not_a_picture"),
        (b"", "catalog.logo_not_a_picture"),
        (b"\x89PNG\r\n\x1a\n" + bytes(2_000_100), "catalog.logo_too_large"),
        (b"\xff\xd8\xff\xe0", "catalog.logo_damaged"),
        (b"\xff\xd8\xff\xc0\0\x11\x08\0\x10\0\x10" + b"\xff\xda\0\2" * 101, "catalog.logo_too_slow"),
    ],
)
def test_a_logo_that_is_not_taken_is_told_with_its_code(event: Event, content: bytes, code: str) -> None:
    client, (path, _) = client_of(event), paths(event)
    sent = FORM | {"do": "publish", "logo": SimpleUploadedFile("logo.png", content, "image/png")}
    answer = client.post(path, sent | {"line_en": "Twenty years"})
    assert answer.status_code == 422
    assert f"/en/help/errors/{code}/" in answer.content.decode()
    assert 'value="Twenty years"' in answer.content.decode()
    assert not TicketLogo.objects.exists()
    assert not TicketDesign.objects.exists()


def test_an_organizer_does_not_upload_without_end(event: Event, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"upload_logo": "1/10m/key"}
    other = make_event(organizer=make_organizer())
    bad = {"do": "see", "logo": SimpleUploadedFile("logo.png", b"none", "image/png")}
    codes = []
    for each in (event, event, other):
        bad["logo"].seek(0)  # type: ignore[attr-defined]  # the file
        codes.append(client_of(each).post(paths(each)[0], FORM | bad).status_code)
    assert codes == [422, 429, 422]
    assert client_of(event).post(paths(event)[1], FORM | {"do": "see"}).status_code == 302, "the rest goes on"


def test_a_file_of_fifty_megabytes_is_refused_unread(event: Event) -> None:
    client, (path, _) = client_of(event), paths(event)
    large = SimpleUploadedFile("logo.png", bytes(50_000_000), "image/png")
    answer = client.post(path, FORM | {"logo": large})
    assert (answer.status_code, "catalog.logo_too_large" in answer.content.decode()) == (413, True)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("colour", "#808080", "black, white and grey have no tone"),
        ("colour", "red", "Enter a colour like"),
        ("colour", "", "Choose a colour"),
        ("code", "code128", "Choose one of these"),
        ("paper", "a0", "Choose one of these"),
        ("line_en", "x" * 121, "at most 120 characters"),
    ],
)
def test_wrong_input_is_told(event: Event, field: str, text: str, words: str) -> None:
    client, (path, _) = client_of(event), paths(event)
    answer = client.post(path, FORM | {field: text})
    assert (answer.status_code, words in words_in(answer)) == (422, True)


def test_who_published_second_is_told_and_keeps_the_draft(event: Event) -> None:
    client, (path, _) = client_of(event), paths(event)
    design = look_of_event(event).design
    change_design(event.organizer, event, design, Who("user:1", timezone.now()), seen=0)
    answer = client.post(path, FORM | {"do": "publish", "line_en": "Mine"})
    assert (answer.status_code, "catalog.design_changed_since" in answer.content.decode()) == (409, True)
    assert 'value="Mine"' in client.get(path).content.decode()


def test_every_colour_carries_its_words_and_comes_back_from_the_picker() -> None:
    assert min(least_contrast(hue) for hue in range(360)) >= LEAST_CONTRAST
    away = [(hue_of(picked_colour(hue)) or 0) - hue for hue in range(360)]
    assert {(each + 180) % 360 - 180 for each in away} <= {-1, 0, 1}
    assert hue_of("#ffffff") is hue_of("#000000") is None
    with pytest.raises(ValueError, match="not a colour"):
        hue_of("#12345")
