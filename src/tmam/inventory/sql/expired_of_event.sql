-- The longest-expired holds of one event: the counters that must be locked to end them.
SELECT counter_ids
FROM inventory_hold
WHERE event_id = $1::integer AND state = 'held' AND expires_at <= $2::timestamptz
ORDER BY expires_at
LIMIT $3::integer
