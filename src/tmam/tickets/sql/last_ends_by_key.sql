-- When the last ticket signed by each key of event $1 ends.
SELECT key_id, max(valid_until) FROM tickets_ticket WHERE event_id = $1::integer GROUP BY key_id
