-- As find_kept_file, but of the order with booking reference $2, whose number and address come along.
SELECT
    sold.id, sold.email,
    kept.name, kept.saved_as, kept.media_type, kept.size, kept.sha256, kept.serials, kept.facts, now_there.dates
FROM orders_order AS sold
JOIN fulfilment_kept_file AS kept ON kept.event_id = $1::integer AND kept.order_id = sold.id
CROSS JOIN LATERAL (
    SELECT
        md5(string_agg(ticket::text, chr(10) ORDER BY ticket.serial)) AS digest,
        array_agg(DISTINCT ticket.date_ordinal) AS dates
    FROM tickets_ticket AS ticket
    WHERE ticket.event_id = $1::integer AND ticket.order_id = kept.order_id AND ticket.state = 'valid'
) AS now_there
WHERE sold.event_id = $1::integer
    AND sold.booking_reference = $2::text
    AND kept.serial = $3::bigint
    AND kept.form = $4::text
    AND kept.language = $5::text
    AND kept.tickets = now_there.digest
    AND NOT EXISTS (
        SELECT 1 FROM catalog_event AS shown
        WHERE shown.id = $1::integer AND shown.live_codes_only
    )
