INSERT INTO payments_allocation (event_id, order_id, payment_id, amount_minor, currency, at)
SELECT $1::integer, part.order_id, part.payment_id, part.amount_minor, $2::text, $3::timestamptz
FROM unnest($4::uuid[], $5::uuid[], $6::bigint[]) AS part (order_id, payment_id, amount_minor)
