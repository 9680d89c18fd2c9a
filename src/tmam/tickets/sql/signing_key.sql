-- Key $2 of event $1; if $2 is NULL its newest key that was not stolen.
SELECT key_id, public_key, private_key_encrypted, keeper
FROM tickets_signing_key
WHERE event_id = $1::integer AND (key_id = $2::smallint OR $2::smallint IS NULL AND stolen_at IS NULL)
ORDER BY key_id DESC
LIMIT 1
