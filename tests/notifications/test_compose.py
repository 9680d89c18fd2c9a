"""What the mails say: plain and HTML part alike, in both languages, with the right headers and files."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from uuid import uuid4

import icalendar
import pytest
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from pypdf import PdfReader

from tests.cast import NOW, make_event, unique
from tests.notifications.purchases import buy
from tmam.catalog.models import Date, Event
from tmam.kernel.colour import accent_on_white, hex_colour
from tmam.notifications.compose import ForeignLinkError, compose_mail
from tmam.notifications.letter import Letter, button
from tmam.notifications.letters.account_letters import ACCOUNT_LETTERS
from tmam.notifications.models import Mail
from tmam.orders.models import Order
from tmam.orders.order_links import read_link
from tmam.platform.event_log import drain

pytestmark = pytest.mark.django_db


class Words(HTMLParser):
    """The words of an HTML part, without its style."""

    def __init__(self) -> None:
        super().__init__()
        self.skipping = False
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.skipping = tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self.skipping:
            self.found.append(" ".join(data.split()))
        self.skipping = False


def html_of(message: EmailMultiAlternatives) -> str:
    return str(message.alternatives[0][0])


def mail(template: str, language: str = "en", to: str = "ana@buyers.example", **context: object) -> Mail:
    return Mail.objects.create(
        cause=unique("cause"), template=template, to=to, language=language, context=context, queued_at=NOW
    )


def confirmation(order: Order, language: str = "en") -> EmailMultiAlternatives:
    return compose_mail(
        mail("order_confirmed", language, order.email, event_id=order.event_id, order_id=str(order.id)), NOW
    )


def test_a_mail_about_an_order_wears_its_organizer_s_colour() -> None:
    event = make_event()
    event.organizer.accent_hue = 150
    event.organizer.save()
    html = html_of(confirmation(buy(event)))
    assert html.count("#4a3fc4") == 0
    assert f"background: {hex_colour(accent_on_white(150))}; color: #ffffff" in html


def test_the_mail_says_of_its_link_what_is_true() -> None:
    plain = " ".join(str(confirmation(buy(make_event())).body).split())
    assert "the first browser that opens a booking gets in, any other needs a code from this mailbox" in plain
    assert "The attached PDF is the tickets themselves" in plain


def test_a_date_of_several_days_is_told_as_a_span() -> None:
    event = make_event()
    event.dates.update(ends_at=event.dates.get().starts_at + timedelta(days=8))
    message = confirmation(buy(event))
    assert message.subject.endswith("11–19 Dec 2026")
    assert "11–19 December 2026 · Daily, as told by the organizer" in str(message.body)


def test_where_paper_opens_no_door_no_mail_says_or_brings_it() -> None:
    order = buy(make_event(live_codes_only=True), language="es")
    message = confirmation(order, "es")
    plain = str(message.body)
    assert "solo admiten códigos que cambian en un móvil" in plain
    assert "donde cambia" in plain
    assert "PDF" not in plain
    assert [name.rpartition(".")[2] for name, *_ in message.attachments] == ["ics"]


def test_a_mail_that_waited_goes_by_what_the_door_admits_when_it_is_sent() -> None:
    order = buy(make_event())
    assert {name.rpartition(".")[2] for name, *_ in confirmation(order).attachments} == {"pdf", "ics"}
    Event.objects.filter(id=order.event_id).update(live_codes_only=True)
    assert {name.rpartition(".")[2] for name, *_ in confirmation(order).attachments} == {"ics"}
    Event.objects.filter(id=order.event_id).update(live_codes_only=False)
    assert {name.rpartition(".")[2] for name, *_ in confirmation(order).attachments} == {"pdf", "ics"}


def test_the_confirmation_holds_everything_one_needs() -> None:
    order = buy(make_event(title={"en": "Tom & Jerry <live>", "es": "Tom y Jerry"}))
    message = confirmation(order)
    plain, html = str(message.body), html_of(message)
    for words in (
        order.booking_reference,
        "11 December 2026",
        "CET",
        "Sala Aurora",
        "2 × General admission",
        "€90.00",
    ):
        assert words in plain
        assert words in html
    assert "Tom & Jerry <live>" in plain
    assert "Tom &amp; Jerry &lt;live&gt;" in html
    assert "Tom & Jerry <live>" in message.subject
    assert "\n" not in message.subject


def test_its_link_opens_this_order() -> None:
    order = buy(make_event())
    message = confirmation(order)
    (url,) = set(re.findall(r"http\S+/me/tickets/open/\?t=[\w.-]+", str(message.body)))
    link = read_link(url.partition("?t=")[2])
    assert link is not None
    assert link.is_for(order)
    assert url in html_of(message)


def test_tickets_and_calendar_are_attached() -> None:
    order = buy(make_event(), holders=["Maria López", "João Ñandú"])
    message = confirmation(order)
    pdf, calendar = message.attachments
    assert (pdf.filename, pdf.mimetype) == (f"tmam-{order.booking_reference}.pdf", "application/pdf")
    assert (calendar.filename, calendar.mimetype) == (f"tmam-{order.booking_reference}.ics", "text/calendar")
    raw = message.message().get_payload()
    reader = PdfReader(__import__("io").BytesIO(raw[1].get_payload(decode=True)))
    assert len(reader.pages) == 2
    assert "João Ñandú" in reader.pages[1].extract_text()
    parsed = icalendar.Calendar.from_ical(raw[2].get_payload(decode=True))
    (event,) = parsed.walk("VEVENT")
    assert event.decoded("dtstart") == Date.objects.get(event_id=order.event_id).starts_at


def test_headers_say_that_a_machine_wrote_it() -> None:
    order = buy(make_event())
    owed = mail("order_confirmed", to=order.email, event_id=order.event_id, order_id=str(order.id))
    first, again = compose_mail(owed, NOW).message(), compose_mail(owed, NOW + timedelta(hours=1)).message()
    assert first["Message-ID"] == again["Message-ID"], "a mail sent twice is shown once"
    assert re.fullmatch(r"<[0-9a-f]{32}\.\d+@tmam\.example>", first["Message-ID"])
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Reply-To"] == "help@tmam.example"
    assert first["Content-Language"] == "en"
    assert first["Date"] == "Tue, 01 Dec 2026 12:00:00 +0000"


def test_the_mail_speaks_the_orders_language() -> None:
    order = buy(make_event(), language="es")
    message = confirmation(order, "es")
    assert "Luces de invierno" in message.subject
    assert "11 de diciembre de 2026" in str(message.body)
    assert '<html lang="es"' in html_of(message)


def test_the_refund_notice_says_what_happened_and_what_happens_now() -> None:
    event = make_event()
    context = {"event_id": event.id, "amount_minor": 9000, "currency": "EUR"}
    gone = compose_mail(mail("refund_instructed", **context, reason="places_gone"), NOW)
    fault = compose_mail(mail("refund_instructed", **context, reason="could_not_issue"), NOW)
    assert "€90.00" in gone.subject
    assert "no longer reserved" in str(gone.body)
    assert "a fault of ours" in str(fault.body)
    assert gone.attachments == []


def test_lost_tickets_lists_coming_orders_soonest_first() -> None:
    email = f"{unique('ana')}@buyers.example"
    later, sooner = buy(make_event(starts_in=timedelta(days=9)), email=email), buy(make_event(), email=email)
    Date.objects.filter(event_id=sooner.event_id).update(starts_at=NOW + timedelta(days=1))
    past = buy(make_event(), email=email)
    Date.objects.filter(event_id=past.event_id).update(
        starts_at=NOW - timedelta(days=2), ends_at=NOW - timedelta(days=1)
    )
    drain()
    body = str(compose_mail(mail("lost_tickets", to=email), NOW).body)
    assert body.index(sooner.booking_reference) < body.index(later.booking_reference)
    assert past.booking_reference not in body
    assert body.count("/me/tickets/open/?t=") == 2


PAUSE = {"user_id": 7, "key": "sign_in:login:00", "lock_number": 1, "at": NOW.isoformat()}
RECOVERY = {"request_id": 7, "kind": "factors", "ready_at": NOW.isoformat()}


@pytest.mark.parametrize("name", sorted(ACCOUNT_LETTERS))
@pytest.mark.parametrize("language", ["en", "es"])
def test_account_letters_are_whole(name: str, language: str) -> None:
    facts = {
        **PAUSE,
        **RECOVERY,
        "code": "123456",
        "timestamp": NOW.isoformat(),
        "ip": "192.0.2.7",
        "user_agent": "<script>alert(1)</script>",
        "from_email": "old@b.example",
        "to_email": "new@b.example",
        "deleted_email": "old@b.example",
    }
    message = compose_mail(mail(f"account.{name}", language, **facts), NOW)
    assert message.subject
    assert "<script>" not in html_of(message)
    if name.endswith("_code") or name.startswith("email_confirmation"):
        assert "123456" in message.subject
        assert "123456" in str(message.body)


@pytest.mark.parametrize("name", sorted(ACCOUNT_LETTERS))
def test_every_link_of_every_letter_leads_to_us(name: str) -> None:
    facts = {**PAUSE, **RECOVERY, "code": "123456", "to_email": "new@b.example"}
    message = compose_mail(mail(f"account.{name}", **facts), NOW)
    links = re.findall(r'(?:href|src)="([^"]+)"', html_of(message))
    assert links, "at least the name of the site"
    for link in links:
        assert link.startswith((f"{settings.SITE_ORIGIN}/", f"mailto:{settings.TMAM.support_email}")) or (
            link == settings.SITE_ORIGIN
        ), link


@pytest.mark.parametrize(
    "url", ["https://elsewhere.example/", f"{settings.SITE_ORIGIN}.elsewhere.example/", "/me/"]
)
def test_a_letter_that_would_lead_elsewhere_is_not_written(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(found: object) -> Letter:
        return Letter("s", "p", "t", [button("Go", url)])

    monkeypatch.setitem(ACCOUNT_LETTERS, "elsewhere", write)
    with pytest.raises(ForeignLinkError):
        compose_mail(mail("account.elsewhere"), NOW)


def test_both_parts_say_the_same_words() -> None:
    message = confirmation(buy(make_event()))
    words = Words()
    words.feed(html_of(message))
    plain = " ".join(str(message.body).split()).lower()
    for sentence in words.found:
        if len(sentence) > 30 and "answer this mail" not in sentence.lower():
            assert sentence.lower() in plain


def test_a_mail_about_nothing_is_an_error_not_an_empty_mail() -> None:
    with pytest.raises(LookupError):
        compose_mail(mail("order_confirmed", event_id=1, order_id=str(uuid4())), NOW)
    with pytest.raises(LookupError):
        compose_mail(mail("account.nonsense"), NOW)
