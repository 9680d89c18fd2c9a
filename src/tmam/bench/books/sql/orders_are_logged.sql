-- Every order is in the event log, once: mail and "my tickets" hang on it.
SELECT coalesce(orders.event_id, logged.event_id), format('order %s is in the log %s times', coalesce(orders.id::text, logged.id), coalesce(logged.times, 0))
FROM (SELECT event_id, id FROM orders_order WHERE event_id = ANY ($1::integer[]) AND state = 'confirmed') AS orders
FULL JOIN (
    SELECT event_id, data ->> 'order_id' AS id, count(*) AS times FROM platform_log_entry
    WHERE event_id = ANY ($1::integer[]) AND name = 'order.confirmed'
    GROUP BY event_id, data ->> 'order_id'
) AS logged ON logged.event_id = orders.event_id AND logged.id = orders.id::text
WHERE logged.times IS DISTINCT FROM 1 OR orders.id IS NULL
