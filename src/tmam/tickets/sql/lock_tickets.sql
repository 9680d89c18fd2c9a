-- Tickets $2 of event $1, locked until commit, by serial. The columns are the fields of TicketRow, in that order; the name is sealed.
SELECT
    event_id, serial, generation, state, order_id, booking_reference, date_ordinal, ticket_type, seat, place_label,
    token_place, holder_sealed, document_encrypted, price_minor, currency, key_id, token_sha256, valid_from, valid_until,
    issued_at, device_key
FROM tickets_ticket
WHERE event_id = $1::integer AND serial = ANY ($2::bigint[])
ORDER BY serial
FOR UPDATE
