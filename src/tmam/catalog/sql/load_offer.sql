-- Everything a hold needs to know of one event, as one JSON document: its rules, dates and ticket types.
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
    'dates', (
        SELECT coalesce(json_agg(json_build_object(
            'ordinal', date.ordinal,
            'starts_at', date.starts_at,
            'ends_at', date.ends_at,
            'doors_at', date.doors_at,
            'sales_start_at', date.sales_start_at,
            'sales_end_at', date.sales_end_at,
            'is_cancelled', date.is_cancelled
        ) ORDER BY date.ordinal), '[]'::json)
        FROM catalog_date AS date WHERE date.event_id = event.id
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
            'asks_document', type.asks_document
        ) ORDER BY type.ordinal), '[]'::json)
        FROM catalog_tickettype AS type WHERE type.event_id = event.id
    )
)::text
FROM catalog_event AS event
JOIN organizers_organizer AS organizer ON organizer.id = event.organizer_id
WHERE event.id = $1::integer
