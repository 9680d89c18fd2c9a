WITH held AS (
    SELECT hold.event_id, drawn.id, sum(drawn.quantity) AS quantity
    FROM inventory_hold AS hold, unnest(hold.counter_ids, hold.counter_quantities) AS drawn (id, quantity)
    WHERE hold.state = 'held'
    GROUP BY hold.event_id, drawn.id
)
SELECT coalesce(counter.event_id, held.event_id),
       format('counter %s says %s held, its holds say %s',
              coalesce(counter.id, held.id), counter.held, coalesce(held.quantity, 0))
FROM inventory_counter AS counter
FULL JOIN held ON held.event_id = counter.event_id AND held.id = counter.id
WHERE counter.held IS DISTINCT FROM coalesce(held.quantity, 0)
ORDER BY 1
