-- How many are in, of how many valid tickets, on some dates.
SELECT (SELECT count(*) FROM gates_redemption r
        WHERE r.event_id = $1::integer AND r.date_ordinal = ANY ($2::integer[]) AND r.entry = 1),
       (SELECT count(*) FROM tickets_ticket t
        WHERE t.event_id = $1::integer AND t.date_ordinal = ANY ($2::integer[]) AND t.state = 'valid');
