-- Serials run from 1 without a gap.
SELECT event_id, format('%s tickets, serials %s to %s', count(*), min(serial), max(serial))
FROM tickets_ticket
WHERE event_id = ANY ($1::integer[])
GROUP BY event_id
HAVING count(DISTINCT serial) <> max(serial) OR min(serial) <> 1
