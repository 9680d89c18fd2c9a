-- Take $2 serials of event $1; the last one taken comes back. Serials stay dense: the row's lock is held to commit.
INSERT INTO tickets_serial AS taken (event_id, last_serial)
VALUES ($1::integer, $2::bigint)
ON CONFLICT (event_id) DO UPDATE SET last_serial = taken.last_serial + excluded.last_serial
RETURNING last_serial
