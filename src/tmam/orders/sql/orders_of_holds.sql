SELECT hold_id, id, booking_reference, total_minor
FROM orders_order
WHERE event_id = $1::integer AND hold_id = ANY ($2::uuid[])
