-- Every order has the tickets it sold, and no ticket is without its order.
WITH sold AS (
    SELECT orders.event_id, orders.id, sum((line ->> 'quantity')::integer) AS quantity
    FROM orders_order AS orders, jsonb_array_elements(orders.lines) AS line
    WHERE orders.event_id = ANY ($1::integer[]) AND orders.state = 'confirmed'
    GROUP BY orders.event_id, orders.id
), made AS (
    SELECT event_id, order_id, count(*) AS quantity, count(DISTINCT token_sha256) AS tokens
    FROM tickets_ticket
    WHERE event_id = ANY ($1::integer[])
    GROUP BY event_id, order_id
)
SELECT coalesce(sold.event_id, made.event_id),
       format('order %s sold %s, has %s tickets with %s tokens', coalesce(sold.id, made.order_id), coalesce(sold.quantity, 0),
              coalesce(made.quantity, 0), coalesce(made.tokens, 0))
FROM sold
FULL JOIN made ON made.event_id = sold.event_id AND made.order_id = sold.id
WHERE sold.quantity IS DISTINCT FROM made.quantity OR made.tokens IS DISTINCT FROM made.quantity
