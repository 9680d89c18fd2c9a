-- Tickets = places sold, told by the tickets alone: a trip's ticket is one place on each segment it travels.
WITH sold AS (
    SELECT counter.event_id, counter.date_ordinal, sum(counter.sold) AS places
    FROM inventory_counter AS counter
    WHERE counter.event_id = ANY ($1::integer[]) AND counter.kind = 'pool'
    GROUP BY counter.event_id, counter.date_ordinal
), travelled AS (
    SELECT orders.event_id, (line ->> 'date')::integer AS date_ordinal,
           sum((line ->> 'quantity')::integer * greatest(
               coalesce((line ->> 'to_stop')::integer, 1) - coalesce((line ->> 'from_stop')::integer, 0), 1)) AS places
    FROM orders_order AS orders, jsonb_array_elements(orders.lines) AS line
    WHERE orders.event_id = ANY ($1::integer[]) AND orders.state = 'confirmed'
    GROUP BY orders.event_id, (line ->> 'date')::integer
)
SELECT coalesce(sold.event_id, travelled.event_id),
       format('date %s: %s places sold, orders for %s', coalesce(sold.date_ordinal, travelled.date_ordinal),
              sold.places, coalesce(travelled.places, 0))
FROM sold
FULL JOIN travelled ON travelled.event_id = sold.event_id AND travelled.date_ordinal = sold.date_ordinal
WHERE sold.places IS DISTINCT FROM coalesce(travelled.places, 0)
