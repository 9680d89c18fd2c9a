-- The holds that lay in them.
INSERT INTO orders_checkouthold (checkout_id, event_id, hold_id, added_at)
SELECT done.checkout_id, $1::integer, done.hold_id, $2::timestamptz
FROM unnest($3::uuid[], $4::uuid[]) AS done (checkout_id, hold_id)
