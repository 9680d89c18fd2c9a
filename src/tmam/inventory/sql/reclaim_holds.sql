-- End expired holds that draw only on counters the caller has locked, and give their places back.
-- A hold that is being bought this moment is locked by its buyer and left alone.
WITH expired AS (
    SELECT id FROM inventory_hold
    WHERE event_id = $1::integer AND state = 'held' AND expires_at <= $2::timestamptz
        AND counter_ids <@ $3::bigint[]
    ORDER BY expires_at
    LIMIT $4::integer
    FOR UPDATE SKIP LOCKED
), ended AS (
    UPDATE inventory_hold AS hold SET state = 'expired', ended_at = $2::timestamptz
    FROM expired
    WHERE hold.event_id = $1::integer AND hold.id = expired.id
    RETURNING hold.id, hold.counter_ids, hold.counter_quantities
), vacated AS (
    DELETE FROM inventory_claim AS claim
    USING ended
    WHERE claim.event_id = $1::integer AND claim.hold_id = ended.id
), freed AS (
    SELECT drawn.id, sum(drawn.quantity)::integer AS quantity
    FROM ended, unnest(ended.counter_ids, ended.counter_quantities) AS drawn (id, quantity)
    GROUP BY drawn.id
), returned AS (
    UPDATE inventory_counter AS counter SET held = counter.held - freed.quantity
    FROM freed
    WHERE counter.event_id = $1::integer AND counter.id = freed.id
    RETURNING counter.id, freed.quantity
)
SELECT returned.id, returned.quantity, (SELECT count(*) FROM ended)::integer FROM returned
