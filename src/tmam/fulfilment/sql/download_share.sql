-- How many valid tickets of event $1 there are, how many somebody fetched in any form or keeps in a device, and how many
-- were fetched in each form (as JSON).
SELECT count(*),
       count(*) FILTER (WHERE t.device_key IS NOT NULL OR d.serial IS NOT NULL),
       count(*) FILTER (WHERE t.device_key IS NOT NULL),
       (SELECT coalesce(jsonb_object_agg(f.form, f.tickets), '{}')::text
        FROM (SELECT d2.form, count(*) AS tickets
              FROM fulfilment_download d2
              JOIN tickets_ticket t2 ON t2.event_id = $1::integer AND t2.serial = d2.serial AND t2.state = 'valid'
              WHERE d2.event_id = $1::integer
              GROUP BY d2.form) AS f)
FROM tickets_ticket t
LEFT JOIN (SELECT DISTINCT event_id, serial FROM fulfilment_download WHERE event_id = $1::integer) AS d
       ON d.event_id = $1::integer AND d.serial = t.serial
WHERE t.event_id = $1::integer AND t.state = 'valid'
