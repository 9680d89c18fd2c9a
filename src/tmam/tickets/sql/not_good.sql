-- The tickets of event $1 that are not simply good: cancelled, revoked or replaced.
SELECT serial, state, generation FROM tickets_ticket
WHERE event_id = $1::integer AND (state <> 'valid' OR generation > 0)
ORDER BY serial
