-- Give back everything that live holds drew on. The caller has locked the counters.
-- Answers the ended holds, then the seats that came free (id NULL).
WITH ended AS (
    UPDATE inventory_hold SET state = 'released', ended_at = $3::timestamptz
    WHERE event_id = $1::integer AND id = ANY ($2::uuid[]) AND state = 'held'
    RETURNING id, counter_ids, counter_quantities
), vacated AS (
    DELETE FROM inventory_claim AS claim
    USING ended
    WHERE claim.event_id = $1::integer AND claim.hold_id = ended.id
    RETURNING claim.date_ordinal, claim.segment, claim.seat
), freed AS (
    SELECT drawn.id, sum(drawn.quantity)::integer AS quantity
    FROM ended, unnest(ended.counter_ids, ended.counter_quantities) AS drawn (id, quantity)
    GROUP BY drawn.id
), dropped AS (
    DELETE FROM inventory_counter AS counter
    USING freed
    WHERE counter.event_id = $1::integer AND counter.id = freed.id AND counter.kind = 'order'
        AND counter.held = freed.quantity AND counter.sold = 0
), returned AS (
    UPDATE inventory_counter AS counter SET held = counter.held - freed.quantity
    FROM freed
    WHERE counter.event_id = $1::integer AND counter.id = freed.id
        AND NOT (counter.kind = 'order' AND counter.held = freed.quantity AND counter.sold = 0)
)
SELECT ended.id, NULL::integer, NULL::smallint, NULL::integer FROM ended
UNION ALL
SELECT NULL, vacated.date_ordinal, vacated.segment, vacated.seat FROM vacated
