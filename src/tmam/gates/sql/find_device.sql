-- The scanner with this key, as long as it was not taken back and its steward's account is open and in a role that may scan ($2).
SELECT v.id, v.event_id, v.gate_number, coalesce(g.name, ''), e.title::text, p.time_zone
FROM gates_device v
JOIN catalog_event e ON e.id = v.event_id
JOIN catalog_venue p ON p.id = e.venue_id
JOIN organizers_membership m ON m.organizer_id = e.organizer_id AND m.user_id = v.steward_id
JOIN accounts_user u ON u.id = m.user_id
LEFT JOIN gates_gate g ON g.event_id = v.event_id AND g.number = v.gate_number
WHERE v.key_sha256 = $1::bytea
  AND v.revoked_at IS NULL
  AND u.is_active
  AND m.role = ANY ($2::text[]);
