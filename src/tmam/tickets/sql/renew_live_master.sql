-- Another master for event $1, if it has one: live digits by the one before are wrong from now on.
UPDATE tickets_live_master SET master_encrypted = $2::bytea, made_at = $3::timestamptz
WHERE event_id = $1::integer
RETURNING event_id
