-- Tickets $2 of event $1 live in the phone with key $3 now, which calls itself $4 and is the known browser $5, since $6.
INSERT INTO fulfilment_wallet_ticket (event_id, serial, device_key, label, browser_id, bound_at, contact_at)
SELECT $1::integer, u.serial, $3::bytea, $4::text, $5::bigint, $6::timestamptz, $6::timestamptz
FROM unnest($2::bigint[]) AS u (serial)
ORDER BY u.serial
ON CONFLICT (event_id, serial) DO UPDATE
SET device_key = excluded.device_key, label = excluded.label, browser_id = excluded.browser_id,
    bound_at = excluded.bound_at, contact_at = excluded.contact_at, shown_offline = 0, tampered_at = NULL
