-- Sell what was held: held → sold on the counters, claims for good. The caller has locked the counters.
-- A hold past its time still converts as long as nobody has reclaimed it.
WITH ended AS (
    UPDATE inventory_hold SET state = 'converted', ended_at = $3::timestamptz
    WHERE event_id = $1::integer AND id = ANY ($2::uuid[]) AND state = 'held'
    RETURNING id, counter_ids, counter_quantities
), seats AS (
    UPDATE inventory_claim AS claim SET expires_at = NULL
    FROM ended
    WHERE claim.event_id = $1::integer AND claim.hold_id = ended.id
), sold AS (
    SELECT drawn.id, sum(drawn.quantity)::integer AS quantity
    FROM ended, unnest(ended.counter_ids, ended.counter_quantities) AS drawn (id, quantity)
    GROUP BY drawn.id
), moved AS (
    UPDATE inventory_counter AS counter
    SET held = counter.held - sold.quantity, sold = counter.sold + sold.quantity
    FROM sold
    WHERE counter.event_id = $1::integer AND counter.id = sold.id
)
SELECT id FROM ended
