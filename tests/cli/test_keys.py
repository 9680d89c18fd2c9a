"""`tmam keys`, as the operator types it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tmam.cli.keys import (
    run_drop_old,
    run_keys_status,
    run_relock,
    run_reseal,
    run_rotate_data,
    run_rotate_master,
)
from tmam.cli.operator_error import OperatorError
from tmam.platform.rotate_keys import waiting_values
from tmam.platform.settings import Settings
from tmam.platform.statements import run_verb
from tmam.tickets.signing_keys import load_signing_key, make_signing_key

EVENT = 4_100_020
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
SEED = bytes(range(32))

pytestmark = pytest.mark.django_db


def test_a_master_key_is_replaced_from_first_to_last(
    settings_here: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    run_verb(make_signing_key(EVENT, NOW, SEED))
    run_rotate_master(settings_here)
    assert "1 data keys and 0 values of no event locked" in capsys.readouterr().out
    run_keys_status(settings_here)
    assert capsys.readouterr().out.splitlines() == [
        "1 events have data keys.",
        "0 values are locked under older master keys.",
        "0 values wait for their event's newest data key.",
    ]
    with pytest.raises(OperatorError, match="may need the older ones for 90 days"):
        run_drop_old(settings_here, now=False)
    long_ago = (datetime.now(UTC) - timedelta(days=91)).timestamp()
    os.utime(settings_here.state / "keys" / "master_keys", (long_ago, long_ago))
    run_drop_old(settings_here, now=False)
    assert "1 older master keys are gone." in capsys.readouterr().out
    assert run_verb(load_signing_key(EVENT)).private_key == SEED


def test_old_keys_stay_while_something_is_locked_under_them(settings_here: Settings) -> None:
    from tmam.platform.keys import add_master_key

    run_verb(make_signing_key(EVENT, NOW, SEED))
    add_master_key(settings_here)
    with pytest.raises(OperatorError, match="1 values are locked under older keys"):
        run_drop_old(settings_here, now=True)
    run_relock(settings_here)
    run_drop_old(settings_here, now=True)
    outside = msgspec.structs.replace(settings_here, master_keys="set")
    with pytest.raises(OperatorError, match="in front of the list"):
        run_rotate_master(outside)


def test_a_data_key_is_replaced_by_the_worker_or_here(
    settings_here: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    run_verb(make_signing_key(EVENT, NOW, SEED))
    run_rotate_data(settings_here, event_id=EVENT, wait=True)
    assert f"event {EVENT}: 1 values sealed anew (1 of 1)" in capsys.readouterr().out
    run_rotate_data(settings_here, event_id=0, wait=False)
    assert "The worker seals" in capsys.readouterr().out
    assert waiting_values(EVENT) == 1
    run_keys_status(settings_here)
    assert f"event {EVENT}: 1" in capsys.readouterr().out
    run_reseal(settings_here)
    assert waiting_values(EVENT) == 0
    with pytest.raises(OperatorError, match="has no data key"):
        run_rotate_data(settings_here, event_id=EVENT + 1, wait=True)


@pytest.mark.usefixtures("settings_here")
def test_the_queued_job_seals_anew() -> None:
    from tmam.platform.jobs import reseal_event_job
    from tmam.platform.rotate_keys import rotate_data_key

    run_verb(make_signing_key(EVENT, NOW, SEED))
    run_verb(rotate_data_key(EVENT, NOW))
    reseal_event_job(event_id=EVENT)
    assert waiting_values(EVENT) == 0
    assert run_verb(load_signing_key(EVENT)).private_key == SEED
