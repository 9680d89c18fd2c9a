-- Once per hold, while it lives: more time for the visitor who holds it.
UPDATE inventory_hold SET expires_at = expires_at + make_interval(mins => $5::integer), extensions = extensions + 1
WHERE event_id = $1::integer AND id = $2::uuid AND visitor_id = $3::uuid
    AND state = 'held' AND expires_at > $4::timestamptz AND extensions = 0
RETURNING id, visitor_id, state, lines::text, counter_ids, counter_quantities, held_at, expires_at, extensions, idempotency_key, channel
