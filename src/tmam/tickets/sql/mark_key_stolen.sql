-- Key $2 of event $1 counts as stolen from $3 on, unless it does already.
UPDATE tickets_signing_key SET stolen_at = $3::timestamptz
WHERE event_id = $1::integer AND key_id = $2::smallint AND stolen_at IS NULL
RETURNING key_id
