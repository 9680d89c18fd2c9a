"""Live digits and codes bound to a device, at a gate with real PostgreSQL."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.cast import NOW
from tests.gates.guests import attempt, issue, make_event_tonight
from tmam.catalog.models import Event
from tmam.gates import errors
from tmam.gates.attempts import Attempt, Outcome
from tmam.gates.models import Redemption, Scan
from tmam.gates.redeem_ticket import redeem_tickets
from tmam.kernel.bound_token import bound_text, proof_message
from tmam.kernel.live_digits import STEP_S, live_digits, live_secret, live_step
from tmam.kernel.token import encode_token, public_key_of, sign_bytes
from tmam.kernel.token_errors import TokenForgedError, TokenMalformedError
from tmam.platform.statements import Rows, Verb, run_verb
from tmam.tickets.live_masters import live_master
from tmam.tickets.models import SigningKey
from tmam.tickets.queries import ticket as read_ticket
from tmam.tickets.replace_tickets import Replacement, replace_tickets
from tmam.tickets.signing_keys import load_signing_key
from tmam.tickets.token_of import body_of, certificate_of

pytestmark = pytest.mark.django_db
PHONE, OTHER = b"p" * 32, b"o" * 32
MASTER = b"m" * 32


def redeem(event: Event, *attempts: Attempt) -> list[Outcome]:
    return run_verb(redeem_tickets(event.id, attempts))


def digits_of(event: Event, serial: int, at: datetime, generation: int = 0) -> str:
    return live_digits(live_secret(MASTER, event.id, serial, generation), live_step(at))


def bind(event: Event, serial: int = 1) -> bytes:
    """Binds a ticket to the phone; returns the certificate the phone keeps."""
    key = run_verb(load_signing_key(event.id))
    wanted = [Replacement(serial, 0, public_key_of(PHONE))]
    (row,) = run_verb(replace_tickets(event.id, wanted, key, reason="bound", actor="test", now=NOW))
    return certificate_of(row, key)


def shown(certificate: bytes, at: datetime = NOW, device: bytes = PHONE) -> str:
    step = live_step(at)
    return bound_text(certificate, step, sign_bytes(proof_message(certificate, step), device))


def test_digits_are_live_near_their_moment_and_say_by_how_much_they_are_off() -> None:
    event = make_event_tonight()
    run_verb(live_master(event.id, NOW, MASTER))
    names = ("now", "a step ago", "stale", "fast", "ancient", "of another", "bare")
    tickets = dict(zip(names, issue(event, *names), strict=True))
    moments = {"now": 0, "a step ago": -STEP_S, "stale": -60, "fast": 300, "ancient": -3600}
    codes = {
        name: tickets[name].token
        + digits_of(event, tickets[name].serial, NOW + timedelta(seconds=moments[name]))
        for name in moments
    }
    codes["of another"] = tickets["of another"].token + digits_of(event, 1, NOW)
    codes["bare"] = tickets["bare"].token
    attempts = [attempt(codes[name]) for name in names]
    outcomes = redeem(event, *attempts)
    assert [(outcome.error, outcome.is_live) for outcome in outcomes] == [
        (None, True),
        (None, True),
        (errors.StaleCodeError(age_s=60), False),
        (errors.ClockAheadError(ahead_s=300), False),
        (errors.WrongDigitsError(), False),
        (errors.WrongDigitsError(), False),
        (None, False),
    ]
    assert Redemption.objects.filter(event_id=event.id).count() == 3
    # Sent again an hour later, each gets the answer it got.
    later = [replace(each, id=attempt().id, at=NOW + timedelta(hours=1)) for each in attempts]
    assert redeem(event, *later) == [replace(outcome, is_repeat=True) for outcome in outcomes]


def test_digits_of_an_event_without_a_master_are_wrong() -> None:
    event = make_event_tonight()
    (ticket,) = issue(event)
    (outcome,) = redeem(event, attempt(ticket.token + "12345678"))
    assert outcome.error == errors.WrongDigitsError()


def test_a_bound_code_is_good_while_its_device_signs_fresh_proofs() -> None:
    event = make_event_tonight()
    (ticket,) = issue(event)
    certificate = bind(event)
    outcomes = redeem(
        event,
        attempt(shown(certificate, NOW - timedelta(minutes=5))),
        attempt(shown(certificate, NOW + timedelta(minutes=2))),
        attempt(shown(certificate, device=OTHER)),
        attempt(shown(certificate)[:200]),
        attempt(ticket.token),
        attempt(shown(certificate).lower()),
        attempt(shown(certificate)),
    )
    assert [outcome.error for outcome in outcomes] == [
        errors.StaleCodeError(age_s=300),
        errors.ClockAheadError(ahead_s=120),
        TokenForgedError(),
        TokenMalformedError(200, needed=306),
        errors.TicketReplacedError(),
        None,
        errors.AlreadyUsedError(gate="Main entrance", at=NOW),
    ]
    assert outcomes[2].ticket is None, "a copied certificate shows nobody's name"
    assert outcomes[5].is_live
    assert Scan.objects.filter(event_id=event.id).count() == 7


def test_bound_codes_that_are_not_on_record_are_told_apart() -> None:
    event, other = make_event_tonight(), make_event_tonight(title={"en": "Summer Nights"})
    issue(event), issue(other)
    freed, elsewhere = bind(event), bind(other)
    key = run_verb(load_signing_key(event.id))
    run_verb(replace_tickets(event.id, [Replacement(1, 1)], key, reason="freed", actor="test", now=NOW))
    forged = freed[:-1] + bytes([freed[-1] ^ 1])
    outcomes = redeem(event, *(attempt(shown(each)) for each in (freed, elsewhere, forged)))
    assert [outcome.error for outcome in outcomes] == [
        errors.TicketReplacedError(),
        errors.WrongEventError(event={"en": "Summer Nights"}),
        TokenForgedError(),
    ]


def test_an_event_may_demand_live_codes_but_the_list_stays_open() -> None:
    event = make_event_tonight(live_codes_only=True)
    run_verb(live_master(event.id, NOW, MASTER))
    paper, wallet, listed = issue(event, "paper", "wallet", "listed")
    outcomes = redeem(
        event,
        attempt(paper.token),
        attempt(wallet.token + digits_of(event, wallet.serial, NOW)),
        attempt(serial=listed.serial),
    )
    assert [outcome.error for outcome in outcomes] == [errors.LiveCodeNeededError(), None, None]
    assert [outcome.is_live for outcome in outcomes] == [False, True, False]


def test_nothing_a_stolen_key_signed_is_taken() -> None:
    event = make_event_tonight()
    known, bound, listed = issue(event, "known", "bound", "listed")
    certificate = bind(event, bound.serial)
    SigningKey.objects.filter(event_id=event.id).update(stolen_at=NOW)
    thief = run_verb(load_signing_key(event.id, 1))  # what the thief has
    row = run_verb(read_ticket(event.id, known.serial))
    next_generation = encode_token(body_of(row, thief.key_id, 1), thief.private_key)
    outcomes = redeem(
        event,
        *(attempt(code) for code in (known.token, shown(certificate), next_generation)),
        attempt(serial=listed.serial),
    )
    assert [outcome.error for outcome in outcomes] == [errors.KeyStolenError()] * 3 + [None]
    assert not any(outcome.ticket for outcome in outcomes[:3])


def test_a_batch_takes_the_same_statements_whether_digits_are_shown_or_not() -> None:
    event = make_event_tonight()
    run_verb(live_master(event.id, NOW, MASTER))
    still, live = issue(event, "still", "live")
    seen: list[str] = []
    for code in (still.token, live.token + digits_of(event, live.serial, NOW)):
        run_verb(noting(redeem_tickets(event.id, [attempt(code)]), seen))
    half = len(seen) // 2
    assert seen[:half] == seen[half:]
    assert seen.count("gates.find_tickets") == 2


def noting(verb: Verb[object], seen: list[str]) -> Verb[None]:
    """The same verb, the names of its statements noted."""
    rows: Rows | None = None
    with contextlib.suppress(StopIteration):
        while True:
            step = next(verb) if rows is None else verb.send(rows)
            seen.append(step[0].name)
            rows = yield step
