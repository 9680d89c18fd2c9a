-- The orders of event $1 with valid tickets for date $2, after order $3 (NULL: from the first), at most $4, by id.
SELECT order_id
FROM tickets_ticket
WHERE event_id = $1::integer AND date_ordinal = $2::integer AND state = 'valid'
  AND ($3::uuid IS NULL OR order_id > $3::uuid)
GROUP BY order_id
ORDER BY order_id
LIMIT $4::integer
