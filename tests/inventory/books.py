"""Independent SQL that tells whether the inventory's books are right."""

from __future__ import annotations

from django.db import connection

WRONG_COUNTERS = """
WITH drawn AS (
    SELECT hold.event_id, counted.id, hold.state, sum(counted.quantity) AS places
    FROM inventory_hold AS hold, unnest(hold.counter_ids, hold.counter_quantities) AS counted (id, quantity)
    WHERE hold.event_id = %(event)s AND hold.state IN ('held', 'converted')
    GROUP BY 1, 2, 3
)
SELECT counter.id, counter.held, counter.sold
FROM inventory_counter AS counter
WHERE counter.event_id = %(event)s AND (
    counter.held <> coalesce((SELECT places FROM drawn WHERE drawn.id = counter.id AND state = 'held'), 0)
    OR counter.sold <> coalesce((SELECT places FROM drawn WHERE drawn.id = counter.id AND state = 'converted'), 0)
    OR counter.held + counter.sold > counter.capacity)
"""
WRONG_CLAIMS = """
SELECT claim.seat FROM inventory_claim AS claim
LEFT JOIN inventory_hold AS hold ON hold.event_id = claim.event_id AND hold.id = claim.hold_id
WHERE claim.event_id = %(event)s AND (
    hold.id IS NULL OR hold.state NOT IN ('held', 'converted')
    OR (hold.state = 'held') <> (claim.expires_at IS NOT NULL))
"""


def assert_books_right(event_id: int) -> None:
    """Counters equal the holds behind them, and every claim belongs to a hold that lives or was sold."""
    with connection.cursor() as cursor:
        for query in (WRONG_COUNTERS, WRONG_CLAIMS):
            cursor.execute(query, {"event": event_id})
            assert cursor.fetchall() == []
