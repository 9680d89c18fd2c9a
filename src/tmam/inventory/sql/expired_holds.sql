-- The longest-expired holds of all events, with the counters that must be locked to end them.
SELECT event_id, id, counter_ids
FROM inventory_hold
WHERE state = 'held' AND expires_at <= $1::timestamptz
ORDER BY expires_at
LIMIT $2::integer
