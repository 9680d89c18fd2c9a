"""Independent SQL that tells whether the inventory's books are right."""

from __future__ import annotations

from django.db import connection

WRONG_COUNTERS = """
WITH drawn AS (
    SELECT hold.event_id, counted.id, hold.state, sum(counted.quantity) AS places
    FROM inventory_hold AS hold, unnest(hold.counter_ids, hold.counter_quantities) AS counted (id, quantity)
    WHERE hold.event_id = %(event)s AND hold.state IN ('held', 'converted')
        -- What one order may have ends with its hold (kind 3, see counter_keys).
        AND NOT (hold.state = 'converted' AND counted.id >> 58 = 16 + 3)
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
WITH reserved AS (
    SELECT (line ->> 'date')::integer AS date_ordinal, segment.number AS segment, seat.number::integer AS seat, hold.id
    FROM inventory_hold AS hold, jsonb_array_elements(hold.lines) AS line,
         jsonb_array_elements_text(coalesce(line -> 'seats', '[]')) AS seat (number),
         generate_series(coalesce((line ->> 'from_stop')::integer, 0), coalesce((line ->> 'to_stop')::integer, 1) - 1)
            AS segment (number)
    WHERE hold.event_id = %(event)s AND hold.state IN ('held', 'converted')
)
SELECT claim.seat, reserved.seat
FROM (SELECT * FROM inventory_claim WHERE event_id = %(event)s) AS claim
FULL JOIN reserved ON reserved.date_ordinal = claim.date_ordinal AND reserved.segment = claim.segment
    AND reserved.seat = claim.seat AND reserved.id = claim.hold_id
WHERE claim.seat IS NULL OR reserved.seat IS NULL
"""
WRONG_MAPS = """
WITH mapped AS (
    SELECT map.date_ordinal, map.segment, map.chunk * 4096 + bit.number + 1 AS seat
    FROM inventory_seat_map AS map, generate_series(0, octet_length(map.taken) * 8 - 1) AS bit (number)
    WHERE map.event_id = %(event)s AND get_bit(map.taken, bit.number) = 1
)
SELECT claim.seat, mapped.seat
FROM (SELECT * FROM inventory_claim WHERE event_id = %(event)s) AS claim
FULL JOIN mapped USING (date_ordinal, segment, seat)
WHERE claim.seat IS NULL OR mapped.seat IS NULL
"""


def assert_books_right(event_id: int) -> None:
    """Counters equal the holds behind them, every claim is a held or sold seat, and the seat maps are the claims."""
    with connection.cursor() as cursor:
        for query in (WRONG_COUNTERS, WRONG_CLAIMS, WRONG_MAPS):
            cursor.execute(query, {"event": event_id})
            assert cursor.fetchall() == []
