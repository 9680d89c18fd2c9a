-- The trips on sale that start from $1 on and before $2, as the search for journeys reads them.
SELECT date.event_id, date.ordinal, extract(epoch FROM date.starts_at - $1::timestamptz)::integer, date.pattern
FROM catalog_date AS date
JOIN catalog_event AS event ON event.id = date.event_id
WHERE date.pattern IS NOT NULL AND NOT date.is_cancelled AND event.status = 'on_sale'
    AND date.starts_at >= $1::timestamptz AND date.starts_at < $2::timestamptz
