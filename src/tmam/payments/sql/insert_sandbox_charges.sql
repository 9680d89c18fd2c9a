-- What the pretend bank remembers of them.
INSERT INTO payments_sandboxcharge (
    idempotency_key, state, amount_minor, currency, refunded_minor, return_url, decline_reason
)
SELECT paid.id, 'approved', paid.amount_minor, $1::text, 0, '', ''
FROM unnest($2::uuid[], $3::bigint[]) AS paid (id, amount_minor)
