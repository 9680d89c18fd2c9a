-- How many valid tickets of event $1 have a code by key $2: with a generation left, and without.
SELECT count(*) FILTER (WHERE generation < 255), count(*) FILTER (WHERE generation = 255)
FROM tickets_ticket
WHERE event_id = $1::integer AND key_id = $2::smallint AND state = 'valid'
