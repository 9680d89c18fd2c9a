-- The public halves of all keys of event $1, since when each signs, and since when it counts as stolen.
SELECT key_id, public_key, made_at, stolen_at FROM tickets_signing_key WHERE event_id = $1::integer ORDER BY key_id
