"""`tmam keys`: rotate what encrypts at rest, and see how far that is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography.fernet import InvalidToken

from tmam.cli.database import database, set_up_django
from tmam.cli.operator_error import OperatorError
from tmam.platform.settings import Settings

SET_OUTSIDE = (
    "The master keys are set by TMAM_MASTER_KEYS. Put a new Fernet key in front of the list there, restart, "
    "and run `tmam keys relock`."
)
GONE = (
    "Something is locked under a master key that is not in the list any more: put that key back at its end."
)


def run_rotate_master(settings: Settings) -> None:
    """Put a new master key in front and lock everything anew under it.

    Raises:
        OperatorError: the keys are not ours to change, or one that is still needed is gone.
    """
    with database(settings):
        set_up_django()
        from tmam.platform.keys import add_master_key

        try:
            add_master_key(settings)
        except ValueError:
            raise OperatorError(SET_OUTSIDE) from None
        _relock()
    print("The older keys are kept. When `tmam keys status` finds nothing under them, `tmam keys drop-old`.")


def run_relock(settings: Settings) -> None:
    """Lock everything anew that is locked under an older master key; to finish what was interrupted, too.

    Raises:
        OperatorError: a key that is still needed is gone.
    """
    with database(settings):
        set_up_django()
        _relock()


def run_drop_old(settings: Settings, *, now: bool) -> None:
    """Forget every master key but the newest.

    Raises:
        OperatorError: something is still locked under them, or may be for some days more.
    """
    with database(settings):
        set_up_django()
        from tmam.platform.keys import MASTER_KEYS_FILE, drop_old_master_keys
        from tmam.platform.master_sealed import SHORT_LIVED

        under_old = _under_old_master_keys()
        if under_old:
            raise OperatorError(
                f"{under_old} values are locked under older keys: run `tmam keys relock` first."
            )
        rotated_at = datetime.fromtimestamp(_path(settings, MASTER_KEYS_FILE).stat().st_mtime, UTC)
        if not now and datetime.now(UTC) - rotated_at < SHORT_LIVED:
            raise OperatorError(
                f"The keys changed on {rotated_at:%Y-%m-%d}. Sessions and mails of that time may need the older ones "
                f"for {SHORT_LIVED.days} days. With --now they go at once: people are signed out."
            )
        try:
            dropped = drop_old_master_keys(settings)
        except ValueError:
            raise OperatorError(SET_OUTSIDE) from None
    print(f"{dropped} older master keys are gone.")


def run_rotate_data(settings: Settings, *, event_id: int, wait: bool) -> None:
    """New data keys, of one event or (0) of all; sealing what is there anew is the worker's, or done here (`wait`).

    Raises:
        OperatorError: that event has nothing that is encrypted.
    """
    with database(settings):
        set_up_django()
        from tmam.platform.jobs import reseal_event_job
        from tmam.platform.rotate_keys import events_with_data_keys, rotate_data_key
        from tmam.platform.statements import run_verb

        now = datetime.now(UTC)
        events = [event_id] if event_id else events_with_data_keys()
        rotated = [each for each in events if run_verb(rotate_data_key(each, now))]
        if not rotated:
            raise OperatorError(
                f"Event {event_id} has no data key." if event_id else "There is no data key yet."
            )
        print(f"{len(rotated)} new data keys.")
        if wait:
            _reseal(rotated, now)
            return
        for each in rotated:
            reseal_event_job.defer(event_id=each)
    print("The worker seals what is there anew; `tmam keys status` says how far it is.")


def run_reseal(settings: Settings) -> None:
    """Finish here and now what a worker was to do: seal every value under its event's newest data key."""
    with database(settings):
        set_up_django()
        from tmam.platform.rotate_keys import events_with_data_keys

        _reseal(events_with_data_keys(), datetime.now(UTC))


def _reseal(events: Sequence[int], now: datetime) -> None:
    from tmam.platform.rotate_keys import reseal_event

    for number, event_id in enumerate(events, start=1):
        done = sum(reseal_event(event_id, now))
        print(f"event {event_id}: {done} values sealed anew ({number} of {len(events)})", flush=True)


def run_keys_status(settings: Settings) -> None:
    """How many values wait for a newer key."""
    with database(settings):
        set_up_django()
        from tmam.platform.rotate_keys import events_with_data_keys, waiting_values

        events = events_with_data_keys()
        waiting = {each: waiting_values(each) for each in events}
        under_old = _under_old_master_keys()
    print(f"{len(events)} events have data keys.")
    print(f"{under_old} values are locked under older master keys.")
    print(f"{sum(waiting.values())} values wait for their event's newest data key.")
    for event_id, count in waiting.items():
        if count:
            print(f"  event {event_id}: {count}")


def _relock() -> None:
    from tmam.platform.rotate_keys import relock_all

    try:
        done = relock_all()
    except InvalidToken:
        raise OperatorError(GONE) from None
    print(
        f"{done.data_keys} data keys and {done.values} values of no event locked under the newest master key."
    )


def _under_old_master_keys() -> int:
    from tmam.platform.master_sealed import locked_under_old_keys
    from tmam.platform.rotate_keys import data_keys_under_old_keys

    return sum(locked_under_old_keys().values()) + data_keys_under_old_keys()


def _path(settings: Settings, name: str) -> Path:
    return settings.state / "keys" / name
