SELECT orders.event_id, format('order %s', orders.booking_reference)
FROM orders_order AS orders
WHERE orders.state = 'confirmed' AND NOT EXISTS (
    SELECT FROM platform_log_entry AS entry
    WHERE entry.event_id = orders.event_id AND entry.name = 'order.confirmed'
        AND entry.data ->> 'order_id' = orders.id::text
)
ORDER BY orders.event_id
