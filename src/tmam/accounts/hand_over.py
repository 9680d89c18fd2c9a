"""The account's own part of "download my data": who one is, addresses, factors, sessions, consents, what happened.

Secrets (password, keys, codes) are left out: they would only help a thief of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from tmam.accounts.models import Consent, Device, Freeze, Phone, RecoveryRequest, SecurityEntry, User
from tmam.accounts.personal_data import Part, Person, exports


def _account(person: Person) -> Iterator[dict[str, Any]]:
    user = User.objects.get(pk=person.user_id)
    yield {
        "number": user.pk,
        "email": user.email,
        "user_name": user.username or "",
        "name": user.name,
        "language": user.language,
        "joined_at": user.joined_at,
        "last_login": user.last_login,
    }


def _addresses(person: Person) -> Iterator[dict[str, Any]]:
    for row in EmailAddress.objects.filter(user_id=person.user_id).order_by("id"):
        yield {"email": row.email, "is_confirmed": row.verified, "is_main": row.primary}


def _factors(person: Person) -> Iterator[dict[str, Any]]:
    for row in Authenticator.objects.filter(user_id=person.user_id).order_by("id"):
        yield {
            "kind": row.type,
            "name": (row.data or {}).get("name", ""),
            "added_at": row.created_at,
            "last_used_at": row.last_used_at,
        }


def _sessions(person: Person) -> Iterator[dict[str, Any]]:
    for row in UserSession.objects.filter(user_id=person.user_id).order_by("id"):
        yield {
            "network": row.ip,
            "browser": row.user_agent,
            "since": row.created_at,
            "last_seen_at": row.last_seen_at,
        }


def _devices(person: Person) -> Iterator[dict[str, Any]]:
    for row in Device.objects.filter(user_id=person.user_id).order_by("id"):
        yield {
            "network": row.network,
            "place": row.place,
            "browser": row.browser,
            "since": row.first_seen_at,
            "last_seen_at": row.last_seen_at,
            "forgotten_at": row.forgotten_at,
        }


def _phones(person: Person) -> Iterator[dict[str, Any]]:
    for row in Phone.objects.filter(user_id=person.user_id):
        yield {"number": row.number, "added_at": row.added_at, "last_used_at": row.last_used_at}


def _locks(person: Person) -> Iterator[dict[str, Any]]:
    for row in Freeze.objects.filter(user_id=person.user_id).order_by("id"):
        yield {"at": row.frozen_at, "until": row.thawed_at, "opened_by": row.thawed_by, "reason": row.reason}


def _services(person: Person) -> Iterator[dict[str, Any]]:
    for row in SocialAccount.objects.filter(user_id=person.user_id).order_by("id"):
        yield {
            "service": row.provider,
            "number": row.uid,
            "told": row.extra_data,
            "since": row.date_joined,
            "last_used_at": row.last_login,
        }


def _consents(person: Person) -> Iterator[dict[str, Any]]:
    for row in Consent.objects.filter(user_id=person.user_id).order_by("at", "id"):
        yield {
            "purpose": row.purpose,
            "party": row.party,
            "is_given": row.is_given,
            "text_version": row.text_version,
            "language": row.language,
            "place": row.place,
            "at": row.at,
        }


def _security_log(person: Person) -> Iterator[dict[str, Any]]:
    for row in SecurityEntry.objects.filter(user_id=person.user_id).order_by("at", "id").iterator(500):
        yield {
            "name": row.name,
            "at": row.at,
            "actor": row.actor,
            "network": row.network,
            "place": row.place,
            "browser": row.browser,
            "reason": row.reason,
        }


def _recoveries(person: Person) -> Iterator[dict[str, Any]]:
    for row in RecoveryRequest.objects.filter(user_id=person.user_id).order_by("id"):
        yield {
            "kind": row.kind,
            "state": row.state,
            "old_email": row.old_email,
            "new_email": row.new_email,
            "requested_at": row.requested_at,
            "approved_at": row.approved_at,
            "reason": row.reason,
            "ended_at": row.ended_at,
        }


_EMAIL = _("The e-mail address.")
_AT = _("When it happened.")
_NETWORK = _("The network address it came from.")
_BROWSER = _("The browser, as it names itself.")
_LANGUAGE = _("The language, as a code.")

exports(
    Part(
        "account",
        _("Your account"),
        {
            "number": _("Our number of the account."),
            "email": _("The main e-mail address."),
            "user_name": _("The other name to sign in with, if there is one."),
            "name": _("Your name."),
            "language": _LANGUAGE,
            "joined_at": _("When the account was made."),
            "last_login": _("When you last signed in."),
        },
        _account,
    )
)
exports(
    Part(
        "addresses",
        _("E-mail addresses"),
        {
            "email": _EMAIL,
            "is_confirmed": _("Whether you proved that it is yours."),
            "is_main": _("Whether we write to it."),
        },
        _addresses,
    )
)
exports(
    Part(
        "second_factors",
        _("Second factors"),
        {
            "kind": _("The kind of factor. Keys and codes are left out."),
            "name": _("The name you gave it."),
            "added_at": _("When it was added."),
            "last_used_at": _("When it was last used."),
        },
        _factors,
    )
)
exports(
    Part(
        "sessions",
        _("Browsers that are signed in"),
        {
            "network": _NETWORK,
            "browser": _BROWSER,
            "since": _("When it signed in."),
            "last_seen_at": _("When it was last used."),
        },
        _sessions,
    )
)
exports(
    Part(
        "devices",
        _("Browsers that know you"),
        {
            "network": _NETWORK,
            "place": _("The place, as far as the network tells."),
            "browser": _BROWSER,
            "since": _("When it signed in."),
            "last_seen_at": _("When it was last used."),
            "forgotten_at": _("When it was signed out and forgotten, if it was."),
        },
        _devices,
    )
)
exports(
    Part(
        "phones",
        _("Phone numbers for codes"),
        {
            "number": _("The phone number."),
            "added_at": _("When it was added."),
            "last_used_at": _("When it was last used."),
        },
        _phones,
    )
)
exports(
    Part(
        "locks",
        _("Times you locked the account"),
        {
            "at": _AT,
            "until": _("When it was opened again."),
            "opened_by": _("Who opened it: you (user) or our staff."),
            "reason": _("Why, if our staff did it."),
        },
        _locks,
    )
)
exports(
    Part(
        "sign_in_services",
        _("Sign-in services"),
        {
            "service": _("The service you sign in with."),
            "number": _("Your number there."),
            "told": _("What the service told us about you."),
            "since": _("When it was added."),
            "last_used_at": _("When it was last used."),
        },
        _services,
    )
)
exports(
    Part(
        "consents",
        _("Consents"),
        {
            "purpose": _("What it was about."),
            "party": _("Who may use it."),
            "is_given": _("Whether you agreed (true) or withdrew (false)."),
            "text_version": _("The version of the words."),
            "language": _LANGUAGE,
            "place": _("The page on which you answered."),
            "at": _AT,
        },
        _consents,
    )
)
exports(
    Part(
        "security_log",
        _("What happened to the account"),
        {
            "name": _("What happened."),
            "at": _AT,
            "actor": _("Who did it: you (user), our staff, or the system."),
            "network": _NETWORK,
            "place": _("The place, as far as the network tells."),
            "browser": _BROWSER,
            "reason": _("Why, if our staff did it."),
        },
        _security_log,
    )
)
exports(
    Part(
        "recoveries",
        _("Help with signing in"),
        {
            "kind": _("What was lost."),
            "state": _("Where the request stands."),
            "old_email": _("The address of the account then."),
            "new_email": _("The address it was to get."),
            "requested_at": _("When it was asked for."),
            "approved_at": _("When our staff approved it."),
            "reason": _("What our staff noted."),
            "ended_at": _("When it ended."),
        },
        _recoveries,
    )
)
