-- The scanner with this key, as long as neither it nor its steward's role was taken back.
SELECT v.id, v.event_id, v.gate_number, coalesce(g.name, ''), e.title::text, p.time_zone
FROM gates_device v
JOIN catalog_event e ON e.id = v.event_id
JOIN catalog_venue p ON p.id = e.venue_id
LEFT JOIN gates_gate g ON g.event_id = v.event_id AND g.number = v.gate_number
WHERE v.key_sha256 = $1::bytea
  AND v.revoked_at IS NULL
  AND EXISTS (SELECT 1 FROM organizers_membership m
              WHERE m.organizer_id = e.organizer_id AND m.user_id = v.steward_id AND m.role IN ('gate', 'owner'));
