-- The imported trips of a line that may be touched: on service days from $2 to $3 (`2026-12-01`).
SELECT ordinal, trip_key, starts_at, ends_at, pattern, trip_code, is_cancelled
FROM catalog_date
WHERE event_id = $1::integer AND trip_key COLLATE "C" >= $2::text AND trip_key COLLATE "C" < $3::text
ORDER BY ordinal
