-- Key $2 of event $1; its newest key if $2 is NULL.
SELECT key_id, public_key, private_key_encrypted
FROM tickets_signing_key
WHERE event_id = $1::integer AND ($2::smallint IS NULL OR key_id = $2::smallint)
ORDER BY key_id DESC
LIMIT 1
