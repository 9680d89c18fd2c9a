-- The highest key id of event $1, or NULL.
SELECT max(key_id) FROM tickets_signing_key WHERE event_id = $1::integer
