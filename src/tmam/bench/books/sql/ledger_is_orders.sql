-- The ledger balances (what left accounts arrived in others) and equals the orders, which equal what was paid.
WITH booked AS (
    SELECT event_id, cause_id, sum(amount_minor) AS minor
    FROM ledger_entry
    WHERE event_id = ANY ($1::integer[]) AND cause = 'order'
    GROUP BY event_id, cause_id
), paid AS (
    SELECT event_id, order_id, sum(amount_minor) AS minor
    FROM payments_allocation
    WHERE event_id = ANY ($1::integer[])
    GROUP BY event_id, order_id
), sold AS (
    SELECT event_id, id, total_minor AS minor FROM orders_order
    WHERE event_id = ANY ($1::integer[]) AND state = 'confirmed'
)
SELECT coalesce(sold.event_id, booked.event_id, paid.event_id),
       format('order %s: total %s, booked %s, paid %s', coalesce(sold.id, booked.cause_id, paid.order_id),
              sold.minor, coalesce(booked.minor, 0), coalesce(paid.minor, 0))
FROM sold
FULL JOIN booked ON booked.event_id = sold.event_id AND booked.cause_id = sold.id
FULL JOIN paid ON paid.event_id = coalesce(sold.event_id, booked.event_id)
    AND paid.order_id = coalesce(sold.id, booked.cause_id)
WHERE sold.minor IS DISTINCT FROM coalesce(booked.minor, 0) OR sold.minor IS DISTINCT FROM coalesce(paid.minor, 0)
UNION ALL
SELECT event_id, format('the accounts of %s do not add up to nothing', currency)
FROM (
    SELECT event_id, currency, -amount_minor AS minor FROM ledger_entry WHERE event_id = ANY ($1::integer[])
    UNION ALL
    SELECT event_id, currency, amount_minor FROM ledger_entry
    WHERE event_id = ANY ($1::integer[]) AND to_account <> from_account
) AS moved
GROUP BY event_id, currency
HAVING sum(minor) <> 0
