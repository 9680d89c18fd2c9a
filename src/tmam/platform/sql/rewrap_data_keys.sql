-- Data keys $2 of event $1, locked anew as $3.
UPDATE platform_data_key AS data_key SET wrapped = made.wrapped
FROM unnest($2::smallint[], $3::bytea[]) AS made (version, wrapped)
WHERE data_key.event_id = $1::integer AND data_key.version = made.version
