"""Two organizers who must not see each other: everything that each has, its numbers, and what would give it away."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from tests.cast import Type, give_second_factor, make_event, make_member, make_organizer, unique
from tests.notifications.purchases import buy
from tests.orders.buyers import hold, pay, ready
from tests.web.proof import prove_freshly
from tmam.accounts.models import RecoveryRequest, User
from tmam.accounts.models.recovery import RecoveryKind
from tmam.catalog.models import Event
from tmam.catalog.sales_rules import Contingent, SalesCode, SalesLimit
from tmam.gates.register_device import register_device
from tmam.organizers.change_team import Given
from tmam.organizers.invite import invite
from tmam.organizers.models import Membership, Organizer, Role
from tmam.organizers.team_log import Who
from tmam.payments.models import Payment
from tmam.platform.table_kinds import CONTROL_TABLES, EVENT_TABLES, GLOBAL_TABLES
from tmam.platform.visitors import COOKIE, sign_visitor

# Written by looking at a page, or by nobody's business.
NOT_COMPARED = {"django_session", "django_migrations", "platform_heartbeat", "platform_loghead"}
ABSENT_UUID = UUID("0190a000-0000-7000-8000-00000000dead")
# What nobody has, by the name of the parameter in the address.
ABSENT: dict[str, Any] = {
    "event_id": 900_000_111,
    "organizer_id": 2_000_000_111,
    "checkout_id": ABSENT_UUID,
    "payment_id": ABSENT_UUID,
    "device_id": ABSENT_UUID,
    "slug": "nobody-at-all",
    "reference": "1Z-ZZZZZZ",
    "serial": 1,
    "invitation_id": 2_000_000_111,
    "membership_id": 2_000_000_111,
    "user_id": 2_000_000_111,
    "key_id": 2_000_000_111,
    "request_id": 2_000_000_111,
    "kind": "email",
    "form": "pdf",
    "what": "in",
    "pool": 1,
    "channel": "web",
    "does": "presale",
    "ordinal": 1,
}


@dataclass
class Tenant:
    """An organizer with one of everything. `ids` are its numbers by the parameter's name; `marks` give it away."""

    organizer: Organizer
    owner: User
    event: Event
    draft: Event
    ids: dict[str, Any]
    marks: list[str]
    device_key: str
    hold_id: UUID


def make_tenant(name: str, title: str, buyer: str) -> Tenant:
    """An organizer with a team, events, rules, orders, a hold, a checkout, a payment and a scanner."""
    now = timezone.now()
    organizer = make_organizer(name, legal_name=f"{name} S.L.", email=f"{unique('hello')}@{buyer}.example")
    owner = make_member(organizer, Role.OWNER, name=f"{name} Boss")
    give_second_factor(owner)
    types = (Type(4500, title, pools=(1,)),)
    fields: dict[str, Any] = {
        "organizer": organizer,
        "now": now,
        "types": types,
        "title": {"en": title, "es": title},
    }
    event, draft = (
        make_event(id=_long_number(), **fields),
        make_event(id=_long_number(), status="draft", **fields),
    )
    SalesLimit.objects.create(event=event, kind="email", most=5)
    Contingent.objects.create(event=event, pool=1, channel="web", places=80)
    SalesCode.objects.create(event=event, ordinal=1, code=unique("SECRET").upper(), kind="presale", uses=3)
    order = buy(event, email=f"{buyer}@buyers.example", now=now)
    checkout = ready(event, now=now)
    pay(checkout, "approve", now=now)
    member = make_member(organizer, Role.GATE, name=f"{name} Steward")
    invitation = invite(organizer, f"{buyer}@invited.example", Given(Role.SUPPORT), Who(owner, now), "en")
    recovery = RecoveryRequest.objects.create(
        user=owner, kind=RecoveryKind.values[0], language="en", old_email=owner.email, begun_at=now
    )
    device, key = register_device(event_id=event.id, gate_number=1, steward=member, name=name, now=now)
    return Tenant(
        organizer=organizer,
        owner=owner,
        event=event,
        draft=draft,
        ids={
            "event_id": event.id,
            "organizer_id": organizer.pk,
            "checkout_id": checkout.id,
            "payment_id": Payment.objects.get(checkout_id=checkout.id).id,
            "device_id": device.id,
            "slug": organizer.slug,
            "reference": order.booking_reference,
            "serial": 1,
            "invitation_id": invitation.pk,
            "membership_id": Membership.objects.get(user=member).pk,
            "user_id": owner.pk,
            "key_id": Authenticator.objects.get(user=owner).pk,
            "request_id": recovery.pk,
            "kind": "email",
            "form": "pdf",
            "what": "in",
            "pool": 1,
            "channel": "web",
            "does": "presale",
            "ordinal": 1,
        },
        marks=[name, title, organizer.email, f"{buyer}@", order.booking_reference, "SECRET-"],
        device_key=key,
        hold_id=hold(event, uuid4(), now=now).id,
    )


def _long_number() -> int:
    """A number that stands in no text by chance."""
    return 100_000_000 + secrets.randbelow(800_000_000)


def client_of(person: User) -> Client:
    """A browser of this person, who proved moments ago who they are, and has been at the till before."""
    client = Client(headers={"accept-language": "en"})
    client.cookies[COOKIE] = sign_visitor(uuid4(), settings.SECRET_KEY)
    client.force_login(person)
    prove_freshly(client, person)
    return client


def said(answer: HttpResponse, values: dict[str, Any], path: str = "") -> tuple[int, str, str]:
    """What an answer says: status, where it leads, and its text without what differs from request to request.

    `values` and `path` are what was asked with; the answer may repeat them.
    """
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = body.decode(errors="replace")
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text)
    where = answer.headers.get("Location", "")
    asked = {path, *map(str, values.values())}
    for value in sorted((each for each in asked if len(each) > 3), key=len, reverse=True):
        text, where = text.replace(value, "…"), where.replace(value, "…")
    return answer.status_code, where, text


def everything() -> dict[str, str]:
    """A digest of each table: two are equal if nothing was changed in between."""
    tables = sorted((EVENT_TABLES | GLOBAL_TABLES | CONTROL_TABLES) - NOT_COMPARED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        present = {name for (name,) in cursor.fetchall()}
        parts = [
            f"SELECT '{table}', md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
            for table in tables
            if table in present
        ]
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())
