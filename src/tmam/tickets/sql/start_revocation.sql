-- Version 0 of event $1's revocation list, which no content fits, unless somebody began it a moment ago.
INSERT INTO tickets_revocation (event_id, version, content_sha256, made_at)
VALUES ($1::integer, 0, '', $2::timestamptz)
ON CONFLICT (event_id) DO NOTHING
