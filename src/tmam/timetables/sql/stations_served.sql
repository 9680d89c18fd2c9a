-- The stations and airports where trips on sale call, with how many lines do: the busiest first.
SELECT venue.id, venue.name, venue.city, venue.country, venue.stop_code, venue.time_zone, venue.change_minutes,
       count(DISTINCT pattern.event_id)
FROM catalog_stoppattern AS pattern
JOIN catalog_event AS event ON event.id = pattern.event_id AND event.status = 'on_sale'
CROSS JOIN LATERAL unnest(pattern.venue_ids) AS call (venue_id)
JOIN catalog_venue AS venue ON venue.id = call.venue_id
GROUP BY venue.id
ORDER BY count(DISTINCT pattern.event_id) DESC, venue.name, venue.id
