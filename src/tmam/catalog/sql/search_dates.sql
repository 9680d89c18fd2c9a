-- What a result card shows of each event of one page ($1, in page order): the event, and of its matching dates the
-- first that can be bought (else the first), how many there are, and the lowest price.
-- $2 now · $3 from day · $4 to day · $5 from price · $6 to price · $7 only what can be bought now
SELECT
    event.id, event.slug, event.kind, event.status, event.title::text, event.summary::text, event.currency,
    event.poster_seed, venue.name, venue.city, venue.country,
    next.date_ordinal, next.starts_at, next.ends_at, next.time_zone, next.sales_start_at, next.sales_end_at,
    next.capacity, next.available, next.dates, next.last_starts_at, next.price_from_minor, next.has_many_prices
FROM unnest($1::integer[]) WITH ORDINALITY AS wanted (event_id, place)
JOIN catalog_event AS event ON event.id = wanted.event_id
JOIN catalog_venue AS venue ON venue.id = event.venue_id
CROSS JOIN LATERAL (
    SELECT
        date.*,
        count(*) OVER () AS dates,
        max(date.starts_at) OVER () AS last_starts_at,
        min(date.prices_minor[1]) OVER () AS price_from_minor,
        max(date.prices_minor[cardinality(date.prices_minor)]) OVER () > min(date.prices_minor[1]) OVER () AS has_many_prices
    FROM (
        SELECT
            one.*,
            event.status = 'on_sale' AND one.available > 0
            AND one.sales_start_at <= $2::timestamptz AND one.sales_end_at > $2::timestamptz AS is_free
        FROM catalog_datesummary AS one
        WHERE one.event_id = wanted.event_id
          AND one.ends_at > $2::timestamptz
          AND one.local_day BETWEEN coalesce($3::date, '-infinity'::date) AND coalesce($4::date, 'infinity'::date)
          AND (($5::integer IS NULL AND $6::integer IS NULL) OR EXISTS (
            SELECT 1 FROM unnest(one.prices_minor) AS price
            WHERE price BETWEEN coalesce($5::integer, 0) AND coalesce($6::integer, 2147483647)
          ))
    ) AS date
    WHERE date.is_free OR NOT $7::boolean
    ORDER BY date.is_free DESC, date.starts_at, date.date_ordinal
    LIMIT 1
) AS next
ORDER BY wanted.place
