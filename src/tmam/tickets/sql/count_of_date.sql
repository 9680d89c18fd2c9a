-- How many tickets of event $1 admit somebody on date $2, and of how many orders.
SELECT count(*)::bigint, count(DISTINCT order_id)::bigint
FROM tickets_ticket
WHERE event_id = $1::integer AND date_ordinal = $2::integer AND state = 'valid'
