-- Write down every attempt with its answer; a nonce that another transaction answered first is left out.
INSERT INTO gates_scan (event_id, id, device_id, nonce, gate_number, date_ordinal, serial, verdict, code, at)
SELECT $1::integer, u.id, u.device_id, u.nonce, u.gate_number, u.date_ordinal, u.serial, u.verdict, u.code, u.at
FROM unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::smallint[], $6::integer[], $7::bigint[], $8::text[],
            $9::text[], $10::timestamptz[])
     AS u (id, device_id, nonce, gate_number, date_ordinal, serial, verdict, code, at)
ORDER BY u.device_id, u.nonce
ON CONFLICT (event_id, device_id, nonce) DO NOTHING
RETURNING id;
