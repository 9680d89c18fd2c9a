SELECT 0, format('refund %s: %s %s of payment %s instructed at %s', refund.id, refund.amount_minor, payment.currency,
                 payment.id, refund.instructed_at)
FROM payments_refund AS refund
JOIN payments_payment AS payment ON payment.id = refund.payment_id
WHERE refund.state = 'instructed' AND refund.instructed_at < $1::timestamptz - interval '10 minutes'
ORDER BY refund.instructed_at
