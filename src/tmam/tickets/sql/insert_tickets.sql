-- Insert the new tickets of event $1, one per array position, all signed by key $2 and issued at $3.
INSERT INTO tickets_ticket (
    event_id, serial, generation, state, order_id, booking_reference, date_ordinal, ticket_type, seat, token_place,
    place_label, holder_sealed, document_encrypted, price_minor, currency, key_id, token_sha256, valid_from, valid_until,
    issued_at
)
SELECT
    $1::integer, serial, 0, 'valid', order_id, booking_reference, date_ordinal, ticket_type, seat, token_place,
    place_label, holder_sealed, document_encrypted, price_minor, currency, $2::smallint, token_sha256, valid_from,
    valid_until, $3::timestamptz
FROM unnest(
    $4::bigint[], $5::uuid[], $6::text[], $7::integer[], $8::integer[], $9::integer[], $10::bytea[],
    $11::text[], $12::bytea[], $13::bytea[], $14::bigint[], $15::text[], $16::bytea[], $17::timestamptz[],
    $18::timestamptz[]
) AS wanted (
    serial, order_id, booking_reference, date_ordinal, ticket_type, seat, token_place,
    place_label, holder_sealed, document_encrypted, price_minor, currency, token_sha256, valid_from,
    valid_until
)
