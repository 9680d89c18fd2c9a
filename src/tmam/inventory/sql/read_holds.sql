-- Holds of one event by id.
SELECT id, visitor_id, state, lines::text, counter_ids, counter_quantities, held_at, expires_at, extensions, idempotency_key, channel
FROM inventory_hold
WHERE event_id = $1::integer AND id = ANY ($2::uuid[])
