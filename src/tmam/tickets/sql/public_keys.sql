-- The public halves of all keys of event $1.
SELECT key_id, public_key FROM tickets_signing_key WHERE event_id = $1::integer ORDER BY key_id
