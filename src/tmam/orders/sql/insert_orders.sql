INSERT INTO orders_order (
    event_id, id, booking_reference, state, organizer_id, checkout_id, hold_id, email, name, language, currency,
    total_minor, lines, terms_version, channel, confirmed_at
)
SELECT $1::integer, new.id, new.booking_reference, 'confirmed', $2::bigint, new.checkout_id, new.hold_id, new.email,
       new.name, new.language, $3::text, new.total_minor, new.lines::jsonb, new.terms_version, new.channel,
       $4::timestamptz
FROM unnest($5::uuid[], $6::text[], $7::uuid[], $8::uuid[], $9::text[], $10::text[], $11::text[], $12::bigint[],
            $13::text[], $14::text[], $15::text[])
    AS new (id, booking_reference, checkout_id, hold_id, email, name, language, total_minor, lines, terms_version,
            channel)
