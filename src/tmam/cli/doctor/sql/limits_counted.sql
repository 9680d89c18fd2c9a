-- Other counters than pools (ids from 2^62 on): what was sold under a limit is what its orders say; an order's own limit
-- (kind 3 in the id's bits 58 to 61) ends with its hold.
WITH sold AS (
    SELECT hold.event_id, drawn.id, sum(drawn.quantity) AS quantity
    FROM inventory_hold AS hold, unnest(hold.counter_ids, hold.counter_quantities) AS drawn (id, quantity)
    WHERE hold.state = 'converted' AND drawn.id >= 1::bigint << 62 AND drawn.id >> 58 <> 16 + 3
    GROUP BY hold.event_id, drawn.id
)
SELECT coalesce(counter.event_id, sold.event_id),
       format('%s counter %s says %s sold, its orders say %s', counter.kind, coalesce(counter.id, sold.id), counter.sold,
              coalesce(sold.quantity, 0))
FROM (SELECT * FROM inventory_counter WHERE kind <> 'pool') AS counter
FULL JOIN sold ON sold.event_id = counter.event_id AND sold.id = counter.id
WHERE counter.sold IS DISTINCT FROM coalesce(sold.quantity, 0)
ORDER BY 1
