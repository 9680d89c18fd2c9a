-- Everything a gate needs to know of some tickets, by the hash of their token or by serial, and how each was used;
-- with $4, the event's (encrypted) secret for live digits.
-- FOR SHARE: a cancellation waits for the scan that is under way, and the other way round.
SELECT t.serial, t.generation, t.state, t.token_sha256, t.date_ordinal, t.booking_reference, t.holder_sealed,
       t.place_label, t.valid_from, t.valid_until,
       (SELECT y.name::text FROM catalog_tickettype y WHERE y.event_id = $1::integer AND y.ordinal = t.ticket_type),
       e.title::text, e.status = 'cancelled' OR d.is_cancelled, d.starts_at, d.ends_at, d.doors_at, d.time_zone,
       e.live_codes_only,
       t.key_id = ANY (ARRAY(SELECT k.key_id FROM tickets_signing_key k
                             WHERE k.event_id = $1::integer AND k.stolen_at IS NOT NULL)),
       d.revision > 0, d.entrance::text, t.remark, t.former_sha256,
       r.scan_id, r.gate_number, g.name, r.at,
       CASE WHEN $4::boolean
            THEN (SELECT m.master_encrypted FROM tickets_live_master m WHERE m.event_id = $1::integer) END
FROM tickets_ticket t
JOIN catalog_event e ON e.id = $1::integer
JOIN catalog_date d ON d.event_id = $1::integer AND d.ordinal = t.date_ordinal
LEFT JOIN gates_redemption r
       ON r.event_id = $1::integer AND r.serial = t.serial AND r.date_ordinal = t.date_ordinal AND r.entry = 1
LEFT JOIN gates_gate g ON g.event_id = $1::integer AND g.number = r.gate_number
WHERE t.event_id = $1::integer
  AND (t.token_sha256 = ANY ($2::bytea[]) OR t.serial = ANY ($3::bigint[]))
ORDER BY t.serial
FOR SHARE OF t;
