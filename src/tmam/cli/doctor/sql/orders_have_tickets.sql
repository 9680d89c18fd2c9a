WITH sold AS (
    SELECT orders.event_id, orders.id, orders.booking_reference, sum((line ->> 'quantity')::integer) AS quantity
    FROM orders_order AS orders, jsonb_array_elements(orders.lines) AS line
    WHERE orders.state = 'confirmed'
    GROUP BY orders.event_id, orders.id, orders.booking_reference
), made AS (
    SELECT event_id, order_id, count(*) AS quantity FROM tickets_ticket GROUP BY event_id, order_id
)
SELECT sold.event_id, format('order %s sold %s, has %s', sold.booking_reference, sold.quantity, coalesce(made.quantity, 0))
FROM sold
LEFT JOIN made ON made.event_id = sold.event_id AND made.order_id = sold.id
WHERE sold.quantity IS DISTINCT FROM coalesce(made.quantity, 0)
ORDER BY sold.event_id
