-- The sales codes of one event that were typed ($2, in capitals).
SELECT json_build_object(
    'ordinal', code.ordinal,
    'code', code.code,
    'uses', code.uses,
    'ticket_types', code.ticket_types,
    'opens_at', code.opens_at,
    'ends_at', code.ends_at,
    'off_basis_points', code.off_basis_points,
    'price_minor', code.price_minor
)::text
FROM catalog_salescode AS code
WHERE code.event_id = $1::integer AND code.code = ANY ($2::text[])
