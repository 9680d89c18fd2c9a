-- The data keys $2 of event $1, locked.
SELECT key_id, wrapped FROM platform_data_key WHERE event_id = $1::integer AND key_id = ANY ($2::bytea[])
