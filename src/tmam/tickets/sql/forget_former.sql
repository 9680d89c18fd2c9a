-- The codes that tickets $2 of event $1 had before admit nobody any more, as long as they live in the device with key $3.
UPDATE tickets_ticket SET former_sha256 = NULL
WHERE event_id = $1::integer AND serial = ANY ($2::bigint[]) AND device_key = $3::bytea
  AND former_sha256 IS NOT NULL
