-- Tickets $2 of event $1 were fetched as $3 at $4: the first time is kept, the last one moves on.
INSERT INTO fulfilment_download AS known (event_id, serial, form, first_at, last_at)
SELECT $1::integer, u.serial, $3::text, $4::timestamptz, $4::timestamptz
FROM unnest($2::bigint[]) AS u (serial)
ORDER BY u.serial
ON CONFLICT (event_id, serial, form) DO UPDATE
SET last_at = greatest(known.last_at, excluded.last_at), times = known.times + 1
