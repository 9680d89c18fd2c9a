-- The phone with key $3 was heard of at $6: how often it showed each of the tickets $2 of event $1 without a
-- connection ($4), and whether it found its copy changed ($5; the first time is kept).
UPDATE fulfilment_wallet_ticket AS w
SET contact_at = greatest(w.contact_at, $6::timestamptz),
    shown_offline = least(w.shown_offline + u.shown, 1000000),
    tampered_at = CASE WHEN u.tampered THEN coalesce(w.tampered_at, $6::timestamptz) ELSE w.tampered_at END
FROM unnest($2::bigint[], $4::integer[], $5::boolean[]) AS u (serial, shown, tampered)
WHERE w.event_id = $1::integer AND w.serial = u.serial AND w.device_key = $3::bytea
RETURNING w.serial
