-- Sell what was held: held → sold on the counters; the claims stay as they are. The caller has locked the counters.
-- A hold past its time still converts as long as nobody has reclaimed it. What one order may have ends here.
WITH ended AS (
    UPDATE inventory_hold SET state = 'converted', ended_at = $3::timestamptz
    WHERE event_id = $1::integer AND id = ANY ($2::uuid[]) AND state = 'held'
    RETURNING id, counter_ids, counter_quantities
), drawn AS (
    SELECT each.id, sum(each.quantity)::integer AS quantity
    FROM ended, unnest(ended.counter_ids, ended.counter_quantities) AS each (id, quantity)
    GROUP BY each.id
), dropped AS (
    DELETE FROM inventory_counter AS counter
    USING drawn
    WHERE counter.event_id = $1::integer AND counter.id = drawn.id AND counter.kind = 'order'
        AND counter.held = drawn.quantity AND counter.sold = 0
), moved AS (
    UPDATE inventory_counter AS counter
    SET held = counter.held - drawn.quantity,
        sold = counter.sold + CASE WHEN counter.kind = 'order' THEN 0 ELSE drawn.quantity END
    FROM drawn
    WHERE counter.event_id = $1::integer AND counter.id = drawn.id
        AND NOT (counter.kind = 'order' AND counter.held = drawn.quantity AND counter.sold = 0)
)
SELECT id FROM ended
