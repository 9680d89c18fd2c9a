from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from tmam.gates import errors
from tmam.gates.rules import (
    DOORS_LEAD,
    KnownTicket,
    Use,
    Verdict,
    entry_window,
    explain,
    refusal_code,
    verdict_of,
)

STARTS = datetime(2026, 12, 5, 20, 0, tzinfo=UTC)
DOORS = STARTS - timedelta(hours=1)
ENDS = STARTS + timedelta(hours=3)
SECOND = timedelta(seconds=1)
USE = Use(UUID(int=1), "Gate B", STARTS)
TICKET = KnownTicket(
    serial=7,
    generation=0,
    state="valid",
    token_sha256=bytes(32),
    date_ordinal=1,
    booking_reference="1-ABCDEF",
    holder_name="Maria Oliva",
    place_label="",
    valid_from=DOORS - timedelta(days=30),
    valid_until=ENDS + timedelta(hours=2),
    ticket_type={"en": "General admission"},
    event_title={"en": "Winter Lights"},
    is_off=False,
    starts_at=STARTS,
    ends_at=ENDS,
    doors_at=DOORS,
    time_zone="Europe/Madrid",
)


def judge(
    ticket: KnownTicket = TICKET, now: datetime = STARTS, date: int | None = None, use: Use | None = None
) -> str | None:
    return refusal_code(ticket, expected_date=date, use=use, now=now)


@pytest.mark.parametrize("now", [DOORS, STARTS, ENDS - SECOND])
def test_a_valid_ticket_enters_while_the_doors_are_open(now: datetime) -> None:
    assert judge(now=now) is None


@pytest.mark.parametrize(
    ("now", "code"),
    [(DOORS - SECOND, "gates.too_early"), (ENDS, "gates.too_late"), (ENDS + SECOND, "gates.too_late")],
)
def test_the_doors_have_exact_limits(now: datetime, code: str) -> None:
    assert judge(now=now) == code


def test_without_a_time_for_the_doors_they_open_before_the_start() -> None:
    ticket = replace(TICKET, doors_at=None)
    assert entry_window(ticket) == (STARTS - DOORS_LEAD, ENDS)
    assert entry_window(ticket, timedelta(minutes=15))[0] == STARTS - timedelta(minutes=15)


def test_the_ticket_s_own_validity_narrows_the_window() -> None:
    slot = replace(TICKET, valid_from=STARTS, valid_until=STARTS + timedelta(minutes=30))
    assert entry_window(slot) == (STARTS, STARTS + timedelta(minutes=30))
    assert judge(slot, now=STARTS - SECOND) == "gates.too_early"
    assert judge(slot, now=STARTS + timedelta(minutes=30)) == "gates.too_late"


def test_the_most_telling_reason_comes_first() -> None:
    hopeless = replace(TICKET, state="cancelled", is_off=True)
    early = DOORS - timedelta(days=1)
    assert judge(hopeless, early, date=2, use=USE) == "gates.cancelled"
    assert judge(replace(hopeless, state="revoked"), early, date=2, use=USE) == "gates.revoked"
    assert judge(replace(hopeless, state="valid"), early, date=2, use=USE) == "gates.date_cancelled"
    assert judge(TICKET, early, date=2, use=USE) == "gates.wrong_date"
    assert judge(TICKET, early, date=1, use=USE) == "gates.already_used"
    assert judge(TICKET, early, date=1) == "gates.too_early"


def test_every_reason_is_explained_with_its_facts() -> None:
    assert explain("gates.already_used", TICKET, USE) == errors.AlreadyUsedError(gate="Gate B", at=STARTS)
    assert explain("gates.too_early", TICKET, None) == errors.TooEarlyError(opens_at=DOORS)
    assert explain("gates.too_late", TICKET, None) == errors.TooLateError(closed_at=ENDS)
    assert explain("gates.wrong_date", TICKET, None) == errors.WrongDateError(starts_at=STARTS)
    assert explain("gates.cancelled", TICKET, None) == errors.TicketCancelledError()
    with pytest.raises(KeyError):
        explain("tickets.token_forged", TICKET, None)
    with pytest.raises(ValueError, match="never used"):
        explain("gates.already_used", TICKET, None)


def test_three_colours() -> None:
    assert verdict_of(None) is Verdict.ADMIT
    assert verdict_of(errors.AlreadyUsedError(gate="A", at=STARTS)) is Verdict.ALREADY_USED
    assert verdict_of(errors.TicketRevokedError()) is Verdict.REFUSE


def test_a_changed_date_takes_its_tickets_along() -> None:
    """Sold for last week: only the changed date's own window counts, in both directions."""
    sold = replace(TICKET, valid_from=DOORS - timedelta(days=7), valid_until=ENDS - timedelta(days=7))
    assert judge(sold) == "gates.too_late"
    moved = replace(sold, is_date_changed=True)
    assert entry_window(moved) == (DOORS, ENDS)
    assert [judge(moved, now) for now in (DOORS - SECOND, DOORS, ENDS)] == [
        "gates.too_early",
        None,
        "gates.too_late",
    ]
