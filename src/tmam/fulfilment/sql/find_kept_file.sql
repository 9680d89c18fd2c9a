-- The kept file of tickets $3 (0: all of the order) of the order with booking reference $2 in form $4 and language $5,
-- with who may have it (the order, its address, when its links were stopped) and the dates it shows.
-- Nothing if a ticket changed since: what was drawn from other rows is not handed out.
-- Nor if the event has come to admit only codes that move: every kept file has one that stands still.
SELECT
    sold.id AS order_id,
    sold.email,
    (SELECT stop.stopped_at FROM fulfilment_linkstop AS stop WHERE stop.order_id = sold.id) AS links_stopped_at,
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
