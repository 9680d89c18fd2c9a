-- Remember which orders belong to which address; told again, it changes nothing.
INSERT INTO orders_personorder (email, event_id, order_id, booking_reference, ordered_at)
SELECT fact.email, fact.event_id, fact.order_id, fact.booking_reference, fact.ordered_at
FROM unnest($1::text[], $2::integer[], $3::uuid[], $4::text[], $5::timestamptz[])
    AS fact (email, event_id, order_id, booking_reference, ordered_at)
ORDER BY fact.order_id
ON CONFLICT (order_id) DO NOTHING
