-- End expired holds whose pools the caller has locked, and give everything they drew on back.
-- A hold that is being bought this moment is locked by its buyer and left alone. Other counters than pools are
-- locked by the change itself: a rare deadlock over them is retried.
-- Answers the pools and the other counters of $5 with what came back and how many holds ended, then the seats that came
-- free (id NULL).
WITH expired AS (
    SELECT id FROM inventory_hold
    WHERE event_id = $1::integer AND state = 'held' AND expires_at <= $2::timestamptz
        AND NOT EXISTS (
            SELECT FROM unnest(counter_ids) AS drawn (id)
            WHERE drawn.id < 1::bigint << 62 AND drawn.id <> ALL ($3::bigint[])
        )
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
    RETURNING claim.date_ordinal, claim.segment, claim.seat
), freed AS (
    SELECT drawn.id, sum(drawn.quantity)::integer AS quantity
    FROM ended, unnest(ended.counter_ids, ended.counter_quantities) AS drawn (id, quantity)
    GROUP BY drawn.id
), amounts AS (
    -- By id, and looked up by id: whatever the planner believes of their number, each counter is found by the index.
    SELECT jsonb_object_agg(freed.id, freed.quantity) AS by_id, array_agg(freed.id) AS ids FROM freed
), dropped AS (
    -- What one order may have ends with its hold: a counter of nothing is no counter.
    DELETE FROM inventory_counter AS counter
    USING amounts
    WHERE counter.event_id = $1::integer AND counter.id = ANY ((SELECT ids FROM amounts)::bigint[])
        AND counter.kind = 'order' AND counter.sold = 0
        AND counter.held = (amounts.by_id ->> counter.id::text)::integer
), returned AS (
    UPDATE inventory_counter AS counter SET held = counter.held - (amounts.by_id ->> counter.id::text)::integer
    FROM amounts
    WHERE counter.event_id = $1::integer AND counter.id = ANY ((SELECT ids FROM amounts)::bigint[])
        AND NOT (counter.kind = 'order' AND counter.sold = 0
            AND counter.held = (amounts.by_id ->> counter.id::text)::integer)
)
SELECT freed.id, freed.quantity, NULL::integer, NULL::smallint, NULL::integer, (SELECT count(*) FROM ended)::integer
FROM freed
WHERE freed.id < 1::bigint << 62 OR freed.id = ANY ($5::bigint[])
UNION ALL
SELECT NULL, NULL, vacated.date_ordinal, vacated.segment, vacated.seat, NULL FROM vacated
