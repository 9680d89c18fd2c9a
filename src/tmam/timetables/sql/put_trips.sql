-- New trips of a line, and trips whose times, number or stops changed; one row per element of the arrays.
INSERT INTO catalog_date (
    event_id, ordinal, starts_at, ends_at, doors_at, sales_start_at, sales_end_at, time_zone, label, is_cancelled,
    pattern, trip_code, trip_key
)
SELECT $1::integer, trip.ordinal, trip.starts_at, trip.ends_at, NULL, trip.sales_start_at, trip.sales_end_at,
       trip.time_zone, '{}'::jsonb, FALSE, trip.pattern, trip.trip_code, trip.trip_key
FROM unnest(
    $2::integer[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::text[],
    $8::integer[], $9::text[], $10::text[]
) AS trip (ordinal, starts_at, ends_at, sales_start_at, sales_end_at, time_zone, pattern, trip_code, trip_key)
ORDER BY trip.ordinal
ON CONFLICT (event_id, ordinal) DO UPDATE SET
    starts_at = excluded.starts_at,
    ends_at = excluded.ends_at,
    sales_end_at = excluded.sales_end_at,
    time_zone = excluded.time_zone,
    is_cancelled = FALSE,
    pattern = excluded.pattern,
    trip_code = excluded.trip_code
