-- Write a batch of decided holds: pools, other counters, claimed seats and the holds themselves.
-- Another counter is made on its first use. Should somebody have made it this moment, the CHECK refuses what is too much.
WITH counted AS (
    UPDATE inventory_counter AS counter SET held = counter.held + drawn.quantity
    FROM unnest($2::bigint[], $3::integer[]) AS drawn (id, quantity)
    WHERE counter.event_id = $1::integer AND counter.id = drawn.id
), limited AS (
    INSERT INTO inventory_counter AS counter (event_id, id, kind, capacity, held)
    SELECT $1::integer, drawn.id, drawn.kind, drawn.capacity, drawn.quantity
    FROM unnest($4::bigint[], $5::text[], $6::integer[], $7::integer[]) AS drawn (id, kind, capacity, quantity)
    ORDER BY drawn.id
    ON CONFLICT (event_id, id) DO UPDATE SET held = counter.held + excluded.held, capacity = excluded.capacity
), claimed AS (
    INSERT INTO inventory_claim (event_id, date_ordinal, segment, seat, hold_id)
    SELECT $1::integer, claim.date_ordinal, claim.segment, claim.seat, claim.hold_id
    FROM unnest($8::integer[], $9::smallint[], $10::integer[], $11::uuid[])
        AS claim (date_ordinal, segment, seat, hold_id)
)
INSERT INTO inventory_hold (
    event_id, id, visitor_id, state, lines, counter_ids, counter_quantities, held_at, expires_at, idempotency_key, channel
)
SELECT $1::integer, hold.id, hold.visitor_id, 'held', hold.lines::jsonb, hold.counter_ids::bigint[],
       hold.counter_quantities::integer[], $12::timestamptz, hold.expires_at, hold.idempotency_key, hold.channel
FROM unnest($13::uuid[], $14::uuid[], $15::text[], $16::text[], $17::text[], $18::timestamptz[], $19::text[], $20::text[])
    AS hold (id, visitor_id, lines, counter_ids, counter_quantities, expires_at, idempotency_key, channel)
