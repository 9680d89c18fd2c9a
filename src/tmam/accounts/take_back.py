"""Going back to how an account stood at an alert: what a thief added is taken away, what they took away is put back.

What cannot be put back (an authenticator app, a key, an address that is somebody else's by now) leaves the account
weaker than its owner left it, so then only staff may open it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tmam.accounts.alert_snapshots import second_factors
from tmam.accounts.models import (
    OPEN_STATES,
    AlertSnapshot,
    Phone,
    RecoveryCodeSet,
    RecoveryRequest,
    RecoveryState,
    User,
)
from tmam.accounts.recovery import cancel
from tmam.accounts.security_log import NOWHERE

KIND_OF_FACTOR = {Authenticator.Type.TOTP: "apps", Authenticator.Type.WEBAUTHN: "passkeys"}


@dataclass
class TakenBack:
    """How many of each kind; no address, no number. `*_lost` is what could not be put back."""

    counts: Counter[str] = field(default_factory=Counter)
    needs_staff: bool = False

    def lost(self, kind: str, how_many: int = 1) -> None:
        """Note what only its owner or nobody can bring back."""
        if how_many:
            self.counts[kind] += how_many
            self.needs_staff = True


def take_back(user: User, before: AlertSnapshot, *, now: datetime) -> TakenBack:
    """Let the account be as it was, in the caller's transaction, which holds the person's row."""
    found = TakenBack()
    _addresses(user, before, found)
    _user_name(user, before, found)
    _factors(user, before, found)
    _phone(user, before, found, now=now)
    _services(user, before, found)
    codes = RecoveryCodeSet.objects.filter(user_id=user.pk, made_at__gt=before.taken_at)
    found.counts["recovery_codes"] += codes.count()
    codes.delete()
    _recoveries(user, before, found, now=now)
    found.counts = +found.counts  # without the zeros
    return found


def _addresses(user: User, before: AlertSnapshot, found: TakenBack) -> None:
    proven = {str(each).lower() for each in before.addresses}
    known = proven | {before.main_address.lower()}
    for row in EmailAddress.objects.filter(user_id=user.pk):
        if row.email.lower() not in known:
            row.delete()
            found.counts["addresses"] += 1
    EmailAddress.objects.filter(user_id=user.pk).update(primary=False)
    here = {row.email.lower(): row for row in EmailAddress.objects.filter(user_id=user.pk)}
    for email in sorted(proven - {name for name, row in here.items() if row.verified}):
        is_back = _try(partial(_prove, user.pk, email))
        if is_back:
            found.counts["addresses_restored"] += 1
        else:
            found.lost("addresses_lost")
    _main_address(user, before, found)


def _prove(user_id: int, email: str) -> None:
    EmailAddress.objects.update_or_create(user_id=user_id, email=email, defaults={"verified": True})


def _main_address(user: User, before: AlertSnapshot, found: TakenBack) -> None:
    """The main address of before; if that is somebody else's by now, another of before; never a thief's."""
    was_changed = user.email.lower() != before.main_address.lower()
    rest = EmailAddress.objects.filter(user_id=user.pk, verified=True).order_by("pk")
    choices = [
        before.main_address,
        *rest.values_list("email", flat=True),
        f"account-{user.pk}@locked.invalid",
    ]
    for email in choices:
        if _try(partial(User.objects.filter(pk=user.pk).update, email=email)):
            user.email = email
            break
    EmailAddress.objects.filter(user_id=user.pk, email__iexact=user.email).update(primary=True)
    if was_changed:
        found.counts["main_address"] += 1
    if user.email != before.main_address and not found.counts["addresses_lost"]:
        found.lost("addresses_lost")


def _user_name(user: User, before: AlertSnapshot, found: TakenBack) -> None:
    """The name of before; none, if somebody else has it by now."""
    if user.username == before.username:
        return
    found.counts["username"] += 1
    user.username = before.username
    if not _try(partial(User.objects.filter(pk=user.pk).update, username=before.username)):
        User.objects.filter(pk=user.pk).update(username=None)
        user.username = None


def _factors(user: User, before: AlertSnapshot, found: TakenBack) -> None:
    added = second_factors(user.pk).exclude(pk__in=before.authenticator_ids)
    for row in added:
        found.counts[KIND_OF_FACTOR.get(row.type, "apps")] += 1
        row.delete()
    found.lost("factors_lost", len(before.authenticator_ids) - second_factors(user.pk).count())


def _phone(user: User, before: AlertSnapshot, found: TakenBack, *, now: datetime) -> None:
    phones = Phone.objects.filter(user_id=user.pk)
    if list(phones.values_list("number", flat=True)) == ([before.phone] if before.phone else []):
        return
    found.counts["phones"] += 1
    phones.delete()
    if before.phone:
        Phone.objects.create(user_id=user.pk, number=before.phone, added_at=now)


def _services(user: User, before: AlertSnapshot, found: TakenBack) -> None:
    """A service of before that was taken off is connected again by its owner; it opened the account, it guarded nothing."""
    services: QuerySet[SocialAccount] = SocialAccount.objects.filter(user_id=user.pk)
    added = services.exclude(pk__in=before.service_ids)
    found.counts["services"] += added.count()
    added.delete()
    found.counts["services_lost"] += len(before.service_ids) - services.count()


def _recoveries(user: User, before: AlertSnapshot, found: TakenBack, *, now: datetime) -> None:
    """Help asked for since: it would end at a mailbox of the thief, or without the owner's factors."""
    begun = RecoveryRequest.objects.filter(user_id=user.pk, begun_at__gt=before.taken_at)
    begun.filter(state=RecoveryState.UNPROVEN).delete()
    for row in begun.filter(state__in=OPEN_STATES):
        found.counts["requests"] += cancel(row.pk, now=now, visit=NOWHERE)


def _try(change: Callable[[], object]) -> bool:
    """Make one change; false, with nothing changed, when a unique constraint says that it is somebody else's."""
    try:
        with transaction.atomic():
            change()
    except IntegrityError:
        return False
    return True
