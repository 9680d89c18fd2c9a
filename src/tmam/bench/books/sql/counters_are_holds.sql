-- What the counters say is what the holds drew: live ones are held, converted ones are sold.
WITH drawn AS (
    SELECT hold.event_id, draw.id,
           sum(draw.quantity) FILTER (WHERE hold.state = 'held') AS held,
           -- An order's own limit (kind 3, bits 58 to 61 of the id) ends when it is bought.
           sum(draw.quantity) FILTER (WHERE hold.state = 'converted' AND draw.id >> 58 <> 16 + 3) AS sold
    FROM inventory_hold AS hold, unnest(hold.counter_ids, hold.counter_quantities) AS draw (id, quantity)
    WHERE hold.event_id = ANY ($1::integer[]) AND hold.state IN ('held', 'converted')
    GROUP BY hold.event_id, draw.id
)
SELECT coalesce(counter.event_id, drawn.event_id),
       format('counter %s says %s held and %s sold, the holds say %s and %s', coalesce(counter.id, drawn.id),
              counter.held, counter.sold, coalesce(drawn.held, 0), coalesce(drawn.sold, 0))
FROM (SELECT * FROM inventory_counter WHERE event_id = ANY ($1::integer[])) AS counter
FULL JOIN drawn ON drawn.event_id = counter.event_id AND drawn.id = counter.id
WHERE coalesce(counter.held, 0) <> coalesce(drawn.held, 0) OR coalesce(counter.sold, 0) <> coalesce(drawn.sold, 0)
