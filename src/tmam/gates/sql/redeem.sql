-- Use each right at most once: whoever comes second inserts nothing. Sorted, so that two batches cannot deadlock.
INSERT INTO gates_redemption (event_id, serial, date_ordinal, scan_id, gate_number, at)
SELECT $1::integer, u.serial, u.date_ordinal, u.scan_id, u.gate_number, u.at
FROM unnest($2::bigint[], $3::integer[], $4::uuid[], $5::smallint[], $6::timestamptz[])
     AS u (serial, date_ordinal, scan_id, gate_number, at)
ORDER BY u.serial, u.date_ordinal
ON CONFLICT (event_id, serial, date_ordinal, entry) DO NOTHING
RETURNING scan_id;
