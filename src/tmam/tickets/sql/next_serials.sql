-- Take $2 serials of event $1; the last one taken comes back, with the data key that seals the event's values (one
-- round trip for both). Serials stay dense: the row's lock is held to commit.
WITH taken AS (
    INSERT INTO tickets_serial AS serial (event_id, last_serial)
    VALUES ($1::integer, $2::bigint)
    ON CONFLICT (event_id) DO UPDATE SET last_serial = serial.last_serial + excluded.last_serial
    RETURNING last_serial
)
SELECT taken.last_serial, data_key.key_id, data_key.wrapped
FROM taken
LEFT JOIN (
    SELECT key_id, wrapped FROM platform_data_key WHERE event_id = $1::integer ORDER BY version DESC LIMIT 1
) AS data_key ON true
