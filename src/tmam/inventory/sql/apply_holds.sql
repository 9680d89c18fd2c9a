-- Write a batch of decided holds: counters, claimed seats and the holds themselves.
WITH counted AS (
    UPDATE inventory_counter AS counter SET held = counter.held + drawn.quantity
    FROM unnest($2::bigint[], $3::integer[]) AS drawn (id, quantity)
    WHERE counter.event_id = $1::integer AND counter.id = drawn.id
), claimed AS (
    INSERT INTO inventory_claim (event_id, date_ordinal, segment, seat, hold_id, expires_at)
    SELECT $1::integer, claim.date_ordinal, 0, claim.seat, claim.hold_id, claim.expires_at
    FROM unnest($4::integer[], $5::integer[], $6::uuid[], $7::timestamptz[])
        AS claim (date_ordinal, seat, hold_id, expires_at)
)
INSERT INTO inventory_hold (
    event_id, id, visitor_id, state, lines, counter_ids, counter_quantities, held_at, expires_at, idempotency_key
)
SELECT $1::integer, hold.id, hold.visitor_id, 'held', hold.lines::jsonb, hold.counter_ids::bigint[],
       hold.counter_quantities::integer[], $8::timestamptz, hold.expires_at, hold.idempotency_key
FROM unnest($9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::text[], $14::timestamptz[], $15::text[])
    AS hold (id, visitor_id, lines, counter_ids, counter_quantities, expires_at, idempotency_key)
