"""The sales rules in the studio: who may, every form with good and bad input, undo, and what the log says."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.cast import Type, make_event, make_member, make_organizer, make_seated_event, make_user
from tests.orders.buyers import checkout_with as reserve
from tests.orders.buyers import fill, hold
from tmam.catalog.models import Event
from tmam.catalog.sales_rules import Contingent, SalesCode, SalesLimit
from tmam.inventory.change_sales_rules import FACT
from tmam.inventory.counter_keys import code_counter_id
from tmam.inventory.models import Counter
from tmam.organizers.models import Role
from tmam.platform.models import LogEntry
from tmam.web.studio.rules.sales_codes import ALPHABET, MOST_AT_ONCE, random_codes, read_codes

pytestmark = pytest.mark.django_db
PAGES = [
    "",
    "order/",
    "door/",
    "limits/email/",
    "contingents/1/web/",
    "codes/",
    "codes/add/",
    "codes/add/presale/",
    "codes/add/percent/",
    "codes/add/price/",
    "codes/download/",
]


class Owner:
    """An owner at the rules of one event."""

    def __init__(self, event: Event) -> None:
        self.event = event
        self.person = make_member(event.organizer, Role.OWNER)
        self.client = Client(headers={"accept-language": "en"})
        self.client.force_login(self.person)

    def path(self, page: str = "") -> str:
        return f"/studio/events/{self.event.id}/rules/{page}"

    def get(self, page: str = "") -> HttpResponse:
        return self.client.get(self.path(page))

    def words(self, page: str = "") -> str:
        answer = self.get(page)
        assert answer.status_code == 200, page
        return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())

    def post(self, page: str, **fields: object) -> HttpResponse:
        return self.client.post(self.path(page), fields)

    def save(self, page: str, **fields: object) -> str:
        """Send a form that must be good; answers what the next page says was changed."""
        answer = self.post(page, **fields)
        assert answer.status_code == 302, re.findall(
            r'field__error".*?</p>', answer.content.decode(), re.DOTALL
        )
        shown = self.client.get(answer.headers["Location"]).content.decode()
        told = re.search(r'role="status">.*?<p>(.*?)</p>', shown, re.DOTALL)
        return told.group(1) if told else ""

    def undo(self) -> HttpResponse:
        return self.client.post(self.path("undo/"))


@pytest.fixture
def event() -> Event:
    return make_event(now=timezone.now(), types=(Type(4500, "Adult"), Type(2000, "Child", pools=(2,))))


@pytest.fixture
def owner(event: Event) -> Owner:
    return Owner(event)


def problems(answer: HttpResponse) -> list[str]:
    """The error summary's sentences."""
    assert answer.status_code == 422
    words = answer.content.decode()
    assert "<title>Error: " in words
    summary = words.partition("error-summary__title")[2].partition("</div>")[0]
    return [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<li>(.*?)</li>", summary)]


def facts(event: Event) -> list[LogEntry]:
    return list(LogEntry.objects.filter(event_id=event.id, name=FACT).order_by("at", "id"))


def test_only_who_may_change_rules_of_this_organizer_gets_in(event: Event, client: Client) -> None:
    root = f"/studio/events/{event.id}/rules/"
    for page in PAGES:
        assert client.get(root + page).headers["Location"].startswith("/accounts/login/?next=/studio/")
    elsewhere = make_member(make_organizer("Brisa"), Role.OWNER)
    steward = make_member(event.organizer, Role.GATE)
    for person, status in ((make_user(), 404), (steward, 403), (elsewhere, 404)):
        theirs = Client(headers={"accept-language": "en"})
        theirs.force_login(person)
        for page in [*PAGES, "undo/"]:
            answer = theirs.get(root + page) if page != "undo/" else theirs.post(root + page)
            assert answer.status_code == status, page
        answer = theirs.post(f"{root}limits/email/", {"most": "4", "counted": "web"})
        assert answer.status_code == status
    assert not SalesLimit.objects.filter(event=event).exists()


def test_what_does_not_exist_is_not_found_and_methods_are_kept(owner: Owner) -> None:
    for page in ("limits/shoes/", "contingents/9/web/", "contingents/1/shop/", "codes/add/key/", "codes/9/"):
        assert owner.get(page).status_code == 404, page
    assert owner.get("undo/").status_code == 405
    assert owner.post("codes/").status_code == 405


def test_the_pages_teach_while_nothing_is_set(owner: Owner) -> None:
    words = owner.words()
    assert words.count("no limit") == 6
    assert words.count("all there are") == 6 + 1  # two pools, three channels each; and the sentence above
    assert "No codes yet" in words
    assert "A presale code lets people buy before sales open" in owner.words("codes/")
    assert "Sales rules" in owner.client.get(f"/studio/events/{owner.event.id}/").content.decode()


def test_a_limit_is_set_changed_dropped_and_taken_back(owner: Owner) -> None:
    assert 'value="web" id="id_counted_0" checked' in owner.get("limits/email/").content.decode()
    told = owner.save("limits/email/", most="4", counted=["web", "partner"])
    assert told == "Each e-mail address: at most 4 tickets."
    row = SalesLimit.objects.get(event=owner.event)
    assert (row.kind, row.most, row.exempt_channels) == ("email", 4, ["box_office"])
    words = owner.words()
    assert "at most 4 Website, Partners 0 counted, 0 with all they may have" in words
    assert 'value="4"' in owner.get("limits/email/").content.decode()
    assert owner.save("limits/email/", remove="yes") == "Each e-mail address: no limit any more."
    assert not SalesLimit.objects.filter(event=owner.event).exists()
    assert owner.undo().headers["Location"] == owner.path()
    assert SalesLimit.objects.get(event=owner.event).most == 4
    assert "Undo" not in owner.words()
    assert owner.undo().status_code == 302  # pressed twice: nothing more happens
    assert [entry.actor for entry in facts(owner.event)] == [f"user:{owner.person.pk}"] * 3
    assert facts(owner.event)[0].data["after"] == {"most": 4, "exempt_channels": ["box_office"]}


def test_a_limit_below_what_is_used_says_what_that_means(owner: Owner) -> None:
    owner.save("limits/email/", most="6", counted="web")
    fill(reserve(owner.event, now=timezone.now()), now=timezone.now())
    assert "1 counted, 0 with all" in owner.words()
    told = owner.save("limits/email/", most="1", counted="web")
    assert told == (
        "Each e-mail address: at most 1 ticket. 1 has that many already: they keep their tickets and can buy no more."
    )
    assert Counter.objects.get(event_id=owner.event.id, kind="email").held == 2


@pytest.mark.parametrize(
    ("page", "fields", "told"),
    [
        ("limits/card/", {"most": "", "counted": "web"}, ["Enter a whole number from 1 to 1,000"]),
        ("limits/card/", {"most": "0", "counted": "web"}, ["Enter a whole number from 1 to 1,000"]),
        ("limits/card/", {"most": "a", "counted": "web"}, ["Enter a whole number from 1 to 1,000"]),
        ("limits/card/", {"most": "4"}, ["Choose at least one place where it is counted"]),
        ("order/", {"max_per_order": "1001"}, ["Enter a whole number from 1 to 1,000"]),
        ("contingents/1/web/", {"places": "-1"}, ["Enter a whole number from 0 to 1,000,000"]),
    ],
)
def test_bad_input_is_told_and_changes_nothing(
    owner: Owner, page: str, fields: dict[str, str], told: list[str]
) -> None:
    assert problems(owner.post(page, **fields)) == told
    assert facts(owner.event) == []


def test_what_an_order_may_have(owner: Owner) -> None:
    assert "Leave no single seats" not in owner.words()
    assert owner.save("order/", max_per_order="4") == "Up to 4 tickets an order."
    owner.event.refresh_from_db()
    assert (owner.event.max_per_order, owner.event.avoid_single_seats) == (4, True)
    seated = Owner(make_seated_event(now=timezone.now()))
    assert "Leave no single seats Yes" in seated.words()
    seated.save("order/", max_per_order="1")
    seated.event.refresh_from_db()
    assert seated.event.avoid_single_seats is False
    assert "Leave no single seats No" in seated.words()


def test_the_door_may_admit_live_codes_only(owner: Owner) -> None:
    assert "every genuine code, on paper too" in owner.words()
    assert "live codes only" in owner.save("door/", asked="yes", live_codes_only="on")
    owner.event.refresh_from_db()
    assert owner.event.live_codes_only
    assert "no paper, no pictures" in owner.words()
    fact = LogEntry.objects.get(event_id=owner.event.id, name=FACT)
    assert (fact.data["rule"], fact.data["after"]) == ("door", {"live_codes_only": True})
    assert "every genuine code" in owner.save("door/", asked="yes")
    owner.event.refresh_from_db()
    assert not owner.event.live_codes_only


def test_contingents_are_compared_with_the_places_there_are(owner: Owner) -> None:
    assert owner.save("contingents/1/web/", places="80") == "Website: 80 places on each date."
    hold(owner.event, uuid4(), {1: 2}, now=timezone.now())
    assert "Website 80 places 2 used on the fullest date" in owner.words()
    owner.save("contingents/1/box_office/", places="40")
    assert "Together the contingents have 120 places, and there are 100." in owner.words()
    owner.save("contingents/1/box_office/", places="5")
    owner.save("contingents/1/partner/", places="5")
    assert "10 places are in no contingent, so no channel can sell them." in owner.words()
    assert "Box office 5" in owner.words("contingents/1/web/")
    assert owner.save("contingents/1/web/", remove="yes") == "Website: may sell all there are."
    assert set(Contingent.objects.filter(event=owner.event).values_list("channel", flat=True)) == {
        "box_office",
        "partner",
    }


def test_presale_codes_are_typed_with_the_clock_of_the_place(owner: Owner) -> None:
    told = owner.save(
        "codes/add/presale/",
        codes="fan-club, Early\nfan-club",
        uses="3",
        ticket_types=["1"],
        opens_at="2026-12-01T10:00",
        ends_at="2026-12-05T23:30",
    )
    assert told == "2 codes are added."
    code = SalesCode.objects.get(event=owner.event, code="FAN-CLUB")
    assert (code.kind, code.uses, code.ticket_types) == ("presale", 3, [1])
    assert (code.opens_at, code.ends_at) == (
        datetime(2026, 12, 1, 9, 0, tzinfo=UTC),  # Madrid in winter
        datetime(2026, 12, 5, 22, 30, tzinfo=UTC),
    )
    words = owner.words("codes/")
    assert "Presale code · Adult" in words
    assert "0 of 3 used" in words
    assert 'value="2026-12-01T10:00"' in owner.get(f"codes/{code.ordinal}/").content.decode()
    assert owner.save("codes/add/presale/", codes="EARLY NEW", uses="1") == (
        "1 code is added. 1 was there already and stays as it is."
    )


def test_random_codes_are_made_downloaded_and_taken_back(owner: Owner) -> None:
    assert owner.save("codes/add/percent/", how_many="120", uses="2", percent="12,5 %") == (
        "120 codes are added."
    )
    rows = SalesCode.objects.filter(event=owner.event)
    assert {row.off_basis_points for row in rows} == {1250}
    table = list(csv.reader(io.StringIO(owner.get("codes/download/").content.decode())))
    assert table[0] == ["code", "kind", "uses", "used"]
    assert {row[0] for row in table[1:]} == {row.code for row in rows}
    assert "Page 3 of 3" in owner.words("codes/?page=99")
    assert "Page 1 of 3" in owner.words(f"codes/?page={'9' * 5_000}")
    assert "12.5% off" in owner.words("codes/?page=2")
    assert "120 codes, 0 of 240 tickets used." in owner.words()
    owner.undo()
    assert not SalesCode.objects.filter(event=owner.event).exists()


def test_a_voucher_has_a_price_of_its_own(owner: Owner) -> None:
    owner.save("codes/add/price/", codes="GUEST", uses="1", price="12,50", percent="x")
    code = SalesCode.objects.get(event=owner.event)
    assert (code.price_minor, code.off_basis_points) == (1250, 0)
    assert "Voucher: €12.50 · all ticket types" in owner.words("codes/")
    owner.save("codes/1/", uses="7", price="0")
    code.refresh_from_db()
    assert (code.code, code.uses, code.price_minor) == ("GUEST", 7, 0)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"uses": "1"}, "Type a code, or say how many to make"),
        ({"uses": "1", "codes": "ABC", "how_many": "3"}, "Type codes or have random ones made, not both"),
        (
            {"uses": "1", "codes": "A? OK1"},
            "Change A?: a code has 3 to 40 letters and digits, dashes between",
        ),
        ({"uses": "0", "codes": "ABC"}, "Enter a whole number from 1 to 1,000,000"),
        ({"uses": "1", "how_many": "501"}, "Enter a whole number from 1 to 500"),
        ({"uses": "1", "codes": "ABC", "percent": ""}, "Enter a percentage above 0, up to 100"),
        ({"uses": "1", "codes": "ABC", "percent": "101"}, "Enter a percentage above 0, up to 100"),
        ({"uses": "1", "codes": "ABC", "percent": "NaN"}, "Enter a percentage above 0, up to 100"),
        (
            {"uses": "1", "codes": "ABC", "price": "1.234"},
            "Enter a price like 12.50, 0 if it is free",
        ),
        ({"uses": "1", "codes": "ABC", "price": "99999999999"}, "Enter a price like 12.50, 0 if it is free"),
        (
            {"uses": "1", "codes": "ABC", "opens_at": "2026-12-02T10:00", "ends_at": "2026-12-02T10:00"},
            "Choose an end after the beginning",
        ),
        ({"uses": "1", "codes": "ABC", "opens_at": "soon"}, "Enter a day and a time, like 2026-12-24 20:00"),
    ],
)
def test_bad_codes_are_told_and_added_nowhere(owner: Owner, fields: dict[str, str], told: str) -> None:
    page = "codes/add/price/" if "price" in fields else "codes/add/percent/"
    assert told in problems(owner.post(page, **({"percent": "10"} | fields)))
    assert not SalesCode.objects.filter(event=owner.event).exists()


def test_too_many_codes_at_once(owner: Owner) -> None:
    many = " ".join(f"CODE{number}" for number in range(MOST_AT_ONCE + 1))
    assert problems(owner.post("codes/add/presale/", codes=many, uses="1")) == [
        "Add at most 500 codes at once"
    ]


def test_a_code_is_removed_while_unused_and_stopped_once_used(owner: Owner) -> None:
    owner.save("codes/add/presale/", codes="FAN CLUB", uses="3")
    assert "Remove this code" in owner.words("codes/1/")
    assert owner.save("codes/1/", remove="yes") == "FAN is removed."
    Counter.objects.create(
        event_id=owner.event.id, id=code_counter_id(2), kind="code", capacity=3, held=0, sold=3
    )
    assert "Used up" in owner.words("codes/")
    assert "Stop this code" in owner.words("codes/2/")
    assert owner.save("codes/2/", remove="yes") == "CLUB is stopped. Tickets bought with it stay good."
    assert "Stopped" in owner.words("codes/?q=clu")
    assert "No code has" in owner.words("codes/?q=zzz")
    owner.undo()
    assert "Used up" in owner.words("codes/")


def test_nobody_takes_back_what_a_colleague_changed(owner: Owner) -> None:
    owner.save("limits/email/", most="4", counted="web")
    colleague = Owner(owner.event)
    colleague.save("limits/email/", most="2", counted="web")
    answer = owner.undo()
    assert answer.status_code == 409
    assert "inventory.rule_changed" in answer.content.decode()
    assert SalesLimit.objects.get(event=owner.event).most == 2


def test_codes_as_people_paste_them() -> None:
    assert read_codes(" ab1;AB1,\nc-d_e  \uff26ull ") == (["AB1", "C-D_E", "FULL"], [])
    assert read_codes("ab -ab ab- a!b") == ([], ["AB", "-AB", "AB-", "A!B"])
    assert read_codes("") == ([], [])
    made = random_codes(200)
    assert len(set(made)) == 200
    assert all(re.fullmatch(f"[{ALPHABET}]{{8}}", code) for code in made)
    assert read_codes("\n".join(made)) == (made, [])
