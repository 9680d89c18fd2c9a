-- The last serial of event $1; 0 if it never had a ticket.
SELECT coalesce((SELECT last_serial FROM tickets_serial WHERE event_id = $1::integer), 0)
