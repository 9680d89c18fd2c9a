"""What `tmam keys show`, `rotate`, `stolen` and `drill` do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import typer

from tmam.cli.database import database, set_up_django
from tmam.cli.operator_error import OperatorError
from tmam.cli.ticket_keys.files import check_new, write_new
from tmam.platform.settings import Settings

OPERATOR = "operator"


def run_show(settings: Settings, event_id: int) -> None:
    """Show the root and, for an event, its keys.

    Raises:
        OperatorError: there is no such event.
    """
    with _ready(settings):
        _show_root()
        if event_id:
            _check_event(event_id)
            _show_keys(event_id)


def run_rotate(settings: Settings, event_id: int, by: str = "") -> None:
    """Give an event a new key. `by`: see `_actor`.

    Raises:
        OperatorError: there is no such event, the key cannot be made, or `by` is nobody of the staff.
    """
    with _ready(settings):
        from tmam.platform.statements import run_verb
        from tmam.tickets.rotate_key import rotate_key

        _check_event(event_id)
        key_id = run_verb(rotate_key(event_id, actor=_actor(by), now=_now()))
    print(
        f"Key {key_id} signs event {event_id}'s new tickets within seconds. Older tickets stay as they are."
    )


def run_stolen(
    settings: Settings, event_id: int, key_id: int, output: Path, *, is_sure: bool, by: str = ""
) -> None:
    """Declare a key stolen, replace its tickets, write down who is affected. `by`: see `_actor`.

    Raises:
        OperatorError: no such event or key, the file cannot be written, `by` is nobody of the staff, or the operator
            said no.
    """
    check_new(output)
    with _ready(settings):
        from tmam.fulfilment.stolen_key.affected import affected_orders, affected_table
        from tmam.fulfilment.stolen_key.replace_all import replace_all
        from tmam.platform.statements import run_verb
        from tmam.tickets.stolen_keys import waiting

        _check_key(event_id, key_id)
        actor = _actor(by)
        count = run_verb(waiting(event_id, key_id)).replaceable
        print(
            f"Event {event_id}, key {key_id}: from now on gates refuse what it signed, and {count} tickets get new codes."
        )
        print("Everybody who bought one gets a mail. This cannot be taken back.")
        if not is_sure and not typer.confirm("Was the key stolen?"):
            raise OperatorError("Nothing was changed.")
        done = replace_all(
            event_id,
            key_id,
            actor=actor,
            clock=_now,
            sleep=_wait,
            on_progress=lambda tickets: print(f"{tickets} of {count} tickets replaced", flush=True),
        )
        table, orders = affected_table(affected_orders(event_id, key_id))
        write_new(output, table)
    print(
        f"{done.tickets} tickets replaced. The {orders} orders concerned are in {output}: names and addresses!"
    )
    if done.left.exhausted:
        print(
            f"{done.left.exhausted} tickets have had every generation and cannot be replaced: let those guests in by name."
        )
    print("The worker sends the mails; wallets follow by themselves.")


def run_drill(settings: Settings, event_id: int, key_id: int | None) -> int:
    """Play a theft through; returns the exit status.

    Raises:
        OperatorError: no such event or key.
    """
    with _ready(settings):
        from tmam.fulfilment.stolen_key.drill import drill

        if key_id is None:
            _check_event(event_id)
        else:
            _check_key(event_id, key_id)
        report = drill(event_id, key_id, now=_now())
    print(f"Event {event_id}, key {report.key_id}: {report.tickets} tickets would get new codes.")
    print(f"Played on {report.tried} of them ({report.orders_tried} orders) and taken back:")
    for words, number in (
        ("old codes refused", report.old_refused),
        ("codes a thief would make for the next generation refused", report.forged_refused),
        ("new codes good", report.new_good),
        ("live digits by the old secret refused", report.old_digits_refused),
        ("live digits by the new secret live", report.new_digits_live),
    ):
        print(f"  {'ok   ' if number == report.tried else 'WRONG'} {words}: {number} of {report.tried}")
    for code, count in report.surprises.items():
        print(f"  {count} times the gate said: {code}")
    if report.in_phones:
        print(
            f"{report.in_phones} more live in phones, which alone can show their codes: replaced, but not tried."
        )
    print(f"All of them would take about {report.whole_s:.0f} s.")
    return 0 if report.is_good else 1


@contextmanager
def _ready(settings: Settings) -> Iterator[None]:
    """The database and Django; an error of ours becomes one sentence."""
    with database(settings):
        set_up_django()
        from tmam.kernel.errors import TmamError
        from tmam.platform.error_words import words_for

        try:
            yield
        except TmamError as error:
            words = words_for(error, "en")
            raise OperatorError(f"{words.summary} ({error.code})") from error


def _actor(by: str) -> str:
    """Who stands in the log beside what was done: `staff:7` for the e-mail address of somebody of the staff, else `operator`.

    A number, because the log names nobody. It is the operator's word: who may run the command, the machine decides.
    """
    if not by:
        return OPERATOR
    from tmam.accounts.addresses import owner_of_address
    from tmam.accounts.models import User

    staff_id = owner_of_address(by)
    if staff_id is None or not User.objects.filter(pk=staff_id, is_staff=True).exists():
        raise OperatorError(f"{by} is nobody of the staff: see `tmam staff list`.")
    return f"staff:{staff_id}"


def _show_root() -> None:
    from tmam.tickets.errors import KeySetUnsignedError
    from tmam.tickets.key_sets.delegations import delegated, is_own_root

    try:
        found = delegated(_now())
    except KeySetUnsignedError:
        print("No root has signed for this installation at this time: see docs/ticket-keys.md.")
        return
    kind = (
        "development root, made by this installation itself" if is_own_root(found.root_public_key) else "root"
    )
    print(f"{kind}: {found.root_public_key.hex()}")
    print(f"delegation good until {found.not_after:%Y-%m-%d %H:%M} UTC")


def _show_keys(event_id: int) -> None:
    from tmam.platform.statements import run_verb
    from tmam.tickets.keys_in_use import keys_in_use

    for key in run_verb(keys_in_use(event_id)):
        stolen = f", stolen {key.stolen_at:%Y-%m-%d %H:%M}" if key.stolen_at else ""
        print(
            f"key {key.key_id}: {key.tickets} valid tickets, made {key.made_at:%Y-%m-%d %H:%M} UTC, kept by {key.keeper}{stolen}"
        )


def _check_event(event_id: int) -> None:
    from tmam.catalog.models import Event

    if not Event.objects.filter(id=event_id).exists():
        raise OperatorError(f"There is no event {event_id}.")


def _check_key(event_id: int, key_id: int) -> None:
    from tmam.platform.statements import run_verb
    from tmam.tickets.keys_in_use import keys_in_use

    _check_event(event_id)
    known = sorted(key.key_id for key in run_verb(keys_in_use(event_id)))
    if key_id in known:
        return
    if not known:
        raise OperatorError(f"Event {event_id} has no keys yet.")
    raise OperatorError(
        f"Event {event_id} has no key {key_id}; there {'are' if len(known) > 1 else 'is'}: {', '.join(map(str, known))}."
    )


def _wait(seconds: float) -> None:
    print(f"Waiting {seconds:.0f} s for sales that were under way, then looking once more.", flush=True)
    time.sleep(seconds)


def _now() -> datetime:
    return datetime.now(UTC)
