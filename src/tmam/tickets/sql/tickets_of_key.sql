-- Up to $3 valid tickets of event $1 whose code key $2 signed and that have a generation left, locked, by serial.
SELECT serial, generation, device_key FROM tickets_ticket
WHERE event_id = $1::integer AND key_id = $2::smallint AND state = 'valid' AND generation < 255
ORDER BY serial
LIMIT $3::integer
FOR UPDATE
