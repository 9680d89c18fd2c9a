-- What these visitors held since $3 and still hold: to know a second click on a form.
SELECT id, visitor_id, state, lines::text, counter_ids, counter_quantities, held_at, expires_at, extensions, idempotency_key, channel
FROM inventory_hold
WHERE event_id = $1::integer AND visitor_id = ANY ($2::uuid[]) AND state = 'held' AND held_at > $3::timestamptz
ORDER BY held_at
