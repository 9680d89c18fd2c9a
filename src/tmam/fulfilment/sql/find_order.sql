-- The order with booking reference $2 of event $1 with all its tickets, a row each (one without, if it has none): when
-- all of its links were last stopped, what its files are drawn from (as `tickets_digest` has it), then the columns of
-- the order and of the ticket in the order of their models.
SELECT
    (SELECT stop.stopped_at FROM fulfilment_linkstop AS stop WHERE stop.order_id = sold.id) AS links_stopped_at,
    now_there.digest,
    now_there.dates,
    sold.event_id,
    sold.id,
    sold.booking_reference,
    sold.state,
    sold.organizer_id,
    sold.checkout_id,
    sold.hold_id,
    sold.email,
    sold.name,
    sold.language,
    sold.currency,
    sold.total_minor,
    sold.lines::text AS lines,
    sold.terms_version,
    sold.channel,
    sold.confirmed_at,
    ticket.event_id AS ticket_event_id,
    ticket.serial,
    ticket.generation,
    ticket.state AS ticket_state,
    ticket.order_id,
    ticket.booking_reference AS ticket_booking_reference,
    ticket.date_ordinal,
    ticket.ticket_type,
    ticket.seat,
    ticket.place_label,
    ticket.token_place,
    ticket.holder_sealed,
    ticket.document_encrypted,
    ticket.price_minor,
    ticket.currency AS ticket_currency,
    ticket.key_id,
    ticket.token_sha256,
    ticket.valid_from,
    ticket.valid_until,
    ticket.issued_at,
    ticket.device_key,
    ticket.remark,
    ticket.former_sha256
FROM orders_order AS sold
CROSS JOIN LATERAL (
    SELECT
        coalesce(md5(string_agg(each::text, chr(10) ORDER BY each.serial)), '') AS digest,
        coalesce(array_agg(DISTINCT each.date_ordinal), '{}') AS dates
    FROM tickets_ticket AS each
    WHERE each.event_id = $1::integer AND each.order_id = sold.id AND each.state = 'valid'
) AS now_there
LEFT JOIN tickets_ticket AS ticket ON ticket.event_id = $1::integer AND ticket.order_id = sold.id
WHERE sold.event_id = $1::integer AND sold.booking_reference = $2::text
