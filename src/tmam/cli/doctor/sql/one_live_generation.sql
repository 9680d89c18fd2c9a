SELECT event_id, format('serial %s has %s live rows', serial, count(*))
FROM tickets_ticket WHERE state = 'valid'
GROUP BY event_id, serial
HAVING count(*) > 1
UNION ALL
SELECT event_id, format('serials %s share a code', string_agg(serial::text, ', ' ORDER BY serial))
FROM tickets_ticket
GROUP BY event_id, token_sha256
HAVING count(*) > 1
ORDER BY 1
