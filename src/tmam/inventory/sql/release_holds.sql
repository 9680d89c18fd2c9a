-- Give the places of live holds back. The caller has locked the counters.
WITH ended AS (
    UPDATE inventory_hold SET state = 'released', ended_at = $3::timestamptz
    WHERE event_id = $1::integer AND id = ANY ($2::uuid[]) AND state = 'held'
    RETURNING id, counter_ids, counter_quantities
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
)
SELECT id FROM ended
