-- Give event $1 a master, unless somebody gave it one a moment ago.
INSERT INTO tickets_live_master (event_id, master_encrypted, made_at)
VALUES ($1::integer, $2::bytea, $3::timestamptz)
ON CONFLICT (event_id) DO NOTHING
RETURNING event_id
