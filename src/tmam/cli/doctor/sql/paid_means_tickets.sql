-- Both sums are made once for all payments: looked up one by one, a busy day's payments would take hours.
WITH allocated AS (
    SELECT payment_id, sum(amount_minor) AS minor FROM payments_allocation GROUP BY payment_id
), refunded AS (
    SELECT payment_id, sum(amount_minor) AS minor FROM payments_refund GROUP BY payment_id
)
SELECT 0, format('payment %s: %s %s paid at %s, %s became orders, %s goes back', payment.id, payment.amount_minor,
                 payment.currency, payment.settled_at, coalesce(allocated.minor, 0), coalesce(refunded.minor, 0))
FROM payments_payment AS payment
LEFT JOIN allocated ON allocated.payment_id = payment.id
LEFT JOIN refunded ON refunded.payment_id = payment.id
WHERE payment.state = 'approved' AND payment.settled_at < $1::timestamptz - interval '2 minutes'
    AND coalesce(allocated.minor, 0) + coalesce(refunded.minor, 0) <> payment.amount_minor
ORDER BY payment.settled_at
