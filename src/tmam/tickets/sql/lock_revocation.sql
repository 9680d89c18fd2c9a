-- The version of event $1's revocation list, locked until commit.
SELECT version, content_sha256, made_at FROM tickets_revocation WHERE event_id = $1::integer ORDER BY event_id FOR UPDATE
