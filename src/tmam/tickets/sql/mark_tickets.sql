-- Tickets $2 of event $1 that live in the device with key $3 carry the remark $4 from now on.
UPDATE tickets_ticket SET remark = $4::text
WHERE event_id = $1::integer AND serial = ANY ($2::bigint[]) AND device_key = $3::bytea
