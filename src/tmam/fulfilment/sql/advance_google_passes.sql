-- Ticket $2 of event $1 was replaced by its generation $3 and is its holder's as before: their pass goes along.
UPDATE fulfilment_google_pass
SET generation = $3::integer
WHERE event_id = $1::integer AND serial = $2::bigint AND generation = $3::integer - 1
