"""The yardstick as a whole: what the hot shell asks, repeated by pgbench, leaves books that are right."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.cast import make_event
from tmam.bench.baseline.pgbench import find_pgbench, run_pgbench
from tmam.bench.baseline.recording import record
from tmam.bench.baseline.script import Script, make_script
from tmam.bench.books.check_books import check_books
from tmam.bench.errors import BenchError
from tmam.bench.scenarios.buying import buying, hold_body, holding
from tmam.inventory.models import Counter, Hold
from tmam.orders.models import Order
from tmam.platform.keys import secret_key
from tmam.platform.settings import current_settings
from tmam.tickets.models import Ticket

pytestmark = pytest.mark.usefixtures("live_database")


def test_pgbench_repeats_a_hold(dsn: str, tmp_path: Path) -> None:
    settings = current_settings()
    event = make_event(now=datetime.now(UTC), capacity=1_000_000)
    hold = holding(secret_key(settings), hold_body(event.id, 2))
    script = make_script(*record(settings, hold))
    recorded = Hold.objects.filter(event_id=event.id).count()
    assert recorded == 3
    measured = run_pgbench(script, dsn, clients=8, seconds=1, folder=tmp_path)
    assert measured.transactions_per_s > 0
    holds = Hold.objects.filter(event_id=event.id)
    assert holds.count() > recorded
    assert holds.values("visitor_id").distinct().count() == holds.count()
    counter = Counter.objects.get(event_id=event.id, kind="pool")
    assert counter.held == 2 * holds.count()
    assert check_books(dsn, [event.id]) == []


def test_pgbench_repeats_a_whole_purchase(dsn: str, tmp_path: Path) -> None:
    settings = current_settings()
    event = make_event(now=datetime.now(UTC), capacity=1_000_000)
    body = hold_body(event.id, 2)
    script = make_script(*record(settings, buying(secret_key(settings), event.id, body)))
    run_pgbench(script, dsn, clients=8, seconds=1, folder=tmp_path)
    orders = Order.objects.filter(event_id=event.id, state="confirmed").count()
    assert orders > 3
    assert Ticket.objects.filter(event_id=event.id).count() == 2 * orders
    assert Counter.objects.get(event_id=event.id, kind="pool").sold == 2 * orders
    assert check_books(dsn, [event.id]) == []


def test_an_error_of_the_script_is_one_sentence(dsn: str, tmp_path: Path) -> None:
    with pytest.raises(BenchError, match=r'pgbench stopped: .*relation "nothing" does not exist'):
        run_pgbench(Script("SELECT * FROM nothing;\n"), dsn, clients=1, seconds=1, folder=tmp_path)


def test_a_refused_request_is_not_recorded() -> None:
    settings = current_settings()
    event = make_event(now=datetime.now(UTC), capacity=1)
    with pytest.raises(BenchError, match=r"/hot/holds answered 409: .*inventory\.sold_out"):
        record(settings, holding(secret_key(settings), hold_body(event.id, 2)))


def test_without_pgbench_it_says_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="Debian's package `postgresql`"):
        find_pgbench(installed_below=tmp_path, path=str(tmp_path))
