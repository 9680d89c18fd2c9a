-- Fold the dates of some events into one row each. $1 events, $2 their search documents, $3 the moment.
-- A day is free when a date on it can be bought at that moment.
INSERT INTO catalog_eventsummary AS summary (
    event_id, kind, city, country, currency, first_day, last_day, last_ends_at, first_free_day, last_free_day,
    prices_vary, next_change_at, prices_minor, days, free_days, document
)
SELECT
    event.id, event.kind, venue.city, venue.country, event.currency,
    dates.first_day, dates.last_day, dates.last_ends_at, dates.first_free_day, dates.last_free_day,
    dates.prices_vary, dates.next_change_at,
    ARRAY(
        SELECT DISTINCT price
        FROM catalog_datesummary AS date, unnest(date.prices_minor) AS price
        WHERE date.event_id = event.id
        ORDER BY price
    ),
    dates.days, dates.free_days, given.document::tsvector
FROM unnest($1::integer[], $2::text[]) AS given (event_id, document)
JOIN catalog_event AS event ON event.id = given.event_id
JOIN catalog_venue AS venue ON venue.id = event.venue_id
CROSS JOIN LATERAL (
    SELECT
        min(date.local_day) AS first_day,
        max(date.local_day) AS last_day,
        max(date.ends_at) AS last_ends_at,
        min(date.local_day) FILTER (WHERE date.is_free) AS first_free_day,
        max(date.local_day) FILTER (WHERE date.is_free) AS last_free_day,
        count(DISTINCT date.prices_minor) > 1 AS prices_vary,
        least(
            min(date.ends_at),
            min(date.sales_start_at) FILTER (WHERE date.sales_start_at > $3::timestamptz),
            min(date.sales_end_at) FILTER (WHERE date.sales_end_at > $3::timestamptz)
        ) AS next_change_at,
        range_agg(daterange(date.local_day, date.local_day, '[]')) AS days,
        coalesce(
            range_agg(daterange(date.local_day, date.local_day, '[]')) FILTER (WHERE date.is_free), '{}'::datemultirange
        ) AS free_days
    FROM (
        SELECT
            one.*,
            event.status = 'on_sale' AND one.available > 0
            AND one.sales_start_at <= $3::timestamptz AND one.sales_end_at > $3::timestamptz AS is_free
        FROM catalog_datesummary AS one
        WHERE one.event_id = event.id
    ) AS date
) AS dates
WHERE dates.first_day IS NOT NULL
ORDER BY event.id
ON CONFLICT (event_id) DO UPDATE SET
    kind = excluded.kind,
    city = excluded.city,
    country = excluded.country,
    currency = excluded.currency,
    first_day = excluded.first_day,
    last_day = excluded.last_day,
    last_ends_at = excluded.last_ends_at,
    first_free_day = excluded.first_free_day,
    last_free_day = excluded.last_free_day,
    prices_vary = excluded.prices_vary,
    next_change_at = excluded.next_change_at,
    prices_minor = excluded.prices_minor,
    days = excluded.days,
    free_days = excluded.free_days,
    document = excluded.document
