-- New generations of tickets of event $1, signed by key $2: one per array position. Their rows are locked. With $9, the
-- code before admits as well for now.
UPDATE tickets_ticket AS t
SET generation = u.generation, key_id = $2::smallint, token_sha256 = u.token_sha256, device_key = u.device_key,
    valid_from = u.valid_from, valid_until = u.valid_until, remark = '',
    former_sha256 = CASE WHEN $9::boolean THEN t.token_sha256 END
FROM unnest($3::bigint[], $4::smallint[], $5::bytea[], $6::bytea[], $7::timestamptz[], $8::timestamptz[])
     AS u (serial, generation, token_sha256, device_key, valid_from, valid_until)
WHERE t.event_id = $1::integer AND t.serial = u.serial AND t.generation = u.generation - 1 AND t.state = 'valid'
RETURNING t.serial
