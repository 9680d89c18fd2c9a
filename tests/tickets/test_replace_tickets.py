"""A new generation through both drivers: the old code is dead, the new one is on record, all or none."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.tickets.test_issue_tickets import NOW, SEATED, Run, event, key, run, wanted
from tmam.kernel.bound_token import certificate_sha256
from tmam.kernel.token import public_key_of, token_sha256, verify_token
from tmam.platform.models import LogEntry
from tmam.tickets.errors import TicketBoundError, TicketChangedError
from tmam.tickets.issue_tickets import issue_tickets
from tmam.tickets.queries import ticket
from tmam.tickets.replace_tickets import Replacement, replace_tickets
from tmam.tickets.rows import TicketRow
from tmam.tickets.signing_keys import LoadedKey, load_signing_key, make_signing_key, public_keys
from tmam.tickets.token_of import certificate_of, token_of

__all__ = ["event", "key", "run"]  # fixtures
DEVICE_KEY = public_key_of(b"d" * 32)


def replaced(run: Run, event: int, key: LoadedKey, *wishes: Replacement) -> list[TicketRow]:
    rows: list[TicketRow] = run(replace_tickets(event, wishes, key, reason="test", actor="system", now=NOW))
    return rows


def test_a_replaced_ticket_has_another_code_of_the_newest_key(run: Run, event: int, key: LoadedKey) -> None:
    first, second = run(issue_tickets(event, [wanted(), SEATED], key, NOW))
    run(make_signing_key(event, NOW))
    newest = run(load_signing_key(event))
    later = (SEATED.valid_from + timedelta(days=1), SEATED.valid_until + timedelta(days=1))
    rows = replaced(run, event, newest, Replacement(2, 0, validity=later), Replacement(1, 0))
    assert [(row.serial, row.generation, row.key_id) for row in rows] == [(1, 1, 2), (2, 1, 2)]
    assert rows == [run(ticket(event, 1)), run(ticket(event, 2))]
    tokens = [token_of(row, newest) for row in rows]
    assert not {first.token, second.token} & set(tokens)
    assert verify_token(tokens[1], run(public_keys(event))).generation == 1
    assert (rows[1].valid_from, rows[1].valid_until, rows[1].holder_name) == (*later, SEATED.holder_name)
    facts = LogEntry.objects.filter(event_id=event, name="ticket.replaced").order_by("id")
    assert [(fact.data["serial"], fact.data["generation"]) for fact in facts] == [(1, 1), (2, 1)]


def test_a_bound_ticket_is_known_by_its_certificate_only(run: Run, event: int, key: LoadedKey) -> None:
    run(issue_tickets(event, [wanted()], key, NOW))
    (bound,) = replaced(run, event, key, Replacement(1, 0, DEVICE_KEY))
    with pytest.raises(TicketBoundError):
        token_of(bound, key)
    assert certificate_sha256(certificate_of(run(ticket(event, 1)), key)) == bound.token_sha256
    (freed,) = replaced(run, event, key, Replacement(1, 1))
    assert token_sha256(token_of(freed, key)) == freed.token_sha256
    with pytest.raises(ValueError, match="no device"):
        certificate_of(freed, key)


@pytest.mark.parametrize("second", [Replacement(2, 7), Replacement(9, 0)])
def test_one_that_changed_meanwhile_stops_all(
    run: Run, event: int, key: LoadedKey, second: Replacement
) -> None:
    run(issue_tickets(event, [wanted(), SEATED], key, NOW))
    with pytest.raises(TicketChangedError) as caught:
        replaced(run, event, key, Replacement(1, 0), second)
    assert caught.value.serial == second.serial
    assert run(ticket(event, 1)).generation == 0
    assert not LogEntry.objects.filter(event_id=event, name="ticket.replaced").exists()


def test_nothing_to_replace_and_another_event_s_key(run: Run, event: int, key: LoadedKey) -> None:
    assert replaced(run, event, key) == []
    with pytest.raises(ValueError, match="cannot sign"):
        replaced(run, event + 1_000_000, key, Replacement(1, 0))
