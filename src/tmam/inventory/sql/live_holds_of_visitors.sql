-- What these visitors hold of the event at this moment.
SELECT id, visitor_id, state, lines::text, counter_ids, counter_quantities, held_at, expires_at, extensions,
       idempotency_key
FROM inventory_hold
WHERE event_id = $1::integer AND visitor_id = ANY ($2::uuid[]) AND state = 'held' AND expires_at > $3::timestamptz
ORDER BY held_at
