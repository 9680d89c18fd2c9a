-- Orders of event $1 that hold valid tickets, behind order $2 (null: from the first), $3 of them.
SELECT DISTINCT ticket.order_id
FROM tickets_ticket AS ticket
WHERE ticket.event_id = $1::integer
    AND ticket.state = 'valid'
    AND ($2::uuid IS NULL OR ticket.order_id > $2::uuid)
ORDER BY ticket.order_id
LIMIT $3::integer
