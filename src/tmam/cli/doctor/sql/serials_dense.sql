WITH made AS (
    SELECT event_id, count(*) AS tickets, max(serial) AS highest FROM tickets_ticket GROUP BY event_id
)
SELECT coalesce(made.event_id, serial.event_id),
       format('%s tickets, highest serial %s, last given %s', made.tickets, made.highest, serial.last_serial)
FROM made
FULL JOIN tickets_serial AS serial ON serial.event_id = made.event_id
WHERE made.tickets IS DISTINCT FROM made.highest OR coalesce(made.highest, 0) IS DISTINCT FROM serial.last_serial
ORDER BY 1
