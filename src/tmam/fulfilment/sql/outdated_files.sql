-- Files of event $1 whose tickets are no longer what they were drawn from, $2 of them at most.
SELECT kept.order_id, kept.serial, kept.form, kept.language, kept.name
FROM fulfilment_kept_file AS kept
CROSS JOIN LATERAL (
    SELECT coalesce(md5(string_agg(ticket::text, chr(10) ORDER BY ticket.serial)), '') AS digest
    FROM tickets_ticket AS ticket
    WHERE ticket.event_id = $1::integer AND ticket.order_id = kept.order_id AND ticket.state = 'valid'
) AS now_there
WHERE kept.event_id = $1::integer AND kept.tickets <> now_there.digest
ORDER BY kept.order_id, kept.serial, kept.form, kept.language
LIMIT $2::integer
