-- Key $2 of event $1, its private half with keeper $6, unless somebody made a key of that id a moment ago.
INSERT INTO tickets_signing_key (event_id, key_id, public_key, private_key_encrypted, made_at, keeper)
VALUES ($1::integer, $2::smallint, $3::bytea, $4::bytea, $5::timestamptz, $6::text)
ON CONFLICT (event_id, key_id) DO NOTHING
RETURNING key_id
