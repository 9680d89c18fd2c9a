-- Confirmed orders of some events from $2 on, by currency: orders, tickets, amount paid.
SELECT currency, count(*)::bigint, sum(tickets)::bigint, sum(total_minor)::bigint
FROM (
    SELECT orders_order.currency, orders_order.total_minor, (
        SELECT coalesce(sum((line ->> 'quantity')::integer), 0)
        FROM jsonb_array_elements(orders_order.lines) AS line
    ) AS tickets
    FROM orders_order
    WHERE orders_order.event_id = ANY ($1::integer[])
      AND orders_order.confirmed_at >= $2::timestamptz
      AND orders_order.state = 'confirmed'
) AS sale
GROUP BY currency
ORDER BY currency
