"""Recovery with the help of staff: each move once, in order, never early, never by the wrong person."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from tests.cast import NOW, PASSWORD, make_user, unique
from tmam.accounts.errors import RecoveryNotPossibleError
from tmam.accounts.happenings import Happening
from tmam.accounts.models import (
    RecoveryKind,
    RecoveryRequest,
    RecoveryState,
    SecurityEntry,
    StaffAction,
    User,
)
from tmam.accounts.recovery import (
    announce,
    approve,
    begin,
    cancel,
    complete,
    open_request,
    prove_mailbox,
    refuse,
)
from tmam.accounts.recovery_links import LinkPurpose, read_recovery_link, sign_recovery_link
from tmam.accounts.recovery_rules import MOVES, PROVE_WITHIN, may_complete, states_before
from tmam.accounts.security_log import NOWHERE, record

pytestmark = pytest.mark.django_db
STAFF = 4711
HOUR = timedelta(hours=1)
REASON = "Video call, the face fits the ticket's name"


def asked(kind: RecoveryKind = RecoveryKind.FACTORS, user: User | None = None) -> RecoveryRequest:
    user = user or make_user()
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
    new_email = f"{unique('new')}@buyers.example"
    begun = begin(user, kind, new_email=new_email, language="en", now=NOW, visit=NOWHERE)
    return prove_mailbox(begun.pk, now=NOW + HOUR / 2, visit=NOWHERE)


def approved(kind: RecoveryKind = RecoveryKind.FACTORS) -> RecoveryRequest:
    found = asked(kind)
    assert approve(found.pk, staff_id=STAFF, reason=REASON, wait_hours=72, now=NOW + HOUR, visit=NOWHERE)
    found.refresh_from_db()
    return found


def names(found: RecoveryRequest) -> list[str]:
    entries = SecurityEntry.objects.filter(user_id=found.user_id).order_by("id")
    return [entry.name.removeprefix("account.") for entry in entries]


def finish(found: RecoveryRequest, at: timedelta) -> None:
    complete(found.pk, password=PASSWORD, now=NOW + at, visit=NOWHERE)


def test_a_lost_phone_is_taken_off_after_the_wait_and_not_before() -> None:
    found = approved()
    assert found.ready_at == NOW + 73 * HOUR
    for early in (2 * HOUR, 73 * HOUR - timedelta(seconds=1)):
        with pytest.raises(RecoveryNotPossibleError):
            finish(found, early)
    assert Authenticator.objects.filter(user_id=found.user_id).exists()
    before = User.objects.get(pk=found.user_id).get_session_auth_hash()
    finish(found, 73 * HOUR)
    assert not Authenticator.objects.filter(user_id=found.user_id).exists()
    user = User.objects.get(pk=found.user_id)
    assert user.check_password(PASSWORD)
    assert user.get_session_auth_hash() != before, "every session ends"
    assert names(found) == ["recovery_asked", "recovery_approved", "recovered"]
    with pytest.raises(RecoveryNotPossibleError):
        finish(found, 74 * HOUR)


def test_a_lost_mailbox_gives_way_to_the_new_one_and_factors_stay() -> None:
    found = approved(RecoveryKind.EMAIL)
    finish(found, 80 * HOUR)
    user = User.objects.get(pk=found.user_id)
    assert user.email == found.new_email
    (address,) = EmailAddress.objects.filter(user=user)
    assert (address.email, address.verified, address.primary) == (found.new_email, True, True)
    assert Authenticator.objects.filter(user=user).exists()


@pytest.mark.parametrize("kind", list(RecoveryKind))
def test_a_password_that_was_changed_meanwhile_ends_nothing(kind: RecoveryKind) -> None:
    found = approved(kind)
    found.user.set_password("three quiet lanterns")
    found.user.save()
    with pytest.raises(RecoveryNotPossibleError):
        finish(found, 80 * HOUR)
    found.refresh_from_db()
    assert found.state == RecoveryState.APPROVED
    assert found.user.check_password("three quiet lanterns")


def test_an_address_that_was_only_typed_is_no_lost_mailbox() -> None:
    user = make_user(verified=False)
    mail = {"new_email": "x@buyers.example", "language": "en", "now": NOW, "visit": NOWHERE}
    with pytest.raises(RecoveryNotPossibleError):
        begin(user, RecoveryKind.EMAIL, **mail)  # type: ignore[arg-type]
    assert begin(user, RecoveryKind.FACTORS, **mail).pk, "there the mailbox itself is asked"  # type: ignore[arg-type]


@pytest.mark.parametrize("loss", [{"verified": False}, {"email": "other@buyers.example"}])
def test_a_mailbox_that_is_not_proven_any_more_gives_way_to_none(loss: dict[str, object]) -> None:
    found = approved(RecoveryKind.EMAIL)
    EmailAddress.objects.filter(user_id=found.user_id).update(**loss)
    with pytest.raises(RecoveryNotPossibleError):
        finish(found, 80 * HOUR)
    found.refresh_from_db()
    assert (found.state, found.user.email) == (RecoveryState.APPROVED, found.old_email)


def test_a_password_that_the_mailbox_set_lately_is_called_so() -> None:
    user = make_user()
    record(user.pk, Happening.PASSWORD_RESET, now=NOW - timedelta(days=29))
    assert asked(user=user).proofs == ["young_password", "mailbox"]
    old = make_user()
    record(old.pk, Happening.PASSWORD_RESET, now=NOW - timedelta(days=31))
    assert asked(RecoveryKind.EMAIL, old).proofs == ["password", "new_mailbox"]


def test_the_new_address_is_kept_in_small_letters() -> None:
    name = unique("Bob")
    begun = begin(
        make_user(), RecoveryKind.EMAIL, new_email=f"{name}@X.example", language="en", now=NOW, visit=NOWHERE
    )
    assert begun.new_email == f"{name.lower()}@x.example"


def test_a_new_mailbox_that_somebody_else_has_by_then_changes_nothing() -> None:
    found = approved(RecoveryKind.EMAIL)
    make_user(found.new_email.upper().replace("@BUYERS.EXAMPLE", "@buyers.example"))
    with pytest.raises(RecoveryNotPossibleError):
        finish(found, 80 * HOUR)
    found.refresh_from_db()
    assert (found.state, found.user.email) == (RecoveryState.APPROVED, found.old_email)


def test_the_owner_can_stop_it_at_any_time_before() -> None:
    for found in (asked(), approved()):
        assert cancel(found.pk, now=NOW + 2 * HOUR, visit=NOWHERE)
        assert not cancel(found.pk, now=NOW + 2 * HOUR, visit=NOWHERE)
        assert not approve(found.pk, staff_id=STAFF, reason=REASON, wait_hours=1, now=NOW, visit=NOWHERE)
        with pytest.raises(RecoveryNotPossibleError):
            finish(found, 80 * HOUR)
        assert names(found)[-1] == "recovery_cancelled"


def test_staff_can_say_no_even_after_a_yes_and_the_trail_tells() -> None:
    found = approved()
    assert refuse(found.pk, staff_id=STAFF, reason="Second thoughts", now=NOW + 2 * HOUR, visit=NOWHERE)
    with pytest.raises(RecoveryNotPossibleError):
        finish(found, 80 * HOUR)
    trail = StaffAction.objects.filter(staff_id=STAFF, user_id=found.user_id).order_by("id")
    assert [(row.name, row.reason) for row in trail] == [
        ("account.recovery_approved", REASON),
        ("account.recovery_refused", "Second thoughts"),
    ]


def test_staff_decide_once_and_never_about_themselves() -> None:
    found = asked()
    mine = {"reason": REASON, "wait_hours": 1, "now": NOW + HOUR, "visit": NOWHERE}
    assert not approve(found.pk, staff_id=found.user_id, **mine)  # type: ignore[arg-type]
    assert approve(found.pk, staff_id=STAFF, **mine)  # type: ignore[arg-type]
    assert not approve(found.pk, staff_id=STAFF + 1, **mine)  # type: ignore[arg-type]


def test_one_request_at_a_time() -> None:
    first = asked()
    begun = begin(
        first.user, RecoveryKind.EMAIL, new_email="x@buyers.example", language="en", now=NOW, visit=NOWHERE
    )
    with pytest.raises(RecoveryNotPossibleError):
        prove_mailbox(begun.pk, now=NOW, visit=NOWHERE)
    assert open_request(first.user_id) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        RecoveryRequest.objects.filter(pk=begun.pk).update(state="asked")
    cancel(first.pk, now=NOW, visit=NOWHERE)
    assert prove_mailbox(begun.pk, now=NOW, visit=NOWHERE).state == RecoveryState.ASKED


def test_the_database_itself_refuses_an_early_end() -> None:
    found = approved()
    with pytest.raises(IntegrityError), transaction.atomic():
        RecoveryRequest.objects.filter(pk=found.pk).update(state="completed", ended_at=NOW + 2 * HOUR)


def test_an_old_proof_counts_no_more_and_a_repeated_one_asks_once() -> None:
    user = make_user()
    begun = begin(user, RecoveryKind.FACTORS, new_email="", language="en", now=NOW, visit=NOWHERE)
    with pytest.raises(RecoveryNotPossibleError):
        prove_mailbox(begun.pk, now=NOW + PROVE_WITHIN + HOUR, visit=NOWHERE)
    for _ in range(2):
        assert prove_mailbox(begun.pk, now=NOW + HOUR / 2, visit=NOWHERE).state == RecoveryState.ASKED
    assert names(begun) == ["recovery_asked"]


def test_the_worker_tells_a_day_before_and_when_it_is_time_and_ends_what_nobody_finishes() -> None:
    found = approved()
    assert announce(NOW + 40 * HOUR) == 0
    assert announce(NOW + 50 * HOUR) == 1
    assert announce(NOW + 51 * HOUR) == 0
    assert announce(NOW + 74 * HOUR) == 1
    assert announce(NOW + 75 * HOUR) == 0
    assert announce(NOW + timedelta(days=20)) == 1
    assert names(found)[-3:] == ["recovery_soon", "recovery_ready", "recovery_lapsed"]
    with pytest.raises(RecoveryNotPossibleError):
        finish(found, timedelta(days=20))
    forgotten = asked()
    announce(NOW + timedelta(days=31))
    forgotten.refresh_from_db()
    assert forgotten.state == RecoveryState.LAPSED


def test_what_was_never_proven_is_swept_away() -> None:
    begun = begin(make_user(), RecoveryKind.FACTORS, new_email="", language="en", now=NOW, visit=NOWHERE)
    announce(NOW + 2 * HOUR)
    assert not RecoveryRequest.objects.filter(pk=begun.pk).exists()


def test_rules() -> None:
    assert states_before(RecoveryState.COMPLETED) == [RecoveryState.APPROVED]
    assert MOVES[RecoveryState.COMPLETED] == frozenset()
    assert not may_complete(RecoveryState.ASKED, NOW, NOW)
    assert not may_complete(RecoveryState.APPROVED, None, NOW)
    assert may_complete(RecoveryState.APPROVED, NOW, NOW)
    assert not may_complete(RecoveryState.APPROVED, NOW, NOW + timedelta(days=14))


def test_a_link_is_for_one_request_and_one_purpose() -> None:
    secret = sign_recovery_link(7, LinkPurpose.CANCEL)
    link = read_recovery_link(secret)
    assert link is not None
    assert (link.request_id, link.purpose) == (7, LinkPurpose.CANCEL)
    for forged in (
        secret.replace("cancel", "complete"),
        secret[:-1],
        "",
        "complete-7.x",
        secret.replace("-7", "-8"),
    ):
        assert read_recovery_link(forged) is None
