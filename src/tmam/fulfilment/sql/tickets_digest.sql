-- What the rows of an order's valid tickets are now, as one short text, and the dates they are for.
SELECT
    coalesce(md5(string_agg(ticket::text, chr(10) ORDER BY ticket.serial)), ''),
    coalesce(array_agg(DISTINCT ticket.date_ordinal), '{}')
FROM tickets_ticket AS ticket
WHERE ticket.event_id = $1::integer AND ticket.order_id = $2::uuid AND ticket.state = 'valid'
