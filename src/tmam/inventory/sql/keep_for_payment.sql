-- While money is on its way the places stay reserved, at least until $4.
UPDATE inventory_hold SET expires_at = greatest(expires_at, $4::timestamptz)
WHERE event_id = $1::integer AND id = $2::uuid AND visitor_id = $3::uuid AND state = 'held'
RETURNING id, visitor_id, state, lines::text, counter_ids, counter_quantities, held_at, expires_at, extensions, idempotency_key, channel
