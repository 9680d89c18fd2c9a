-- Wait for whoever takes serials of event $1 and keep others waiting: the first lock of every confirmation.
SELECT last_serial FROM tickets_serial WHERE event_id = $1::integer ORDER BY event_id FOR UPDATE
