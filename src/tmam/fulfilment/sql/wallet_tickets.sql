-- Which of the tickets $2 of event $1 were put into the phone with key $3: since when, and into which known browser.
SELECT serial, bound_at, browser_id, tampered_at
FROM fulfilment_wallet_ticket
WHERE event_id = $1::integer AND serial = ANY ($2::bigint[]) AND device_key = $3::bytea
ORDER BY serial
FOR UPDATE
