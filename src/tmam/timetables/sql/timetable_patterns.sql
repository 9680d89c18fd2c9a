-- The stop patterns of some events.
SELECT event_id, ordinal, venue_ids, arrival_s, departure_s, no_boarding, no_alighting
FROM catalog_stoppattern
WHERE event_id = ANY ($1::integer[])
