-- Trips that the timetable no longer has and nobody bought: they stay as rows, because links and logs know them.
UPDATE catalog_date SET is_cancelled = TRUE
WHERE event_id = $1::integer AND ordinal = ANY ($2::integer[])
