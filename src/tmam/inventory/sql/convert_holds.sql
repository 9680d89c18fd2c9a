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
), amounts AS (
    -- By id, and looked up by id: whatever the planner believes of their number, each counter is found by the index.
    SELECT jsonb_object_agg(drawn.id, drawn.quantity) AS by_id, array_agg(drawn.id) AS ids FROM drawn
), dropped AS (
    DELETE FROM inventory_counter AS counter
    USING amounts
    WHERE counter.event_id = $1::integer AND counter.id = ANY ((SELECT ids FROM amounts)::bigint[])
        AND counter.kind = 'order' AND counter.sold = 0
        AND counter.held = (amounts.by_id ->> counter.id::text)::integer
), moved AS (
    UPDATE inventory_counter AS counter
    SET held = counter.held - (amounts.by_id ->> counter.id::text)::integer,
        sold = counter.sold
            + CASE WHEN counter.kind = 'order' THEN 0 ELSE (amounts.by_id ->> counter.id::text)::integer END
    FROM amounts
    WHERE counter.event_id = $1::integer AND counter.id = ANY ((SELECT ids FROM amounts)::bigint[])
        AND NOT (counter.kind = 'order' AND counter.sold = 0
            AND counter.held = (amounts.by_id ->> counter.id::text)::integer)
)
SELECT id FROM ended
