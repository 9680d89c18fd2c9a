-- When and where these tickets were used: asked by those who came second.
SELECT r.serial, r.date_ordinal, r.scan_id, r.gate_number, g.name, r.at
FROM gates_redemption r
LEFT JOIN gates_gate g ON g.event_id = $1::integer AND g.number = r.gate_number
WHERE r.event_id = $1::integer AND r.serial = ANY ($2::bigint[]) AND r.entry = 1;
