-- Everything a hold needs to know of one event, as one JSON document: its rules, ticket types and the dates $2 (NULL: all).
WITH dates AS (
    SELECT date.ordinal, date.pattern, json_build_object(
        'ordinal', date.ordinal,
        'starts_at', date.starts_at,
        'ends_at', date.ends_at,
        'doors_at', date.doors_at,
        'sales_start_at', date.sales_start_at,
        'sales_end_at', date.sales_end_at,
        'is_cancelled', date.is_cancelled,
        'time_zone', date.time_zone,
        'pattern', date.pattern
    ) AS document
    FROM catalog_date AS date
    WHERE date.event_id = $1::integer AND ($2::integer[] IS NULL OR date.ordinal = ANY ($2::integer[]))
)
SELECT json_build_object(
    'event_id', event.id,
    'organizer_id', event.organizer_id,
    'status', event.status,
    'currency', event.currency,
    'hold_minutes', event.hold_minutes,
    'extension_minutes', event.extension_minutes,
    'max_per_order', event.max_per_order,
    'seat_plan_id', event.seat_plan_id,
    'slug', event.slug,
    'terms_version', organizer.terms_version,
    'avoid_single_seats', event.avoid_single_seats,
    'dates', (SELECT coalesce(json_agg(dates.document ORDER BY dates.ordinal), '[]'::json) FROM dates),
    'patterns', (
        SELECT coalesce(json_agg(json_build_object(
            'ordinal', pattern.ordinal,
            'arrival_s', pattern.arrival_s,
            'departure_s', pattern.departure_s,
            'distance_m', pattern.distance_m,
            'zones', pattern.zones,
            'no_boarding', pattern.no_boarding,
            'no_alighting', pattern.no_alighting
        ) ORDER BY pattern.ordinal), '[]'::json)
        FROM catalog_stoppattern AS pattern
        WHERE pattern.event_id = event.id AND pattern.ordinal IN (SELECT dates.pattern FROM dates)
    ),
    'ticket_types', (
        SELECT coalesce(json_agg(json_build_object(
            'ordinal', type.ordinal,
            'name', type.name,
            'price_minor', type.price_minor,
            'fee_minor', type.fee_minor,
            'tax_basis_points', type.tax_basis_points,
            'pools', type.pools,
            'dates', type.dates,
            'min_per_order', type.min_per_order,
            'max_per_order', type.max_per_order,
            'is_seated', type.is_seated,
            'asks_name', type.asks_name,
            'asks_document', type.asks_document,
            'needs_code', type.needs_code,
            'fares', type.fares
        ) ORDER BY type.ordinal), '[]'::json)
        FROM catalog_tickettype AS type WHERE type.event_id = event.id
    ),
    'limits', (
        SELECT coalesce(json_agg(json_build_object(
            'kind', sales_limit.kind, 'most', sales_limit.most, 'exempt_channels', sales_limit.exempt_channels
        ) ORDER BY sales_limit.kind), '[]'::json)
        FROM catalog_saleslimit AS sales_limit WHERE sales_limit.event_id = event.id
    ),
    'contingents', (
        SELECT coalesce(json_agg(json_build_object(
            'pool', contingent.pool, 'channel', contingent.channel, 'places', contingent.places
        ) ORDER BY contingent.pool, contingent.channel), '[]'::json)
        FROM catalog_contingent AS contingent WHERE contingent.event_id = event.id
    )
)::text
FROM catalog_event AS event
JOIN organizers_organizer AS organizer ON organizer.id = event.organizer_id
WHERE event.id = $1::integer
