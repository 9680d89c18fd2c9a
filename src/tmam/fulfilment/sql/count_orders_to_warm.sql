-- How many orders of event $1 hold valid tickets, and how many tickets those are.
SELECT count(DISTINCT ticket.order_id), count(*)
FROM tickets_ticket AS ticket
WHERE ticket.event_id = $1::integer AND ticket.state = 'valid'
