-- The pools that must be locked too before the expired holds which draw on any of these counters can be ended.
-- No row: there is no such hold.
SELECT DISTINCT drawn.id
FROM (
    SELECT counter_ids FROM inventory_hold
    WHERE event_id = $1::integer AND state = 'held' AND expires_at <= $3::timestamptz AND counter_ids && $2::bigint[]
    ORDER BY expires_at
    LIMIT $4::integer
) AS expired, unnest(expired.counter_ids) AS drawn (id)
WHERE drawn.id < 1::bigint << 62
