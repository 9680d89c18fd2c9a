-- The scanner with this key, as long as it was not taken back and its steward's account is open, not locked by its owner,
-- and in a role that may scan ($2) for the event. The last column: the organizer asks for a second factor and the
-- steward has none; a phone is one where text messages are sent ($3).
SELECT v.id, v.event_id, v.gate_number, coalesce(g.name, ''), e.title::text, p.time_zone, o.name,
       o.requires_second_factor AND NOT EXISTS (
           SELECT FROM mfa_authenticator a WHERE a.user_id = u.id AND a.type <> 'recovery_codes'
       ) AND NOT ($3::boolean AND EXISTS (SELECT FROM accounts_phone n WHERE n.user_id = u.id))
FROM gates_device v
JOIN catalog_event e ON e.id = v.event_id
JOIN catalog_venue p ON p.id = e.venue_id
JOIN organizers_organizer o ON o.id = e.organizer_id
JOIN organizers_membership m ON m.organizer_id = o.id AND m.user_id = v.steward_id
JOIN accounts_user u ON u.id = m.user_id
LEFT JOIN gates_gate g ON g.event_id = v.event_id AND g.number = v.gate_number
WHERE v.key_sha256 = $1::bytea
  AND v.revoked_at IS NULL
  AND u.is_active
  AND NOT EXISTS (SELECT FROM accounts_freeze f WHERE f.user_id = u.id AND f.thawed_at IS NULL)
  AND m.role = ANY ($2::text[])
  AND (m.all_events OR v.event_id = ANY (m.event_ids));
