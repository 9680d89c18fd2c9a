SELECT 0, format('payment %s: %s %s paid at %s, %s became orders, %s goes back', payment.id, payment.amount_minor,
                 payment.currency, payment.settled_at, allocated.minor, refunded.minor)
FROM payments_payment AS payment
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount_minor), 0) AS minor FROM payments_allocation WHERE payment_id = payment.id
) AS allocated
CROSS JOIN LATERAL (
    SELECT coalesce(sum(amount_minor), 0) AS minor FROM payments_refund WHERE payment_id = payment.id
) AS refunded
WHERE payment.state = 'approved' AND payment.settled_at < $1::timestamptz - interval '2 minutes'
    AND allocated.minor + refunded.minor <> payment.amount_minor
ORDER BY payment.settled_at
