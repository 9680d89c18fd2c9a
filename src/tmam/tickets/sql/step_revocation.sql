-- The next version of event $1's revocation list, its content's hash $2, made at $3.
UPDATE tickets_revocation SET version = version + 1, content_sha256 = $2::bytea, made_at = $3::timestamptz
WHERE event_id = $1::integer
RETURNING version, made_at
