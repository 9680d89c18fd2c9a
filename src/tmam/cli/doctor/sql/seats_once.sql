SELECT event_id, format('date %s, seat %s on tickets %s', date_ordinal, seat, string_agg(serial::text, ', ' ORDER BY serial))
FROM tickets_ticket
WHERE state = 'valid' AND seat IS NOT NULL
GROUP BY event_id, date_ordinal, seat
HAVING count(*) > 1
ORDER BY event_id
