-- The answers already given to these (device, nonce) pairs: a repeated request gets the same answer again.
SELECT s.device_id, s.nonce, s.id, s.verdict, s.code, s.serial, s.at
FROM gates_scan s
WHERE s.event_id = $1::integer
  AND (s.device_id, s.nonce) IN (SELECT u.device_id, u.nonce FROM unnest($2::uuid[], $3::uuid[]) AS u (device_id, nonce));
