-- Google was told that object $2 of event $1 is inactive for good.
DELETE FROM fulfilment_google_withdrawn WHERE event_id = $1::integer AND suffix = $2::text
