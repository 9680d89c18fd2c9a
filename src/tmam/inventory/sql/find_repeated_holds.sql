-- Holds that were already made for these (visitor, idempotency key) pairs.
SELECT hold.id, hold.visitor_id, hold.state, hold.lines::text, hold.counter_ids, hold.counter_quantities,
       hold.held_at, hold.expires_at, hold.extensions, hold.idempotency_key, hold.channel
FROM inventory_hold AS hold
JOIN unnest($2::uuid[], $3::text[]) AS wanted (visitor_id, idempotency_key)
    ON hold.visitor_id = wanted.visitor_id AND hold.idempotency_key = wanted.idempotency_key
WHERE hold.event_id = $1::integer
