-- The orders of event $1 with a ticket for date $2 that nobody fetched in any form and no device holds: after order $3
-- (NULL: from the first), at most $4, by id.
SELECT t.order_id
FROM tickets_ticket t
WHERE t.event_id = $1::integer AND t.date_ordinal = $2::integer AND t.state = 'valid' AND t.device_key IS NULL
  AND ($3::uuid IS NULL OR t.order_id > $3::uuid)
  AND NOT EXISTS (SELECT FROM fulfilment_download d WHERE d.event_id = $1::integer AND d.serial = t.serial)
GROUP BY t.order_id
ORDER BY t.order_id
LIMIT $4::integer
