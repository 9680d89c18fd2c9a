-- Data key number $2 of event $1, unless somebody made one of that number a moment ago.
INSERT INTO platform_data_key (event_id, version, key_id, wrapped, made_at)
VALUES ($1::integer, $2::smallint, $3::bytea, $4::bytea, $5::timestamptz)
ON CONFLICT (event_id, version) DO NOTHING
RETURNING version
