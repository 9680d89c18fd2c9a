-- The dates of some events as search sees them; one row per element of the arrays. Unchanged rows stay untouched.
INSERT INTO catalog_datesummary AS summary (
    event_id, date_ordinal, starts_at, ends_at, time_zone, local_day,
    sales_start_at, sales_end_at, prices_minor, capacity, available
)
SELECT
    given.event_id, given.date_ordinal, given.starts_at, given.ends_at, given.time_zone, given.local_day,
    given.sales_start_at, given.sales_end_at, given.prices_minor::integer[], given.capacity, given.available
FROM unnest(
    $1::integer[], $2::integer[], $3::timestamptz[], $4::timestamptz[], $5::text[], $6::date[],
    $7::timestamptz[], $8::timestamptz[], $9::text[], $10::integer[], $11::integer[]
) AS given (
    event_id, date_ordinal, starts_at, ends_at, time_zone, local_day,
    sales_start_at, sales_end_at, prices_minor, capacity, available
)
ORDER BY given.event_id, given.date_ordinal
ON CONFLICT (event_id, date_ordinal) DO UPDATE SET
    starts_at = excluded.starts_at,
    ends_at = excluded.ends_at,
    time_zone = excluded.time_zone,
    local_day = excluded.local_day,
    sales_start_at = excluded.sales_start_at,
    sales_end_at = excluded.sales_end_at,
    prices_minor = excluded.prices_minor,
    capacity = excluded.capacity,
    available = excluded.available
WHERE (
    summary.starts_at, summary.ends_at, summary.time_zone, summary.local_day,
    summary.sales_start_at, summary.sales_end_at, summary.prices_minor, summary.capacity, summary.available
) IS DISTINCT FROM (
    excluded.starts_at, excluded.ends_at, excluded.time_zone, excluded.local_day,
    excluded.sales_start_at, excluded.sales_end_at, excluded.prices_minor, excluded.capacity, excluded.available
)
