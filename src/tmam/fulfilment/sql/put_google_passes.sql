-- Tickets $2 of event $1 are to be saved to Google Wallet by order $3: each keeps the name it has, or gets $4's
-- and shows generation $8.
INSERT INTO fulfilment_google_pass AS known (event_id, serial, order_id, suffix, kind, language, made_at, wanted_at, generation)
SELECT $1::integer, u.serial, $3::uuid, u.suffix, $5::text, $6::text, $7::timestamptz, $7::timestamptz, u.generation
FROM unnest($2::bigint[], $4::text[], $8::integer[]) AS u (serial, suffix, generation)
ORDER BY u.serial
ON CONFLICT (event_id, serial, order_id) DO UPDATE SET language = excluded.language, wanted_at = excluded.wanted_at
RETURNING serial, suffix
