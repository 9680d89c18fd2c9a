WITH booked AS (
    SELECT event_id, cause_id, currency, sum(amount_minor) AS minor
    FROM ledger_entry WHERE cause = 'order'
    GROUP BY event_id, cause_id, currency
), paid AS (
    SELECT event_id, order_id, currency, sum(amount_minor) AS minor
    FROM payments_allocation
    GROUP BY event_id, order_id, currency
)
SELECT coalesce(orders.event_id, booked.event_id, paid.event_id),
       format('order %s: total %s, paid %s, booked %s',
              coalesce(orders.booking_reference, booked.cause_id::text, paid.order_id::text),
              orders.total_minor, coalesce(paid.minor, 0), coalesce(booked.minor, 0))
FROM orders_order AS orders
FULL JOIN booked ON booked.event_id = orders.event_id AND booked.cause_id = orders.id
    AND booked.currency = orders.currency
FULL JOIN paid ON paid.event_id = coalesce(orders.event_id, booked.event_id)
    AND paid.order_id = coalesce(orders.id, booked.cause_id)
    AND paid.currency = coalesce(orders.currency, booked.currency)
WHERE orders.state IS DISTINCT FROM 'awaiting_payment' AND (
    orders.total_minor IS DISTINCT FROM coalesce(paid.minor, 0)
    OR orders.total_minor IS DISTINCT FROM coalesce(booked.minor, 0)
)
ORDER BY 1
