"""Two organizers cannot see each other at all: every address, with the other's numbers, read and written to.

Each address with a parameter is declared here: a new one without a line makes the first test fail. To an owner of
one organizer, the other's event, order, member, … must be exactly like one that does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver

from tests.web.tenants import ABSENT, Tenant, client_of, everything, make_tenant, said
from tmam.catalog.models import Event

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")

# What belongs to somebody, with what a form there would send: it must be as if it did not exist.
OWN: Final[dict[str, dict[str, Any]]] = {
    "checkout/<uuid:checkout_id>/": {"email": "eve@evil.example", "name": "Eve"},
    "checkout/<uuid:checkout_id>/remove/": {"hold": "{hold}"},
    "checkout/<uuid:checkout_id>/drop-lost/": {},
    "checkout/<uuid:checkout_id>/extend/": {},
    "checkout/<uuid:checkout_id>/pay/": {"method": "approve", "terms": "on"},
    "checkout/<uuid:checkout_id>/bank/": {},
    "checkout/<uuid:checkout_id>/stop/": {},
    "checkout/<uuid:checkout_id>/wait/": {},
    "checkout/<uuid:checkout_id>/done/": {},
    "me/teams/<slug:slug>/leave/": {},
    "accounts/passkeys/<int:key_id>/": {"name": "Eve's key"},
    "staff/people/<int:user_id>/": {},
    "staff/people/<int:user_id>/open/": {"reason": "they asked"},
    "staff/people/<int:user_id>/end-pause/": {"reason": "they asked"},
    "staff/recoveries/<int:request_id>/": {},
    "staff/recoveries/<int:request_id>/decide/": {"decision": "approve", "reason": "they asked"},
    "me/orders/<str:reference>/": {},
    "me/orders/<str:reference>/protect/": {},
    "me/orders/<str:reference>/links/": {},
    "me/orders/<str:reference>/links/stop/": {},
    "me/orders/<str:reference>/tickets/<int:serial>/phone/<slug:form>/": {},
    "me/orders/<str:reference>/google/": {"first": "1"},
    "me/orders/<str:reference>/download/": {},
    "me/orders/<str:reference>/download/<slug:form>/": {},
    "me/orders/<str:reference>/files/<slug:form>/": {},
    "me/orders/<str:reference>/wallet/": {},
    "me/orders/<str:reference>/wallet/out/": {},
    "me/orders/<str:reference>/wallet/code/<slug:what>/": {"code": "123456"},
    "me/orders/<str:reference>/tickets/<int:serial>/files/<slug:form>/": {},
    "gate/events/<int:event_id>/": {"gate": "1", "date": "any"},
    "gate/devices/<uuid:device_id>/leave/": {},
    "studio/events/<int:event_id>/": {},
    "studio/events/<int:event_id>/figures/": {},
    "studio/team/<slug:slug>/": {},
    "studio/team/<slug:slug>/second-factor/": {"required": "yes"},
    "studio/team/<slug:slug>/undo/": {},
    "studio/team/<slug:slug>/invite/": {"email": "eve@evil.example", "role": "owner", "reach": "all"},
    "studio/team/<slug:slug>/invitations/<int:invitation_id>/again/": {},
    "studio/team/<slug:slug>/invitations/<int:invitation_id>/revoke/": {},
    "studio/team/<slug:slug>/members/<int:membership_id>/": {"role": "owner", "reach": "all"},
    "studio/team/<slug:slug>/members/<int:membership_id>/remove/": {},
    "studio/organizers/<slug:slug>/design/": {
        "do": "publish",
        "colour": "#aa0000",
        "code": "qr",
        "paper": "a4",
    },
    "studio/organizers/<slug:slug>/design/preview.png": {},
    "studio/organizers/<slug:slug>/design/preview.pdf": {},
    "studio/organizers/<slug:slug>/design/undo/": {},
    "studio/events/<int:event_id>/design/": {
        "do": "publish",
        "colour": "#aa0000",
        "code": "qr",
        "paper": "a4",
    },
    "studio/events/<int:event_id>/design/preview.png": {},
    "studio/events/<int:event_id>/design/preview.pdf": {},
    "studio/events/<int:event_id>/design/undo/": {},
    "studio/events/<int:event_id>/files/": {"form": "pdf"},
    "studio/events/<int:event_id>/files/progress/": {},
    "studio/events/<int:event_id>/dates/": {},
    "studio/events/<int:event_id>/dates/<int:ordinal>/": {"starts_at": "2099-01-01T20:00", "seen": "0"},
    "studio/events/<int:event_id>/dates/<int:ordinal>/undo/": {},
    "studio/events/<int:event_id>/rules/": {},
    "studio/events/<int:event_id>/rules/undo/": {},
    "studio/events/<int:event_id>/rules/order/": {"max_per_order": "1"},
    "studio/events/<int:event_id>/rules/door/": {"asked": "yes", "live_codes_only": "on"},
    "studio/events/<int:event_id>/rules/limits/<slug:kind>/": {"most": "1", "counted": "web"},
    "studio/events/<int:event_id>/rules/contingents/<int:pool>/<slug:channel>/": {"places": "1"},
    "studio/events/<int:event_id>/rules/codes/": {},
    "studio/events/<int:event_id>/rules/codes/download/": {},
    "studio/events/<int:event_id>/rules/codes/add/": {},
    "studio/events/<int:event_id>/rules/codes/add/<slug:does>/": {"codes": "EVIL-CODE", "uses": "1"},
    "studio/events/<int:event_id>/rules/codes/<int:ordinal>/": {"remove": "yes"},
}
# Addresses within one's own organizer with a number of the other's inside.
MIXED: Final = (
    "studio/team/<slug:slug>/invitations/<int:invitation_id>/again/",
    "studio/team/<slug:slug>/invitations/<int:invitation_id>/revoke/",
    "studio/team/<slug:slug>/members/<int:membership_id>/",
    "studio/team/<slug:slug>/members/<int:membership_id>/remove/",
)
# What everybody may see of an event; one that is not announced yet is nobody's business.
PUBLIC_EVENT: Final = (
    "posters/<int:event_id>.svg",
    ".well-known/tmam/keys/<int:event_id>.json",
    ".well-known/tmam/revoked/<int:event_id>",
    "<language:language>/e/<int:event_id>/",
    "<language:language>/e/<int:event_id>-/",
    "<language:language>/e/<int:event_id>-<str:slug>/",
    "<language:language>/e/<int:event_id>-<str:slug>/seats/",
)
# No organizer's property, each for its reason.
OPEN: Final[dict[str, str]] = {
    "<language:language>/security/": "public",
    "accounts/oidc/<slug:provider_id>/login/": "providers are the operator's",
    "accounts/oidc/<slug:provider_id>/login/callback/": "providers are the operator's",
    "sandbox-bank/<uuid:payment_id>/": "the pretend bank's page: not ours, and not there in production",
    "brand/<int:organizer_id>/logo-<str:sha256>.png": "a published logo, shown on passes",
    "brand/<int:organizer_id>.css": "an accent colour, shown on public pages",
    "plans/<int:plan_id>-<str:version>.json": "seats of a venue, shown on public pages",
    "demo/mail/<str:key>/": "the demo's post office, one for all",
    "demo/mail/<str:key>/html/": "the demo's post office, one for all",
    "demo/mail/<str:key>/files/<int:number>/": "the demo's post office, one for all",
    "wallets/apple/v1/devices/<str:device>/registrations/<str:pass_type>/<str:number>": "asks for the pass's secret",
    "wallets/apple/v1/devices/<str:device>/registrations/<str:pass_type>": "a phone's own name is its secret",
    "wallets/apple/v1/passes/<str:pass_type>/<str:number>": "asks for the pass's secret",
    "<language:language>/help/": "public",
    "<language:language>/help/errors/": "public",
    "<language:language>/help/errors/<str:code>/": "public",
    "<language:language>/help/sample-ticket/": "public",
    "<language:language>/help/sample-ticket/<slug:form>/": "a sample, the same for everybody",
    "<language:language>/terms/": "public",
    "<language:language>/privacy/": "public",
    "<language:language>/imprint/": "public",
    "<language:language>/o/<slug:slug>/": "the organizer's public page",
    "<language:language>/trips/": "public",
    "<language:language>/trips/journey/": "public",
    "<language:language>/": "public",
}


def routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    """Every address of the product, as it is written in the `urls` modules."""
    for each in resolver.url_patterns:
        whole = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from routes(each, whole)
        else:
            yield whole


def filled(route: str, values: dict[str, Any]) -> str:
    return "/" + PARAMETER.sub(lambda found: str(values[found[1]]), route)


def test_every_address_with_a_parameter_is_declared() -> None:
    declared = {*OWN, *PUBLIC_EVENT, *OPEN}
    found = {route for route in routes(get_resolver()) if PARAMETER.search(route)}
    assert found - declared == set(), "declare these in OWN (or say in OPEN why they are nobody's)"
    assert declared - found == set(), "these are gone"


@pytest.fixture
def ours(db: None) -> Tenant:
    del db
    return make_tenant("Aurora Concerts", "Winter Lights", "maria")


@pytest.fixture
def theirs(db: None) -> Tenant:
    del db
    return make_tenant("Brisa Secreta", "Hidden Sonata", "zoraida")


def compare(
    client: Client, route: str, foreign: dict[str, Any], absent: dict[str, Any], theirs: Tenant
) -> None:
    """Reading and writing with the other's numbers says what it says of nothing, and does nothing."""
    before = everything()
    form = {name: str(value).replace("{hold}", str(theirs.hold_id)) for name, value in OWN[route].items()}
    for method, fields in (("get", {}), ("post", form)):
        answers = [
            said(getattr(client, method)(filled(route, values), fields), values, filled(route, values))
            for values in (foreign, absent)
        ]
        assert answers[0] == answers[1], f"{method} {route}"
        status, _, text = answers[0]
        assert status in {302, 403, 404, 405}, f"{method} {route}: {status}"
        assert [mark for mark in theirs.marks if mark in text] == [], f"{method} {route}"
    after = everything()
    assert [table for table in before if before[table] != after[table]] == [], route


def test_what_is_the_other_s_is_as_if_it_did_not_exist(ours: Tenant, theirs: Tenant) -> None:
    client = client_of(ours.owner)
    for route in OWN:
        compare(client, route, theirs.ids, ABSENT, theirs)


def test_the_other_s_numbers_inside_one_s_own_organizer_are_not_found(ours: Tenant, theirs: Tenant) -> None:
    client = client_of(ours.owner)
    mine = {"slug": ours.organizer.slug}
    for route in MIXED:
        compare(client, route, theirs.ids | mine, ABSENT | mine, theirs)


def test_one_s_own_is_found(ours: Tenant) -> None:
    """The comparison above would say nothing if these pages were closed to everybody."""
    client = client_of(ours.owner)
    for route in OWN:
        if route.startswith(("studio/", "gate/events/", "me/teams/")):
            status = client.get(filled(route, ours.ids)).status_code
            assert status in {200, 405}, f"{route}: {status}"


def test_events_that_are_not_announced_are_as_if_they_did_not_exist(ours: Tenant, theirs: Tenant) -> None:
    client = client_of(ours.owner)
    shared = {"language": "en", "slug": "hidden-sonata"}
    for route in PUBLIC_EVENT:
        answers = []
        for event_id in (theirs.draft.id, ABSENT["event_id"]):
            values = shared | {"event_id": event_id}
            answers.append(said(client.get(filled(route, values)), values, filled(route, values)))
        assert answers[0] == answers[1], route
        assert answers[0][0] == 404, route


@pytest.mark.parametrize("path", ["/studio/", "/studio/figures/"])
def test_the_studio_is_not_narrowed_to_another_organizer(ours: Tenant, theirs: Tenant, path: str) -> None:
    client = client_of(ours.owner)
    foreign, absent = (
        said(client.get(path, {"organizer": slug}), {"slug": slug})
        for slug in (theirs.organizer.slug, ABSENT["slug"])
    )
    assert foreign == absent
    assert foreign[0] == 403


def test_numbers_in_forms_and_questions_lead_nowhere_either(ours: Tenant, theirs: Tenant) -> None:
    client = client_of(ours.owner)
    device = {"Authorization": f"Device {ours.device_key}"}
    before = everything()
    for ask in (
        lambda ids, _: client.post("/me/account/start/", {"reference": ids["reference"]}),
        lambda ids, hold: client.get("/checkout/add/", {"event": ids["event_id"], "hold": hold}),
        lambda ids, _: client.get("/gate/lookup/", {"typed": ids["reference"]}, headers=device),
        lambda ids, _: client.get("/gate/progress/", {"date": ids["ordinal"]}, headers=device),
    ):
        foreign = said(ask(theirs.ids, theirs.hold_id), theirs.ids | {"hold": theirs.hold_id})
        absent = said(ask(ABSENT, ABSENT["checkout_id"]), ABSENT)
        assert foreign == absent
        assert [mark for mark in theirs.marks if mark in foreign[2]] == []
    assert everything() == before


def test_lists_hold_nothing_of_the_other(ours: Tenant, theirs: Tenant) -> None:
    client = client_of(ours.owner)
    for path in ("/studio/", "/studio/figures/", "/gate/", "/me/tickets/", "/me/account/", "/checkout/"):
        text = client.get(path, follow=True).content.decode()
        assert [mark for mark in theirs.marks if mark in text] == [], path
    team = client.get(f"/studio/team/{ours.organizer.slug}/").content.decode()
    assert [mark for mark in theirs.marks if mark in team] == []
    assert Event.objects.filter(organizer=theirs.organizer).exists()
