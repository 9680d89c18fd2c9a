-- Objects of event $1 that Google was not told yet to make inactive for good, at most $3, after the one named $2.
SELECT w.suffix, w.kind
FROM fulfilment_google_withdrawn AS w
WHERE w.event_id = $1::integer AND w.suffix > $2::text
ORDER BY w.suffix
LIMIT $3::integer
