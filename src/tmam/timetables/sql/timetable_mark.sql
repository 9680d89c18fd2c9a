-- A number that changes whenever the trips of `timetable_trips` do.
SELECT count(*), coalesce(sum(hash_record_extended((date.event_id, date.ordinal, date.pattern, date.starts_at), 0)), 0)
FROM catalog_date AS date
JOIN catalog_event AS event ON event.id = date.event_id
WHERE date.pattern IS NOT NULL AND NOT date.is_cancelled AND event.status = 'on_sale'
    AND date.starts_at >= $1::timestamptz AND date.starts_at < $2::timestamptz
