-- How many events match a search, read from the catalogue and the counters themselves, row by row.
-- $1 now · $2 patterns of the words · $3 patterns of the place · $4 from day · $5 to day · $6 from price · $7 to price
-- $8 currency, when a price is asked · $9 only what can be bought now · $10 kinds
-- $11, $12 what each kind is called · $13, $14 what each country is called
SELECT count(*)
FROM catalog_event AS event
JOIN catalog_venue AS venue ON venue.id = event.venue_id
JOIN organizers_organizer AS organizer ON organizer.id = event.organizer_id
JOIN unnest($11::text[], $12::text[]) AS kind (code, words) ON kind.code = event.kind
JOIN unnest($13::text[], $14::text[]) AS country (code, names) ON country.code = venue.country
CROSS JOIN LATERAL (
    SELECT lower(unaccent(concat_ws(
        ' ', venue.name, venue.street, venue.postal_code, venue.city, venue.region, venue.country, country.names
    ))) AS text
) AS place
CROSS JOIN LATERAL (
    SELECT lower(unaccent(concat_ws(
        ' ', event.title ->> 'en', event.title ->> 'es', array_to_string(event.performers, ' '), kind.words,
        event.summary ->> 'en', event.summary ->> 'es', event.description ->> 'en', event.description ->> 'es',
        organizer.name, place.text
    ))) AS text
) AS whole
WHERE event.status IN ('soon', 'on_sale')
  AND ($10::text[] IS NULL OR event.kind = ANY ($10::text[]))
  AND ($8::text IS NULL OR event.currency = $8::text)
  AND NOT EXISTS (SELECT 1 FROM unnest($2::text[]) AS word WHERE whole.text !~ word)
  AND NOT EXISTS (SELECT 1 FROM unnest($3::text[]) AS word WHERE place.text !~ word)
  AND EXISTS (
    SELECT 1 FROM catalog_date AS date
    WHERE date.event_id = event.id
      AND date.ends_at > $1::timestamptz
      AND NOT date.is_cancelled
      AND (date.starts_at AT TIME ZONE date.time_zone)::date
          BETWEEN coalesce($4::date, '-infinity'::date) AND coalesce($5::date, 'infinity'::date)
      AND EXISTS (
        SELECT 1 FROM catalog_tickettype AS type
        WHERE type.event_id = event.id
          AND (type.dates = '{}' OR date.ordinal = ANY (type.dates))
          AND ($8::text IS NULL OR type.price_minor BETWEEN coalesce($6::integer, 0) AND coalesce($7::integer, 2147483647))
      )
      AND (NOT $9::boolean OR (
        event.status = 'on_sale' AND date.sales_start_at <= $1::timestamptz AND date.sales_end_at > $1::timestamptz
        AND EXISTS (
            SELECT 1 FROM catalog_tickettype AS type
            WHERE type.event_id = event.id
              AND (type.dates = '{}' OR date.ordinal = ANY (type.dates))
              AND cardinality(type.pools) > 0
              AND NOT EXISTS (
                SELECT 1 FROM unnest(type.pools) AS drawn (pool)
                WHERE NOT EXISTS (
                    SELECT 1 FROM inventory_counter AS counter
                    WHERE counter.event_id = event.id AND counter.date_ordinal = date.ordinal
                      AND counter.segment = 0 AND counter.pool = drawn.pool
                      AND counter.capacity > counter.held + counter.sold
                )
              )
        )
      ))
  )
