SELECT booking_reference
FROM orders_order
WHERE event_id = $1::integer AND booking_reference = ANY ($2::text[])
