-- Payments that a gateway of our own process approved at once.
INSERT INTO payments_payment (
    id, checkout_id, gateway, state, amount_minor, currency, gateway_reference, decline_reason, started_at, settled_at,
    asked_at
)
SELECT paid.id, paid.checkout_id, $1::text, 'approved', paid.amount_minor, $2::text, paid.reference, '',
       $3::timestamptz, $3::timestamptz, $3::timestamptz
FROM unnest($4::uuid[], $5::uuid[], $6::bigint[], $7::text[]) AS paid (id, checkout_id, amount_minor, reference)
