-- An order's tickets, for people who come without a code, and whether each was used.
SELECT t.serial, t.state, t.date_ordinal, t.holder_sealed, t.place_label,
       (SELECT y.name::text FROM catalog_tickettype y WHERE y.event_id = $1::integer AND y.ordinal = t.ticket_type),
       d.starts_at, d.ends_at, d.time_zone, d.pattern, r.at, coalesce(g.name, '')
FROM tickets_ticket t
JOIN catalog_date d ON d.event_id = $1::integer AND d.ordinal = t.date_ordinal
LEFT JOIN gates_redemption r
       ON r.event_id = $1::integer AND r.serial = t.serial AND r.date_ordinal = t.date_ordinal AND r.entry = 1
LEFT JOIN gates_gate g ON g.event_id = $1::integer AND g.number = r.gate_number
WHERE t.event_id = $1::integer AND t.order_id = $2::uuid
ORDER BY t.serial
LIMIT 200;
